"""What people outside the team were told of a case, as far as it went by the desk's own letters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from maild.core.letters import payloads
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Prepared
from maild.core.letters.states import State
from maild.store.schema import case, letter


@dataclass(frozen=True, slots=True)
class Told:
    """A letter that the server of a list accepted; ``at`` is when (aware UTC)."""

    to: str
    at: datetime
    says: Prepared


@dataclass(frozen=True, slots=True)
class Copies:
    """How many copies of a case's messages went to somebody, and when the last one did (aware UTC)."""

    count: int
    last: datetime


def lists(connection: Connection, case_id: str) -> list[Told]:
    """The letters about a case, and those joined to it, that lists were sent; oldest first."""
    query = select(letter.c.kind, letter.c.facts, letter.c.recipient, letter.c.settled)
    rows = connection.execute(
        query.where(*_sent(connection, case_id, LetterKind.PREDISCLOSURE)).order_by(
            letter.c.settled, letter.c.id
        )
    )
    read = ((row, payloads.read(row.kind, row.facts)) for row in rows)
    return [Told(row.recipient, row.settled, says) for row, says in read if isinstance(says, Prepared)]


def copies(connection: Connection, case_id: str) -> Mapping[str, Copies]:
    """By address, the copies of the messages of a case that were sent."""
    query = select(letter.c.recipient, func.count(), func.max(letter.c.settled))
    found = query.where(*_sent(connection, case_id, LetterKind.COPY)).group_by(letter.c.recipient)
    return {address: Copies(count, last) for address, count, last in connection.execute(found)}


def _sent(connection: Connection, case_id: str, kind: LetterKind) -> tuple[ColumnElement[bool], ...]:
    """Letters of *kind* about a case, or about one that was joined to it, that were accepted."""
    known, new = {case_id}, {case_id}
    while new:
        rows = connection.execute(select(case.c.id).where(case.c.joined_to.in_(new))).scalars()
        new = set(rows) - known
        known |= new
    ours = letter.c.case_id.in_(known), letter.c.kind == kind
    return (*ours, letter.c.state == State.SENT, letter.c.settled.is_not(None))
