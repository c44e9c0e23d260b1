"""How long the team has really taken to keep each promise."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from maild.store.schema import clock


@dataclass(slots=True)
class Kept:
    """One promise: the times of those that were met, how many of them too late, and how many are overdue."""

    times: list[timedelta] = field(default_factory=list)
    late: int = 0
    overdue: int = 0


def kept(connection: Connection, now: datetime) -> dict[str, Kept]:
    """What the clocks tell by the id of their promise; stopped ones (closed cases, bounces) tell nothing."""
    found: dict[str, Kept] = {}
    query = select(clock.c.promise, clock.c.started, clock.c.due, clock.c.met).where(
        clock.c.stopped.is_(None)
    )
    for row in connection.execute(query):
        one = found.setdefault(row.promise, Kept())
        if row.met is not None:
            one.times.append(max(row.met - row.started, timedelta(0)))
            one.late += row.met > row.due
        elif row.due <= now:
            one.overdue += 1
    return found
