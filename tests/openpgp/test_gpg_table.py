"""Twenty cases of what gpg says about a ciphertext: the counted rule is right, exit code and *ok* are not.

The table runs on whatever gpg is installed: the rule was tried on one version, and others may word it
differently.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from maild.core.mail.packets import packets_of
from maild.gateways.openpgp import OpenPGP, Runner
from maild.gateways.openpgp.homes import keyring_arguments, public_keyring
from maild.gateways.openpgp.runner import Limits
from maild.gateways.openpgp.status import parse_status, usable
from tests.openpgp.craft import bomb, without_integrity
from tests.openpgp.kit import TEXT, Kit, armor

Make = Callable[[Kit], bytes]


def _flipped(sealed: bytes, back: int) -> bytes:
    at = len(sealed) - back
    return sealed[:at] + bytes([sealed[at] ^ 0x40]) + sealed[at + 1 :]


def _blank_nbsp(kit: Kit) -> bytes:
    text = armor(kit.encrypt()).decode().replace("\n\n", "\n\u00a0\n", 1)
    return packets_of(text.encode())


ACCEPTED: dict[str, Make] = {
    "encrypted": lambda kit: kit.encrypt(),
    "encrypted and signed by a known key": lambda kit: kit.sealed_by(kit.member),
    "encrypted and signed by an unknown key": lambda kit: kit.sealed_by(kit.stranger),
    "not compressed": lambda kit: kit.encrypt("-z", "0"),
    "hidden recipient, the second secret key fits": lambda kit: kit.gpg(
        kit.people, "--hidden-recipient", kit.old_key, "--encrypt", feed=TEXT
    ),
    "several recipients, one of them ours": lambda kit: kit.encrypt("-r", kit.stranger),
    "armor whose blank line is a no-break space": _blank_nbsp,
    "in text mode": lambda kit: kit.encrypt("--textmode"),
}
REFUSED: dict[str, Make] = {
    "no integrity check": without_integrity,
    "bit flipped in the middle": lambda kit: _flipped(kit.encrypt("-z", "0"), 60),
    "integrity check tampered with": lambda kit: _flipped(kit.encrypt(), 3),
    "truncated": lambda kit: kit.encrypt("-z", "0")[:-40],
    "a literal packet added behind": lambda kit: kit.encrypt() + kit.literal(b"added\n"),
    "a literal packet put before": lambda kit: kit.literal(b"put before\n") + kit.encrypt(),
    "two messages in one": lambda kit: kit.encrypt() + kit.encrypt(text=b"second\n"),
    "to a key we do not have": lambda kit: kit.encrypt(to=kit.stranger),
    "to a password": lambda kit: kit.gpg(
        kit.people, "--pinentry-mode", "loopback", "--passphrase", "x", "--symmetric", feed=TEXT
    ),
    "signed only": lambda kit: kit.gpg(kit.people, "--local-user", kit.member, "--sign", feed=TEXT),
    "literal only": lambda kit: kit.literal(),
    "no PGP data": lambda kit: b"\x99\x00\x03abc" + bytes(40),
}


async def _said(kit: Kit, sealed: bytes, *words: str) -> tuple[bytes, str]:
    rings = keyring_arguments((public_keyring(kit.team),))
    done = await Runner().run(kit.desk, *rings, *words, "--decrypt", feed=sealed)
    return done.output, usable(parse_status(done.status), done.output, done.killed)


@pytest.mark.parametrize("case", ACCEPTED)
async def test_good_mail_is_accepted(kit: Kit, case: str) -> None:
    """What honest programs make is usable and comes out byte for byte."""
    output, reason = await _said(kit, ACCEPTED[case](kit))
    assert reason == ""
    assert output == TEXT or output == TEXT.replace(b"\r\n", b"\n")


@pytest.mark.parametrize("case", REFUSED)
async def test_doubtful_mail_is_refused(kit: Kit, case: str) -> None:
    """What is damaged, added to or not encrypted at all is never usable, whatever gpg wrote out."""
    assert (await _said(kit, REFUSED[case](kit)))[1]


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
