"""Joining a case to another: its reporters, mails and running promises go on there; its journal stays."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, literal, select, update

from maild.core.change import MergeCase
from maild.core.facts.row import Joined
from maild.core.facts.table import TABLE
from maild.core.journal import Detail, What
from maild.core.values.case import CaseState
from maild.core.values.ids import named
from maild.core.values.people import Side
from maild.store import journal, redaction
from maild.store.database import secret
from maild.store.dialect import insert_new
from maild.store.schema import (
    case,
    clock,
    envelope,
    fact,
    flag,
    key_scope,
    letter,
    message,
    offered_key,
    participant,
)

_OF_PEOPLE = [row.name for row in TABLE if row.joined is Joined.WITH_PERSON]


def into(connection: Connection, change: MergeCase, now: datetime) -> None:
    """Carry out *change*; whatever names the joined case leads to the other from now on (``joined_to``)."""
    values = {"case_id": change.into}
    there = select(participant.c.address).where(participant.c.case_id == change.into)
    moved = participant.c.case_id == change.case_id
    # Members have tokens of their own in the other case; a reporter of both keeps the one he has there. A
    # guest was let into this case only: he gets no copies of the other. Whoever was told gets none anyway.
    comes = participant.c.side.in_((Side.REPORTER, Side.OUTSIDE))
    joined = moved & comes & participant.c.address.not_in(there)
    _take_reasons(connection, change, joined)
    connection.execute(update(participant).where(joined).values(**values))
    running = (clock.c.case_id == change.case_id) & clock.c.met.is_(None) & clock.c.stopped.is_(None)
    _stop_twins(connection, change, running, now)
    connection.execute(update(clock).where(running).values(**values))
    _take_flags(connection, change)
    for table in (message, envelope, letter, offered_key):
        connection.execute(update(table).where(table.c.case_id == change.case_id).values(**values))
    known = select(key_scope.c.address).where(key_scope.c.case_id == change.into)
    scope = (key_scope.c.case_id == change.case_id) & key_scope.c.address.not_in(known)
    connection.execute(update(key_scope).where(scope).values(**values))
    ended = {
        "state": CaseState.CLOSED,
        "closed": change.at,
        "close_reason": f"duplicate of {change.into}",
        "joined_to": change.into,
    }
    connection.execute(update(case).where(case.c.id == change.case_id).values(**ended))
    sealed = select(case.c.sealed).where(case.c.id == change.case_id).scalar_subquery()
    connection.execute(update(case).where(case.c.id == change.into, sealed).values(sealed=True, subject=""))
    if connection.execute(select(case.c.sealed).where(case.c.id == change.into)).scalar():
        redaction.encrypted(connection, change.into)
    journal.write(connection, now, change.case_id, What.JOINED, {"into": change.into, "by": change.by})
    journal.write(connection, now, change.into, What.JOINED_BY, {"case": change.case_id, "by": change.by})


def _take_reasons(connection: Connection, change: MergeCase, joined: ColumnElement[bool]) -> None:
    """Why outsiders may know goes with them, under the name that they have in the other case."""
    key, told = secret(connection), joined & (participant.c.side == Side.OUTSIDE)
    for address in connection.execute(select(participant.c.address).where(told)).scalars().all():
        here = {"case_id": change.case_id, "item": named(key, change.case_id, address)}
        values = {"case_id": change.into, "item": named(key, change.into, address)}
        connection.execute(update(fact).filter_by(**here).where(fact.c.name.in_(_OF_PEOPLE)).values(**values))


def _take_flags(connection: Connection, change: MergeCase) -> None:
    """What people should know of the joined case holds for the other from now on."""
    mine = select(literal(change.into), flag.c.flag).where(flag.c.case_id == change.case_id)
    connection.execute(insert_new(flag).from_select(["case_id", "flag"], mine).on_conflict_do_nothing())


def _stop_twins(
    connection: Connection, change: MergeCase, running: ColumnElement[bool], now: datetime
) -> None:
    """What runs in the other case as well ends here, each with its line of the journal."""
    twins = select(clock.c.id).where(running, _runs_there(change.into))
    for number in connection.execute(twins).scalars().all():
        connection.execute(update(clock).where(clock.c.id == number).values(stopped=change.at))
        detail: Detail = {"clock": number, "stopped": change.at.isoformat(), "reason": "joined"}
        journal.write(connection, now, change.case_id, What.PROMISE_STOPPED, detail)


def _runs_there(other: str) -> ColumnElement[bool]:
    """The same promise to the same reporter from the same instant on runs in the *other* case."""
    twin = clock.alias()
    same = (twin.c.promise == clock.c.promise) & (twin.c.reporter == clock.c.reporter)
    return (
        select(twin.c.id)
        .where(twin.c.case_id == other, same, twin.c.started == clock.c.started)
        .correlate(clock)
        .exists()
    )
