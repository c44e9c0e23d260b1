"""The rows of a desk's database written into another one, in batches, and compared: each table by a digest.

What the lease and the hosts say of themselves is of one database, and is neither copied nor compared.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    Select,
    Table,
    func,
    insert,
    literal_column,
    select,
)
from sqlalchemy.exc import IntegrityError

from maild.store import lease
from maild.store.clean import clean
from maild.store.database import Database
from maild.store.schema import feature, metadata, setting

Row = Mapping[str, Any]
MANY, FEW = 500, 8
"""Rows read at once; few where each may be a whole mail."""
FULL = 1000
HEAVY = 16_000_000
"""A batch is written when it has so many rows, or so many bytes of messages."""


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
    for batch in _batches(rows(source, table, after=there)):
        target.call(_write, table, batch)
        written += len(batch)
    return written


def _write(connection: Connection, table: Table, batch: list[Row]) -> None:
    connection.execute(insert(table), batch)


def _batches(found: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row in found:
        batch.append(row)
        size += sum(len(value) for value in row.values() if isinstance(value, bytes))
        if len(batch) == FULL or size >= HEAVY:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def rows(connection: Connection, table: Table, after: int = 0) -> Iterator[Row]:
    """The rows of *table* without the first so many, always in one order, in memory a few at a time."""
    at_once = FEW if any(isinstance(column.type, LargeBinary) for column in table.c) else MANY
    query = _own(select(table), table).order_by(*_order(table))
    query = query.offset(after).execution_options(yield_per=at_once)
    with connection.execute(query) as found:
        for row in found.mappings():
            yield {name: clean(value) for name, value in row.items()}


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
    for row in rows(connection, table):
        hashed.update(json.dumps(row, sort_keys=True, default=_plain).encode() + b"\n")
        number += 1
    return Sum(table.name, number, hashed.hexdigest())


def _plain(value: Any) -> str:
    """What JSON has no word for: bytes by their digest, instants as ISO 8601 has them."""
    return sha256(value).hexdigest() if isinstance(value, bytes) else str(value.isoformat())
