"""When somebody on the team, or an operator, last did anything about a case."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from maild.core.facts.record import MAILD, REPORTER
from maild.core.journal import What
from maild.store.schema import case, fact, journal, message

_STEPS = (What.HANDLER, What.TAKEN, What.PROMISE_PAUSED, What.PROMISE_RUNS_AGAIN, What.REOPENED)
"""What the journal alone tells of: no message need have come of it, and no fact."""


def columns(here: ColumnElement[str]) -> tuple[ColumnElement[datetime | None], ...]:
    """For the case *here*: when the team last wrote, last recorded something, and last took a step."""
    wrote = select(func.max(message.c.at)).where(message.c.case_id == here, message.c.authority.like("team%"))
    said = select(func.max(fact.c.at)).where(fact.c.case_id == here, _by_people(fact.c.by))
    did = select(func.max(journal.c.at)).where(journal.c.case_id == here, journal.c.what.in_(_STEPS))
    return wrote.scalar_subquery(), said.scalar_subquery(), did.scalar_subquery()


def last(connection: Connection, case_id: str) -> datetime | None:
    """When the case *case_id* was last worked on, or its opening; ``None`` without such a case."""
    query = select(case.c.opened, *columns(case.c.id)).where(case.c.id == case_id)
    row = connection.execute(query).first()
    return max(at for at in row if at) if row else None


def _by_people(by: ColumnElement[str]) -> ColumnElement[bool]:
    return by.not_in((MAILD, REPORTER))
