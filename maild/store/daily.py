"""Letters that the team gets once a day: which day had its letter last, and when."""

from datetime import datetime

from sqlalchemy import Connection, select

from maild.core.changes.team import DayTold
from maild.core.journal import What
from maild.store import journal
from maild.store.dialect import insert_new
from maild.store.schema import daily


def tell(connection: Connection, change: DayTold, now: datetime) -> None:
    """A day had its letter."""
    row = {"day": change.day.isoformat(), "at": now}
    statement = insert_new(daily).values(what=change.what, **row)
    connection.execute(statement.on_conflict_do_update(index_elements=["what"], set_=row))
    journal.write(connection, now, "", change.what, {"day": change.day.isoformat(), **change.counted})


def told(connection: Connection, what: What) -> str:
    """The last day that had this letter (ISO), or an empty string."""
    return connection.execute(select(daily.c.day).where(daily.c.what == what)).scalar() or ""


def at(connection: Connection, what: What) -> datetime | None:
    """When this letter was owed last (aware UTC)."""
    return connection.execute(select(daily.c.at).where(daily.c.what == what)).scalar()
