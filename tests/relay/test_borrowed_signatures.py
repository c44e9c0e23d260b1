"""What Mia signed for others, under the From of somebody whom our exchanger vouches for.

Eve is the one of ``test_eve``; her own domain is well proved, and she has tokens of Mia's.
"""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from maild.core.mail.mime import Tree, parse
from maild.store import asked
from tests.openpgp.kit import Kit
from tests.openpgp.mails import signed, text
from tests.relay.test_eve import EVE, MEMBER, PROVED, TEAM, Scene, unharmed
from tests.relay.test_takeover import PROVED_TEAM
from tests.support import mails
from tests.support.relaying import BEA, CARL, MIA, RITA, RelayDesk, header, letter_text, reply

pytestmark = pytest.mark.dovecot
DOMAIN = "project.example"
POST = "We will not fix this; it works as it should, sorry about that."


def made(s: Scene, words: str, *how: str) -> bytes:
    """What Mia has just signed, as a whole entity."""
    s.number += 1
    part = text(f"{words}\r\n")
    return signed(part, s.kit.detached(s.kit.member, *how, text=part), head=b"", boundary=f"p{s.number}")


def at(desk: RelayDesk) -> tuple[str, str]:
    """Signed when it is that time at the desk."""
    return "--faked-system-time", f"{int(desk.clock.timestamp())}!"


def test_an_exchanger_vouches_for_nobody_else(desk: RelayDesk, kit: Kit) -> None:
    """A post of Mia's goes nowhere from Eve's or Bea's proved address, by either token or the thread; it waits."""
    s = Scene(desk, kit)
    before = len(desk.sink.letters)
    for sender, proved in ((f"Eve <{EVE}>", PROVED), (f"Bea <{BEA}>", PROVED_TEAM.decode())):
        for to in (s.to(MIA, "reporter"), s.to(MIA, "team"), "security@project.example"):
            for words in (POST, f"!handler Mia\r\n\r\n{POST}"):
                desk.inbox.append(s.head(sender, to, proved) + made(s, words), desk.clock)
    desk.wait(timedelta(seconds=30))
    desk.run()
    unharmed(s)
    assert [row["kind"] for row in desk.view("quarantine")] == ["held"] * 12
    assert "Mia" not in {one["handler"] for one in desk.cases()}
    assert {to for one in desk.sink.letters[before:] for to in one.recipients} <= TEAM


def test_words_about_themselves_are_for_the_desk_that_they_name(desk: RelayDesk, kit: Kit) -> None:
    """What Mia signed for another desk waits, and she is told; with this desk's address in it, it is obeyed."""
    s = Scene(desk, kit)
    head = f"From: {MEMBER}\r\nTo: security@project.example\r\nSubject: x\r\n"
    desk.comes(
        f"{head}Message-ID: <a1@x>\r\n".encode()
        + made(s, "!away until 2099-01-01\r\n\r\nother@third.example")
    )
    assert [row["kind"] for row in desk.view("quarantine")] == ["held"]
    assert "Your commands" not in desk.about(MIA)
    desk.wait(timedelta(seconds=5))
    here = made(s, "!away until 2099-01-01\r\n\r\nsecurity@project.example")
    desk.comes(f"{head}Message-ID: <a2@x>\r\n".encode() + here)
    assert desk.about(MIA)[-1] == "Your commands"


def test_a_restore_gives_no_signature_back(desk: RelayDesk, kit: Kit) -> None:
    """Mia's command was used after the backup, and its mail is gone: a copy of it waits; what she signs later is obeyed."""
    s = Scene(desk, kit)
    copy = str(desk.folder / "copy.db")
    assert desk.word("backup", copy).status == 0
    used = s.head(MEMBER) + made(s, f"!handler Bea\r\n\r\n{s.case}", *at(desk))
    desk.comes(used)
    assert "Bea" in {one["handler"] for one in desk.cases()}
    desk.inbox.client.select_folder("INBOX")
    desk.inbox.client.delete_messages(desk.inbox.uids()[-1:])
    desk.inbox.client.expunge()
    assert desk.word("restore", copy).status == 0
    desk.run()
    desk.wait(timedelta(minutes=7))
    desk.comes(used)
    assert {one["handler"] for one in desk.cases()} == {""}
    assert [row["kind"] for row in desk.view("quarantine")] == ["held"]
    desk.comes(s.head(MEMBER) + made(s, f"!handler Bea\r\n\r\n{s.case}", *at(desk)))
    assert "Bea" in {one["handler"] for one in desk.cases()}


@pytest.mark.parametrize("ago", [timedelta(days=300), timedelta(days=8), timedelta(days=2)])
def test_an_old_post_that_our_exchanger_vouches_for_waits(desk: RelayDesk, ago: timedelta) -> None:
    """DKIM signed it for ever, not what it answers: sent into Rita's thread it goes nowhere, and its author hears."""
    desk.comes(mails.plain(date=desk.clock))
    copy = desk.copies(CARL)[0]
    dates = (format_datetime(desk.clock - ago), format_datetime(desk.clock))
    public, ours = "public@lists.example", header(copy, "Reply-To")
    ways = [
        {"Date": dates[0], "to": public},
        {"Date": dates[0], "to": public, "Cc": ours},
        {"Date": dates[0], "to": f"{public}\nTo: {ours}"},
        {"Date": f"{dates[1]}\nDate: {dates[0]}"},
        {"Date": f"{dates[0]}\nDate: {dates[1]}"},
    ]
    for number, way in enumerate(ways):
        post = reply(copy, f"Carl <{CARL}>", f"{POST} {'x' * number}", **way)
        desk.comes(post, "project.example")
    assert desk.answers(RITA) == []
    assert "respond" in {one for one, by in desk.promises().items() if by == "running"}
    assert [row["kind"] for row in desk.view("quarantine")] == ["held"] * 5
    told = [one for one in desk.to("carl@phone.example") if "is waiting" in header(one, "Subject")]
    said = [" ".join(letter_text(one).split()) for one in told]
    for why in ("it has two dates", "it is dated long ago, and addressed to others"):
        assert [why in text for text in said].count(True) == 1, said


GOOGLE = "v=1; d=project.example; h=to:subject:message-id:date:from:cc; b=x"
MICROSOFT = "v=1; d=project.example; h=From:Date:Subject:Message-ID; b=x"


def test_what_a_mail_server_did_not_sign_proves_nothing(desk: RelayDesk) -> None:
    """A post of today, to others or to the desk, with a reference or an address of Eve's: it waits, and Carl hears.

    What the desk has had already is the same message, wherever it leads.
    """
    desk.comes(mails.plain(date=desk.clock))
    copy = desk.copies(CARL)[0]
    ours, named = header(copy, "Reply-To"), header(copy, "Message-ID")
    before = {"sender": f"Carl <{CARL}>", "subject": "Re: your patch", "date": desk.clock}
    first = before | {"to": "security@project.example", "message_id": "<first@home.example>"}
    desk.comes(mails.plain(**first, text=f"{POST}\n", DKIM_Signature=GOOGLE), DOMAIN)
    assert len(desk.cases()) == 2
    ways = [
        {"to": "public@lists.example", "DKIM_Signature": GOOGLE},
        {"to": "public@lists.example", "Cc": ours, "DKIM_Signature": GOOGLE},
        {"to": ours, "DKIM_Signature": MICROSOFT},
        {"to": ours, "DKIM_Signature": GOOGLE.replace("h=", "l=0; h=")},
    ]
    for number, way in enumerate(ways):
        post = before | way | {"message_id": f"<p{number}@home.example>", "text": f"{POST} {number}\n"}
        desk.comes(mails.plain(**post, In_Reply_To=named), DOMAIN)
    desk.comes(mails.plain(**first, text=f"{POST}\n", DKIM_Signature=GOOGLE, In_Reply_To=named), DOMAIN)
    assert desk.answers(RITA) == []
    assert [row["kind"] for row in desk.view("quarantine")] == ["held"] * 4
    told = [one for one in desk.to("carl@phone.example") if "is waiting" in header(one, "Subject")]
    said = [" ".join(letter_text(one).split()) for one in told]
    for why in ("names the case or this desk", "does not cover all of it"):
        assert [why in text for text in said].count(True) == 1, said
    words = "Thank you. We can reproduce it."
    desk.comes(reply(copy, f"Carl <{CARL}>", words, DKIM_Signature=MICROSOFT), DOMAIN)
    assert len(desk.answers(RITA)) == 1


@pytest.mark.parametrize(
    "off", [timedelta(days=-9000), timedelta(hours=-23), timedelta(hours=14), timedelta(days=400), None]
)
def test_a_clock_that_is_off_holds_nothing(desk: RelayDesk, off: timedelta | None) -> None:
    """By years behind, or by any time ahead, where it is written to us; nor does a date that is none."""
    desk.comes(mails.plain(date=desk.clock))
    date = format_datetime(desk.clock + off) if off else "Mon, 99 Foo 2026 25:61:00 +9999"
    desk.comes(reply(desk.copies(CARL)[0], f"Carl <{CARL}>", POST, Date=date), "project.example")
    assert len(desk.answers(RITA)) == 1


def test_where_a_list_delivers_a_post_to_others_keeps_no_promise(desk: RelayDesk) -> None:
    """Carl's post of today with Rita in Cc, which his server did not sign: he hears of it; his answer to her counts."""
    desk.path.write_text(desk.path.read_text().replace('"relay"', '"observe"'))
    desk.run()
    report = (
        "A crafted file makes the parser write past its buffer, as the length is read before the check.\n"
    )
    desk.comes(mails.plain(date=desk.clock, text=report))
    common = {"sender": f"Carl <{CARL}>", "to": RITA, "Cc": "security@project.example", "date": desk.clock}
    common |= {"In_Reply_To": "<one@reporter.example>", "DKIM_Signature": MICROSOFT}
    post = f"{POST}\n\nOn Monday, Bob wrote:\n> Will the old interface be kept in the next release?\n"
    desk.comes(mails.plain(**common, message_id="<p1@home.example>", subject="Re: API", text=post), DOMAIN)
    assert desk.promises()["respond"] == "running"
    assert desk.one()["handler"] == ""
    assert "A message of yours was not counted as an answer" in desk.about("carl@phone.example")
    words = f"We fix it on Thursday.\n\nOn Monday, Rita wrote:\n> {report}"
    desk.comes(mails.plain(**common, message_id="<p2@home.example>", subject="Re: API", text=words), DOMAIN)
    assert desk.promises()["respond"] == "team:Carl"


def test_however_long_a_report_is_its_beginning_tells(
    desk: RelayDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether an answer repeats a report is told by what the report begins with: no more of it is read."""
    desk.path.write_text(desk.path.read_text().replace('"relay"', '"observe"'))
    desk.run()
    words = "A crafted file makes the parser write past its buffer, as the length is read too early, and "
    words += "whoever sends such a file to somebody can run a program of their own on the other machine.\n"
    desk.comes(mails.plain(date=desk.clock, text=words + "0123456789abcdef\n" * 40_000))
    read: list[int] = []

    def seen(content: bytes) -> Tree:
        read.append(len(content))
        return parse(content)

    monkeypatch.setattr(asked, "parse", seen)
    fields = {"sender": f"Carl <{CARL}>", "to": RITA, "Cc": "security@project.example", "date": desk.clock}
    fields |= {"In_Reply_To": "<one@reporter.example>", "DKIM_Signature": MICROSOFT}
    answer = f"We fix it on Thursday.\n\nOn Monday, Rita wrote:\n> {words}"
    desk.comes(mails.plain(**fields, message_id="<p1@home.example>", subject="Re: x", text=answer), DOMAIN)
    assert read == [asked.BEGINS]
    assert desk.promises()["respond"] == "team:Carl"
