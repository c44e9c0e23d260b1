"""A report whose message shows no text: its case says where the text is."""

from base64 import encodebytes

import pytest

from tests.openpgp.mails import multipart
from tests.support import mails
from tests.support.relaying import BEA, CARL, RITA, RelayDesk, letter_text, reply, team_address
from tests.support.tnef import message, of_message, packed, rich

pytestmark = pytest.mark.dovecot
HEAD = mails.plain(subject="Overflow in the kiosk", text="", Content_Type="", Content_Transfer_Encoding="")
HEAD = HEAD.removesuffix(b"\r\n").replace(b"MIME-Version: 1.0\r\n", b"")
OUTLOOK = b"Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n"
SAID = rich(rb"{\rtf1\ansi The quokka opens the kiosk.\par Any version.}")


def shown(desk: RelayDesk) -> str:
    """What Carl reads in his copy, in one line."""
    return " ".join(letter_text(desk.copies(CARL)[0]).split())


@pytest.mark.parametrize("beside", [True, False])
def test_a_text_in_winmail_dat_only_is_taken_out(desk: RelayDesk, beside: bool) -> None:
    """Where it is the whole message or stands beside an empty text: a flagged case, the text in the copies."""
    part = OUTLOOK + encodebytes(of_message((0x102, 0x1009, SAID)))
    empty = b"Content-Type: text/plain\r\n\r\n \r\n"
    desk.comes(multipart("mixed", empty, part, head=HEAD) if beside else HEAD + part)
    assert desk.one()["flags"] == ["read-in-part"]
    assert len(desk.to(RITA)) == 1
    assert "Text: it was in winmail.dat" in shown(desk)
    assert "The quokka opens the kiosk. Any version." in shown(desk)


def test_a_winmail_dat_that_cannot_be_read_is_named(desk: RelayDesk) -> None:
    """A flagged case and its acknowledgement; the copies say where the text is, and hold the file."""
    desk.comes(HEAD + OUTLOOK + encodebytes(message(b"") + b"\x01\x03\x90"))
    assert desk.one()["flags"] == ["read-in-part"]
    assert len(desk.to(RITA)) == 1
    assert "Text: none outside winmail.dat, which maild cannot read" in shown(desk)
    assert b"winmail.dat" in desk.copies(CARL)[0].raw.partition(b"the message itself follows")[2]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (
            b"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nIt crashes.\r\n",
            "none of its own; that of the attached message follows it",
        ),
        (
            b"Content-Type: application/pdf; name=report.pdf\r\n\r\n%PDF-1.4\r\n",
            "none; see the attached report.pdf",
        ),
        (b"Content-Type: image/png\r\n\r\nx\r\n", "none; see its part of the type image/png"),
        (b"Content-Type: text/html\r\n\r\n<html><body><br></body></html>\r\n", "none; the message is empty"),
    ],
)
def test_an_empty_message_says_so(desk: RelayDesk, part: bytes, said: str) -> None:
    """A case, acknowledged; the copies name the files, or that there is nothing."""
    desk.comes(HEAD + part)
    assert len(desk.to(RITA)) == 1
    assert f"Text: {said}" in shown(desk)


def test_a_members_text_in_winmail_dat_only_is_not_sent(desk: RelayDesk) -> None:
    """What maild did not read may hold commands: it stays with the team, and its author hears so."""
    desk.comes(mails.plain())
    raw = reply(desk.copies(CARL)[0], CARL, "")
    head = raw.partition(b"Content-Type")[0]
    files = packed(("fix.patch", b"--- a\r\n")).removeprefix(message(b""))
    content = of_message((0x1E, 0x1000, b"!close\r\n\r\nIt is fixed.")) + files
    desk.comes(head + OUTLOOK + encodebytes(content), "project.example")
    (answer,) = desk.answers(RITA) or [None]
    assert answer is None or b"!close" not in answer.raw
    assert desk.one()["state"] == "open"
    assert len(desk.copies(BEA)) == 2


def test_the_text_of_an_attached_message_is_in_the_copies(desk: RelayDesk) -> None:
    """With its author and subject, however deep; a member who attaches it to a message obeys nothing in it."""
    inner = b"From: Uma <uma@far.example>\r\nSubject: found\r\n\r\nA quokka opens the kiosk.\r\n!close\r\n"
    deep = b"Subject: Fwd: found\r\nContent-Type: message/rfc822\r\n\r\n" + inner
    desk.comes(HEAD + b"Content-Type: message/rfc822\r\n\r\n" + deep)
    assert "From: Uma <uma@far.example> Subject: found A quokka opens the kiosk." in shown(desk)
    raw = reply(desk.copies(CARL)[0], CARL, "", to=team_address(desk)).partition(b"Content-Type")[0]
    desk.comes(raw + b"Content-Type: message/rfc822\r\n\r\n" + deep, "project.example")
    assert desk.one()["state"] == "open"
    assert desk.about("carl@phone.example") == []


@pytest.mark.parametrize("method", ["REQUEST", "PUBLISH"])
def test_the_text_of_an_invitation_is_in_the_copies(desk: RelayDesk, method: str) -> None:
    """A report that is a meeting's description is a case, its acknowledgement by hand."""
    calendar = (
        f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nSUMMARY:Overflow\r\n"
        "DESCRIPTION:A quokka opens\r\n  the kiosk\\, in any version.\\nSteps are ready.\r\nEND:VEVENT\r\n"
    )
    desk.comes(HEAD + f"Content-Type: text/calendar; method={method}\r\n\r\n{calendar}".encode())
    assert "A quokka opens the kiosk, in any version. Steps are ready." in shown(desk)
    assert desk.one()["flags"] == ["receipt-by-hand"]
