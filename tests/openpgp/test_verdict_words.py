"""A signature that does not count says why: the hash by name, the day it expired, the key that is missing."""

from maild.core.mail.opened import SignatureStatus
from maild.gateways.openpgp import OpenPGP
from tests.openpgp.kit import TEXT, Kit

PAST = ("--faked-system-time", "20200101T120000!")


async def test_a_weak_hash_is_named(kit: Kit, pgp: OpenPGP) -> None:
    """SHA-1 by its name."""
    made = kit.detached(kit.member, "--digest-algo", "SHA1")
    assert (await pgp.verify(TEXT, made)).why == "made with SHA-1, which is no longer accepted"


async def test_an_expired_signature_names_its_day(kit: Kit, pgp: OpenPGP) -> None:
    """The day on which the signature expired."""
    member = kit.key(kit.people, "Wes Worded <wes@project.example>", *PAST)
    kit.copy(kit.people, kit.team, member)
    verdict = await pgp.verify(TEXT, kit.detached(member, *PAST, "--default-sig-expire", "1d"))
    assert (verdict.status, verdict.why) == (SignatureStatus.EXPIRED, "the signature expired on 2020-01-02")


async def test_an_expired_key_names_its_day(kit: Kit, pgp: OpenPGP) -> None:
    """The day on which the key expired."""
    member = kit.key(kit.people, "Ken Keyed <ken@project.example>", *PAST, expires="2d")
    kit.copy(kit.people, kit.team, member)
    verdict = await pgp.verify(TEXT, kit.detached(member, *PAST))
    assert (verdict.status, verdict.why) == (SignatureStatus.EXPIRED, "the key expired on 2020-01-03")


async def test_an_unknown_key_is_named(kit: Kit, pgp: OpenPGP) -> None:
    """The id of the key that made the signature."""
    verdict = await pgp.verify(TEXT, kit.detached(kit.stranger))
    assert verdict.status is SignatureStatus.UNKNOWN_KEY
    assert verdict.why == f"made with key {kit.stranger[-16:]}"
