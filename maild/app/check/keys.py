"""gpg, the desk's key and the team's: whether they decrypt, encrypt and sign, and until when."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from maild.app.check.line import Line, fault, ok, warning
from maild.app.desk import become_owner, import_team, now, open_pgp
from maild.config import Config
from maild.core.disclosure.outward import EYES
from maild.core.mail.text import harmless
from maild.errors import PermanentError
from maild.gateways.openpgp import (
    ListedKey,
    OpenPGP,
    check_home,
    gpg_version,
    list_keys,
    system_options,
    weak_signatures,
)

SOON = timedelta(days=30)
SAFE: dict[tuple[int, ...], tuple[int, ...]] = {(2, 2): (2, 2, 36), (2, 4): (2, 4, 4), (2, 5): (2, 5, 17)}
"""By branch, the oldest version that some distribution still repairs. It repairs 2.2 and 2.4 without changing
the version: forged status lines (CVE-2022-34903), memory corruption by armor (CVE-2025-68973)."""
KNOWN: dict[tuple[int, ...], str] = {
    (
        2,
        2,
    ): "it cannot read messages in version 6 or post-quantum formats; your distribution provides its fixes",
    (2, 4): "it cannot read messages in version 6 or post-quantum formats; flaws that a message can reach"
    " are fixed from 2.4.9 on, and in older versions by your distribution's updates",
}
TRIED = "2.2.40, 2.4.7 and 2.4.9"


def look(config: Config) -> Iterator[Line]:
    """From the program to the people."""
    become_owner(config)
    pgp = open_pgp(config)
    if pgp is None:
        yield warning(
            "openpgp",
            "no key configured: encrypted reports become cases but cannot be opened",
            "make a key (`maild init --key make` does)",
        )
        return
    if faults := list(_home(config)):
        yield from faults
        return
    yield _program(gpg_version(config.pgp_home))
    yield from _system()
    yield from _desk(config, pgp)
    yield from _team(config, pgp)
    yield from _lists(config, pgp)


def _home(config: Config) -> Iterator[Line]:
    home = config.pgp_home
    ways = {
        "cannot be read": f"create it (mkdir -m 700 {home}) and import the desk's key, or fix openpgp.home",
        "is not a folder": "set openpgp.home to a folder",
        "open to others": f"chmod 700 {home}",
        "belongs to": f"chown -R USER {home}, where USER runs maild",
        "use-keyboxd": f"gpg --homedir {home} --output {home}/public.gpg --export; remove use-keyboxd from"
        f" that file; gpg --homedir {home} --import {home}/public.gpg",
        "bytes": "choose a shorter openpgp.home, or desk.state",
    }
    for text in check_home(home):
        yield fault("openpgp", text, next(way for words, way in ways.items() if words in text))


def _program(version: tuple[int, ...]) -> Line:
    """Which gpg it is, and what is known about it."""
    shown = ".".join(map(str, version))
    safe = SAFE.get(version[:2])
    if (safe and version >= safe) or version[:2] > max(SAFE):
        known = KNOWN.get(version[:2], f"maild was tested with {TRIED}, not with this version")
        return ok("gpg", f"version {shown}: {known}")
    return warning(
        "gpg",
        f"version {shown} has known flaws that a message can reach",
        f"upgrade gpg to {'.'.join(map(str, safe or max(SAFE.values())))} or later",
    )


def _system() -> Iterator[Line]:
    """What the machine's own configuration makes gpg do."""
    conf, options = system_options()
    if options:
        shown = harmless(", ".join(options), 200)
        text = f"{conf} holds for the desk too, since gpg always reads it: {shown}"
        yield warning("gpg", text, "move these options to the users who need them")


def _desk(config: Config, pgp: OpenPGP) -> Iterator[Line]:
    """The desk's own key."""
    home = config.pgp_home
    mine = [key for key in list_keys(home, secret=True) if key.fingerprint == pgp.fingerprint]
    if not mine:
        mend = f"gpg --homedir {home} --import KEYFILE, or correct openpgp.key (`maild keys` lists them)"
        yield fault("openpgp", f"the secret key {pgp.fingerprint} is not in {home}", mend)
        return
    gpg, name = f"gpg --homedir {home}", pgp.fingerprint
    subkey = f"{gpg} --quick-add-key {name} cv25519 encr 2y; then publish `maild keys export`"
    longer = f"{gpg} --quick-set-expire {name} 2y; {subkey}"
    if life := _life("openpgp", "the desk's key", mine[0], longer):
        yield life
    if not mine[0].can_encrypt and mine[0].usable:
        yield fault(
            "openpgp", "nothing can be encrypted to the desk's key: it has no encryption subkey", subkey
        )
        return
    anew = f"{gpg} --cert-digest-algo SHA512 --quick-set-expire {name} 2y"
    again = f"{anew}; {anew} '*'"
    yield from _weak("openpgp", "the desk's key", home, name, f"{again}; then publish `maild keys export`")
    amiss = asyncio.run(pgp.prime())
    for text in amiss:
        mend = (
            longer
            if life
            else "put the passphrase of openpgp.key into the file that openpgp.passphrase_file names"
        )
        yield fault("openpgp", text, mend)
    if not amiss:
        yield ok("openpgp", f"key {pgp.fingerprint} decrypts and signs")


def _weak(what: str, whose: str, home: Path, fingerprint: str, mend: str) -> Iterator[Line]:
    """A line when the key *fingerprint* in *home* holds together by a weak hash."""
    if weak_signatures(home, fingerprint):
        text = f"{whose} relies on signatures with SHA-1 or older; newer mail programs do not encrypt to it"
        yield warning(what, text, mend)


def _life(what: str, whose: str, key: ListedKey, mend: str) -> Line | None:
    """A line when *key* has ended or soon will."""
    until = f"{key.expires:%Y-%m-%d %H:%M} UTC" if key.expires else ""
    if key.expires and key.expires <= now():
        return fault(what, f"{whose} expired on {until}", mend)
    if not key.usable:
        return fault(what, f"{whose} is revoked or disabled", "replace it with another key")
    if key.expires and key.expires - now() < SOON:
        return warning(what, f"{whose} expires on {until}", mend)
    return None


def _team(config: Config, pgp: OpenPGP) -> Iterator[Line]:
    """The members' keys: what was refused, what ended, who has none."""
    for text in asyncio.run(import_team(config, pgp)):
        yield fault("team", text, "export the member's public key again (gpg --export --armor FINGERPRINT)")
    assert pgp.team_home is not None
    known = {key.fingerprint: key for key in list_keys(pgp.team_home)}
    for member in config.file.team:
        key = known.get(member.fingerprint)
        if key is None and member.fingerprint:
            mend = f"set key_file of {member.name} to a file with that public key"
            yield fault("team", f"{member.name}: the key {member.fingerprint} is missing", mend)
        elif key is None:
            mend = "ask for their public key, and set fingerprint and key_file in their [[team]] section"
            yield warning(
                "team", f"{member.name} has no key, and gets only a notice of encrypted messages", mend
            )
        else:
            yield from _member(member.name, key)
            mend = f"ask {member.name} to extend the key with a current gpg, and replace key_file"
            yield from _weak("team", f"{member.name}'s key", pgp.team_home, key.fingerprint, mend)


def _lists(config: Config, pgp: OpenPGP) -> Iterator[Line]:
    """Who approves, and the keys of the lists: what goes to a list is sealed, or does not go."""
    signing = sum(bool(member.fingerprint) for member in config.file.team)
    if (config.file.predisclosure or config.file.announcement) and signing < EYES:
        text = f"nothing can go to outsiders: {EYES} members must sign their approval, and {signing} can sign"
        yield fault("publishing", text, "ask for their public keys, and set fingerprint and key_file")
    for one in config.file.predisclosure:
        if not one.key:
            mend = "ask the list for its public key, and set key in [[predisclosure]]"
            yield warning("predisclosure", f"{one.id} has no key, so nothing will be sent to it", mend)
            continue
        try:
            asyncio.run(_sealed(pgp, config.beside(one.key)))
        except PermanentError as error:
            mend = f"put the list's current public key into {one.key}"
            yield fault("predisclosure", f"{one.id}: {error}", mend)
        else:
            yield ok("predisclosure", f"{one.id}: its key encrypts")


async def _sealed(pgp: OpenPGP, file: Path) -> bytes:
    return await pgp.seal(b"probe", [await pgp.key_in(file)], sign=False)


def _member(name: str, key: ListedKey) -> Iterator[Line]:
    mend = f"ask {name} for the extended public key, and replace key_file"
    if life := _life("team", f"{name}'s key", key, mend):
        yield life
    elif not key.can_encrypt:
        yield fault(
            "team",
            f"nothing can be encrypted to {name}'s key",
            f"ask {name} for a key with an encryption subkey",
        )
    else:
        yield ok("team", f"{name}: {key.fingerprint}")
