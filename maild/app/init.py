"""``maild init``: from answers to a desk that can run: configuration, secrets, keys, database.

As root the configuration is root's own, and readable by the owner of the state folder, who has the rest.
"""

import asyncio
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from maild.app.desk import open_desk
from maild.app.owner import become_owner
from maild.app.run import is_running
from maild.config import Config, load
from maild.config.share import shipped
from maild.config.template import Value, filled
from maild.core.values.address import normal
from maild.core.values.token import Token
from maild.errors import ConfigError, Refused
from maild.gateways.openpgp import (
    MailedKey,
    Runner,
    end_agent,
    examine,
    export_public,
    import_secret,
    make_key,
    try_secret,
)

PASSWORD = "secrets/imap-password"  # noqa: S105 - a file's name
PASSPHRASE = "secrets/pgp-passphrase"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the team: name, address, roles."""

    name: str
    address: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Login:
    """What maild proves itself with: values by ``section.key``, its secrets by file, and its first token.

    A password or an access ``token`` is what a server is tried with; ``first`` is kept for the desk.
    """

    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    values: Mapping[str, Value] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict, repr=False)
    first: Token | None = field(default=None, repr=False)

    @property
    def secrets(self) -> Mapping[str, str]:
        """What goes into files beside the configuration, by their names."""
        return {**({PASSWORD: self.password} if self.password else {}), **self.files}


@dataclass(frozen=True, slots=True)
class Answers:
    """What the operator said: values by ``section.key``, people and their key files, how maild logs in."""

    values: Mapping[str, Value]
    people: Sequence[Person]
    key_files: Sequence[Path]
    login: Login


@dataclass(frozen=True, slots=True)
class OwnKey:
    """The desk's secret key as the operator has it, with its passphrase (``None``: it has none)."""

    data: bytes
    passphrase: str | None


def found(path: Path, answers: Answers, now: datetime) -> None:
    """Write the configuration at *path*, its secrets, the team's keys; what stands there is kept.

    ``Refused`` before anything is written when a key cannot be used. ``ConfigError`` when an answer cannot be
    used; the configuration is then as it was.
    """
    state = path.absolute().parent / str(answers.values["desk.state"])
    keys = team_keys(answers, now)
    text = _text(answers, keys)
    group = _group(state)
    for folder in (path.parent, path.parent / "secrets", path.parent / "keys"):
        folder.mkdir(mode=0o755 if folder == path.parent else 0o750, parents=True, exist_ok=True)
    for name, (_, data) in keys.items():
        _put(path.parent / _key_name(name), data, 0o640, 0, group)
    for name, secret in answers.login.secrets.items():
        put_secret(path.parent / name, secret, state)
    before = path.with_name(f"{path.name}.before-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    if path.exists():
        path.replace(before)
    _put(path, text.encode(), 0o640, 0, group)
    try:
        load(path)
    except ConfigError:
        path.unlink()
        if before.exists():
            before.replace(path)
        raise


def _text(answers: Answers, keys: Mapping[str, tuple[str, bytes]]) -> str:
    team: list[Mapping[str, Value]] = []
    for person in answers.people:
        entry: dict[str, Value] = {"name": person.name, "addresses": [person.address]}
        if person.name in keys:
            entry |= {"fingerprint": keys[person.name][0], "key_file": _key_name(person.name)}
        team.append({**entry, "roles": list(person.roles)})
    values = {**answers.values, **answers.login.values}
    return filled((shipped("config") / "maild.toml").read_text("utf-8"), values, team)


def team_keys(answers: Answers, now: datetime) -> dict[str, tuple[str, bytes]]:
    """Fingerprint and public key by member's name; ``Refused`` for a useless key or nobody's."""
    keys = (team_key(file, answers.people, now) for file in answers.key_files)
    return {name: (fingerprint, data) for name, fingerprint, data in keys}


def team_key(file: Path, people: Sequence[Person], now: datetime) -> tuple[str, str, bytes]:
    """Whose key of these *people* is in *file*, its fingerprint, itself; ``Refused`` as in ``team_keys``."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}") from None
    key = asyncio.run(examine(Runner(), data))
    if amiss := _unfit(key, now):
        raise Refused(f"{file}: {amiss}; ask for their public key (gpg --armor --export)")
    return _owner(file, key, people).name, key.fingerprint, data


def _unfit(key: MailedKey, now: datetime) -> str:
    if key.refused:
        return key.refused
    if key.expires and key.expires <= now.timestamp():
        return f"the key expired on {datetime.fromtimestamp(key.expires, UTC):%Y-%m-%d} (UTC)"
    return "" if key.can_encrypt else "nothing can be encrypted to the key"


def _owner(file: Path, key: MailedKey, people: Sequence[Person]) -> Person:
    named = " ".join(normal(name) for name in key.names)
    for person in people:
        if f"<{normal(person.address)}>" in named or named == normal(person.address):
            return person
    raise Refused(
        f"{file}: this key belongs to {', '.join(key.names) or 'nobody'}, and no member has that address"
    )


def add_key(path: Path, own: OwnKey | None, now: datetime) -> str:
    """Give the desk of *path* its key, made or taken from *own*; its fingerprint.

    Root is the owner of the state folder afterwards.
    """
    config = load(path)
    passphrase = secrets.token_urlsafe(32) if own is None else own.passphrase
    if passphrase:
        put_secret(path.parent / PASSPHRASE, passphrase, config.state)
    added = {"openpgp.key": ""} | ({"openpgp.passphrase_file": PASSPHRASE} if passphrase else {})
    with path.open("r+", encoding="utf-8") as file:  # opened by root, whose file it is
        text = file.read()
        _with(text, added)
        become_owner(config.state)
        config.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        if own is None:
            desk = config.file.desk
            fingerprint = make_key(config.pgp_home, desk.name, desk.address, passphrase or "")
        else:
            fingerprint = import_secret(config.pgp_home, own.data, passphrase, now)
        file.seek(0)
        file.write(_with(text, {**added, "openpgp.key": fingerprint}))
        file.truncate()
    return fingerprint


def try_key(own: OwnKey, now: datetime) -> None:
    """``PermanentError`` when ``add_key`` could not use *own*, or its passphrase is another."""
    try_secret(own.data, own.passphrase, now)


def _with(text: str, values: Mapping[str, Value]) -> str:
    """The operator's file with *values*; ``Refused`` when he took a line away that would hold one."""
    try:
        return filled(text, values)
    except KeyError as error:
        raise Refused(
            f"the configuration has no line for {error.args[0]}: add it, as in config/maild.toml"
        ) from None


def ready(config: Config) -> bytes:
    """The desk's database made; its public key (armored, empty without one) for the page."""
    with open_desk(config):
        pass
    if not config.file.openpgp.key:
        return b""
    return export_public(config.pgp_home, config.file.openpgp.key)


def rest(config: Config) -> None:
    """Leave no agent behind that would outlive us outside the service's sandbox."""
    if not is_running(config):  # else it is the daemon's
        end_agent(config.pgp_home)


def put_secret(path: Path, secret: str, state: Path) -> None:
    """*secret* as a file (0600) of the owner of *state*."""
    owner = state.stat().st_uid if state.is_dir() else os.geteuid()
    _put(path, secret.encode() + b"\n", 0o600, owner, _group(state))


def _group(state: Path) -> int:
    return state.stat().st_gid if state.is_dir() else os.getegid()


def _put(path: Path, data: bytes, mode: int, owner: int, group: int) -> None:
    """A file in one step, never open to others; ownership is root's to give."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        if os.geteuid() == 0:
            os.fchown(descriptor, owner, group)
        os.fchmod(descriptor, mode)
    new.replace(path)


def _key_name(name: str) -> str:
    plain = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in name.lower())
    return f"keys/{plain}.asc"
