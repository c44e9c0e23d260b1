"""What gpg says about a ciphertext, case by case: the counted rule is right, exit code and *ok* are not.

The table runs on whatever gpg is installed, and its verdicts are the same on each version; where versions
word it differently, ``DIFFERENT`` has a column for each.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from maild.core.mail.opened import Decryption
from maild.core.mail.packets import packets_of
from maild.gateways.openpgp import OpenPGP, Runner, gpg_version
from maild.gateways.openpgp.homes import keyring_arguments, public_keyring
from maild.gateways.openpgp.runner import Finished, Limits
from maild.gateways.openpgp.status import failure, parse_status, usable
from tests.openpgp.craft import authenticated, bomb, packet, without_integrity
from tests.openpgp.kit import TEXT, Kit, armor

Make = Callable[[Kit], bytes]


def _flipped(sealed: bytes, back: int) -> bytes:
    at = len(sealed) - back
    return sealed[:at] + bytes([sealed[at] ^ 0x40]) + sealed[at + 1 :]


def _blank_nbsp(kit: Kit) -> bytes:
    text = armor(kit.encrypt()).decode().replace("\n\n", "\n\u00a0\n", 1)
    return packets_of(text.encode())


def _hidden(kit: Kit, *to: str) -> bytes:
    """A message to the hidden recipients *to*."""
    words = [word for key in to for word in ("--hidden-recipient", key)]
    return kit.gpg(kit.people, *words, "--encrypt", feed=TEXT)


def _signed(kit: Kit, *by: str) -> bytes:
    words = [word for key in by for word in ("--local-user", key)]
    return kit.gpg(kit.people, *words, "--sign", feed=TEXT)


def _broken_session_key(kit: Kit) -> bytes:
    sealed = kit.encrypt()
    return sealed[:60] + bytes([sealed[60] ^ 0x40]) + sealed[61:]


def _piecewise(text: bytes) -> bytes:
    """A literal packet that does not announce its length, as programs write it that read from a pipe."""
    body, written = b"b" + bytes(5) + text, b"\xcb"
    while len(body) > 512:
        written, body = written + b"\xe9" + body[:512], body[512:]
    return written + bytes([192 + (len(body) - 192 >> 8), len(body) - 192 & 255]) + body


LONG = b"".join(b"line %07d of a report\r\n" % number for number in range(1000))

ACCEPTED: dict[str, Make] = {
    "encrypted": lambda kit: kit.encrypt(),
    "encrypted and signed by a known key": lambda kit: kit.sealed_by(kit.member),
    "encrypted and signed by an unknown key": lambda kit: kit.sealed_by(kit.stranger),
    "signed by a known and an unknown key": lambda kit: kit.encrypt(
        "--local-user", kit.member, "--local-user", kit.stranger, "--sign"
    ),
    "not compressed": lambda kit: kit.encrypt("-z", "0"),
    "hidden recipient, the first secret key fits": lambda kit: _hidden(kit, kit.desk_key),
    "hidden recipient, the second secret key fits": lambda kit: _hidden(kit, kit.old_key),
    "hidden recipients, one of them ours": lambda kit: _hidden(kit, kit.stranger, kit.old_key),
    "several recipients, one of them ours": lambda kit: kit.encrypt("-r", kit.stranger),
    "armor whose blank line is a no-break space": _blank_nbsp,
    "in text mode": lambda kit: kit.encrypt("--textmode"),
    "authenticated packet": authenticated,
    "authenticated packet, signed by an unknown key": lambda kit: authenticated(
        kit, _signed(kit, kit.stranger)
    ),
    "authenticated packet in many pieces": lambda kit: authenticated(kit, chunk=0),
}
NO_KEY, FAILED = Decryption.NO_KEY, Decryption.FAILED
REFUSED: dict[str, tuple[Make, Decryption, str]] = {
    "no integrity check": (without_integrity, FAILED, "not decrypted"),
    "bit flipped in the middle": (lambda kit: _flipped(kit.encrypt("-z", "0"), 60), FAILED, "not decrypted"),
    "integrity check tampered with": (lambda kit: _flipped(kit.encrypt(), 3), FAILED, "not decrypted"),
    "truncated": (lambda kit: kit.encrypt("-z", "0")[:-40], FAILED, "not decrypted"),
    "session key damaged": (_broken_session_key, FAILED, "not decrypted"),
    "a literal packet added behind": (
        lambda kit: kit.encrypt() + kit.literal(b"added\n"),
        FAILED,
        "decryption reported a fault",
    ),
    "a literal packet put before": (
        lambda kit: kit.literal(b"put before\n") + kit.encrypt(),
        FAILED,
        "not decrypted",
    ),
    "two messages in one": (
        lambda kit: kit.encrypt() + kit.encrypt(text=b"second\n"),
        FAILED,
        "more than one message inside",
    ),
    "to a key we do not have": (
        lambda kit: kit.encrypt(to=kit.stranger),
        NO_KEY,
        "not encrypted to our key",
    ),
    "hidden recipients, none of them ours": (
        lambda kit: _hidden(kit, kit.stranger, kit.member),
        NO_KEY,
        "not encrypted to our key",
    ),
    "to a password": (
        lambda kit: kit.gpg(
            kit.people, "--pinentry-mode", "loopback", "--passphrase", "x", "--symmetric", feed=TEXT
        ),
        FAILED,
        "not decrypted",
    ),
    "signed only": (lambda kit: _signed(kit, kit.member), FAILED, "not decrypted"),
    "literal only": (lambda kit: kit.literal(), FAILED, "not decrypted"),
    "no PGP data": (lambda kit: b"\x99\x00\x03abc" + bytes(40), FAILED, "no PGP data"),
    "authenticated packet truncated": (
        lambda kit: authenticated(kit, _piecewise(LONG), chunk=4)[:-2000],
        FAILED,
        "not decrypted",
    ),
    "authenticated packet without its last tag": (
        lambda kit: authenticated(kit, _piecewise(LONG), chunk=4)[:-16],
        FAILED,
        "not decrypted",
    ),
}
TAMPERED: dict[str, Make] = {
    "one piece": lambda kit: _flipped(authenticated(kit), 60),
    "the last tag": lambda kit: _flipped(authenticated(kit), 3),
    "a piece in the middle": lambda kit: _flipped(authenticated(kit, _piecewise(LONG), chunk=4), 9000),
    "the last piece": lambda kit: _flipped(authenticated(kit, _piecewise(LONG), chunk=4), 60),
    "the last tag of many": lambda kit: _flipped(authenticated(kit, _piecewise(LONG), chunk=4), 3),
    "a piece behind the whole text": lambda kit: _flipped(
        authenticated(kit, packet(11, b"b" + bytes(5) + b"x" * 628) + packet(13, b"y" * 58), chunk=0), 40
    ),
}
DIFFERENT: dict[str, tuple[str, str, str]] = {
    "encrypted": ("DECRYPTION_INFO 2 9", "", ""),
    "encrypted and signed by an unknown key": ("ERRSIG NO_PUBKEY", "", "FAILURE gpg-exit"),
    "hidden recipient, the second secret key fits": ("", "", "FAILURE gpg-exit"),
    "session key damaged": ("ERROR pkdecrypt_failed", "", "NO_SECKEY FAILURE gpg-exit"),
    "to a key we do not have": ("NO_SECKEY", "", "ERROR pkdecrypt_failed"),
    "hidden recipients, none of them ours": ("NO_SECKEY", "", "ERROR pkdecrypt_failed"),
    "authenticated packet": ("GOODMDC", "DECRYPTION_INFO 0 9 0", "DECRYPTION_INFO 0 9 2"),
}
"""By case: what every version says, what gpg 2.2 alone says, what gpg 2.4 alone says."""


async def _run(kit: Kit, sealed: bytes, *words: str) -> Finished:
    rings = keyring_arguments((public_keyring(kit.team),))
    return await Runner().run(kit.desk, *rings, *words, "--decrypt", feed=sealed)


async def _said(kit: Kit, sealed: bytes, *words: str) -> tuple[bytes, str]:
    done = await _run(kit, sealed, *words)
    return done.output, usable(parse_status(done.status), done.output, done.killed)


@pytest.mark.parametrize("case", ACCEPTED)
async def test_good_mail_is_accepted(kit: Kit, case: str) -> None:
    """What honest programs make is usable and comes out byte for byte."""
    output, reason = await _said(kit, ACCEPTED[case](kit))
    assert reason == ""
    assert output == TEXT or output == TEXT.replace(b"\r\n", b"\n")


@pytest.mark.parametrize("case", REFUSED)
async def test_doubtful_mail_is_refused(kit: Kit, case: str) -> None:
    """What is damaged, added to or not encrypted to us is never usable, with one reason on every gpg."""
    make, word, why = REFUSED[case]
    done = await _run(kit, make(kit))
    lines = parse_status(done.status)
    reason = usable(lines, done.output, done.killed)
    assert reason
    ours = word is not NO_KEY
    assert failure(lines, reason, ours) == (word, why)


@pytest.mark.parametrize("case", TAMPERED)
async def test_a_tampered_authenticated_packet_is_refused(kit: Kit, pgp: OpenPGP, case: str) -> None:
    """No part of it is used, although gpg 2.2 writes out what came before and calls it decrypted and whole."""
    sealed = TAMPERED[case](kit)
    assert (await _said(kit, sealed))[1]
    assert (await pgp.decrypt(sealed)).plaintext == b""


@pytest.mark.parametrize("case", DIFFERENT)
async def test_what_versions_say_differently(kit: Kit, case: str) -> None:
    """Each version says what its column has and not what the other's has; the verdict above is the same."""
    version = gpg_version(kit.desk)[:2]
    if version not in ((2, 2), (2, 4)):
        pytest.skip(f"no column for gpg {version[0]}.{version[1]}")
    makes = ACCEPTED | {name: make for name, (make, _, _) in REFUSED.items()}
    status = (await _run(kit, makes[case](kit))).status.decode("latin-1")
    both, *columns = (re.findall(r"[A-Z_]+(?: [a-z0-9][\w-]*)*", column) for column in DIFFERENT[case])
    mine, others = columns if version == (2, 2) else columns[::-1]
    assert [one for one in (*both, *mine) if f"[GNUPG:] {one}" not in status] == []
    assert [one for one in others if f"[GNUPG:] {one}" in status] == []


async def test_plaintext_shorter_than_announced_is_refused(kit: Kit, tmp_path: Path) -> None:
    """A plaintext that gpg truncated is refused although gpg reports it as decrypted and whole."""
    path = tmp_path / "long"
    path.write_bytes(b"x" * 3_000_000)
    sealed = kit.gpg(kit.people, "-r", kit.desk_key, "-o", "-", "--encrypt", str(path))
    output, reason = await _said(kit, sealed, "--max-output", "1000000")
    assert output
    assert reason


async def test_a_bomb_is_killed_at_the_cap(kit: Kit, tmp_path: Path) -> None:
    """200 MiB out of a few hundred bytes end at our own cap, and nothing of it is used."""
    sealed = bomb(kit, 200 * 1024 * 1024, tmp_path)
    assert len(sealed) < 1000
    done = await Runner(limits=Limits(output=1024 * 1024)).run(kit.desk, "--decrypt", feed=sealed)
    assert done.killed == "output"
    assert done.output == b""
    assert usable(parse_status(done.status), done.output, done.killed) == "output too large"


async def test_nothing_of_a_refused_plaintext_leaves(kit: Kit, pgp: OpenPGP) -> None:
    """A message whose integrity check fails gives no plaintext to anybody, only a reason."""
    decrypted = await pgp.decrypt(_flipped(kit.encrypt("-z", "0"), 30))
    assert (decrypted.decryption, decrypted.plaintext) == ("failed", b"")
