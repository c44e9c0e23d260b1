"""Nobody plants, swaps or rolls back a reporter's key; what is only offered waits for a member's word."""

import pytest

from maild.core.mail.signed import network_lines
from maild.store import keys
from tests.openpgp.kit import Kit, armor
from tests.openpgp.mails import multipart, signed, text
from tests.support.desk import MX
from tests.support.relaying import BEA, MIA, RelayDesk, plain_text, read_by
from tests.support.sealing import SAM, head, key_file, report

pytestmark = pytest.mark.dovecot
PAST = ("--faked-system-time", "20260101T000000!")
FAILED = f"Authentication-Results: {MX}; dmarc=fail header.from=far.example\r\n".encode()
PASSED = f"Authentication-Results: {MX}; dmarc=pass header.from=far.example\r\n".encode()


def later(number: int, *parts: bytes, subject: str = "Crash") -> bytes:
    """A message that answers Sam's first one."""
    top = head(number, subject=subject) + b"In-Reply-To: <1@far.example>\r\n"
    return multipart("mixed", text("One more thing.\r\n"), *parts, head=top)


def crash(*parts: bytes) -> bytes:
    """Sam's first message, unencrypted."""
    words = text("The parser crashes on a crafted file, here is how to reproduce it.\r\n")
    return multipart("mixed", words, *parts, head=head(1, subject="Heap overflow in the parser"))


def key_of(kit: Kit, key: str) -> bytes:
    """A public key, attached."""
    return key_file(kit.public(kit.people, key))


@pytest.fixture(scope="module")
def second(kit: Kit) -> str:
    """Another key with Sam's address on it."""
    return kit.key(kit.people, f"Sam Second <{SAM}>")


@pytest.mark.parametrize("opens", [True, False])
def test_a_forged_mail_plants_no_key(desk: RelayDesk, kit: Kit, second: str, opens: bool) -> None:
    """With dmarc=fail neither the message that opens the case nor a later one gives a key."""
    if opens:
        desk.comes(FAILED + crash(key_of(kit, second)))
    else:
        desk.comes(crash())
        desk.comes(FAILED + later(2, key_of(kit, second)))
    assert desk.known_key() == ""
    assert desk.about(MIA).count("A reporter's message offers a key") == 1
    block = plain_text(read_by(kit, desk.copies(BEA)[-1], desk.bea))
    assert f"offered, not used: {second}" in block
    assert f"!usekey {second}" in block


def test_a_later_key_is_only_offered_until_a_member_vouches(desk: RelayDesk, kit: Kit, second: str) -> None:
    """Without proof it waits; from the address alone !usekey is refused, signed it is obeyed."""
    desk.comes(crash())
    desk.comes(later(2, key_of(kit, second)))
    assert desk.known_key() == ""
    case = str(desk.one()["case"])
    top = f"From: Mia <{MIA}>\r\nTo: security@project.example\r\nSubject: Re: [{case}]\r\n"
    vouch = text(f"!usekey {second}\r\n\r\n{case}\r\n")
    plain = f"{top}Message-ID: <u1@home.example>\r\nMIME-Version: 1.0\r\n".encode() + vouch
    desk.comes(plain, proved="project.example")
    assert desk.known_key() == ""
    top += "Message-ID: <u2@home.example>\r\nMIME-Version: 1.0\r\n"
    desk.comes(signed(vouch, kit.detached(kit.member, text=vouch), head=top.encode()))
    assert desk.known_key() == second


@pytest.mark.parametrize("how", ["nothing", "exchanger", "exchanger, encrypted case", "signature"])
def test_another_key_needs_proof(desk: RelayDesk, kit: Kit, second: str, how: str) -> None:
    """By a signature of the known key it is taken, by the exchanger's word only where nothing was encrypted."""
    first = crash(key_of(kit, kit.stranger))
    desk.comes(report(kit, 1, key_of(kit, kit.stranger)) if "encrypted" in how else first)
    assert desk.known_key() == kit.stranger
    mail = later(2, key_of(kit, second))
    if how == "signature":
        part = network_lines(multipart("mixed", text("My new key.\r\n"), key_of(kit, second), head=b""))
        top = head(2, subject="Crash") + b"In-Reply-To: <1@far.example>\r\n"
        mail = signed(part, kit.detached(kit.stranger, text=part), head=top)
    desk.comes(PASSED + mail if "exchanger" in how else mail)
    taken = how in ("exchanger", "signature")
    assert desk.known_key() == (second if taken else kit.stranger)
    assert desk.about(MIA).count("A reporter's message offers a different key") == (0 if taken else 1)


def test_a_key_that_nothing_proves_serves_one_case(desk: RelayDesk, kit: Kit, second: str) -> None:
    """What a stranger opens a case with is not what the reporter's other case is answered with."""
    desk.comes(crash(key_of(kit, second)))
    words = text("Another bug: the server crashes, proof of concept below.\r\n")
    desk.comes(multipart("mixed", words, head=head(9, subject="Use after free in the server")))
    cases = [str(one["case"]) for one in desk.cases()]
    assert len(cases) == 2
    with desk.desk() as opened:
        assert [opened.ask(keys.fingerprint, SAM, case) for case in cases] == [second, ""]


def test_an_older_copy_takes_nothing_back(desk: RelayDesk, kit: Kit) -> None:
    """The known key, mailed again as it was before it got another end, is merged: the newer end stays."""
    home = kit.home("roll")
    key = kit.key(home, f"Sam Rolls <{SAM}>", *PAST, expires="3y")
    old = kit.public(home, key)
    kit.gpg(home, "--quick-set-expire", key, "2y")
    new = kit.public(home, key)
    desk.comes(crash(key_file(new)))
    with desk.desk() as opened:
        before = opened.ask(keys.content, SAM)
    desk.comes(PASSED + later(2, key_file(old)))
    with desk.desk() as opened:
        after = opened.ask(keys.content, SAM)
    assert (desk.known_key(), after) == (key, before)


@pytest.mark.parametrize("alone", [False, True])
def test_a_revoked_key_is_forgotten(desk: RelayDesk, kit: Kit, alone: bool) -> None:
    """Mailed with its revocation, or the revocation alone, the key is used no more and the team told."""
    home = kit.home(f"revoked{alone}")
    key = kit.key(home, f"Sam Revokes <{SAM}>")
    desk.comes(crash(key_file(kit.public(home, key))))
    assert desk.known_key() == key
    written = (home / "openpgp-revocs.d" / f"{key}.rev").read_text()
    certificate = written[written.index("-----BEGIN") :].encode().replace(b"\n", b"\r\n")
    kit.gpg(home, "--import", feed=certificate)
    bare = b"Content-Type: application/pgp-keys\r\n\r\n" + certificate
    desk.comes(later(2, bare if alone else key_file(kit.public(home, key))))
    assert desk.known_key() == ""
    assert desk.about(MIA).count("A reporter revoked their key") == 1


def test_a_refused_key_says_why(desk: RelayDesk, kit: Kit, second: str) -> None:
    """Two keys in one file are not taken; the block and a letter say so."""
    both = armor(kit.public(kit.people, second) + kit.public(kit.people, kit.stranger), "PUBLIC KEY BLOCK")
    desk.comes(crash(b"Content-Type: application/pgp-keys\r\n\r\n" + both))
    assert desk.known_key() == ""
    assert desk.about(MIA).count("A key that came by email was refused") == 1
    assert "refused: more than one key" in plain_text(read_by(kit, desk.copies(BEA)[-1], desk.bea))
