"""Rows that hold a whole message: written without further copies of it in memory."""

from functools import cache
from sqlite3 import Connection as Sqlite
from typing import Any, cast

from sqlalchemy import Connection, Insert, Table, bindparam, func

from maild.store.dialect import insert_new

LONG = 1_000_000
"""Bytes from which on a message is written in pieces; copies of a shorter one cost little."""
PIECE = 1 << 18


def put(connection: Connection, table: Table, row: dict[str, Any], content: bytes) -> None:
    """Write *row*, with *content* in the last column, ``content``, in the place of one with the same key.

    SQLite copies each value that it is given, and each row once more; but what is written into room that was
    made in the last column goes to the pages at once. PostgreSQL's driver has no such way.
    """
    if len(content) < LONG or connection.dialect.name != "sqlite":
        connection.execute(_whole(table), {**row, "content": content})
        return
    connection.execute(_with_room(table), {**row, "room": len(content)})
    with _driver(connection).blobopen(table.name, "content", row[_key(table)]) as blob:
        for at in range(0, len(content), PIECE):
            blob.write(content[at : at + PIECE])


@cache
def _whole(table: Table) -> Insert:
    new = insert_new(table)
    others = {name: new.excluded[name] for name in table.c.keys() if name != _key(table)}  # noqa: SIM118 - names
    return new.on_conflict_do_update(index_elements=[_key(table)], set_=others)


@cache
def _with_room(table: Table) -> Insert:
    return _whole(table).values(content=func.zeroblob(bindparam("room")))


def _key(table: Table) -> str:
    (key,) = table.primary_key
    return key.name


def _driver(connection: Connection) -> Sqlite:
    return cast(Sqlite, connection.connection.dbapi_connection)  # the other name is gone once it is detached
