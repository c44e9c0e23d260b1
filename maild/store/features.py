"""What reports may share with one another, as keyed hashes."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects.sqlite import insert as insert_new

from maild.core.candidates import Alike
from maild.core.cases.alike import alike
from maild.core.change import AddFeatures
from maild.store.schema import case, feature

# A case that was joined to another speaks for that one.
_WHOSE = func.coalesce(case.c.joined_to, case.c.id).label("whose")
_SHARED = (
    select(_WHOSE, feature.c.kind)
    .join(case, case.c.id == feature.c.case_id)
    .where(feature.c.digest.in_(bindparam("digests", expanding=True)))
    .distinct()
    .add_columns(feature.c.digest)
    .order_by(_WHOSE)
)
_NEW = insert_new(feature).on_conflict_do_nothing()


def add(connection: Connection, change: AddFeatures) -> None:
    """A case has these features from now on."""
    rows = [{"case_id": change.case_id, "kind": kind, "digest": digest} for kind, digest in change.features]
    if rows:
        connection.execute(_NEW, rows)


def like(connection: Connection, hashed: Iterable[tuple[str, str]], but: str = "") -> tuple[Alike, ...]:
    """The cases, open or closed, that share enough of *hashed*, but for the case *but*."""
    digests = [digest for _, digest in hashed]
    if not digests:
        return ()
    found = connection.execute(_SHARED, {"digests": digests}).all()
    return alike((row.whose, row.kind) for row in found if row.whose != but)


def of_case(connection: Connection, case_id: str) -> tuple[Alike, ...]:
    """The cases that are like this one."""
    query = select(feature.c.kind, feature.c.digest).where(feature.c.case_id == case_id)
    return like(connection, [(row.kind, row.digest) for row in connection.execute(query)], case_id)
