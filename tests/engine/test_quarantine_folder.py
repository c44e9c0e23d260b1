"""The quarantine as a folder of the mailbox, with a real Dovecot: what maild moves, and what people's moves do."""

from datetime import timedelta
from pathlib import Path

import pytest

from maild.engine.moves import Moves
from maild.store import moves
from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot
SPAM = mails.plain(subject="CHEAP PILLS 80% OFF!!! CLICK NOW", sender="win@spam.example", message_id="<s@x>")
FOLDER = '[screening]\nquarantine = "Quarantine"\n'


@pytest.fixture
def desk(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> RunningDesk:
    """A relaying desk with a folder for held mail; its baseline is fixed."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.configure(desk='mode = "relay"', more=FOLDER)
    made.run()
    return made


def comes(desk: RunningDesk, raw: bytes) -> None:
    """A mail arrives and is handled."""
    desk.inbox.append(raw, desk.clock)
    desk.run()


def move(desk: RunningDesk, source: str, target: str) -> None:
    """A person moves everything with a mail client."""
    desk.inbox.client.select_folder(source)
    desk.inbox.client.move(desk.inbox.client.search("ALL"), target)


def receipts(desk: RunningDesk) -> list[tuple[str, ...]]:
    """Whom receipts went to."""
    return [one.recipients for one in desk.sink.letters if b"Auto-Submitted: auto-replied" in one.raw]


def test_held_mail_is_moved_aside_and_the_move_is_nobodys_word(desk: RunningDesk) -> None:
    """It lies in the folder, still held, however often the mailbox is read; the inbox is as before."""
    comes(desk, SPAM)
    for _ in range(3):
        desk.run()
    assert (desk.inbox.uids(), len(desk.inbox.uids("Quarantine"))) == ([], 1)
    assert [one["kind"] for one in desk.view("quarantine")] == ["quarantine"]
    assert (desk.cases(), receipts(desk)) == ([], [])


def test_moved_back_it_is_a_report_from_its_arrival_on(desk: RunningDesk) -> None:
    """The receipt goes out, the promises count from when it came, the look at it was had."""
    came = desk.clock
    comes(desk, SPAM)
    desk.wait(timedelta(hours=3))
    move(desk, "Quarantine", "INBOX")
    desk.run()
    (case,) = desk.cases()
    due = {row["promise"]: row["due"] for row in case["promises"]}
    assert due["respond"] == (came + timedelta(hours=48)).isoformat()
    assert receipts(desk) == [("win@spam.example",)]
    assert desk.view("quarantine") == []
    desk.wait(timedelta(hours=10))
    desk.run()
    assert not [one for one in desk.sink.letters if b"message in quarantine was not looked at" in one.raw]


def test_deleted_from_the_quarantine_it_stays_held(desk: RunningDesk) -> None:
    """Gone is not moved back: nobody is answered, and the mail is still in the database."""
    comes(desk, SPAM)
    desk.inbox.expunge(desk.inbox.uids("Quarantine")[0], "Quarantine")
    desk.run()
    assert (desk.cases(), [one["kind"] for one in desk.view("quarantine")]) == ([], ["quarantine"])


@pytest.mark.parametrize("folder", ["INBOX", "Quarantine"])
def test_new_numbers_are_no_move(desk: RunningDesk, folder: str) -> None:
    """A server that lost its index releases nothing."""
    comes(desk, SPAM)
    desk.renumber(folder)
    for _ in range(2):
        desk.run()
    assert (desk.cases(), receipts(desk)) == ([], [])


def test_a_crash_between_move_and_record_releases_nothing(
    desk: RunningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The intent was written first, so the mail is known where it appears."""
    with monkeypatch.context() as broken:

        def dies(*_: object) -> None:
            raise RuntimeError("killed here")

        broken.setattr(moves, "moved", dies)
        desk.inbox.append(SPAM, desk.clock)
        with pytest.raises(RuntimeError):
            desk.run()
    for _ in range(3):
        desk.run()
    assert (desk.cases(), receipts(desk)) == ([], [])
    move(desk, "Quarantine", "INBOX")
    desk.run()
    assert len(desk.cases()) == 1


def test_a_case_is_not_undone_by_a_move(desk: RunningDesk) -> None:
    """Its mail moved aside asks once; its promises go on, and nothing is held."""
    comes(desk, mails.plain())
    move(desk, "INBOX", "Quarantine")
    for _ in range(2):
        desk.run()
    (case,) = desk.cases()
    assert (case["state"], case["flags"]) == ("open", ["put-aside"])
    asked = [one for one in desk.sink.letters if b"was moved to quarantine" in one.raw]
    assert [one.recipients for one in asked] == [("anna@project.example",)]
    assert desk.view("quarantine") == []


def test_what_a_filter_put_there_is_screened_like_any_mail(desk: RunningDesk) -> None:
    """A report that a server's filter moved aside is a case; spam there is held."""
    for raw in (SPAM, mails.plain(subject="Heap overflow in parse_header()")):
        desk.inbox.append(raw, desk.clock, "Quarantine")
    desk.run()
    assert len(desk.cases()) == len(desk.view("quarantine")) == 1


def test_a_desk_that_observes_moves_nothing(
    tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate
) -> None:
    """Not even where a folder is named; the keyword shows what is held."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.configure(more=FOLDER)
    made.run()
    comes(made, SPAM)
    assert b"maild-quarantine" in made.inbox.flags(made.inbox.uids()[0])
    with made.desk() as opened:
        assert Moves(opened.parts, None).folder == ""  # type: ignore[arg-type]  # asks no mailbox


def test_a_second_copy_in_the_inbox_is_no_move(desk: RunningDesk) -> None:
    """Spam that is delivered again and then deleted from the quarantine stays held, answered to nobody."""
    comes(desk, SPAM)
    desk.wait(timedelta(hours=1))
    comes(desk, SPAM)
    desk.run()
    assert len(desk.inbox.uids()) == 1
    for uid in desk.inbox.uids("Quarantine"):
        desk.inbox.expunge(uid, "Quarantine")
    for _ in range(2):
        desk.run()
    assert (desk.cases(), receipts(desk)) == ([], [])
    assert [one["kind"] for one in desk.view("quarantine")] == ["quarantine"]
