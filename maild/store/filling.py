"""The database that a desk is copied into: until it is whole, no maild opens it.

Its version says so meanwhile, and which desk it is for, as its journal stood then: the same copy goes on
where it was, and one of an earlier moment begins anew.
"""

from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, Engine, Integer, Table, event, func, select, text

from maild.errors import Refused
from maild.store import journal, lease, leftovers, migrate, postgres, transfer
from maild.store.database import Database, as_found, get_setting, open_file, put_setting
from maild.store.place import Server
from maild.store.schema import metadata, setting

_LENGTH = 12
"""Hexadecimal digits for the desk, and as many for the moment: Alembic keeps 32 characters."""


def mark_of(source: Connection) -> str:
    """The version of what the desk of *source* is copied into."""
    desk, moment = (_short(one) for one in (get_setting(source, "secret"), journal.head(source)))
    return f"{migrate.MOVING} {desk} {moment}"


def _short(value: str) -> str:
    return sha256(value.encode()).hexdigest()[:_LENGTH]


def into_server(server: Server, state: Path, migrations: Path, mark: str, anew: bool = False) -> Database:
    """The database of *server* to copy into; what an earlier copy wrote is in it, but for *anew*.

    ``Refused`` when it holds a desk, is in use or is being filled with another desk.
    """

    def prepare(engine: Engine) -> None:
        with postgres.upgrading(engine) as connection:
            _prepared(connection, server.name, migrations, "" if anew else mark)
            migrate.set_version(connection, mark)

    database = postgres.opened(server, state, prepare)
    event.listen(database.engine, "begin", database.unhurried)
    return database


def _prepared(connection: Connection, place: str, migrations: Path, mark: str) -> None:
    found = migrate.version_in(connection)
    if found == mark:
        return
    if found:
        _refuse_used(connection, found, place, mark)
        _emptied(connection)
    else:
        postgres.right_order(connection, place)
    migrate.to(connection, migrations, migrate.HEAD)


def _refuse_used(connection: Connection, found: str, place: str, mark: str) -> None:
    """``Refused`` for anything but tables without a desk, or an earlier copy of this one."""
    if found.startswith(migrate.MOVING):
        if mark and found[:-_LENGTH] != mark[:-_LENGTH]:
            raise Refused(f"{place} is being filled with another desk; name an empty database")
        return
    if who := lease.holder(connection).partition(" ")[0]:
        raise Refused(f"{place} is in use by {who}; name an empty database")
    if found != migrate.HEAD or any(transfer.count(connection, table) for table in _of_a_desk()):
        raise Refused(f"{place} already contains a desk; name an empty database")


def _of_a_desk() -> list[Table]:
    """The tables that have rows as soon as a desk has run; settings are made by a mere look."""
    return [table for table in transfer.tables() if table is not setting]


def _emptied(connection: Connection) -> None:
    metadata.drop_all(connection)
    connection.execute(text("DROP TABLE alembic_version"))
    connection.execute(text("DROP FUNCTION journal_is_append_only"))


def into_file(state: Path, migrations: Path, mark: str, anew: bool = False) -> Database:
    """The file in *state* to copy into; what an earlier copy wrote is in it, but for *anew*."""
    part = state / leftovers.MOVING
    if part.exists():
        database = as_found(part)
        if not anew and migrate.version(database.engine) == mark:
            return database
        database.close()
        leftovers.remove(part)
    database = open_file(part, migrations)
    database.call(migrate.set_version, mark)
    return database


def complete(connection: Connection, term: int) -> None:
    """The copy is whole: from now on it is a desk's database, whose next lease is the one after *term*."""
    if connection.dialect.name == "postgresql":
        for table in transfer.tables():
            _count_on(connection, table)
    if term:
        put_setting(connection, lease.ROW, lease.free_after(term))
    migrate.set_version(connection, migrate.HEAD)


def _count_on(connection: Connection, table: Table) -> None:
    """The next row of *table* gets the number after its last, where the server counts."""
    if "id" not in table.c or not isinstance(table.c.id.type, Integer):
        return
    if last := connection.execute(select(func.max(table.c.id))).scalar():
        sequence = func.pg_get_serial_sequence(f'"{table.name}"', "id")
        connection.execute(select(func.setval(sequence, last)))
