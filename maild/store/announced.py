"""What tells a copy of an announcement: the cases that have a CVE id, and our own letters."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from maild.core.facts.table import CVE
from maild.core.letters import kinds
from maild.core.letters.kinds import LetterKind
from maild.core.policy import Policy
from maild.core.values.case import Case
from maild.store import cases
from maild.store.schema import case, fact, letter


def looked_for(connection: Connection, text: str, policy: Policy) -> tuple[Case, ...]:
    """The open cases whose CVE id stands in *text*, where there is a place of announcement at all."""
    if not policy.targets.announcement:
        return ()
    query = select(fact.c.case_id, fact.c.value).join(case, case.c.id == fact.c.case_id)
    known = query.where(fact.c.name == CVE, fact.c.value.like("CVE-%"), case.c.state == "open")
    text = text.upper()
    rows = connection.execute(known.order_by(fact.c.case_id)).all()
    found = (cases.get(connection, row.case_id) for row in rows if row.value in text)
    return tuple(one for one in found if one)


def by_message_id(connection: Connection, message_id: str, policy: Policy) -> tuple[Case, str] | None:
    """The case and the reader of the announcement of ours that has this Message-ID."""
    if not message_id or not policy.targets.announcement:
        return None
    is_one = (letter.c.message_id == message_id) & (letter.c.kind == LetterKind.ANNOUNCEMENT)
    row = connection.execute(select(letter.c.case_id, letter.c.recipient).where(is_one)).first()
    found = cases.get(connection, row.case_id) if row else None
    return (found, row.recipient) if row and found else None


def outward(connection: Connection, references: Sequence[str], policy: Policy) -> Mapping[str, LetterKind]:
    """The letters to outsiders among *references*, nearest first: each Message-ID with its kind."""
    if not references or not (policy.targets.announcement or policy.targets.predisclosure):
        return {}
    ours = letter.c.message_id.in_(references[:150]) & letter.c.kind.in_(kinds.to_outside())
    rows = connection.execute(select(letter.c.message_id, letter.c.kind).where(ours))
    found = {row.message_id: row.kind for row in rows}
    return {one: LetterKind(found[one]) for one in references if one in found}


def answered(connection: Connection, found: Mapping[str, LetterKind]) -> tuple[Case, LetterKind] | None:
    """The case and the kind of the first of the letters *found*."""
    first, kind = next(iter(found.items()))
    name = connection.execute(select(letter.c.case_id).where(letter.c.message_id == first)).scalar()
    case_of = cases.get(connection, name) if name else None
    return (case_of, kind) if case_of else None
