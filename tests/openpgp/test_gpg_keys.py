"""Keys: mailed ones are kept at arm's length, our own are opened once, letters are sealed to what we mean."""

import subprocess
from pathlib import Path

import pytest

from maild.app.check.keys import _system
from maild.core.mail.opened import Decryption, SignatureStatus
from maild.errors import PermanentError, TemporaryError
from maild.gateways.openpgp import OpenPGP, check_home, homes, prepare_home
from maild.gateways.openpgp.mailed import MAX_KEY, MAX_NAMES
from maild.gateways.openpgp.trusted import export_public, gpg_version, list_keys, weak_signatures
from tests.openpgp.craft import packet
from tests.openpgp.kit import PASSPHRASE, TEXT, Kit, armor


async def test_a_mailed_secret_key_is_refused_and_not_imported(kit: Kit, pgp: OpenPGP) -> None:
    """A secret key, armored or bare, is never taken; the reason says what it was."""
    secret = kit.gpg(kit.people, "--export-secret-keys", kit.stranger)
    before = await pgp.key_ids()
    for data in (secret, armor(secret, "PRIVATE KEY BLOCK"), armor(secret, "PUBLIC KEY BLOCK")):
        assert (await pgp.import_team_key(data)).refused == "secret key"
    assert await pgp.key_ids() == before
    assert kit.stranger not in kit.prints(kit.team)


async def test_caps_on_mailed_keys(kit: Kit, pgp: OpenPGP) -> None:
    """Many keys, a huge key, a key with thousands of names or signatures: refused before gpg sees them."""
    key = kit.public(kit.people, kit.stranger)
    cases = {
        "more than one key": key * 50,
        "key too large": key + packet(2, b"x" * 2 * MAX_KEY),
        "key with too many parts": key + packet(13, b"n") * (MAX_NAMES + 1),
        "no usable key": b"\xc6\x04\x04abc",
    }
    assert {want: (await pgp.examine_key(data)).refused for want, data in cases.items()} == {
        want: want for want in cases
    }
    assert (await pgp.examine_key(key + packet(2, b"x") * 5000)).refused == "key with too many parts"


async def test_several_armored_keys_are_refused(kit: Kit, pgp: OpenPGP) -> None:
    """One mail, one key: two blocks are not a choice maild makes."""
    blocks = armor(kit.public(kit.people, kit.stranger), "PUBLIC KEY BLOCK") * 2
    assert (await pgp.examine_key(blocks)).refused == "more than one key"


async def test_a_name_of_the_team_on_a_key_gives_nothing(kit: Kit, pgp: OpenPGP) -> None:
    """A key with a member's user id is examined under its own fingerprint and stays unknown to verdicts."""
    elsewhere = kit.home("elsewhere")
    fake = kit.key(elsewhere, "Mia Member <mia@project.example>")
    examined = await pgp.examine_key(kit.public(elsewhere, fake))
    assert (examined.refused, examined.fingerprint) == ("", fake)
    signature = kit.gpg(elsewhere, "--detach-sign", feed=TEXT)
    assert (await pgp.verify(TEXT, signature)).status is SignatureStatus.UNKNOWN_KEY


async def test_an_examined_key_is_cut_down(kit: Kit, pgp: OpenPGP) -> None:
    """Signatures of others on a key are gone from what is kept; the key still encrypts."""
    kit.gpg(kit.people, "--local-user", kit.member, "--quick-sign-key", kit.stranger)
    key = kit.public(kit.people, kit.stranger)
    examined = await pgp.examine_key(armor(key, "PUBLIC KEY BLOCK"))
    assert (examined.fingerprint, examined.can_encrypt) == (kit.stranger, True)
    assert len(examined.minimal) < len(key)
    assert kit.gpg(kit.people, "--list-packets", feed=examined.minimal)


async def test_a_team_key_is_imported_into_the_teams_home_alone(kit: Kit) -> None:
    """A member's key from a file comes into the team's home and not into the desk's."""
    team = kit.home("team2")
    pgp = OpenPGP(kit.desk, kit.desk_key, team_home=team)
    path = kit.root / "member.asc"
    path.write_bytes(armor(kit.public(kit.people, kit.member), "PUBLIC KEY BLOCK"))
    assert (await pgp.import_team_key(path)).fingerprint == kit.member
    assert kit.prints(team) == {kit.member}
    assert kit.member not in kit.prints(kit.desk)


@pytest.fixture(scope="module")
def guarded_once(kit: Kit) -> tuple[Path, str]:
    """A desk home whose key has a passphrase."""
    home = kit.root / "g"
    prepare_home(home)
    key = kit.key(home, "Guarded <security@project.example>", passphrase=PASSPHRASE)
    kit.copy(home, kit.people, key)
    return home, key


@pytest.fixture
def guarded(guarded_once: tuple[Path, str]) -> tuple[Path, str]:
    """The same, its agent knowing nothing."""
    _forget(guarded_once[0])
    return guarded_once


def _forget(home: Path) -> None:
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "gpg-agent"], check=True)


async def test_primed_once_later_calls_carry_no_passphrase(kit: Kit, guarded: tuple[Path, str]) -> None:
    """After priming, a desk without any passphrase in hand opens mail and signs."""
    home, key = guarded
    assert await OpenPGP(home, key, PASSPHRASE).prime() == ()
    later = OpenPGP(home, key)
    assert (await later.decrypt(kit.encrypt(to=key))).plaintext == TEXT
    assert (await later.verify(b"x", await later.sign(b"x"))).fingerprint == key


async def test_an_agent_that_forgot_is_told_again(kit: Kit, guarded: tuple[Path, str]) -> None:
    """When the agent died in between, the passphrase is given once more and the mail opens."""
    home, key = guarded
    pgp = OpenPGP(home, key, PASSPHRASE)
    await pgp.prime()
    _forget(home)
    assert (await pgp.decrypt(kit.encrypt(to=key))).plaintext == TEXT


async def test_without_passphrase_a_locked_key_makes_mail_wait(kit: Kit, guarded: tuple[Path, str]) -> None:
    """An agent that cannot open the key is trouble outside, not a fault of the mail."""
    with pytest.raises(TemporaryError, match="agent"):
        await OpenPGP(*guarded).decrypt(kit.encrypt(to=guarded[1]))


async def test_a_forgetful_agent_does_not_close_mail_to_hidden_recipients(
    kit: Kit, guarded: tuple[Path, str]
) -> None:
    """A message that names nobody opens after the agent forgot; with no passphrase at hand it waits."""
    home, key = guarded
    sealed = kit.gpg(kit.people, "--hidden-recipient", key, "--encrypt", feed=TEXT)
    with pytest.raises(TemporaryError):
        await OpenPGP(home, key).decrypt(sealed)
    assert (await OpenPGP(home, key, PASSPHRASE).decrypt(sealed)).plaintext == TEXT


async def test_a_key_that_stays_locked_does_not_keep_mail_to_others_waiting(kit: Kit) -> None:
    """Where one of the desk's keys opens and another never does, mail for neither is not for us, at once."""
    home = kit.home("two")
    key = kit.key(home, "Open <security@project.example>")
    locked = kit.key(home, "Locked <security@project.example>", passphrase=PASSPHRASE)
    for made in (key, locked):
        kit.copy(home, kit.people, made)
    _forget(home)
    pgp = OpenPGP(home, key)
    other = kit.gpg(kit.people, "--hidden-recipient", kit.stranger, "--encrypt", feed=TEXT)
    assert (await pgp.decrypt(other)).decryption is Decryption.NO_KEY
    assert (await pgp.decrypt(kit.encrypt("-r", locked, to=key))).plaintext == TEXT
    with pytest.raises(TemporaryError):
        await pgp.decrypt(kit.encrypt(to=locked))


async def test_a_wrong_passphrase_is_told(guarded: tuple[Path, str]) -> None:
    """Priming with a wrong passphrase fails for good, with a text that does not repeat it."""
    with pytest.raises(PermanentError) as raised:
        await OpenPGP(*guarded, "not this one").prime()
    assert "not this one" not in str(raised.value)


async def test_a_password_packet_never_meets_our_passphrase(kit: Kit, guarded: tuple[Path, str]) -> None:
    """Mail sealed to a password that happens to be ours stays closed."""
    words = ("--pinentry-mode", "loopback", "--passphrase", PASSPHRASE, "--symmetric")
    sealed = kit.gpg(kit.people, *words, feed=TEXT)
    decrypted = await OpenPGP(*guarded, PASSPHRASE).decrypt(sealed)
    assert (decrypted.decryption, decrypted.plaintext) == (Decryption.SYMMETRIC, b"")


async def test_mail_to_an_old_key_of_ours_opens(kit: Kit, pgp: OpenPGP) -> None:
    """Mail sealed to the key before the last rotation still opens while its secret half is kept."""
    assert (await pgp.decrypt(kit.encrypt(to=kit.old_key))).plaintext == TEXT


async def test_seal_signs_and_encrypts_to_files_and_fingerprints(kit: Kit, pgp: OpenPGP) -> None:
    """A sealed letter opens for a reporter known by key bytes and for a member known by fingerprint."""
    sealed = await pgp.seal(TEXT, [kit.public(kit.people, kit.stranger), kit.member])
    assert kit.gpg(kit.people, "--decrypt", feed=sealed) == TEXT
    listed = kit.gpg(kit.people, "--list-only", "--status-fd", "1", "--decrypt", feed=sealed)
    assert listed.count(b"ENC_TO") == 2


async def test_nothing_is_sealed_when_one_key_cannot_be_used(kit: Kit, pgp: OpenPGP) -> None:
    """One unusable recipient among good ones means no letter at all, and never one in clear."""
    with pytest.raises(PermanentError):
        await pgp.seal(TEXT, [kit.member, "F" * 40])
    with pytest.raises(PermanentError):
        await pgp.seal(TEXT, [b"no key"])
    with pytest.raises(PermanentError):
        await pgp.seal(TEXT, [])


async def test_a_desk_that_cannot_sign_now_makes_letters_wait(kit: Kit) -> None:
    """When it is the desk's own key that fails, no reader's key is blamed: trouble that may pass."""
    with pytest.raises(TemporaryError):
        await OpenPGP(kit.desk, kit.stranger, team_home=kit.team).seal(TEXT, [kit.member])


def test_check_home_names_each_fault(kit: Kit) -> None:
    """A home that is missing, open to others or has too long a path is refused with the reason."""
    assert check_home(kit.desk) == ()
    assert "cannot be read" in check_home(kit.root / "none")[0]
    long = kit.root / ("y" * 110)
    long.mkdir(mode=0o755)
    faults = " ".join(check_home(long))
    assert "open to others" in faults
    assert "bytes" in faults or Path("/run/user/0").is_dir()


def test_the_desks_key_is_listed_and_exported(kit: Kit) -> None:
    """Listing tells algorithm and use, and the export is the public half alone."""
    key = next(key for key in list_keys(kit.desk, secret=True) if key.fingerprint == kit.desk_key)
    assert (key.algorithm, key.can_encrypt, key.usable, key.expires) == ("EdDSA ed25519", True, True, None)
    exported = export_public(kit.desk, kit.desk_key)
    assert b"PUBLIC KEY BLOCK" in exported
    assert b"PRIVATE" not in exported
    with pytest.raises(PermanentError):
        export_public(kit.desk, "F" * 40)


async def test_a_weakly_signed_key_of_ours_opens_and_is_named(kit: Kit) -> None:
    """A desk's key that SHA-1 holds together opens what is encrypted to it, and the weakness is counted."""
    home = kit.home("weak")
    key = kit.key(home, "Weak <security@project.example>", "--cert-digest-algo", "SHA1")
    kit.copy(home, kit.people, key)
    pgp = OpenPGP(home, key)
    assert await pgp.prime() == ()
    assert (await pgp.decrypt(kit.encrypt(to=key))).plaintext == TEXT
    assert weak_signatures(home, key) == 2
    assert weak_signatures(kit.desk, kit.desk_key) == 0


async def test_the_configured_key_itself_is_tried(kit: Kit) -> None:
    """A home whose other key opens, while the configured one stays locked, is told at start."""
    home = kit.home("mixed")
    kit.key(home, "Open <security@project.example>")
    locked = kit.key(home, "Locked <security@project.example>", passphrase=PASSPHRASE)
    _forget(home)
    found = await OpenPGP(home, locked).prime()
    assert any("encrypted to the desk's key does not open" in text for text in found)


async def test_letters_are_in_a_packet_that_all_programs_read(kit: Kit, pgp: OpenPGP) -> None:
    """Also to a key that asks for GnuPG's own authenticated packet, a letter goes in the standard one."""
    if gpg_version(kit.desk) < (2, 3):
        pytest.skip("this gpg makes no key that asks for packet 20")
    wants = ("--compliance", "gnupg", "--default-preference-list", "AES256 OCB SHA512 ZLIB")
    asking = kit.key(kit.people, "Ada Asking <ada@far.example>", *wants)
    letter = await pgp.seal(TEXT, [kit.public(kit.people, asking)])
    told = kit.gpg(kit.people, "--list-packets", feed=letter).decode("latin-1")
    assert ":encrypted data packet:" in told
    assert "aead" not in told


async def test_a_keyboxd_of_the_user_does_not_reach_our_homes(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What the operator's own GnuPG folder says about keyboxd changes nothing about the desk's homes."""
    own = tmp_path / ".gnupg"
    own.mkdir(mode=0o700)
    (own / "common.conf").write_text("use-keyboxd\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GNUPGHOME", str(own))
    pgp = OpenPGP(kit.desk, kit.desk_key, team_home=kit.team)
    assert (await pgp.decrypt(kit.sealed_by(kit.member))).signature.fingerprint == kit.member
    assert check_home(kit.desk) == ()


def test_the_systems_gpg_conf_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is read whatever gpg is told, so check names its options; a file of comments says nothing."""
    monkeypatch.setattr(homes, "_system_folder", lambda: tmp_path)
    assert list(_system()) == []
    (tmp_path / "gpg.conf").write_text("# ours\n\n")
    assert list(_system()) == []
    (tmp_path / "gpg.conf").write_text("# ours\nencrypt-to 0xABCD\n  armor\n\x1b[2J\n")
    (line,) = _system()
    assert "encrypt-to, armor" in line.text
    assert "\x1b" not in line.text


def test_a_home_with_keyboxd_is_named(kit: Kit) -> None:
    """Where gpg would ignore the team's keyrings, the file that says so is told; gpg 2.2 does not mind."""
    home = kit.home("boxed")
    (home / "common.conf").write_text("# ours\nuse-keyboxd\n")
    told = check_home(home)
    assert [str(home / "common.conf") in text for text in told] == [True] * (gpg_version(home) >= (2, 3))
