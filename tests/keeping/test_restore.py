"""Yesterday's backup against today's mailbox: what is missing comes back, and nobody is answered twice."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from maild.store import backup
from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.commanding import Said, command
from tests.support.dovecot import Dovecot
from tests.support.relaying import RITA, RelayDesk, header, reply
from tests.support.running import RunningDesk
from tests.support.smtpsink import Letter, SmtpSink, running

pytestmark = pytest.mark.dovecot


def word(desk: RunningDesk, *words: str) -> Said:
    """A command that succeeds; it has the machine's clock, and the desk's does not stay behind it."""
    said = command(desk.path, *words)
    assert said.status == 0, said
    desk.clock = max(desk.clock, datetime.now(UTC))  # noqa: TID251 - the command reads it too
    return said


def back_up(desk: RunningDesk) -> None:
    """Yesterday."""
    word(desk, "backup", str(desk.folder / "copy.db"))


def restore(desk: RunningDesk, *words: str) -> str:
    """The disk is gone, the backup is not; what the operator reads."""
    return word(desk, "restore", *words, str(desk.folder / "copy.db")).out


def report(desk: RunningDesk, name: str) -> None:
    """A report of somebody's arrives and everything that follows is done."""
    raw = mails.plain(message_id=f"<{name}@reporter.example>", sender=f"{name}@reporter.example")
    desk.inbox.append(raw, desk.clock)
    desk.run()


def unmark(desk: RunningDesk, number: int) -> None:
    """The nth mail of INBOX loses its marks, as on a server that keeps none."""
    uid = desk.inbox.uids()[number]
    desk.inbox.client.select_folder("INBOX")
    desk.inbox.client.set_flags([uid], [])


def receipts(sink: SmtpSink, name: str) -> list[Letter]:
    """The receipts that went out to one reporter."""
    to = (f"{name}@reporter.example",)
    return [one for one in sink.letters if one.recipients == to and b"auto-replied" in one.raw]


def outbox(desk: RunningDesk, name: str) -> dict[str, Any]:
    """The only letter that the desk owes, or owed, to one reporter."""
    to = f"{name}@reporter.example"
    (found,) = [row for row in desk.view("outbox", True) if row["to"] == to]
    return found


def case_of(desk: RunningDesk, name: str) -> dict[str, Any]:
    """The case of one reporter."""
    return next(c for c in desk.cases() if c["participants"][0]["address"] == f"{name}@reporter.example")


def acknowledged(desk: RunningDesk, name: str) -> str | None:
    """By what the receipt's promise was met."""
    return next(p["met_by"] for p in case_of(desk, name)["promises"] if p["promise"] == "acknowledge")


def lose(desk: RunningDesk) -> RunningDesk:
    """Ann wrote before the backup. Ben, Cid and Dan wrote after it, and the desk did not see Dan's mail.

    Ben's mail has its mark in the mailbox, Cid's has lost it. Then the database was put back.
    """
    desk.clock = datetime.now(UTC)  # noqa: TID251 - the commands read it too
    report(desk, "ann")
    back_up(desk)
    report(desk, "ben")
    report(desk, "cid")
    unmark(desk, 2)
    desk.inbox.append(mails.plain(message_id="<dan@reporter.example>", sender="dan@reporter.example"))
    desk.before = {name: case_of(desk, name) for name in ("ann", "ben", "cid")}  # type: ignore[attr-defined]
    restore(desk)
    desk.run()
    return desk


@pytest.fixture
def lost(desk: RunningDesk) -> RunningDesk:
    """A desk that was lost and put back, to be changed."""
    return lose(desk)


@pytest.fixture(scope="module")
def put_back(
    dovecot: Dovecot, certificate: Certificate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningDesk]:
    """The same, for all tests that only look."""
    inbox = dovecot.user()
    with running(SmtpSink(certificate, users={"desk": "sesame"})) as sink:
        desk = RunningDesk(tmp_path_factory.mktemp("lost"), inbox, sink, certificate)
        desk.run()
        yield lose(desk)
        inbox.log_out()


def test_every_mail_since_the_backup_is_a_case_again_under_its_old_name(put_back: RunningDesk) -> None:
    """Nothing is missing; numbers, arrival and due instants come out as they were before."""
    assert len(put_back.cases()) == 4
    for name, before in put_back.before.items():  # type: ignore[attr-defined]
        now = case_of(put_back, name)
        assert (now["case"], now["opened"]) == (before["case"], before["opened"])
        due = [[(p["promise"], p["due"]) for p in one["promises"]] for one in (before, now)]
        assert due[0] == due[1]


def test_nobody_gets_a_second_receipt_by_itself(put_back: RunningDesk) -> None:
    """Not him whose mail bears our mark, nor him whose mail does not; not in any later round either."""
    put_back.wait(timedelta(hours=1))
    put_back.run()
    assert [len(receipts(put_back.sink, name)) for name in ("ann", "ben", "cid", "dan")] == [1, 1, 1, 0]


def test_a_mark_in_the_mailbox_proves_the_receipt(put_back: RunningDesk) -> None:
    """It counts as sent, under the Message-ID that it had, and the promise is kept as of the arrival."""
    row = outbox(put_back, "ben")
    (sent,) = receipts(put_back.sink, "ben")
    assert (row["state"], row["message_id"]) == ("sent", header(sent, "Message-ID"))
    assert "mark" in row["trouble"]
    assert acknowledged(put_back, "ben") == "receipt"


def test_without_a_proof_it_is_parked_and_the_team_told(put_back: RunningDesk) -> None:
    """`maild outbox` shows what waits and why; handler and coordinator get one letter that says what to do."""
    for name in ("cid", "dan"):
        row = outbox(put_back, name)
        assert (row["state"], row["trouble"]) == (
            "parked",
            "restored from a backup: it may have gone out before",
        )
        assert acknowledged(put_back, name) is None
    told = [s.recipients[0] for s in put_back.sink.letters if b"The desk was restored" in s.raw]
    assert sorted(told) == ["anna@project.example", "carl@phone.example"]


def test_a_parked_receipt_goes_out_on_a_word_and_a_second_one_does_no_harm(
    lost: RunningDesk, sink: SmtpSink
) -> None:
    """Dan, who never had one, gets it; Cid gets the same letter again, under the same Message-ID."""
    word(lost, "send", "--parked")
    lost.run()
    assert len(receipts(sink, "dan")) == 1
    first, again = receipts(sink, "cid")
    assert header(first, "Message-ID") == header(again, "Message-ID")
    assert [acknowledged(lost, name) for name in ("cid", "dan")] == ["receipt", "receipt"]


def test_a_person_may_say_that_it_had_gone_out(lost: RunningDesk, sink: SmtpSink) -> None:
    """Then nothing is sent, the promise is kept, and the journal names who said so."""
    word(lost, "send", "--was-sent", str(outbox(lost, "cid")["letter"]))
    lost.run()
    assert (len(receipts(sink, "cid")), acknowledged(lost, "cid")) == (1, "receipt")
    (line,) = [row for row in case_of(lost, "cid")["journal"] if row["what"] == "letter had been sent"]
    assert "operator:" in line["how"]


def test_mail_after_the_restore_is_answered_as_ever(lost: RunningDesk, sink: SmtpSink) -> None:
    """What arrives from now on nobody can have answered before."""
    lost.wait(timedelta(hours=1))
    report(lost, "eve")
    assert len(receipts(sink, "eve")) == 1


def test_the_restored_database_is_whole(put_back: RunningDesk) -> None:
    """`maild verify` finds no fault, and names what waits for a person."""
    found = {row["what"]: row for row in json.loads(word(put_back, "verify", "--json").out)}
    assert {row["state"] for what, row in found.items() if what != "waiting"} == {"ok"}
    assert "letters that may have been sent already (2)" in found["waiting"]["text"]


def test_the_old_database_is_kept_beside_it(put_back: RunningDesk) -> None:
    """For its owner only, whole, with the cases of before."""
    (kept,) = (put_back.folder / "state").glob("maild.db.before-restore-*")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert word(put_back, "verify", str(kept)).status == 0


def test_the_letter_in_the_sent_folder_proves_that_it_went_out(desk: RunningDesk, sink: SmtpSink) -> None:
    """Where the server keeps no marks but a copy of what it sent, that copy stands for the mark."""
    desk.clock = datetime.now(UTC)  # noqa: TID251 - the commands read it too
    back_up(desk)
    report(desk, "ben")
    unmark(desk, 0)
    desk.inbox.append(receipts(sink, "ben")[0].raw, desk.clock, "Sent")
    restore(desk)
    desk.run()
    row = outbox(desk, "ben")
    assert (row["state"], row["trouble"]) == ("sent", "it is in the Sent folder")
    assert (acknowledged(desk, "ben"), len(receipts(sink, "ben"))) == ("receipt", 1)


def test_after_a_move_nothing_is_parked(desk: RunningDesk, sink: SmtpSink) -> None:
    """The desk stood still between backup and restore: what arrived meanwhile is answered at once."""
    desk.clock = datetime.now(UTC)  # noqa: TID251 - the commands read it too
    report(desk, "ann")
    back_up(desk)
    desk.inbox.append(mails.plain(message_id="<dan@x.example>", sender="dan@reporter.example"), desk.clock)
    restore(desk, "--moved")
    desk.run()
    assert [len(receipts(sink, name)) for name in ("ann", "dan")] == [1, 1]
    assert not [s for s in sink.letters if b"The desk was restored" in s.raw]


def test_a_receipt_owed_at_the_backup_waits_too(desk: RunningDesk, sink: SmtpSink) -> None:
    """It was owed then and has probably gone out since: a person decides, and it has the same Message-ID."""
    desk.clock = datetime.now(UTC)  # noqa: TID251 - the commands read it too
    sink.always("MAIL", "451 4.3.0 later")
    report(desk, "ann")
    back_up(desk)
    sink.always("MAIL", "")
    desk.wait(timedelta(hours=1))
    desk.run()
    restore(desk)
    desk.run()
    (sent,) = receipts(sink, "ann")
    row = outbox(desk, "ann")
    assert (row["state"], row["message_id"]) == ("parked", header(sent, "Message-ID"))


def test_an_answer_of_the_team_is_not_sent_twice(relay: RelayDesk, sink: SmtpSink) -> None:
    """Its mail is read again: the answer and the copies are parked, under the names they had."""
    back_up(relay)
    relay.comes(mails.plain(), RITA)
    (copy,) = relay.copies("carl@project.example")
    relay.comes(
        reply(copy, "carl@project.example", "We can reproduce it and work on a fix."), "carl@project.example"
    )
    (answer,) = relay.answers(RITA)
    assert relay.promises()["respond"] == "team:Carl"
    for number in (0, 1):
        unmark(relay, number)
    sent = len(sink.letters)
    restore(relay)
    relay.run()
    new = [one for one in sink.letters[sent:] if b"The desk was restored" not in one.raw]
    assert new == []
    waiting = {row["message_id"]: row for row in relay.view("outbox") if row["state"] == "parked"}
    assert header(answer, "Message-ID") in waiting
    assert {header(one, "Message-ID") for one in relay.copies("bea@project.example")} < set(waiting)
    assert relay.promises()["respond"] == "running"
    word(relay, "send", "--was-sent", str(waiting[header(answer, "Message-ID")]["letter"]))
    assert relay.promises()["respond"] == "team:Carl"


def test_an_answer_whose_mail_bears_our_mark_keeps_its_promise(relay: RelayDesk, sink: SmtpSink) -> None:
    """Nothing is sent and nothing waits: the case stands as it stood."""
    back_up(relay)
    relay.comes(mails.plain(), RITA)
    (copy,) = relay.copies("carl@project.example")
    relay.comes(
        reply(copy, "carl@project.example", "We can reproduce it and work on a fix."), "carl@project.example"
    )
    before, sent = relay.promises(), len(sink.letters)
    restore(relay)
    relay.run()
    assert relay.promises() == before
    assert [s for s in sink.letters[sent:] if b"The desk was restored" not in s.raw] == []
    assert relay.view("outbox") == []


@pytest.mark.parametrize("content", [b"holiday pictures", b"", b"SQLite format 3\x00" + b"x" * 5000])
def test_what_is_no_backup_is_refused_and_nothing_changes(desk: RunningDesk, content: bytes) -> None:
    """The desk's own database stays, and nothing half done stands beside it."""
    bad = desk.folder / "bad.db"
    bad.write_bytes(content)
    before = {*(desk.folder / "state").iterdir(), desk.folder / "state" / "maild.pid"}
    said = command(desk.path, "restore", str(bad))
    assert (said.status, "backup of a desk" in said.err) == (1, True)
    assert {*(desk.folder / "state").iterdir()} == before
    assert desk.view("shunted") == []


@pytest.mark.parametrize("step", ["copyfileobj", "_single", "_linked", "_to_disk"])
def test_a_restore_that_is_interrupted_leaves_the_desk_as_it_was(
    desk: RunningDesk, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Whatever step the disk refuses: the old database works on, and the next try goes through."""
    desk.clock = datetime.now(UTC)  # noqa: TID251 - the commands read it too
    report(desk, "ann")
    back_up(desk)
    report(desk, "ben")

    def wrong(*given: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(backup.shutil if step == "copyfileobj" else backup, step, wrong)
        said = command(desk.path, "restore", str(desk.folder / "copy.db"))
    assert (said.status, "nothing was restored" in said.err) == (69, True)
    desk.run()
    assert (len(desk.cases()), len(sink.letters)) == (2, 2)
    restore(desk)
    desk.run()
    assert len(desk.cases()) == 2
    assert word(desk, "verify").status == 0


def test_onto_a_new_host(desk: RunningDesk, sink: SmtpSink) -> None:
    """Without a database there, and even without its folder: the desk goes on where it was."""
    desk.clock = datetime.now(UTC)  # noqa: TID251 - the commands read it too
    report(desk, "ann")
    back_up(desk)
    for file in (desk.folder / "state").iterdir():
        file.unlink()
    (desk.folder / "state").rmdir()
    assert "kept" not in restore(desk, "--moved")
    desk.run()
    assert len(desk.cases()) == len(receipts(sink, "ann")) == 1
