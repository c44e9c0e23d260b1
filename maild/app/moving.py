"""``maild migrate-database``: a desk's database copied from the file into PostgreSQL, or back."""

import os
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection

from maild.app.desk import Desk, become_owner, now, open_desk, place_of, server_of
from maild.app.run import only_one
from maild.config import Config
from maild.config.database import WANTED, checked
from maild.config.share import shipped
from maild.errors import PermanentError, Refused
from maild.store import backup, filling, journal, lease, leftovers, migrate, transfer
from maild.store.database import FILE, Database, get_setting, open_read_only
from maild.store.place import Place
from maild.store.transfer import Sum

FILES = ("sqlite", "sqlite:", "sqlite://")
"""What stands for the file in the state folder."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was copied, from and to where (*url*: as maild.toml has it), and where an older file is kept."""

    sums: tuple[Sum, ...]
    source: str
    target: str
    url: str
    kept: Path | None = None


class _Opens(Protocol):
    """Opens what is copied into."""

    def __call__(self, mark: str, anew: bool) -> Database: ...


def move(config: Config, url: str) -> Moved:
    """Copy the desk's database to *url*, and compare every row; the old one stays as it is.

    Killed in between, the same command goes on. ``Refused`` while a maild runs for the desk on any host, and
    where there is a desk already.
    """
    target = _target(config, url)
    become_owner(config)
    if not place_of(config).exists():
        raise Refused(f"{place_of(config)}: no such database")
    before = os.umask(0o077)
    try:
        with open_desk(config) as desk, only_one(config):
            return _moved(desk, target)
    finally:
        os.umask(before)


def _target(config: Config, url: str) -> Place:
    """Where *url* is, by this configuration's password and authorities."""
    if url in FILES:
        place = Place(config.state)
    else:
        section = config.file.database.model_copy(update={"url": _checked(url)})
        place = Place(config.state, server_of(config, section))
    if str(place) == str(place_of(config)):
        raise Refused(f"the database is already there: {place}")
    return place


def _checked(url: str) -> str:
    """*url*, if it may stand in ``[database]``; ``Refused`` for any other."""
    try:
        found = checked(url)
    except ValueError:
        found = ""
    if not found:
        raise Refused(f'write "sqlite:", or {WANTED}')
    return found


def _moved(desk: Desk, target: Place) -> Moved:
    """The copy, while nobody else can change what is copied."""
    source, migrations = desk.database, shipped("migrations")
    source.be_patient()
    with source.transaction() as connection:
        source.unhurried(connection)
        _refuse_running(connection)
        if target.server:
            into_server = partial(filling.into_server, target.server)
            sums = _filled(connection, partial(into_server, target.state, migrations))
            return Moved(sums, source.place, str(target), target.server.url)
        _refuse_other(target.state / FILE, get_setting(connection, "secret"))
        sums = _filled(connection, partial(filling.into_file, target.state, migrations))
        kept = backup.put_in_place(target.state / leftovers.MOVING, now(), "move")
        return Moved(sums, source.place, str(target), "", kept)


def _refuse_running(connection: Connection) -> None:
    here = [one.name for one in lease.hosts(connection) if one.there]
    if here:
        names = ", ".join(here)
        raise Refused(f"maild was running on {names} a moment ago: stop it on every host, and try again")


def _refuse_other(path: Path, secret: str) -> None:
    """``Refused`` for a file of another desk; an older one of this desk is kept under another name."""
    if not path.exists():
        return
    with closing(open_read_only(path)) as there:
        if there.call(migrate.version_in) and there.call(get_setting, "secret") != secret:
            raise Refused(f"{path} contains another desk; move it away first")


def _filled(source: Connection, opens: _Opens) -> tuple[Sum, ...]:
    """Every row copied and compared; what an earlier copy left that does not fit is written anew."""
    mark, wanted = filling.mark_of(source), tuple(transfer.sums(source))
    for anew in (False, True):
        with closing(opens(mark, anew)) as target:
            whole = transfer.copy_all(source, target)
            differing = [one.table for one in set(wanted) - set(target.call(_sums))]
            if whole and not differing:
                _chained(target)
                target.call(filling.complete, lease.terms(source))
                return wanted
    tables = ", ".join(differing)
    raise PermanentError(f"the copy differs from the database in {tables}: report this as a bug of maild")


def _sums(connection: Connection) -> tuple[Sum, ...]:
    return tuple(transfer.sums(connection))


def _chained(target: Database) -> None:
    broken = target.call(journal.broken_at)
    if broken is not None:
        raise Refused(f"the journal's chain is broken at row {broken}: see `maild verify`; nothing was moved")
