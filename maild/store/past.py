"""What a replay asks of its desk in memory: who was told when, and which promises nothing can be said of."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from maild.store import ledger
from maild.store.schema import clock, escalation, message


def told(connection: Connection) -> list[dict[str, Any]]:
    """Every step of an escalation about a case, oldest first: clock, case, promise, step, contact."""
    query = (
        select(escalation, clock.c.case_id, clock.c.promise)
        .join(clock, clock.c.id == escalation.c.clock_id)
        .where(clock.c.case_id.is_not(None))
        .order_by(escalation.c.at, escalation.c.clock_id, escalation.c.rung)
    )
    return [
        {
            "at": row.at.isoformat(),
            "clock": row.clock_id,
            "case": row.case_id,
            "promise": row.promise,
            "step": row.rung + 1,
            "contact": row.contact,
        }
        for row in connection.execute(query)
    ]


def quiet(connection: Connection) -> frozenset[int]:
    """The clocks that began with the last word of a case, which was the team's.

    No archive says when a case was closed: whether they had to write again, nobody knows.
    """
    last = _last_words(connection)
    return frozenset(
        one.clock
        for one in ledger.told(connection)
        if one.open and one.case in last and one.started >= last[one.case]
    )


def _last_words(connection: Connection) -> dict[str, datetime]:
    """When the last message of each case came whose last message is the team's."""
    newest = select(func.max(message.c.id)).where(message.c.authority != "maild").group_by(message.c.case_id)
    query = select(message.c.case_id, message.c.at).where(
        message.c.id.in_(newest), message.c.authority.like("team:%")
    )
    return {row.case_id: row.at for row in connection.execute(query)}
