"""What was recorded of cases on their road to disclosure."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from maild.core.facts.change import SetFact
from maild.core.facts.record import Disclosure, Fact
from maild.core.facts.row import Watched
from maild.core.facts.table import APPROVED, EMBARGO, watched_names
from maild.core.journal import Detail, What
from maild.store import journal
from maild.store.dialect import insert_new
from maild.store.schema import case, fact

_OF_CASE = select(fact).where(fact.c.case_id == bindparam("this")).order_by(fact.c.at, fact.c.name)
_GOES_ON = fact.c.name.in_(watched_names(Watched.ALWAYS)) | (
    fact.c.name.in_(watched_names(Watched.OPEN)) & (case.c.state == "open")
)
_WATCHED = (
    select(fact.c.case_id)
    .distinct()
    .join(case, case.c.id == fact.c.case_id)
    .where(_GOES_ON, case.c.joined_to.is_(None))
    .order_by(fact.c.case_id)
)
_EMBARGOES = (
    select(fact.c.value)
    .join(case, case.c.id == fact.c.case_id)
    .where(fact.c.name == EMBARGO, case.c.state == "open")
)


def of_case(connection: Connection, case_id: str) -> Disclosure:
    """Everything recorded of one case."""
    rows = connection.execute(_OF_CASE, {"this": case_id})
    return Disclosure(tuple(Fact(row.name, row.value, row.by, row.at, row.item) for row in rows))


def of_cases(connection: Connection, names: Collection[str]) -> dict[str, Disclosure]:
    """What was recorded under these *names*, by case, read in one pass: for figures over all cases."""
    query = select(fact).where(fact.c.name.in_(names)).order_by(fact.c.case_id, fact.c.at, fact.c.name)
    found: dict[str, list[Fact]] = {}
    for row in connection.execute(query):
        found.setdefault(row.case_id, []).append(Fact(row.name, row.value, row.by, row.at, row.item))
    return {case_id: Disclosure(tuple(some)) for case_id, some in found.items()}


def write(connection: Connection, change: SetFact, now: datetime) -> None:
    """Record a fact; the journal keeps its name, who said it, and no word of it."""
    here = {"case_id": change.case_id, "name": change.name, "item": change.item}
    if not change.value:
        connection.execute(delete(fact).filter_by(**here))
    else:
        row = {"value": change.value, "by": change.by, "at": now}
        statement = insert_new(fact).values(**here, **row)
        keys = ["case_id", "name", "item"]
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=row))
    detail: Detail = {"fact": change.name, "item": change.item, "by": change.by}
    journal.write(connection, now, change.case_id, What.RECORDED if change.value else What.TAKEN_BACK, detail)


def void_approvals(connection: Connection, now: datetime) -> None:
    """Nobody has approved anything (any more)."""
    given = select(fact.c.case_id, fact.c.item).where(fact.c.name == APPROVED)
    for row in connection.execute(given.order_by(fact.c.case_id, fact.c.item)).all():
        write(connection, SetFact(row.case_id, APPROVED, "", "maild", row.item), now)


def watched(connection: Connection) -> list[str]:
    """The cases with a date ahead of them; closed ones only where a law's clock was started."""
    return list(connection.execute(_WATCHED).scalars())


def embargoes(connection: Connection) -> list[datetime]:
    """The instants of announcement of the open cases."""
    return [datetime.fromisoformat(one) for one in connection.execute(_EMBARGOES).scalars()]
