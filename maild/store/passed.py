"""What the team's copies carried in a case, and who has had it."""

import re
from datetime import datetime

from sqlalchemy import Connection, or_, select

from maild.core.candidates.mail import Passed
from maild.core.letters import keys, payloads
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Copy, SentCopy
from maild.core.letters.states import State
from maild.store.schema import letter, raw

_LATER = re.compile(r"so-far:\d{8}T\d{6}:")
_COPIES = (
    select(letter.c.owed, letter.c.dedupe, letter.c.kind, letter.c.recipient, letter.c.facts, letter.c.state)
    .add_columns(letter.c.sealed)
    .outerjoin(raw, raw.c.envelope_id == letter.c.facts["envelope"].as_integer())
    .where(letter.c.kind == LetterKind.COPY)
    .where(or_(raw.c.envelope_id.is_not(None), letter.c.facts["envelope"].as_integer().is_(None)))
    .order_by(letter.c.id)
)


def of_case(connection: Connection, case_id: str) -> tuple[Passed, ...]:
    """One for each message or draft that copies carried, oldest first; without those opened by ``!open``."""
    found: dict[str, tuple[Copy | SentCopy, datetime, bool, set[str]]] = {}
    for row in connection.execute(_COPIES.where(letter.c.case_id == case_id)):
        says = payloads.read(row.kind, row.facts)
        if not isinstance(says, Copy | SentCopy) or (isinstance(says, Copy) and says.looked):
            continue
        unique = _LATER.sub("", row.dedupe[len(keys.copy("", "")) - 1 : -len(row.recipient) - 1], count=1)
        readers = found.setdefault(unique, (says, row.owed, row.sealed, set()))[3]
        if row.state not in (State.FAILED, State.BOUNCED):
            readers.add(row.recipient)
    rows = found.items()
    return tuple(Passed(unique, says, at, frozenset(who), sealed) for unique, (says, at, sealed, who) in rows)
