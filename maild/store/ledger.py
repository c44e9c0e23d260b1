"""The ledger: what was promised to reporters and what became of it, rebuilt from the journal alone.

The journal's rows are chained by hash and never change, the rows of the clocks do; so the ledger believes the
journal, and ``verify`` holds the clocks against it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, func, select

from maild.core.journal import What
from maild.store import journal
from maild.store.schema import clock
from maild.store.schema import journal as rows

KEPT = "kept"
MISSED = "missed"
RUNNING = "running"
STOPPED = "stopped"
COLUMNS = ("clock", "case", "mail", "promise", "started", "due", "met", "met_by", "late_seconds", "state")


@dataclass(frozen=True, slots=True)
class Entry:
    """One promise as the journal tells it: of a case, or of a held mail.

    ``lapsed``: seconds it was late already when it was paused.
    """

    clock: int
    case: str
    promise: str
    started: datetime
    due: datetime
    met: datetime | None = None
    by: str = ""
    what: str = ""
    stopped: datetime | None = None
    lapsed: int = 0
    mail: int | None = None

    def late(self, now: datetime) -> int:
        """By how many seconds it was, or at *now* is, missed; 0 for one that was kept or has time left."""
        end = self.met or self.stopped or now
        return max(self.lapsed, int((end - self.due).total_seconds()), 0)

    def state(self, now: datetime) -> str:
        """One of ``KEPT``, ``MISSED``, ``RUNNING``, ``STOPPED``; late is missed, however it ended."""
        if self.late(now) or (self.open and self.due <= now):
            return MISSED
        if self.met:
            return KEPT
        return STOPPED if self.stopped else RUNNING

    @property
    def open(self) -> bool:
        """Whether it still runs."""
        return self.met is None and self.stopped is None


def told(connection: Connection) -> Iterator[Entry]:
    """Every promise as the journal tells it, in the order of their clocks' numbers, one in memory at a time.

    The rows of the journal are put together by SQLite, which does it on disk where they are many.
    """
    joins = _joins(connection)
    for _, rows_of_one in groupby(connection.execute(_TOLD), key=lambda row: row.clock):
        if (one := _replayed(rows_of_one, joins)) is not None:
            yield one


Joins = dict[str, list[tuple[int, str]]]
"""Of each case that was joined to another: the journal's rows that say so, and into which."""


def _joins(connection: Connection) -> Joins:
    found: Joins = {}
    for row in connection.execute(_JOINED):
        found.setdefault(row.case_id or "", []).append((row.id, row.detail["into"]))
    return found


def _replayed(rows_of_one: Iterable[Any], joins: Joins) -> Entry | None:
    """One promise after the rows of the journal about it, and the joins of its case in between."""
    one, last = None, 0
    for row in rows_of_one:
        one = _moved(one, joins, last, row.id) if one else None
        last = row.id
        if row.what == What.PROMISE:
            one = _begun(row)
        elif one:
            one = _STEPS[row.what](one, row)
    return _moved(one, joins, last, None) if one else None


def _moved(one: Entry, joins: Joins, after: int, before: int | None) -> Entry:
    """A promise after what was joined between two rows of the journal: one that runs goes with its case."""
    while one.open:
        into = ((row, case) for row, case in joins.get(one.case, ()) if row > after)
        row, case = next(into, (None, ""))
        if row is None or (before is not None and row >= before):
            break
        one, after = replace(one, case=case), row
    return one


def _begun(row: Any) -> Entry:
    told = row.detail
    return Entry(
        clock=told["clock"],
        case=row.case_id or "",
        promise=told["promise"],
        started=_at(told["started"]),
        due=_at(told["due"]),
        mail=told.get("mail"),
    )


def _met(one: Entry, row: Any) -> Entry:
    return replace(one, met=_at(row.detail["met"]), by=row.detail["by"], what=row.detail["what"])


def _stopped(one: Entry, row: Any) -> Entry:
    return replace(one, stopped=_at(row.detail["stopped"]))


def _paused(one: Entry, row: Any) -> Entry:
    """Moving the due instant of what has lapsed already does not undo that it was missed."""
    late = max(one.lapsed, int((row.at - one.due).total_seconds()))
    return replace(one, due=_at(row.detail["due"]), lapsed=late)


def _again(one: Entry, row: Any) -> Entry:
    """After a pause, or because what had met it came back."""
    if "due" in row.detail:
        return replace(one, due=_at(row.detail["due"]))
    return replace(one, met=None, by="", what="")


_STEPS: dict[str, Callable[[Entry, Any], Entry]] = {
    What.KEPT: _met,
    What.KEPT_LATE: _met,
    What.PROMISE_STOPPED: _stopped,
    What.PROMISE_PAUSED: _paused,
    What.PROMISE_RUNS_AGAIN: _again,
}


_CLOCK = rows.c.detail["clock"].as_integer()
_TOLD = (
    select(rows.c.id, rows.c.at, rows.c.case_id, rows.c.what, rows.c.detail, _CLOCK.label("clock"))
    .where(rows.c.what.in_((*_STEPS, What.PROMISE)), _CLOCK.is_not(None))
    .order_by(_CLOCK, rows.c.id)
    .execution_options(yield_per=500)
)
_CLOCKS = select(clock).order_by(clock.c.id).execution_options(yield_per=500)
_JOINED = (
    select(rows.c.id, rows.c.case_id, rows.c.detail).where(rows.c.what == What.JOINED).order_by(rows.c.id)
)


def ledger(connection: Connection, now: datetime, since: datetime | None = None) -> list[dict[str, Any]]:
    """The promises begun at *since* or later (none: all), as plain values; no address, no subject."""
    wanted = (one for one in told(connection) if since is None or one.started >= since)
    return [_row(one, now) for one in sorted(wanted, key=lambda one: (one.started, one.clock))]


def _row(one: Entry, now: datetime) -> dict[str, Any]:
    return {
        "clock": one.clock,
        "case": one.case or None,
        "mail": one.mail,
        "promise": one.promise,
        "started": one.started.isoformat(),
        "due": one.due.isoformat(),
        "met": one.met.isoformat() if one.met else None,
        "met_by": one.what or None,
        "late_seconds": one.late(now),
        "state": one.state(now),
    }


@dataclass(frozen=True, slots=True)
class Proof:
    """What ``verify`` found: how far the chain goes, its last hash, and the first fault (empty: none).

    Whoever keeps ``head`` elsewhere can prove later that no row was cut off at the end.
    """

    rows: int
    promises: int
    head: str
    fault: str = ""


def verify(connection: Connection) -> Proof:
    """Whether the journal's chain is whole and every clock is as the journal tells it."""
    count = connection.execute(select(func.count()).select_from(rows)).scalar_one()
    head = connection.execute(select(rows.c.chain).order_by(rows.c.id.desc()).limit(1)).scalar() or ""
    broken = journal.broken_at(connection)
    if broken is not None:
        return Proof(count, 0, head, f"journal row {broken}: its hash does not follow from the rows before")
    promises, wrong, gone = 0, "", ""
    for one, row in _pairs(told(connection), connection.execute(_CLOCKS)):
        promises += one is not None
        if row is not None:
            wrong = wrong or _disagreement(one, row)
        elif one is not None:
            gone = gone or _gone(one)
    return Proof(count, promises, head, wrong or gone)


def _pairs(promises: Iterator[Entry], clocks: Iterator[Any]) -> Iterator[tuple[Entry | None, Any]]:
    """Each promise of the journal with its clock, and what has no other half; both come by number."""
    one, row = next(promises, None), next(clocks, None)
    while one or row:
        mine = one is not None and (row is None or one.clock <= row.id)
        its = row is not None and (one is None or row.id <= one.clock)
        yield one if mine else None, row if its else None
        one = next(promises, None) if mine else one
        row = next(clocks, None) if its else row


def _disagreement(one: Entry | None, row: Any) -> str:
    """What a clock says otherwise than the journal; empty when they agree."""
    about = f"clock {row.id} ({_about(row.case_id, row.mail)}, {row.promise})"
    if one is None:
        return f"{about}: the journal does not tell of it"
    wrong = _differing(one, row)
    return f"{about}: {wrong} is not as the journal tells it" if wrong else ""


def _gone(one: Entry) -> str:
    about = f"clock {one.clock} ({_about(one.case, one.mail)}, {one.promise})"
    return f"{about}: in the journal, but the clock is gone"


def _about(case_id: str | None, mail: int | None) -> str:
    return case_id or f"mail {mail}"


def _differing(one: Entry, row: Any) -> str:
    """The first column in which the clock and the journal disagree, or nothing."""
    held = {
        "case": row.case_id or "",
        "mail": row.mail,
        "promise": row.promise,
        "started": row.started,
        "due": row.due,
        "met": row.met,
        "by": row.met_by or "",
        "stopped": row.stopped,
    }
    return next((name for name, value in held.items() if getattr(one, name) != value), "")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
