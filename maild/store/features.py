"""What reports may share with one another, as keyed hashes."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, bindparam, func, literal_column, select

from maild.core.candidates.mail import Alike
from maild.core.cases.alike import strongest
from maild.core.cases.standing import AUTHOR, REPORT
from maild.core.change import AddFeatures
from maild.core.mail.ciphers import CIPHER, OWNED
from maild.store.dialect import insert_new, texts_of
from maild.store.schema import case, feature

# A case that was joined to another speaks for that one.
_WHOSE = func.coalesce(case.c.joined_to, case.c.id).label("whose")
MOST_ROWS = 20
"""The latest cases of each: what thousands of mails share (a flood's subject) must make none dearer."""
_wanted = texts_of(bindparam("digests"))
_newer = feature.alias("newer")
_LATEST = (
    select(literal_column("newer.rowid"))
    .where(_newer.c.digest == _wanted.c.value)
    .order_by(literal_column("newer.rowid").desc())
    .limit(MOST_ROWS)
    .correlate(_wanted)
    .scalar_subquery()
)
_SHARED = (
    select(feature.c.kind, feature.c.digest, _WHOSE)
    .select_from(_wanted)
    .join(feature, literal_column("feature.rowid").in_(_LATEST))
    .join(case, case.c.id == feature.c.case_id)
    .where(bindparam("but") != _WHOSE)
    .order_by(literal_column("feature.rowid").desc())
)
_NEW = insert_new(feature).on_conflict_do_nothing()


def add(connection: Connection, change: AddFeatures) -> None:
    """A case has these features from now on."""
    rows = [{"case_id": change.case_id, "kind": kind, "digest": digest} for kind, digest in change.features]
    if rows:
        connection.execute(_NEW, rows)


def like(connection: Connection, hashed: Iterable[tuple[str, str]], but: str = "") -> tuple[Alike, ...]:
    """The cases, open or closed, that share most of *hashed*, but for the case *but*; the strongest first."""
    digests = [digest for _, digest in hashed]
    if not digests:
        return ()
    sharing: dict[tuple[str, str], list[str]] = {}
    for kind, digest, whose in connection.execute(_SHARED, {"digests": json.dumps(digests), "but": but}):
        sharing.setdefault((kind, digest), []).append(whose)
    found = strongest(sharing)
    query = select(case.c.id).where(case.c.id.in_([one.case_id for one in found]), case.c.sealed)
    sealed = set(connection.execute(query).scalars()) if found else set()
    return tuple(replace(one, sealed=one.case_id in sealed) for one in found)


def about(connection: Connection, report: str) -> str:
    """The case about the report on a platform with this keyed hash; empty when there is none."""
    query = (
        select(_WHOSE)
        .select_from(feature)
        .join(case, case.c.id == feature.c.case_id)
        .where(feature.c.kind == REPORT, feature.c.digest == report)
        .order_by(case.c.opened)
    )
    return connection.execute(query).scalars().first() or ""


def any_known(connection: Connection, digests: Sequence[str]) -> bool:
    """Whether one of *digests* is a feature of some case."""
    return (
        connection.execute(select(feature.c.digest).where(feature.c.digest.in_(digests))).first() is not None
    )


def of_others(connection: Connection, ciphertexts: Sequence[str], owned: Sequence[str]) -> bool:
    """Whether one of the *ciphertexts* is known, and not as the author's own; both by their keyed hashes."""
    query = select(feature.c.digest).where(feature.c.digest.in_((*ciphertexts, *owned)))
    known = set(connection.execute(query).scalars())
    return any(one in known and own not in known for one, own in zip(ciphertexts, owned, strict=True))


def of_case(connection: Connection, case_id: str) -> tuple[Alike, ...]:
    """The cases that are like this one."""
    here = (feature.c.case_id == case_id) & feature.c.kind.not_in((AUTHOR, REPORT, CIPHER, OWNED))
    query = select(feature.c.kind, feature.c.digest).where(here)
    return like(connection, [(row.kind, row.digest) for row in connection.execute(query)], case_id)
