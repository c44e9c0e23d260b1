"""What a message quotes or forwards encrypted is opened for a person who has looked, and for nobody else."""

from pathlib import Path

import pytest

from maild.core.mail.opened import Decryption
from tests.openpgp.kit import Kit, armor
from tests.openpgp.mails import multipart, pgp_mime, signed, text
from tests.support.relaying import CARL, MIA, RITA, RelayDesk, plain_text, read_by
from tests.support.smtpsink import Letter

pytestmark = pytest.mark.dovecot
SECRET = "The walrus overruns its kiosk near the ruby gondola."
HEAD = (
    "From: Rita Reporter <rita@reporter.example>\r\nTo: security@project.example\r\n"
    "Subject: Overflow in the parser\r\nMessage-ID: <{}@reporter.example>\r\nMIME-Version: 1.0\r\n"
)


def forwarding(kit: Kit) -> bytes:
    """Rita forwards what somebody once encrypted to the desk."""
    inner = b"Content-Type: message/rfc822\r\n\r\n" + pgp_mime(
        kit.encrypt(text=SECRET.encode()), boundary="in"
    )
    return multipart("mixed", text("Look at this one.\n"), inner, head=HEAD.format(1).encode())


def opens(desk: RelayDesk, kit: Kit, words: str, signer: str = "") -> bytes:
    """Mia's command, encrypted, and signed by *signer*."""
    part = text(f"{words}\r\n\r\n{desk.one()['case']}\r\n")
    inside = signed(part, kit.detached(signer, text=part), head=b"") if signer else part
    head = f"From: Mia <{MIA}>\r\nTo: security@project.example\r\nSubject: [{desk.one()['case']}] x\r\n"
    name = f"Message-ID: <{len(words)}{signer[:4]}@home.example>\r\nMIME-Version: 1.0\r\n"
    return pgp_mime(kit.encrypt(text=inside), head=(head + name).encode())


def told(desk: RelayDesk, kit: Kit, letters: list[Letter]) -> str:
    """What Mia reads in *letters*."""
    return "\n".join(plain_text(read_by(kit, one, kit.member)) for one in letters)


def test_only_a_signed_open_shows_it(desk: RelayDesk, kit: Kit) -> None:
    """Closed in the copy, which says how; opened after a member's signed command, for members with a key."""
    desk.comes(forwarding(kit))
    copy = told(desk, kit, desk.copies(MIA))
    assert "!open 1 (signed)" in copy
    assert "ciphertext in a quote or forward" in copy
    assert SECRET not in copy
    desk.comes(opens(desk, kit, "!open 1"), "project.example")
    assert SECRET not in told(desk, kit, desk.copies(MIA))
    desk.comes(opens(desk, kit, "!open 1", kit.member))
    assert SECRET in told(desk, kit, desk.copies(MIA)[-1:])
    assert SECRET in plain_text(read_by(kit, desk.copies("bea@project.example")[-1], desk.bea))
    assert not [one for one in desk.sink.letters if b"walrus" in one.raw]
    assert desk.answers(RITA) == []


def test_a_reply_to_the_opened_copy_stays_with_the_team(desk: RelayDesk, kit: Kit) -> None:
    """Whoever forwarded it to us never reads it in an answer."""
    desk.comes(forwarding(kit))
    desk.comes(opens(desk, kit, "!open 1", kit.member))
    block = told(desk, kit, desk.copies(MIA)[-1:])
    assert "goes to the TEAM only" in block


@pytest.mark.parametrize("number", ["2", "x", "", "99999999999999999999"])
def test_a_message_of_another_case_is_not_opened(desk: RelayDesk, kit: Kit, number: str) -> None:
    """A number that is no message of the case is answered with how to find one."""
    desk.comes(forwarding(kit))
    before = len(desk.copies(MIA))
    desk.comes(opens(desk, kit, f"!open {number}".strip(), kit.member))
    assert len(desk.copies(MIA)) == before
    assert desk.copies(CARL) == []


def test_the_operator_opens_it_by_its_number(desk: RelayDesk, kit: Kit) -> None:
    """`maild open MAIL` does the same; a message without a case is refused."""
    desk.comes(forwarding(kit))
    said = desk.word("open", "1")
    assert (said.status, "message 1" in said.out) == (0, True)
    desk.run()
    assert SECRET in told(desk, kit, desk.copies(MIA)[-1:])
    assert "belongs to no case" in desk.word("open", "77").err


def test_the_teams_copy_shows_each_piece_below_its_label(desk: RelayDesk, kit: Kit, tmp_path: Path) -> None:
    """Text beside armor, and a file that opens for somebody else: all three are there, each with its label."""
    body = "My report is below.\n\n" + armor(kit.encrypt(text=SECRET.encode())).decode()
    other = armor(kit.encrypt(to=kit.stranger))
    part = b'Content-Type: application/octet-stream; name="a.asc"\r\n\r\n' + other
    desk.comes(multipart("mixed", text(body), part, head=HEAD.format(2).encode()))
    (copy,) = desk.copies(MIA)
    opened = read_by(kit, copy, kit.member)
    assert opened.decryption is Decryption.OK
    shown = plain_text(opened)
    for one in ("[came unencrypted]", "[decrypted, not signed]", SECRET, "My report is below."):
        assert one in shown
    assert "[encrypted, not opened: not encrypted to our key]" in shown
    assert desk.copies(CARL) == []
    assert desk.about(MIA) == ["Part of a report could not be decrypted"]
