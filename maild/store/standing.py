"""Who reported before, by keyed hashes: the earlier reports of the author of a case, and their verdicts."""

from sqlalchemy import Connection, and_, delete, select

from maild.core.cases.standing import AUTHOR, Known
from maild.core.facts.table import VERDICT
from maild.store.schema import case, fact, feature

_MINE = select(feature.c.digest).where(feature.c.kind == AUTHOR)
_JUDGED = and_(fact.c.case_id == case.c.id, fact.c.name == VERDICT, fact.c.item == "")
_COUNTS = case.c.close_reason.is_distinct_from("spam") & fact.c.value.is_distinct_from("spam")


def of_case(connection: Connection, case_id: str) -> Known | None:
    """What is known of the author of a case; ``None`` when they were not proved. Spam does not count."""
    mine = connection.execute(_MINE.where(feature.c.case_id == case_id)).scalar()
    opened = connection.execute(select(case.c.opened).where(case.c.id == case_id)).scalar()
    if mine is None or opened is None:
        return None
    earlier = (
        select(fact.c.value)
        .select_from(case)
        .join(feature, (feature.c.case_id == case.c.id) & (feature.c.kind == AUTHOR))
        .outerjoin(fact, _JUDGED)
        .where(feature.c.digest == mine, case.c.id != case_id, case.c.opened <= opened, _COUNTS)
        .order_by(case.c.opened)
    )
    return Known(tuple(value or "" for value in connection.execute(earlier).scalars()))


def opened(connection: Connection, case_id: str, author: str) -> bool:
    """Whether the author with this keyed hash made the report of the case."""
    query = _MINE.where(feature.c.case_id == case_id, feature.c.digest == author)
    return connection.execute(query).first() is not None


def forget(connection: Connection, author: str) -> None:
    """Nothing is known of the author with this keyed hash any more."""
    connection.execute(delete(feature).where(feature.c.kind == AUTHOR, feature.c.digest == author))
