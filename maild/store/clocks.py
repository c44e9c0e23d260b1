"""Writing down what happens to clocks: a few rows and a line of the journal each."""

from datetime import datetime
from typing import assert_never

from sqlalchemy import Connection, bindparam, select, update

from maild.core.changes.promises import (
    Escalate,
    LookAgain,
    MeetClock,
    MoveClock,
    PromiseChange,
    RestoreClock,
    StartClock,
    StopClock,
    TakeClocks,
)
from maild.core.journal import Detail, What
from maild.core.values.rule import Happening
from maild.store import journal
from maild.store.dialect import insert_new
from maild.store.schema import (
    case,
    clock,
    escalation,
    letter,
)

_NEW = insert_new(clock).on_conflict_do_nothing().returning(clock.c.id)
_THIS = clock.c.id == bindparam("this")
_FOUND = select(clock).where(_THIS)
_CHANGE = update(clock).where(_THIS)


def write(connection: Connection, change: PromiseChange, now: datetime) -> None:
    """Record one change of a promise."""
    match change:
        case StartClock():
            start(connection, change, now)
        case MeetClock():
            meet(connection, change, now)
        case MoveClock():
            move(connection, change, now)
        case LookAgain():
            look_again(connection, change)
        case TakeClocks():
            take(connection, change, now)
        case StopClock():
            stop(connection, change, now)
        case RestoreClock():
            restore(connection, change, now)
        case Escalate():
            escalate(connection, change, now)
        case _:
            assert_never(change)


def start(connection: Connection, change: StartClock, now: datetime) -> None:
    """A promise begins to run; the same one of the same start is there once."""
    until, since, due = change.paused or (None, None, None)
    row = {
        "case_id": change.case_id or None,
        "mail": change.mail,
        "promise": change.promise,
        "reporter": change.reporter,
        "started": change.started,
        "due": change.due,
        "look": change.look,
        "start_letter": change.letter,
        "taken_until": change.waits,
        "paused_until": until,
        "paused_since": since,
        "paused_due": due,
    }
    number = connection.execute(_NEW, row).scalar()
    if number is not None:
        held: Detail = {} if change.mail is None else {"mail": change.mail}
        detail: Detail = {
            "clock": number,
            "promise": change.promise,
            "started": change.started.isoformat(),
            "due": change.due.isoformat(),
            **held,
        }
        journal.write(connection, now, change.case_id, What.PROMISE, detail)


def meet(connection: Connection, change: MeetClock, now: datetime) -> None:
    """A promise was kept; one that was kept before stays as it is."""
    row = connection.execute(_FOUND, {"this": change.clock}).one()
    if row.met is not None:
        return
    met = {"this": row.id, "met": change.at, "met_by": change.by, "met_letter": change.letter}
    connection.execute(_CHANGE, met)
    if change.what is Happening.REPLY:
        connection.execute(update(case).where(case.c.id == change.case_id).values(answered=True))
    late = (change.at - row.due).total_seconds()
    detail: Detail = {
        "clock": row.id,
        "promise": row.promise,
        "met": change.at.isoformat(),
        "by": change.by,
        "what": change.what,
        "late_seconds": max(0, int(late)),
    }
    journal.write(connection, now, change.case_id, What.KEPT if late <= 0 else What.KEPT_LATE, detail)


def look_again(connection: Connection, change: LookAgain) -> None:
    """When a clock is looked at next."""
    connection.execute(_CHANGE, {"this": change.clock, "look": change.look})


def move(connection: Connection, change: MoveClock, now: datetime) -> None:
    """A promise is paused, or runs again."""
    values = {
        "due": change.due,
        "look": change.look,
        "paused_until": change.paused_until,
        "paused_since": change.since,
        "paused_due": change.before,
    }
    connection.execute(update(clock).where(clock.c.id == change.clock).values(**values))
    detail: Detail = {
        "clock": change.clock,
        "due": change.due.isoformat(),
        "paused_until": change.paused_until.isoformat() if change.paused_until else None,
        "reason": change.reason,
        "by": change.by,
    }
    what = What.PROMISE_PAUSED if change.paused_until else What.PROMISE_RUNS_AGAIN
    journal.write(connection, now, change.case_id, what, detail)


def take(connection: Connection, change: TakeClocks, now: datetime) -> None:
    """The ladders of a case, or of the clocks named, wait."""
    theirs = clock.c.id.in_(change.clocks) if change.clocks else clock.c.case_id == change.case_id
    connection.execute(update(clock).where(theirs, clock.c.met.is_(None)).values(taken_until=change.until))
    some: Detail = {"clocks": change.clocks} if change.clocks else {}
    detail: Detail = {"until": change.until.isoformat(), "by": change.by, **some}
    journal.write(connection, now, change.case_id, What.TAKEN, detail)


def stop(connection: Connection, change: StopClock, now: datetime) -> None:
    """A promise runs no more."""
    connection.execute(update(clock).where(clock.c.id == change.clock).values(stopped=change.at))
    detail: Detail = {
        "clock": change.clock,
        "stopped": change.at.isoformat(),
        "reason": change.reason,
    }
    journal.write(connection, now, change.case_id, What.PROMISE_STOPPED, detail)


def restore(connection: Connection, change: RestoreClock, now: datetime) -> None:
    """A promise runs again to its old due instant."""
    connection.execute(
        update(clock).where(clock.c.id == change.clock).values(met=None, met_by=None, met_letter=None)
    )
    detail: Detail = {"clock": change.clock, "reason": change.reason}
    journal.write(connection, now, change.case_id, What.PROMISE_RUNS_AGAIN, detail)


def escalate(connection: Connection, change: Escalate, now: datetime) -> None:
    """A rung was climbed; the same step of the same person once."""
    told = connection.execute(select(letter.c.id).where(letter.c.dedupe == change.letter)).scalar_one()
    row = {
        "clock_id": change.clock,
        "due": change.due,
        "rung": change.rung,
        "contact": change.contact,
        "letter_id": told,
        "at": now,
    }
    added = connection.execute(insert_new(escalation).values(**row).on_conflict_do_nothing())
    if added.rowcount:
        detail: Detail = {
            "clock": change.clock,
            "rung": change.rung,
            "due": change.due.isoformat(),
        }
        journal.write(connection, now, change.case_id, What.ESCALATED, detail)
