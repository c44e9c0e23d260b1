"""The escalation letter that a mail answers: the cases and the held mail that it tells of."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from maild.core.candidates.mail import Listed
from maild.core.letters.kinds import LetterKind
from maild.store import cases
from maild.store.schema import clock, escalation, letter


def of(connection: Connection, references: Sequence[str]) -> Listed | None:
    """What the escalation letter among *references* tells of; ``None`` when there is none."""
    if not references:
        return None
    is_one = (letter.c.message_id.in_(references[:50])) & (letter.c.kind == LetterKind.ESCALATION)
    query = (
        select(clock.c.id, clock.c.case_id, clock.c.mail)
        .join(escalation, escalation.c.clock_id == clock.c.id)
        .join(letter, letter.c.id == escalation.c.letter_id)
        .where(is_one, clock.c.met.is_(None), clock.c.stopped.is_(None))
        .order_by(clock.c.due, clock.c.id)
    )
    rows = connection.execute(query).all()
    named = dict.fromkeys(row.case_id for row in rows if row.case_id)
    found = [one for one in (cases.get(connection, name) for name in named) if one]
    held = dict.fromkeys(row.id for row in rows if row.mail is not None)
    return Listed(tuple(found), tuple(held)) if rows else None
