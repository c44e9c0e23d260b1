"""What reports may share with one another, as keyed hashes."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, func, literal_column, select
from sqlalchemy import case as sql_case
from sqlalchemy.dialects.sqlite import insert as insert_new

from maild.core.candidates.mail import Alike
from maild.core.cases.alike import NEEDED
from maild.core.change import AddFeatures
from maild.store.schema import case, feature

# A case that was joined to another speaks for that one.
_WHOSE = func.coalesce(case.c.joined_to, case.c.id).label("whose")
MOST_ROWS, MOST_CASES = 200, 20
"""The latest of each: what thousands of mails share (a flood's subject) must not make each one dearer."""
_LATEST = (
    select(feature.c.case_id, feature.c.kind, feature.c.digest)
    .where(feature.c.digest.in_(bindparam("digests", expanding=True)))
    .order_by(literal_column("feature.rowid").desc())
    .limit(MOST_ROWS)
    .subquery()
)
_ENOUGH = sql_case(*((_LATEST.c.kind == kind, least) for kind, least in NEEDED.items()))
_SHARED = (
    select(_WHOSE, _LATEST.c.kind)
    .join(case, case.c.id == _LATEST.c.case_id)
    .where(bindparam("but") != _WHOSE)
    .group_by(_WHOSE, _LATEST.c.kind)
    .having(func.count(_LATEST.c.digest.distinct()) >= _ENOUGH)
    .order_by(_WHOSE, _LATEST.c.kind)
    .limit(MOST_CASES)
)
_NEW = insert_new(feature).on_conflict_do_nothing()


def add(connection: Connection, change: AddFeatures) -> None:
    """A case has these features from now on."""
    rows = [{"case_id": change.case_id, "kind": kind, "digest": digest} for kind, digest in change.features]
    if rows:
        connection.execute(_NEW, rows)


def like(connection: Connection, hashed: Iterable[tuple[str, str]], but: str = "") -> tuple[Alike, ...]:
    """The latest cases, open or closed, that share enough of *hashed*, but for the case *but*."""
    digests = [digest for _, digest in hashed]
    if not digests:
        return ()
    kinds: dict[str, list[str]] = {}
    for whose, kind in connection.execute(_SHARED, {"digests": digests, "but": but}):
        kinds.setdefault(whose, []).append(kind)
    return tuple(Alike(case_id, tuple(shared)) for case_id, shared in kinds.items())


def of_case(connection: Connection, case_id: str) -> tuple[Alike, ...]:
    """The cases that are like this one."""
    query = select(feature.c.kind, feature.c.digest).where(feature.c.case_id == case_id)
    return like(connection, [(row.kind, row.digest) for row in connection.execute(query)], case_id)
