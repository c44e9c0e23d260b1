"""The ledger: what was promised to reporters and what became of it, rebuilt from the journal alone.

The journal's rows are chained by hash and never change, the rows of the clocks do; so the ledger believes the
journal, and ``verify`` holds the clocks against it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
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


def entries(connection: Connection) -> dict[int, Entry]:
    """Every promise by the number of its clock, in the order they began."""
    found: dict[int, Entry] = {}
    query = select(rows).where(rows.c.what.in_((*_STEPS, What.PROMISE, What.JOINED))).order_by(rows.c.id)
    for row in connection.execute(query):
        _replay(found, row)
    return found


def _replay(found: dict[int, Entry], row: Any) -> None:
    """What one row of the journal does to the promises *found* so far."""
    if row.what == What.JOINED:
        for one in [e for e in found.values() if e.case == row.case_id and e.open]:
            found[one.clock] = replace(one, case=row.detail["into"])
    elif row.what == What.PROMISE and "clock" in row.detail:
        started = _begun(row)
        found[started.clock] = started
    elif row.what in _STEPS and row.detail.get("clock") in found:
        number = row.detail["clock"]
        found[number] = _STEPS[row.what](found[number], row)


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


def ledger(connection: Connection, now: datetime, since: datetime | None = None) -> list[dict[str, Any]]:
    """The promises begun at *since* or later (none: all), as plain values; no address, no subject."""
    found = sorted(entries(connection).values(), key=lambda one: (one.started, one.clock))
    return [_row(one, now) for one in found if since is None or one.started >= since]


def ended(connection: Connection, now: datetime) -> Iterator[tuple[str, str, bool]]:
    """Case, name, and whether it was kept, of every promise that was kept or missed at *now*."""
    for one in entries(connection).values():
        if (state := one.state(now)) in (KEPT, MISSED):
            yield one.case, one.promise, state == KEPT


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
    told = entries(connection)
    return Proof(count, len(told), head, next(_disagreements(connection, told), ""))


def _disagreements(connection: Connection, told: dict[int, Entry]) -> Iterator[str]:
    """What the clocks say otherwise than the journal *told*, which is used up row by row."""
    for row in connection.execute(select(clock).order_by(clock.c.id)):
        one, about = told.pop(row.id, None), _about(row.case_id, row.mail)
        if one is None:
            yield f"clock {row.id} ({about}, {row.promise}): the journal does not tell of it"
        elif wrong := _differing(one, row):
            yield f"clock {row.id} ({about}, {row.promise}): {wrong} is not as the journal tells it"
    for number, one in told.items():
        about = _about(one.case, one.mail)
        yield f"clock {number} ({about}, {one.promise}): in the journal, but the clock is gone"


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
