"""Signatures judged by real gpg: one verdict, from the fingerprint and the date alone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from maild.core.mail.opened import Signature, SignatureStatus
from maild.gateways.openpgp import OpenPGP
from tests.openpgp.kit import TEXT, Kit, armor

PAST = ("--faked-system-time", "20200101T000000!")
YEARS_AHEAD = ("--faked-system-time", "20450101T000000!")
UNKNOWN = Signature(SignatureStatus.UNKNOWN_KEY)
BAD = Signature(SignatureStatus.BAD)


@dataclass(frozen=True)
class Odd:
    """Members whose keys are expired or revoked, with a signature of each made while it was good."""

    expired: str
    revoked: str
    by_expired: bytes
    by_revoked: bytes


@pytest.fixture(scope="module")
def odd(kit: Kit) -> Iterator[Odd]:
    """Keys that were good once, known to the team's home."""
    expired = kit.key(kit.people, "Ed Expired <ed@project.example>", *PAST, expires="30d")
    revoked = kit.key(kit.people, "Rob Revoked <rob@project.example>")
    made = Odd(expired, revoked, kit.detached(expired, *PAST), kit.detached(revoked))
    words = (kit.people / "openpgp-revocs.d" / f"{revoked}.rev").read_text()
    kit.gpg(kit.people, "--import", feed=words.replace(":-----BEGIN", "-----BEGIN").encode())
    kit.copy(kit.people, kit.team, expired)
    kit.copy(kit.people, kit.team, revoked)
    return made


def _good(fingerprint: str) -> Signature:
    return Signature(SignatureStatus.GOOD, fingerprint)


async def test_a_known_key_gives_good_and_the_primary_fingerprint(kit: Kit, pgp: OpenPGP) -> None:
    """A sound detached signature by a key in the team's home is good, and names its primary key in full."""
    assert await pgp.verify(TEXT, kit.detached(kit.member)) == _good(kit.member)


async def test_armored_signatures_are_read(kit: Kit, pgp: OpenPGP) -> None:
    """A signature in armor is judged like a bare one."""
    assert await pgp.verify(TEXT, armor(kit.detached(kit.member), "SIGNATURE")) == _good(kit.member)


async def test_a_key_nobody_knows_is_unknown(kit: Kit, pgp: OpenPGP) -> None:
    """A signature by a key in no keyring is unknown, not bad."""
    assert await pgp.verify(TEXT, kit.detached(kit.stranger)) == UNKNOWN


async def test_one_changed_byte_is_bad(kit: Kit, pgp: OpenPGP) -> None:
    """A signature over other bytes is bad and names nobody."""
    assert await pgp.verify(TEXT + b" ", kit.detached(kit.member)) == BAD


async def test_no_signature_at_all_is_bad(kit: Kit, pgp: OpenPGP) -> None:
    """Bytes that are no signature verify as bad, never as unsigned."""
    assert await pgp.verify(TEXT, b"\x88\x00") == BAD


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_the_order_of_signatures_does_not_matter(
    kit: Kit, pgp: OpenPGP, order: tuple[int, int]
) -> None:
    """Of an unknown and a team signature the team's counts, whichever stands first."""
    both = (kit.detached(kit.member), kit.detached(kit.stranger))
    assert await pgp.verify(TEXT, both[order[0]] + both[order[1]]) == _good(kit.member)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_a_team_signature_wins_over_another_good_one(kit: Kit, order: tuple[int, int]) -> None:
    """Of two good signatures, one by the team and one by another known key, the team's is told."""
    first, last = sorted((kit.member, kit.stranger))
    team = kit.home(f"only{order[0]}")
    kit.copy(kit.people, team, last)  # the one that would not be told without a preference
    pgp = OpenPGP(kit.desk, kit.desk_key, team_home=team, keyrings=[kit.people / "pubring.kbx"])
    both = (kit.detached(first), kit.detached(last))
    assert await pgp.verify(TEXT, both[order[0]] + both[order[1]]) == _good(last)


async def test_an_expired_key_is_not_good(kit: Kit, pgp: OpenPGP, odd: Odd) -> None:
    """A signature by a key that has expired says so, although gpg's exit code is zero."""
    verdict = await pgp.verify(TEXT, odd.by_expired)
    assert verdict == Signature(SignatureStatus.EXPIRED, odd.expired)


async def test_an_expired_signature_is_not_good(kit: Kit, pgp: OpenPGP) -> None:
    """A signature that was made to last a day is expired after years."""
    member = kit.key(kit.people, "Lou Longago <lou@project.example>", *PAST)
    kit.copy(kit.people, kit.team, member)
    signature = kit.detached(member, *PAST, "--default-sig-expire", "1d")
    assert (await pgp.verify(TEXT, signature)).status is SignatureStatus.EXPIRED


async def test_a_revoked_key_is_not_good(kit: Kit, pgp: OpenPGP, odd: Odd) -> None:
    """A signature by a key that was revoked says so."""
    verdict = await pgp.verify(TEXT, odd.by_revoked)
    assert verdict == Signature(SignatureStatus.REVOKED, odd.revoked)


async def test_a_signature_from_the_future_is_bad(kit: Kit, pgp: OpenPGP) -> None:
    """A signature dated years ahead is bad, although gpg calls it good."""
    assert await pgp.verify(TEXT, kit.detached(kit.member, *YEARS_AHEAD)) == BAD


async def test_the_date_is_judged_by_the_time_handed_in(kit: Kit, pgp: OpenPGP) -> None:
    """The window ends one hour after *now*, whatever the machine's clock says."""
    member = kit.key(kit.people, "Tim Timely <tim@project.example>", *PAST)
    kit.copy(kit.people, kit.team, member)
    signature = kit.detached(member, "--faked-system-time", "20200201T120000!")
    made = datetime(2020, 2, 1, 12, tzinfo=UTC)
    assert await pgp.verify(TEXT, signature, made - timedelta(minutes=59)) == _good(member)
    assert await pgp.verify(TEXT, signature, made - timedelta(minutes=61)) == BAD


@pytest.mark.parametrize("digest", ["SHA1", "RIPEMD160"])
async def test_a_weak_digest_is_bad(kit: Kit, pgp: OpenPGP, digest: str) -> None:
    """A signature over a SHA-1 or RIPEMD-160 digest is bad."""
    assert await pgp.verify(TEXT, kit.detached(kit.member, "--digest-algo", digest)) == BAD


async def test_a_signature_inside_the_encryption_is_judged_in_the_same_run(kit: Kit, pgp: OpenPGP) -> None:
    """What was signed and then encrypted comes with the verdict on its signature."""
    decrypted = await pgp.decrypt(kit.sealed_by(kit.member))
    assert (decrypted.plaintext, decrypted.signature) == (TEXT, _good(kit.member))


async def test_text_signed_in_the_clear_is_marked(kit: Kit, pgp: OpenPGP) -> None:
    """A good verdict on clear-signed text carries the mark that nothing may be accepted because of it."""
    text = kit.gpg(kit.people, "--local-user", kit.member, "--clear-sign", feed=TEXT)
    assert await pgp.verify_clear(text) == replace(_good(kit.member), clear=True)


@pytest.mark.parametrize("name", ["Михаил Хохлов <m@far.example>", "B\udcfcro <b@far.example>"])
async def test_names_in_any_encoding_do_no_harm(kit: Kit, name: str) -> None:
    """User ids in Cyrillic or in no valid encoding change nothing about the verdict."""
    key = kit.key(kit.people, name)
    pgp = OpenPGP(kit.desk, kit.desk_key, keyrings=[kit.people / "pubring.kbx"])
    assert await pgp.verify(TEXT, kit.detached(key)) == _good(key)
    mailed = await pgp.examine_key(kit.public(kit.people, key))
    assert (mailed.refused, len(mailed.names)) == ("", 1)


def _separators() -> list[str]:
    """The characters that Python takes for the end of a line and gpg does not."""
    every = map(chr, range(0x80, 0x3000))
    return [letter for letter in every if len(f"a{letter}b".splitlines()) > 1]


@pytest.mark.parametrize("separator", _separators())
async def test_a_name_cannot_speak_as_gpg(kit: Kit, separator: str) -> None:
    """Whatever a user id holds, the verdict names the key that really signed, and bad stays bad."""
    said = ("x", "GOODSIG 1 x", f"VALIDSIG {kit.member} 2026-01-01 1767225600 0 4 0 22 10 00 {kit.member}")
    name = f"{separator}[GNUPG:] ".join(said) + separator
    key = kit.key(kit.people, f"{name} <x@far.example>")
    pgp = OpenPGP(kit.desk, kit.desk_key, team_home=kit.team, keyrings=[kit.people / "pubring.kbx"])
    assert await pgp.verify(TEXT, kit.detached(key)) == _good(key)
    assert await pgp.verify(TEXT + b"!", kit.detached(key)) == BAD
    assert (await pgp.examine_key(kit.public(kit.people, key))).fingerprint == key
