"""The commands that run the desk or change something."""

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from tests.cli.conftest import SPAM
from tests.support import mails
from tests.support.commanding import Said, command
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot


def word(desk: RunningDesk, *words: str) -> Said:
    """A command on this desk."""
    return command(desk.path, *words)


def test_a_run_says_what_it_did(desk: RunningDesk, sink: SmtpSink) -> None:
    """How much was taken in, sent, and left in the backlog; exit status 0."""
    desk.inbox.append(mails.plain(), datetime.now(UTC))  # noqa: TID251 - the command has the machine's clock
    said = word(desk, "run", "--once")
    assert (said.status, said.out) == (0, "received: 1; letters sent: 1; left in the backlog: 0\n")
    assert word(desk, "run", "--once").out.startswith("received: 0; letters sent: 0")
    assert len(sink.letters) == 1


def test_the_first_run_takes_nothing_in(desk: RunningDesk, sink: SmtpSink) -> None:
    """What was there before is counted and left; it comes in when the operator says so."""
    (desk.folder / "state" / "maild.db").unlink()
    desk.inbox.append(mails.plain(), desk.clock)
    assert word(desk, "run", "--once").out == "received: 0; letters sent: 0; left in the backlog: 1\n"
    said = word(desk, "adopt", "--all")
    assert (said.status, said.out[:2]) == (0, "1 ")
    assert word(desk, "run", "--once").out.startswith("received: 1; ")
    assert len([s for s in sink.letters if b"auto-replied" in s.raw]) == 1


def test_trouble_outside_is_75_and_what_could_be_done_is_done(desk: RunningDesk) -> None:
    """EX_TEMPFAIL, with the server's name; the line about the run is printed all the same."""
    desk.imap_down()
    said = word(desk, "run", "--once")
    assert said.status == 75
    assert said.out.startswith("received: 0; ")
    assert "localhost" in said.err
    assert "Traceback" not in said.err


def test_a_held_mail_is_released(desk: RunningDesk) -> None:
    """It becomes a case and leaves the quarantine; a second time there is nothing to release."""
    desk.inbox.append(SPAM, desk.clock)
    desk.run()
    assert word(desk, "release", "1").out == "Message 1 is released.\n"
    assert json.loads(word(desk, "quarantine", "--json").out) == []
    assert len(json.loads(word(desk, "cases", "--json").out)) == 1
    again = word(desk, "release", "1")
    assert (again.status, again.out) == (1, "")
    assert "message 1 cannot be released (verdict: report)" in again.err


def test_a_held_mail_is_rejected_and_can_be_released_after_all(desk: RunningDesk) -> None:
    """It leaves the list, is kept, and comes back when somebody thinks better of it."""
    desk.inbox.append(SPAM, desk.clock)
    desk.run()
    assert word(desk, "reject", "1").out == "Message 1 is rejected.\n"
    assert word(desk, "quarantine").out == "The quarantine is empty.\n"
    assert word(desk, "release", "1").status == 0


@pytest.mark.parametrize(
    "words", [("release", "99"), ("reject", "99"), ("adopt", "99"), ("close", "EX-000000")]
)
def test_what_is_not_there_is_refused(desk: RunningDesk, words: tuple[str, ...]) -> None:
    """Exit status 1, a sentence, nothing on standard output."""
    said = word(desk, *words)
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith("maild: ")


def test_a_case_is_closed_when_its_reporter_was_answered(desk: RunningDesk) -> None:
    """Before that the word is refused and says what to do; as spam it may end at once."""
    desk.inbox.append(mails.plain(), desk.clock)
    desk.run()
    number = str(desk.cases()[0]["case"])
    refused = word(desk, "close", number)
    assert refused.status == 1
    assert "answer first, or close it as spam" in refused.err
    assert word(desk, "close", number.lower(), "--spam").out == f"{number} is closed.\n"
    assert word(desk, "cases").out == "No open cases.\n"
    assert (desk.cases()[0]["state"], desk.cases()[0]["close_reason"]) == ("closed", "spam")


@pytest.mark.parametrize("reason", [("--reason", "fixed in 4.3"), ("fixed", "in", "4.3")])
def test_a_reason_is_given_as_in_a_message_or_as_an_option(
    desk: RunningDesk, reason: tuple[str, ...]
) -> None:
    """``close CASE fixed in 4.3`` says why, as ``!close fixed in 4.3`` does."""
    desk.inbox.append(mails.plain(), desk.clock)
    desk.run()
    number = str(desk.cases()[0]["case"])
    assert word(desk, "answered", number, "by", "telephone").status == 0
    assert word(desk, "close", number, *reason).out == f"{number} is closed.\n"
    assert desk.cases()[0]["close_reason"] == "fixed in 4.3"


def test_the_journal_says_who_closed_it(desk: RunningDesk) -> None:
    """Operators are named by their login, never by an address."""
    desk.inbox.append(mails.plain(), desk.clock)
    desk.run()
    word(desk, "close", str(desk.cases()[0]["case"]), "--spam")
    last = desk.cases()[0]["journal"][-1]
    assert last["what"] == "closed"
    assert str(last["by"]).startswith("operator:")


def test_one_mail_or_all_but_not_both(desk: RunningDesk) -> None:
    """``adopt 1 --all`` is refused."""
    assert word(desk, "adopt", "1", "--all").status == 1


def test_check_looks_at_everything(desk: RunningDesk) -> None:
    """One line a thing; without a key it warns, and status 1 says so."""
    said = word(desk, "check", "--json")
    rows = json.loads(said.out)
    assert {row["what"]: row["state"] for row in rows} == {
        "configuration": "ok",
        "place": "ok",
        "disk": "ok",
        "clock": "ok",
        "database": "ok",
        "openpgp": "warning",
        "imap": "ok",
        "folders": "ok",
        "smtp": "ok",
        "team": "ok",
    }
    assert said.status == 1
    assert [bool(row["mend"]) for row in rows] == [row["state"] != "ok" for row in rows]


ACCEPTED = """
[[accepted]]
what = "{what}"
text = "{text}"
reason = "a desk for tests"
"""


def test_check_fails_on_what_it_is_told(desk: RunningDesk) -> None:
    """A warning is status 1, and 0 with ``--fail-on fault``; a fault is 69 in any case."""
    assert word(desk, "check").status == 1
    assert word(desk, "check", "--fail-on", "fault").status == 0
    assert word(desk, "check", "--fail-on", "warning").status == 1
    desk.path.write_text(desk.path.read_text().replace('junk = "Junk"', 'junk = "Spambox"'))
    assert word(desk, "check", "--fail-on", "fault").status == 69


def test_people_see_the_faults_first(desk: RunningDesk) -> None:
    """Then the warnings, then what is well; programs get the order in which a message meets them."""
    desk.path.write_text(desk.path.read_text().replace('junk = "Junk"', 'junk = "Spambox"'))
    states = re.findall(r"^\w+ +(fault|warning|ok)\b", word(desk, "check").out, re.MULTILINE)
    assert states == sorted(states, key=("fault", "warning", "ok").index)
    assert json.loads(word(desk, "check", "--json").out)[0]["what"] == "configuration"


def test_a_warning_can_be_accepted_with_a_reason(desk: RunningDesk) -> None:
    """It is shown with the reason and counts no more; another warning and a fault still count."""
    desk.path.write_text(desk.path.read_text() + ACCEPTED.format(what="openpgp", text="no key"))
    said = word(desk, "check", "--json")
    (row,) = [row for row in json.loads(said.out) if row["what"] == "openpgp"]
    assert (said.status, row["state"]) == (0, "accepted")
    assert row["text"].endswith("(accepted: a desk for tests)")
    desk.path.write_text(desk.path.read_text().replace('text = "no key"', 'text = "something else"'))
    assert word(desk, "check").status == 1
    more = ACCEPTED.format(what="imap", text="Spambox")
    desk.path.write_text(desk.path.read_text().replace('junk = "Junk"', 'junk = "Spambox"') + more)
    assert word(desk, "check").status == 69


@pytest.mark.parametrize(
    ("old", "new", "what", "words"),
    [
        ('junk = "Junk"', 'junk = "Spambox"', "imap", 'folder "Spambox" does not exist; the server has: '),
        ('username = "desk"', 'username = "nobody"', "smtp", "check username and password"),
        ('sent = "Sent"', 'sent = ""', "", ""),
    ],
)
def test_check_says_what_is_wrong_and_how_to_mend_it(
    desk: RunningDesk, old: str, new: str, what: str, words: str
) -> None:
    """A fault has its line and its way out; exit status 69 as soon as there is one."""
    desk.path.write_text(desk.path.read_text().replace(old, new))
    said = word(desk, "check", "--json")
    faults = {row["what"]: row["text"] for row in json.loads(said.out) if row["state"] == "fault"}
    assert said.status == (69 if what else 1)
    assert set(faults) == ({what} if what else set())
    told = {row["what"]: f"{row['text']}; {row['mend']}" for row in json.loads(said.out)}
    assert words in told.get(what, "")
    assert "sesame" not in said.out + said.err


@pytest.mark.parametrize("fingerprint", ["", f'fingerprint = "{"A" * 40}"\n'])
def test_check_faults_a_desk_that_could_never_see_an_answer(desk: RunningDesk, fingerprint: str) -> None:
    """No Sent folder, no trusted exchanger, no fingerprint or no key of the desk: no proof (ruling 14)."""
    text = (
        desk.path.read_text().replace('sent = "Sent"', "").replace('authserv_id = "mx.project.example"', "")
    )
    desk.path.write_text(text.replace("[[team]]\n", f"[[team]]\n{fingerprint}", 1))
    said = word(desk, "check")
    assert said.status == 69
    assert "no answer from the team can ever be recognized" in " ".join(said.out.split())


@pytest.mark.parametrize("name", ["release", "reject", "adopt", "send", "retry", "export"])
@pytest.mark.parametrize("number", ["0", "9" * 30])
def test_a_number_that_nothing_can_have_is_bad_usage(desk: RunningDesk, name: str, number: str) -> None:
    """Exit status 64 and the range of numbers, never a bug."""
    said = word(desk, name, number)
    assert (said.status, said.out) == (64, "")
    assert number in said.err


def test_a_newer_database_is_refused(desk: RunningDesk) -> None:
    """EX_UNAVAILABLE, with what to do."""
    with closing(sqlite3.connect(desk.folder / "state" / "maild.db")) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    said = word(desk, "cases")
    assert said.status == 69
    assert "upgrade maild" in said.err
