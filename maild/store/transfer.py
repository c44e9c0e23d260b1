"""The rows of a desk's database written into another one, in batches, and compared: each table by a digest.

What the lease and the hosts say of themselves is of one database, and is neither copied nor compared.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    RowMapping,
    Select,
    Table,
    and_,
    func,
    insert,
    literal,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.exc import IntegrityError

from maild.store import lease
from maild.store.clean import clean
from maild.store.database import Database, spent
from maild.store.schema import feature, metadata, setting

Row = Mapping[str, Any]
FULL = 500
HEAVY = 4_000_000
"""A batch has so many rows at the most, or so many bytes of messages; what is longer goes alone."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What a table holds: how many rows, and a digest of all that stands in them."""

    table: str
    rows: int
    digest: str


def tables() -> list[Table]:
    """Every table of a desk, each after those that its rows name."""
    return list(metadata.sorted_tables)


def copy_all(source: Connection, target: Database) -> bool:
    """Write every row that *target* does not have yet; ``False`` when what it has does not fit."""
    try:
        for table in tables():
            copy(source, target, table)
    except IntegrityError:
        return False
    return True


def copy(source: Connection, target: Database, table: Table) -> int:
    """Write the rows of *table* that *target* does not have yet, each batch in a transaction; how many.

    What it has is the beginning: rows go in the order in which they are read.
    """
    there = target.call(count, table)
    written = 0
    for batch in batches(source, table, after=there):
        target.call(_write, table, batch)
        written += len(batch)
    return written


def _write(connection: Connection, table: Table, batch: list[Row]) -> None:
    connection.execute(insert(table), batch)
    sent = (value for row in batch for value in row.values() if isinstance(value, bytes | bytearray))
    spent(connection, max(sent, key=len, default=b""))


def batches(connection: Connection, table: Table, after: int = 0) -> Iterator[list[Row]]:
    """The rows of *table* without the first so many, as many at a time as go well together."""
    if messages := [column for column in table.c if isinstance(column.type, LargeBinary)]:
        yield from _by_weight(connection, table, messages, after)
        return
    query = _own(select(table), table).order_by(*_order(table))
    yield from _read(connection, query.offset(after))


def _read(connection: Connection, query: Select[Any]) -> Iterator[list[Row]]:
    """What *query* finds, some rows at a time."""
    with connection.execute(query.execution_options(yield_per=FULL)) as found:
        for many in found.mappings().partitions(FULL):
            yield [_clean(row) for row in many]


def _by_weight(
    connection: Connection, table: Table, messages: Sequence[Column[Any]], after: int
) -> Iterator[list[Row]]:
    """The same where rows hold whole mails: how long each is was looked up before any is read."""
    key, last = tuple_(*table.primary_key), tuple[Any, ...]()
    if after:
        place = select(*table.primary_key).order_by(*table.primary_key).offset(after - 1).limit(1)
        last = tuple(connection.execute(place).one())
    for many, size in _weights(connection, table, messages, after):
        in_pieces = size > HEAVY and connection.dialect.name == "postgresql"
        columns = _without(table, messages) if in_pieces else list(table.c)
        query = select(*columns).order_by(*table.primary_key).limit(many)
        query = query.where(key > tuple_(*map(literal, last))) if last else query
        batch = [_clean(row) for row in connection.execute(query).mappings()]
        if in_pieces:
            batch = [{**batch[0], **_in_pieces(connection, table, messages, batch[0])}]
        last = tuple(batch[-1][column.name] for column in table.primary_key)
        yield batch


def _weights(
    connection: Connection, table: Table, messages: Sequence[Column[Any]], after: int
) -> list[tuple[int, int]]:
    """How many rows each batch has, and how many bytes of messages."""
    length = sum((func.coalesce(func.length(column), 0) for column in messages), literal(0))
    query = select(length).select_from(table).order_by(*table.primary_key).offset(after)
    weights, number, size = [], 0, 0
    with connection.execute(query.execution_options(yield_per=FULL)) as found:
        for one in found.scalars():
            if number and (number == FULL or size + one > HEAVY):
                weights.append((number, size))
                number = size = 0
            number, size = number + 1, size + one
    return [*weights, (number, size)] if number else weights


def _without(table: Table, messages: Sequence[Column[Any]]) -> list[Column[Any]]:
    names = {column.name for column in messages}
    return [column for column in table.c if column.name not in names]


def _in_pieces(connection: Connection, table: Table, messages: Sequence[Column[Any]], row: Row) -> Row:
    """The long mail of one *row*, in pieces: its driver has several times what it fetches at once."""
    here = and_(*(column == row[column.name] for column in table.primary_key))
    return {column.name: _in_one(connection, column, here) for column in messages}


def _in_one(connection: Connection, column: Column[Any], here: ColumnElement[bool]) -> bytearray | None:
    if (length := connection.execute(select(func.length(column)).where(here)).scalar()) is None:
        return None
    whole = bytearray()
    for start in range(1, length + 1, HEAVY):
        place: list[ColumnElement[int]] = [literal_column(str(one)) for one in (start, HEAVY)]
        whole += connection.execute(select(func.substr(column, *place)).where(here)).scalar_one()
    return whole


def _clean(row: RowMapping) -> Row:
    return {name: clean(value) for name, value in row.items()}


def _own(query: Select[Any], table: Table) -> Select[Any]:
    if table is not setting:
        return query
    return query.where(setting.c.name != lease.ROW, ~setting.c.name.startswith(lease.HOST))


def _order(table: Table) -> Sequence[ColumnElement[Any]]:
    """By the key; features in the order in which they came, which their looks-up go by."""
    return [literal_column("rowid")] if table is feature else list(table.primary_key)


def count(connection: Connection, table: Table) -> int:
    """How many rows *table* has."""
    return int(connection.execute(_own(select(func.count()).select_from(table), table)).scalar_one())


def sums(connection: Connection) -> Iterator[Sum]:
    """What each table holds, the same in every engine."""
    for table in tables():
        yield _sum(connection, table)


def _sum(connection: Connection, table: Table) -> Sum:
    hashed, number = sha256(), 0
    for batch in _to_compare(connection, table):
        for row in batch:
            hashed.update(json.dumps(row, sort_keys=True, default=_plain).encode() + b"\n")
        number += len(batch)
    return Sum(table.name, number, hashed.hexdigest())


def _to_compare(connection: Connection, table: Table) -> Iterator[list[Row]]:
    """The rows of *table*; PostgreSQL makes the digests of messages itself, so that none comes over."""
    if connection.dialect.name != "postgresql":
        return batches(connection, table)
    query = _own(select(*map(_as_digest, table.c)), table).order_by(*_order(table))
    return _read(connection, query)


def _as_digest(column: Column[Any]) -> ColumnElement[Any]:
    if not isinstance(column.type, LargeBinary):
        return column
    return func.encode(func.sha256(column), "hex").label(column.name)


def _plain(value: Any) -> str:
    """What JSON has no word for: bytes by their digest, instants as ISO 8601 has them."""
    return sha256(value).hexdigest() if isinstance(value, bytes | bytearray) else str(value.isoformat())
