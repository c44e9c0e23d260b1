"""The append-only record of what happened to a case, each row chained to the one before by its hash."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, bindparam, insert, select

from maild.core.journal import Detail, What
from maild.store import lease
from maild.store.headfile import Head
from maild.store.schema import journal

# Statements that run for every mail are made once: building one takes as long as running it.
_LAST = select(journal.c.chain).order_by(journal.c.id.desc()).limit(1)
_NEW = insert(journal)
_CHAIN = (
    select(journal.c.id, journal.c.at, journal.c.case_id, journal.c.what, journal.c.detail, journal.c.chain)
    .order_by(journal.c.id)
    .execution_options(yield_per=500)
)
_AS_TEXT = json.JSONEncoder(sort_keys=True).encode
_DETAILS = (
    select(journal.c.detail)
    .where(journal.c.case_id == bindparam("this"), journal.c.what == bindparam("kind"))
    .order_by(journal.c.id)
)
_WRITTEN = "journal"


def write(connection: Connection, at: datetime, case_id: str, what: What, detail: Detail) -> None:
    """Add a row. *detail* holds ids, instants and names of promises: never an address or a word of a mail."""
    row = {"at": at, "case_id": case_id or None, "what": what, "detail": dict(detail)}
    chain = link(_last(connection), row)
    written = connection.execute(_NEW, {**row, "chain": chain, "term": lease.term_of(connection)})
    (number,) = written.inserted_primary_key or (0,)
    head = Head(number, chain, at)
    connection.info[_WRITTEN] = (connection.get_transaction(), head)


def written(connection: Connection) -> Head | None:
    """The last row that the transaction under way has written, if it has written any."""
    under_way, head = connection.info.get(_WRITTEN, (None, None))
    return head if under_way is not None and under_way is connection.get_transaction() else None


def head(connection: Connection) -> str:
    """The hash of the last row, which stands for all of them; empty while there is none."""
    return connection.execute(_LAST).scalar() or ""


def _last(connection: Connection) -> str:
    """The same. Asked once a transaction: while it is open nobody else can write."""
    mine = written(connection)
    return mine.chain if mine else head(connection)


def link(before: str, row: Mapping[str, object]) -> str:
    """The hash that chains *row* to the hash *before* it."""
    at = row["at"]
    assert isinstance(at, datetime)
    return _chained(before, at, row["case_id"], row["what"], row["detail"])


def _chained(before: str, at: datetime, case_id: object, what: object, detail: object) -> str:
    text = _AS_TEXT([before, at.isoformat(), case_id or "", what, detail])
    return sha256(text.encode()).hexdigest()


def broken_at(connection: Connection) -> int | None:
    """The id of the first row whose hash does not follow from the rows before, or ``None``."""
    before = ""
    with connection.execute(_CHAIN) as found:
        for number, at, case_id, what, detail, chain in found:
            before = _chained(before, at, case_id, what, detail)
            if chain != before:
                return int(number)
    return None


def of_case(connection: Connection, case_id: str) -> list[Detail]:
    """The rows of one case, oldest first."""
    rows = connection.execute(select(journal).where(journal.c.case_id == case_id).order_by(journal.c.id))
    return [{**r.detail, "at": r.at.isoformat(), "what": r.what} for r in rows]


def details(connection: Connection, case_id: str, what: What) -> list[Detail]:
    """What the rows of one kind of one case say, oldest first."""
    return list(connection.execute(_DETAILS, {"this": case_id, "kind": what}).scalars())


def ever_paused(connection: Connection) -> set[int]:
    """The clocks that were paused at some time, by number."""
    rows = connection.execute(select(journal.c.detail).where(journal.c.what == What.PROMISE_PAUSED)).scalars()
    return {int(detail["clock"]) for detail in rows}
