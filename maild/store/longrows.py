"""Rows that hold a whole message, which may be long: written and read without further copies in memory."""

from functools import cache
from sqlite3 import Connection as Sqlite
from typing import Any, cast

from sqlalchemy import Connection, Insert, Select, Table, bindparam, func, select

from maild.store import dialect
from maild.store.database import LONG, spent
from maild.store.dialect import insert_new

PIECE = 1 << 18
"""Bytes that are written at a time."""


def put(connection: Connection, table: Table, row: dict[str, Any], content: bytes) -> None:
    """Write *row*, with *content* in the last column, ``content``, in the place of one with the same key.

    SQLite copies each value that it is given, and each row once more; but what is written into room that was
    made in the last column goes to the pages at once. PostgreSQL's driver has no such way.
    """
    if len(content) > LONG and connection.dialect.name == "sqlite":
        _in_place(connection, table, row, content)
    else:
        connection.execute(_whole(table), {**row, "content": content})
    spent(connection, content)


def beginning(connection: Connection, table: Table, key: int, most: int) -> bytes:
    """The first *most* bytes of the ``content`` in the row *key*; nothing where there is no such row.

    SQLite reads a value to its end before it cuts it; from a value that is opened as a file it reads no more
    than it is asked for.
    """
    if connection.dialect.name != "sqlite":
        found: bytes | None = connection.execute(_cut(table, most), {"this": key}).scalar()
        return found or b""
    if not connection.execute(_size(table), {"this": key}).scalar():
        return b""
    with _driver(connection).blobopen(table.name, "content", key, readonly=True) as blob:
        return blob.read(most)


def _in_place(connection: Connection, table: Table, row: dict[str, Any], content: bytes) -> None:
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
def _cut(table: Table, most: int) -> Select[Any]:
    return select(dialect.beginning(table.c.content, most)).where(table.c[_key(table)] == bindparam("this"))


@cache
def _size(table: Table) -> Select[Any]:
    return select(func.length(table.c.content)).where(table.c[_key(table)] == bindparam("this"))


@cache
def _with_room(table: Table) -> Insert:
    return _whole(table).values(content=func.zeroblob(bindparam("room")))


def _key(table: Table) -> str:
    (key,) = table.primary_key
    return key.name


def _driver(connection: Connection) -> Sqlite:
    return cast(Sqlite, connection.connection.dbapi_connection)  # the other name is gone once it is detached
