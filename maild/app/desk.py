"""One desk opened: configuration, database, policy, accounts; and the only place that reads the clock."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from maild.app import owner
from maild.config import Config
from maild.config.database import DatabaseSection
from maild.config.servers import ServerSection
from maild.config.share import shipped
from maild.core.policy import Policy
from maild.engine.parts import Parts
from maild.gateways.imap import ImapAccount
from maild.gateways.oauth import tokenfile
from maild.gateways.openpgp import OpenPGP, prepare_home
from maild.gateways.smtp import SmtpAccount
from maild.store.database import Database, secret
from maild.store.place import Place, Server

P = ParamSpec("P")
T = TypeVar("T")

PORTS = {
    "imap": {"implicit": 993, "starttls": 143, "none": 143},
    "smtp": {"implicit": 465, "starttls": 587, "none": 25},
}


def now() -> datetime:
    """The wall clock, aware UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place


def uptime() -> float:
    """Seconds since boot, suspend included (CLOCK_BOOTTIME); nobody can set it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(frozen=True, slots=True)
class Desk:
    """An open desk: its configuration, database and policy; ``clock`` reads the time (aware UTC).

    ``guarded``: the clock is held against others; the machine's own always is, one that was made up need not.
    """

    config: Config
    database: Database
    policy: Policy
    clock: Callable[[], datetime]
    guarded: bool = False

    @property
    def parts(self) -> Parts:
        """What the engine's rooms share."""
        since_boot = uptime if self.guarded or self.clock is now else None
        return Parts(self.config, self.policy, self.database, self.clock, uptime=since_boot)

    def ask(self, view: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """*view* in one transaction: how the command line reads and writes."""
        return self.database.call(view, *args, **kwargs)


@contextmanager
def open_desk(config: Config, clock: Callable[[], datetime] = now) -> Iterator[Desk]:
    """The desk of *config*, its database made or migrated when needed."""
    become_owner(config)
    before = os.umask(0o077)
    try:
        database = place_of(config).open(shipped("migrations"))
        try:
            yield Desk(config, database, config.policy(database.call(secret)), clock)
        finally:
            database.close()
    finally:
        os.umask(before)


def place_of(config: Config) -> Place:
    """Where the desk's database is."""
    section = config.file.database
    return Place(config.state, server_of(config, section) if section.url else None)


def server_of(config: Config, section: DatabaseSection) -> Server:
    """The server of PostgreSQL that *section* names."""
    ca_file = str(config.beside(section.ca_file)) if section.ca_file else ""
    return Server(section.url, lambda: config.secret(section.password_file), ca_file, section.remote)


def become_owner(config: Config) -> None:
    """As root, act as the owner of the state folder: root's files would lock the daemon out (ruling 31)."""
    owner.become_owner(config.state)


def imap_account(config: Config) -> ImapAccount:
    """How to reach the inbox; secrets are read anew at every login."""
    section = config.file.inbox
    port, ca_file, password, token = _login(config, section, "imap")
    user = section.username or config.file.desk.address
    timeout = section.timeout.total_seconds()
    return ImapAccount(section.host, port, section.tls, ca_file, user, password, token, timeout)


def smtp_account(config: Config) -> SmtpAccount:
    """How letters are handed in."""
    section = config.file.smtp
    port, ca_file, password, token = _login(config, section, "smtp")
    timeout = section.timeout.total_seconds()
    return SmtpAccount(section.host, port, section.tls, ca_file, section.username, password, token, timeout)


def canary_account(config: Config) -> SmtpAccount | None:
    """The outside account that canaries come from; ``None``: they leave as every letter does."""
    section = config.file.canary
    if not section.host:
        return None
    port, ca_file, password, token = _login(config, section, "smtp")
    timeout = section.timeout.total_seconds()
    return SmtpAccount(section.host, port, section.tls, ca_file, section.username, password, token, timeout)


def _login(
    config: Config, section: ServerSection, protocol: str
) -> tuple[int, str, Callable[[], str], Callable[[], str] | None]:
    """Port, authorities, and the secrets as functions: they are read anew at every login."""
    ca_file = str(config.beside(section.ca_file)) if section.ca_file else ""
    return (
        section.port or PORTS[protocol][section.tls],
        ca_file,
        lambda: config.secret(section.password_file),
        _token(config, section),
    )


def _token(config: Config, section: ServerSection) -> Callable[[], str] | None:
    """What reads the OAuth token, where the login takes one."""
    if section.token_file:
        return lambda: config.secret(section.token_file)
    if config.by_oauth(section):
        return lambda: tokenfile.access(config.token_path, now())
    return None


def open_pgp(config: Config, team_home: Path | None = None) -> OpenPGP | None:
    """The desk's keys, or ``None`` when no key is configured; the team's keys live in a home of their own."""
    section = config.file.openpgp
    if not section.key:
        return None
    passphrase = config.secret(section.passphrase_file) if section.passphrase_file else None
    return OpenPGP(
        config.pgp_home, section.key, passphrase, team_home=team_home or config.state / "team", clock=now
    )


async def import_team(config: Config, pgp: OpenPGP) -> tuple[str, ...]:
    """Take the members' key files into the team's home; what was refused, as sentences."""
    assert pgp.team_home is not None
    prepare_home(pgp.team_home)
    faults = []
    for member in config.file.team:
        if not member.key_file:
            continue
        key = await pgp.import_team_key(config.beside(member.key_file))
        if key.refused:
            faults.append(f"{member.key_file}: {key.refused}")
        elif key.fingerprint != member.fingerprint:
            faults.append(
                f"{member.key_file}: holds {key.fingerprint}, configured is {member.fingerprint or 'none'}"
            )
    return tuple(faults)
