"""Loops and floods over the whole road: two desks that write to each other, and a crowd of forged strangers."""

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from maild.core.letters import budget
from maild.core.letters.budget import Rank
from maild.store import views
from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.dovecot import Dovecot
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink, running

pytestmark = pytest.mark.dovecot
OURS, THEIRS = "security@project.example", "security@other.example"
FLOOD = 60


@pytest.mark.parametrize("stripped", [False, True], ids=["as written", "marks stripped on the way"])
def test_two_desks_do_not_answer_each_other_for_ever(
    dovecot: Dovecot, certificate: Certificate, tmp_path: Path, stripped: bool
) -> None:
    """A report forged in one desk's name to the other ends in at most one receipt each, whatever is lost."""
    with (
        running(SmtpSink(certificate, users={"desk": "sesame"})) as sink,
        running(SmtpSink(certificate, users={"desk": "sesame"})) as their_sink,
    ):
        desk = RunningDesk(folder(tmp_path, "ours"), dovecot.user(), sink, certificate)
        other = RunningDesk(folder(tmp_path, "theirs"), dovecot.user(), their_sink, certificate)
        other.path.write_text(other.path.read_text().replace("project.example", "other.example"))
        pair = {OURS: desk, THEIRS: other}
        for one in pair.values():
            one.run()
        desk.inbox.append(mails.plain(sender=THEIRS, to=OURS), desk.clock)
        carried: Counter[str] = Counter()
        for _ in range(8):
            before = carried.total()
            for one in pair.values():
                one.run()
                one.wait(timedelta(minutes=1))
            carry(pair, carried, stripped)
        assert carried.total() == before, "letters still go to and fro"
        assert 1 <= carried.total() <= 2
        assert max(carried.values()) == 1
        for one in pair.values():
            one.inbox.log_out()


def test_two_desks_that_are_members_of_each_other_come_to_rest(
    dovecot: Dovecot, certificate: Certificate, tmp_path: Path
) -> None:
    """Each passes the other's reports on to it as to a member: it ends within the caps, and everybody has the report."""
    with (
        running(SmtpSink(certificate, users={"desk": "sesame"})) as sink,
        running(SmtpSink(certificate, users={"desk": "sesame"})) as their_sink,
    ):
        desk = RunningDesk(folder(tmp_path, "ours"), dovecot.user(), sink, certificate)
        other = RunningDesk(folder(tmp_path, "theirs"), dovecot.user(), their_sink, certificate)
        pair = {OURS: desk, THEIRS: other}
        for one in pair.values():
            one.configure('mode = "relay"\n')
        other.path.write_text(other.path.read_text().replace("project.example", "other.example"))
        for name, one in pair.items():
            member = next(address for address in pair if address != name)
            text = one.path.read_text()
            one.path.write_text(
                text.replace("anna@project.example", member).replace("anna@other.example", member)
            )
            one.run()
        desk.inbox.append(mails.plain(), desk.clock)
        carried: Counter[str] = Counter()
        totals = []
        for _ in range(12):
            for one in pair.values():
                one.run()
                one.wait(timedelta(minutes=1))
            carry(pair, carried, stripped=False)
            totals.append(carried.total())
        assert totals[-1] == totals[-4], f"letters still go to and fro: {totals}"
        assert totals[-1] <= 12
        for one in pair.values():
            one.inbox.log_out()


def folder(tmp_path: Path, name: str) -> Path:
    """A new folder."""
    made = tmp_path / name
    made.mkdir()
    return made


def carry(pair: dict[str, RunningDesk], carried: Counter[str], stripped: bool) -> None:
    """What each desk sent to the other arrives there; *stripped*: without any mark of automatic mail."""
    for one in pair.values():
        letters, one.sink.letters[:] = list(one.sink.letters), []
        for letter in letters:
            to = letter.recipients[0]
            if to in pair:
                marks = rb"(?mi)^(Auto-Submitted|X-Auto-Response-Suppress|X-Maild-Mark): .*\r\n"
                raw = re.sub(marks, b"", letter.raw) if stripped else letter.raw
                carried[to] += 1
                pair[to].inbox.append(raw, pair[to].clock)


@pytest.mark.parametrize("mode", ["observe", "relay"])
def test_a_flood_of_forged_senders_is_kept_and_floods_nobody(
    dovecot: Dovecot, certificate: Certificate, sink: SmtpSink, tmp_path: Path, mode: str
) -> None:
    """Every mail a case, receipts and letters to the team within their caps, the rest later, the team told."""
    desk = RunningDesk(tmp_path, dovecot.user(), sink, certificate)
    caps = "[limits]\nreceipts_per_hour = 10\nteam_letters_per_hour = 20\n"
    desk.configure(f'mode = "{mode}"\n', more=caps)
    desk.run()
    desk.inbox.append_many([forged(n) for n in range(FLOOD)])
    desk.run()
    desk.run()
    assert len(desk.cases()) == FLOOD
    assert not [flag for one in desk.cases() for flag in one["flags"] if flag == "receipt-by-hand"]
    first = sent(desk)
    assert first["receipt"] == budget.part(10, Rank.LIKELY)
    assert first["copy"] == (budget.part(20, Rank.LIKELY) if mode == "relay" else 0)
    told = [m for one in sink.letters if "Too many new reports" in (m := one.raw.decode("utf-8", "replace"))]
    assert len(told) == (1 if mode == "relay" else 0)
    desk.wait(timedelta(hours=1, minutes=1))
    desk.run()
    assert sent(desk)["receipt"] == 2 * first["receipt"]
    with desk.desk() as opened:
        assert opened.ask(views.status, desk.clock)["unhandled"] == 0
    desk.inbox.log_out()


def sent(desk: RunningDesk) -> Counter[str]:
    """The letters that have left, by kind."""
    return Counter(row["kind"] for row in desk.view("outbox", True) if row["state"] == "sent")


def forged(number: int) -> bytes:
    """One report under a name that its author does not own."""
    who = f"v{number}@victim{number}.example"
    return mails.plain(subject=f"Overflow number {number} in the parser", sender=who, message_id=f"<{who}>")


def test_who_writes_on_and_on_in_a_thread_fills_no_mailbox(
    dovecot: Dovecot, certificate: Certificate, sink: SmtpSink, tmp_path: Path
) -> None:
    """Each member has as many copies as the hour allows, and at its end one letter that says how many more."""
    desk = RunningDesk(tmp_path, dovecot.user(), sink, certificate)
    desk.configure('mode = "relay"\n', more="[limits]\nfollowups_per_hour = 3\n")
    desk.run()
    desk.inbox.append(mails.plain(), desk.clock)
    desk.run()
    references = {"In_Reply_To": "<one@reporter.example>"}
    more = [
        mails.plain(message_id=f"<m{n}@reporter.example>", text=f"Also {n}.\n", **references)
        for n in range(9)
    ]
    desk.inbox.append_many(more)
    desk.run()
    people = sent(desk)["copy"] // 3
    assert sent(desk)["copy"] == people * 3
    assert not [one for one in sink.letters if b"more messages from one sender" in one.raw]
    desk.wait(timedelta(hours=1))
    desk.run()
    told = [one for one in sink.letters if b"7 more messages from one sender" in one.raw]
    assert len({one.recipients for one in told}) == len(told) == people
    desk.inbox.log_out()


def test_a_receipt_that_waits_does_not_leave_after_a_person_answered(
    dovecot: Dovecot, certificate: Certificate, sink: SmtpSink, tmp_path: Path
) -> None:
    """It would say that nobody has read the report."""
    desk = RunningDesk(tmp_path, dovecot.user(), sink, certificate)
    desk.configure(more="[limits]\nreceipts_per_hour = 1\n")
    desk.run()
    desk.inbox.append(forged(1), desk.clock)
    desk.run()
    desk.inbox.append(mails.plain(), desk.clock)
    desk.run()
    reply = mails.plain(
        sender="security@project.example",
        to="rita@reporter.example",
        message_id="<answer@project.example>",
        text="We are looking into it and will write again on Friday.\n",
        In_Reply_To="<one@reporter.example>",
    )
    desk.inbox.append(reply, desk.clock, "Sent")
    desk.run()
    desk.wait(timedelta(hours=2))
    desk.run()
    assert [one.recipients for one in sink.letters if b"auto-replied" in one.raw] == [("v1@victim1.example",)]
    (row,) = [one for one in desk.view("outbox", True) if one["to"] == "rita@reporter.example"]
    assert row["trouble"] == "a person has answered meanwhile"
    desk.inbox.log_out()
