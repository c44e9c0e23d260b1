"""One round of the engine: marks in the mailbox, mail that meets a bug, when deadlines are looked at."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from maild.app.run import engine, only_one
from maild.config import load
from maild.core.mail.letter import text_content
from maild.engine import arriving, composing
from maild.engine.composing import Composed, Composer
from maild.errors import Refused, StoreError, TemporaryError
from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot
SPAM = mails.plain(subject="CHEAP PILLS 80% OFF!!! CLICK NOW", sender="win@spam.example", message_id="<s@x>")
NOTE = mails.plain(subject="Out of office", message_id="<a@x>", Auto_Submitted="auto-replied")


@pytest.fixture
def desk(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> RunningDesk:
    """A desk whose baseline is fixed."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.run()
    return made


@pytest.mark.new_desk
def test_each_member_of_a_new_desk_gets_the_page_for_members_once(desk: RunningDesk, sink: SmtpSink) -> None:
    """At its first start, and not at the next one, nor when a message has come."""
    pages = [one for one in sink.letters if b"how it works" in one.raw]
    members = [member.contact for member in load(desk.path).policy(b"x").team.members]
    assert sorted(to for one in pages for to in one.recipients) == sorted(members)
    desk.inbox.append(mails.plain(), desk.clock)
    desk.run()
    assert len([one for one in sink.letters if b"how it works" in one.raw]) == len(members)


def test_people_see_in_the_mailbox_what_became_of_their_mail(desk: RunningDesk) -> None:
    """A keyword a verdict, each mail one; read or not is nobody's business but theirs."""
    for raw in (mails.plain(), SPAM, NOTE):
        desk.inbox.append(raw, desk.clock)
    desk.run()
    marks = [desk.inbox.flags(uid) for uid in desk.inbox.uids()]
    assert [{m for m in found if m.startswith(b"maild")} for found in marks] == [
        {b"maild-report"},
        {b"maild-quarantine"},
        {b"maild-seen"},
    ]
    assert not any(b"\\Seen" in found for found in marks)


def test_marks_are_put_again_where_the_mail_is_numbered_anew(desk: RunningDesk) -> None:
    """A mail copied into another folder is marked there too."""
    desk.inbox.append(mails.plain(), desk.clock)
    desk.run()
    desk.inbox.append(mails.plain(), desk.clock, "Junk")
    desk.run()
    assert b"maild-report" in desk.inbox.flags(1, "Junk")


def test_a_mail_that_meets_a_bug_is_set_aside_and_the_next_goes_on(
    desk: RunningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kept, listed, without a word of it in the log; the others are handled."""
    right = arriving.handle_arrival

    def wrong(connection: object, envelope: int, *rest: object) -> bool:
        if envelope == 1:
            raise RuntimeError("Overflow in the parser of rita@reporter.example")
        return right(connection, envelope, *rest)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(arriving, "handle_arrival", wrong)
    desk.inbox.append(mails.plain(), desk.clock)
    desk.inbox.append(mails.plain(message_id="<two@reporter.example>", sender="tom@x.example"), desk.clock)
    desk.run()
    assert [row["mail"] for row in desk.view("shunted")] == [1]
    assert [one["participants"][0]["address"] for one in desk.cases()] == ["tom@x.example"]
    said = desk.log.getvalue()
    assert "RuntimeError" in said
    assert "Overflow" not in said + str(desk.view("shunted"))


def test_trouble_with_the_database_sets_nothing_aside(
    desk: RunningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is no fault of the mail: it is handled at the next round."""
    right = arriving.handle_arrival
    troubles = [TemporaryError("disk full")]

    def first_wrong(*given: object) -> bool:
        if troubles:
            raise troubles.pop()
        return right(*given)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(arriving, "handle_arrival", first_wrong)
    desk.inbox.append(mails.plain(), desk.clock)
    desk.run()
    assert (desk.trouble, desk.view("shunted"), desk.cases()) == ("disk full", [], [])
    desk.run()
    assert (desk.trouble, len(desk.cases())) == ("", 1)


def test_a_letter_that_cannot_be_composed_holds_up_nobody(
    desk: RunningDesk, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is given up and shown; the next letter goes out."""
    faults = [ValueError("rita@reporter.example")]

    def once_wrong(text: str) -> bytes:
        if faults:
            raise faults.pop()
        return text_content(text)

    monkeypatch.setattr(composing.building, "text_content", once_wrong)
    desk.inbox.append(mails.plain(), desk.clock)
    desk.inbox.append(mails.plain(message_id="<two@reporter.example>", sender="tom@x.example"), desk.clock)
    desk.run()
    assert len(sink.letters) >= 1
    assert [row["state"] for row in desk.view("outbox") if row["kind"] == "receipt"] == ["failed"]
    assert "rita" not in str([row["trouble"] for row in desk.view("outbox")])


def test_deadlines_wait_for_the_mailbox_a_quarter_of_an_hour(desk: RunningDesk, sink: SmtpSink) -> None:
    """An answer may lie unread in it: nobody is paged 14 minutes after the last reading, but after 15."""
    desk.inbox.append(mails.plain(), desk.clock)
    desk.run()
    desk.wait(timedelta(hours=47, minutes=50))
    desk.run()
    desk.imap_down()
    desk.wait(timedelta(minutes=14))
    desk.run()
    assert ("carl@phone.example",) not in [letter.recipients for letter in sink.letters]
    assert desk.trouble
    desk.wait(timedelta(minutes=1))
    desk.run()
    assert sink.letters[-1].recipients == ("carl@phone.example",)


def test_a_mailbox_that_was_never_read_is_told_of_too(desk: RunningDesk, sink: SmtpSink) -> None:
    """The letter says that mail could not be read; the receipt is not sent again."""
    desk.inbox.append(mails.plain(), desk.clock)
    desk.run()
    desk.imap_down()
    desk.wait(timedelta(days=3))
    desk.run()
    assert [
        b"able to read the mailbox since" in letter.raw.replace(b"\r\n", b" ") for letter in sink.letters
    ] == [
        False,
        True,
    ]


def test_letters_owed_go_out_while_the_mailbox_is_away(desk: RunningDesk, sink: SmtpSink) -> None:
    """SMTP does not wait for IMAP."""
    sink.always("CONNECT", "421 4.3.2 closed")
    desk.inbox.append(mails.plain(), desk.clock)
    desk.run()
    sink.always("CONNECT", "")
    desk.imap_down()
    desk.wait(timedelta(hours=1))
    desk.run()
    assert [letter.recipients for letter in sink.letters] == [("rita@reporter.example",)]


def test_one_maild_a_state_folder(desk: RunningDesk) -> None:
    """While one holds it the second is refused; afterwards it is free."""
    config = load(desk.path)
    with only_one(config), pytest.raises(Refused, match="another maild is running"), only_one(config):
        pass
    with only_one(config):
        pass


def test_a_missing_folder_is_trouble_that_names_it(desk: RunningDesk) -> None:
    """A folder that is configured and not there is told, not passed over."""
    desk.path.write_text(desk.path.read_text().replace('junk = "Junk"', 'junk = "Spambox"'))
    desk.run()
    assert "localhost" in desk.trouble


def test_mail_that_comes_while_other_folders_are_read(desk: RunningDesk) -> None:
    """What arrives after its folder was read, and before the wait for hints begins, does not wait for the next poll."""

    async def play() -> int:
        with desk.desk() as opened:
            async with engine(opened) as supervisor:
                await supervisor.ingress.round()
                desk.inbox.append(mails.plain(), desk.clock)
                async with asyncio.timeout(20):  # the poll is a minute
                    await supervisor.ingress.wait()
                await supervisor.ingress.round()
                return supervisor.ingress.arriving.taken

    assert asyncio.run(play()) == 1


def test_a_letter_that_the_database_interrupted_is_sent_at_once(
    desk: RunningDesk, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection was lost while it was composed: it leaves in the same round, and no try of it is used up."""
    compose, lost = Composer.compose, [StoreError("the connection is lost")]

    async def interrupted(self: Composer, *about: Any) -> Composed:
        if lost:
            raise lost.pop()
        return await compose(self, *about)

    monkeypatch.setattr(Composer, "compose", interrupted)
    desk.inbox.append(mails.plain(sender="rita@reporter.example"), desk.clock)
    desk.run()
    assert not lost
    assert [one.recipients for one in sink.letters] == [("rita@reporter.example",)]
    assert [(one["state"], one["attempts"]) for one in desk.view("outbox", True)] == [("sent", 1)]
