"""Texts are given up in time; what was done stays on record, and nobody is answered anew for it."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from maild.app import operator
from maild.core.facts.change import SetFact
from maild.core.facts.table import PREPARED_TEXT
from maild.store import envelopes, facts, heldmail, purge
from tests.support import mails
from tests.support.commanding import Said, command
from tests.support.relaying import RITA, RelayDesk, reply
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink
from tests.support.sweep import sweep

pytestmark = pytest.mark.dovecot

RARE = "Zwiebelkuchen"
"""A word that stands nowhere but in the mails of these tests."""
DAYS = '[retention]\nkeep_closed = "30d"\nkeep_spam = "3d"\n'
SPAM = f"CHEAP PILLS 80% OFF!!! {RARE} CLICK NOW"


def report(desk: RunningDesk, name: str = "rita", subject: str = f"Overflow in {RARE}") -> None:
    """A report full of the rare word."""
    raw = mails.plain(subject, f"{RARE}!\n", f"{name}@reporter.example", message_id=f"<{name}@r.example>")
    desk.inbox.append(raw, desk.clock)
    desk.run()


def close(desk: RunningDesk, spam: bool = False) -> None:
    """The only open case ends, answered or not."""
    with desk.desk() as opened:
        (case,) = [one["case"] for one in desk.cases() if one["state"] == "open"]
        operator.close(opened, case, "done", spam)


def answer(desk: RunningDesk) -> None:
    """The team answers Rita from the shared account."""
    case = desk.cases()[0]
    about = {"sender": "security@project.example", "to": RITA, "message_id": "<answer@project.example>"}
    raw = mails.plain(f"Re: [{case['case']}]", "Thank you, we will fix it soon, promised.\n", **about)
    raw = raw.replace(b"MIME-Version", b"In-Reply-To: <rita@r.example>\r\nMIME-Version")
    desk.inbox.append(raw, desk.clock, "Sent")
    desk.run()


def texts(desk: RunningDesk) -> int:
    """How many mails still have their text."""
    with desk.desk() as opened:
        return len(opened.ask(lambda c: c.exec_driver_sql("SELECT 1 FROM raw").all()))


def rests(desk: RunningDesk) -> bool:
    """Whether the rare word stands anywhere in the state folder."""
    with closing(sqlite3.connect(desk.folder / "state" / "maild.db")) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return sweep(RARE, desk.folder / "state") != {}


@pytest.fixture
def closed(desk: RunningDesk) -> RunningDesk:
    """A desk that keeps closed cases for 30 days, with one, answered and closed."""
    desk.configure(more=DAYS)
    report(desk)
    answer(desk)
    close(desk)
    return desk


def test_a_closed_case_keeps_its_texts_for_its_time_and_no_longer(closed: RunningDesk) -> None:
    """At 29 days they are there; at 31 none of their words is anywhere on the disk."""
    text = SetFact(
        str(closed.cases()[0]["case"]), PREPARED_TEXT, f"Subject: {RARE}", "operator:x", "announcement"
    )
    with closed.desk() as opened:
        opened.ask(facts.write, text, closed.clock)
    closed.wait(timedelta(days=29))
    closed.run()
    assert (texts(closed), rests(closed)) == (2, True)
    closed.wait(timedelta(days=2))
    closed.run()
    assert (texts(closed), rests(closed)) == (0, False)


def test_what_was_done_stays_on_record(closed: RunningDesk) -> None:
    """Case, promises, letters and ledger are as they were; the journal tells that the texts went."""
    (before,) = closed.cases()
    closed.wait(timedelta(days=31))
    closed.run()
    (after,) = closed.cases()
    assert (after["promises"], after["letters"]) == (before["promises"], before["letters"])
    assert after["subject"] == "(given up)"
    assert after["journal"][:-1] == before["journal"]
    assert after["journal"][-1]["what"] == "texts given up"
    assert command(closed.path, "verify").status == 0


def test_a_mailbox_read_anew_answers_nobody(closed: RunningDesk, sink: SmtpSink) -> None:
    """All mail has new UIDs, the texts are gone here and not there: it is recognised, also in Sent."""
    closed.wait(timedelta(days=31))
    closed.run()
    sent = len(sink.letters)
    for folder in ("INBOX", "Sent"):
        closed.renumber(folder)
    closed.inbox.append(
        mails.plain(
            f"Overflow in {RARE}", f"{RARE}!\n", "rita@reporter.example", message_id="<rita@r.example>"
        ),
        closed.clock,
        "Sent",
    )
    closed.run()
    assert (len(sink.letters), len(closed.cases()), texts(closed)) == (sent, 1, 0)
    assert closed.view("shunted") == []


def test_a_case_that_goes_on_keeps_everything(closed: RunningDesk) -> None:
    """Opened again by a mail, it is open, and its time has not begun."""
    closed.wait(timedelta(days=20))
    raw = mails.plain(
        "Re: it", "Again!\n", RITA, message_id="<again@r.example>", In_Reply_To="<rita@r.example>"
    )
    closed.inbox.append(raw, closed.clock)
    closed.wait(timedelta(days=20))
    closed.run()
    assert texts(closed) == 3


def test_rejected_spam_goes_and_what_nobody_looked_at_stays(desk: RunningDesk) -> None:
    """A heuristic never deletes: only a person's word does, three days later, with a line in the journal."""
    desk.configure(more=DAYS)
    report(desk, "win", SPAM)
    report(desk, "hot", SPAM)
    desk.wait(timedelta(days=10))
    desk.run()
    assert texts(desk) == 2
    with desk.desk() as opened:
        operator.reject(opened, 1)
    desk.wait(timedelta(days=2))
    desk.run()
    assert texts(desk) == 2
    desk.wait(timedelta(days=2))
    desk.run()
    assert (texts(desk), len(desk.view("quarantine"))) == (1, 1)
    with desk.desk() as opened:
        rows = opened.ask(
            lambda c: (
                c.exec_driver_sql("SELECT detail FROM journal WHERE what = 'text given up'").scalars().all()
            )
        )
    assert rows == ['{"envelope": 1, "verdict": "rejected"}']


def test_a_case_closed_as_spam_goes_with_the_spam(desk: RunningDesk) -> None:
    """Its time is that of spam."""
    desk.configure(more=DAYS)
    report(desk)
    close(desk, spam=True)
    desk.wait(timedelta(days=4))
    desk.run()
    assert texts(desk) == 0


def test_forever_keeps_everything(desk: RunningDesk) -> None:
    """Whoever says so keeps it."""
    desk.configure(more=DAYS.replace("30d", "forever").replace("3d", "forever"))
    report(desk)
    close(desk, spam=True)
    desk.wait(timedelta(days=4000))
    desk.run()
    assert texts(desk) == 1


def test_more_than_a_batch_goes_in_one_day(desk: RunningDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much is due, the day's sweep goes through all of it."""
    monkeypatch.setattr(purge, "BATCH", 2)
    desk.configure(more=DAYS)
    for number in range(5):
        report(desk, f"win{number}", SPAM)
        with desk.desk() as opened:
            operator.reject(opened, number + 1)
    desk.wait(timedelta(days=4))
    desk.run()
    assert texts(desk) == 0


def word(desk: RunningDesk, *words: str) -> Said:
    """A command on this desk."""
    return command(desk.path, *words)


def test_forgetting_tells_first_and_changes_nothing(closed: RunningDesk) -> None:
    """Without --yes: what would go, what stays and why."""
    said = word(closed, "forget", RITA)
    (case,) = closed.cases()
    assert said.status == 0
    assert all(part in said.out for part in (case["case"], "backups", "ledger", "--yes"))
    assert texts(closed) == 2


def test_a_forgotten_person_stands_nowhere_any_more(relay: RelayDesk, sink: SmtpSink) -> None:
    """Neither address nor words are in the state folder; the chain of the journal is whole all the same."""
    relay.comes(mails.plain(SPAM, f"{RARE}\n", RITA, message_id="<spam@r.example>"))
    relay.comes(mails.plain(f"Overflow in {RARE}", f"{RARE}!\n", message_id="<rita@r.example>"), RITA)
    (copy,) = relay.copies("carl@project.example")
    relay.comes(
        reply(copy, "carl@project.example", "We can reproduce it and fix it."), "carl@project.example"
    )
    case = relay.one()["case"]
    with relay.desk() as opened:
        operator.close(opened, case, "done", False)
    assert relay.word("forget", "Rita@Reporter.example", "--yes").status == 0
    assert not rests(relay)
    assert sweep(RITA, relay.folder / "state") == {}
    assert relay.one()["participants"]
    assert relay.word("verify").status == 0


def test_an_open_case_stays_until_it_is_closed(desk: RunningDesk) -> None:
    """Promises to him run: they are kept first, and the command says so."""
    report(desk)
    said = word(desk, "forget", RITA, "--yes")
    assert "Close these cases" in said.out.replace("\n", " ")
    assert (texts(desk), desk.cases()[0]["participants"][0]["address"]) == (1, RITA)


def test_mail_that_is_still_to_be_opened_keeps_its_text(desk: RunningDesk) -> None:
    """It may yet become a case; a person who wrote nothing else is not known yet."""
    report(desk, subject=SPAM)
    with desk.desk() as opened:
        (held,) = [one["mail"] for one in desk.view("quarantine")]
        opened.ask(envelopes.set_state, held, envelopes.TO_OPEN)
    assert (word(desk, "forget", RITA, "--yes").status, texts(desk)) == (1, 1)
    with desk.desk() as opened:
        opened.ask(envelopes.set_state, held, envelopes.DONE)
    assert (word(desk, "forget", RITA, "--yes").status, texts(desk)) == (0, 0)
    with desk.desk() as opened:
        assert opened.ask(heldmail.held).mails == ()


def test_whoever_was_forgotten_and_writes_again_is_somebody_new(closed: RunningDesk, sink: SmtpSink) -> None:
    """Even in the old thread: a new case, with a receipt and promises of its own."""
    word(closed, "forget", RITA, "--yes")
    token = sink.letters[0].raw.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode()
    raw = mails.plain("Re: it", "Crash again!\n", RITA, message_id="<new@r.example>", In_Reply_To=token)
    closed.inbox.append(raw, closed.clock)
    closed.run()
    assert [one["state"] for one in closed.cases()] == ["closed", "open"]
    assert len([one for one in sink.letters if one.recipients == (RITA,)]) == 2


@pytest.mark.parametrize("address", ["anna@project.example", "security@project.example", "nobody@x.example"])
def test_the_team_and_strangers_are_refused(closed: RunningDesk, address: str) -> None:
    """A member is taken out of maild.toml, not forgotten; of a stranger nothing is known."""
    assert word(closed, "forget", address, "--yes").status == 1
    assert texts(closed) == 2
