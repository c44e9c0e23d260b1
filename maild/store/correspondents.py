"""Whom an answer goes to: the reporters of a case, as their letters and keys show them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from maild.core.candidates.mail import Correspondent
from maild.core.letters import payloads
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Copy
from maild.core.letters.states import State
from maild.core.values.case import Case
from maild.store import keys
from maild.store.schema import letter, message

_COPIES = select(letter.c.message_id, letter.c.kind, letter.c.facts).where(
    letter.c.message_id.in_(bindparam("these", expanding=True)), letter.c.kind == LetterKind.COPY
)
_LAST_OF = (
    select(message.c.message_id)
    .where(
        message.c.case_id == bindparam("this"),
        message.c.author == bindparam("author"),
        message.c.message_id != "",
    )
    .order_by(message.c.at.desc(), message.c.id.desc())
    .limit(1)
)
_HEARD = select(func.max(message.c.at)).where(
    message.c.case_id == bindparam("this"), message.c.author == bindparam("author")
)
_ASKED = letter.c.kind.in_((LetterKind.ANSWER, LetterKind.ASKKEY)) & (letter.c.state == State.SENT)
_SETTLED = select(letter.c.settled, letter.c.state).where(
    letter.c.case_id == bindparam("this"),
    letter.c.reporter == bindparam("author"),
    _ASKED | (letter.c.state == State.BOUNCED),
)


def of_case(
    connection: Connection, of: Case, references: Sequence[str] | None = None
) -> tuple[Correspondent, ...]:
    """The reporters of a case as answers need them; with *references* those that such an answer goes to.

    A reply to the copy of somebody who is no reporter goes to none of them (ruling 16).
    """
    people = of.reporters if references is None else _addressed(connection, of, references)
    return tuple(_correspondent(connection, of.id, address) for address in people)


def _addressed(connection: Connection, of: Case, references: Sequence[str]) -> tuple[str, ...]:
    """The reporters that an answer with these *references*, nearest first, goes to.

    Of several it is whoever wrote the mail that the answered copy carried, or got the answer that it carried:
    all of them where it was a draft that was sent. Nobody when that cannot be told.
    """
    rows = connection.execute(_COPIES, {"these": references[:50]})
    copies = {row.message_id: payloads.read(row.kind, row.facts) for row in rows}
    nearest = next((copies[name] for name in references if name in copies), None)
    if nearest is None and len(of.reporters) > 1:
        return ()
    return _concerned(connection, of, nearest.envelope) if isinstance(nearest, Copy) else of.reporters


def _concerned(connection: Connection, of: Case, shown: int) -> tuple[str, ...]:
    """The reporters who wrote the mail *shown*, or to whom it was an answer."""
    wrote = select(message.c.author, message.c.authority).where(message.c.envelope_id == shown)
    same = letter.c.facts["envelope"].as_integer() == shown
    answers = select(letter.c.recipient).where(
        letter.c.case_id == of.id, letter.c.kind == LetterKind.ANSWER, same
    )
    authors = connection.execute(wrote).all()
    people = {*(row.author for row in authors), *connection.execute(answers).scalars()}
    found = tuple(one for one in of.reporters if one in people)
    of_team = any(row.authority.startswith("team:") for row in authors)
    # A member who wrote to the only reporter by themselves wrote to them.
    return found or (of.reporters if of_team and len(of.reporters) == 1 else ())


def _correspondent(connection: Connection, case_id: str, address: str) -> Correspondent:
    """A reporter of a case as answers to him need it."""
    wrote = {"this": case_id, "author": address}
    seals = keys.seals(connection, address, case_id)
    asked, came_back = _since(connection, wrote)
    return Correspondent(
        address=address,
        last_id=connection.execute(_LAST_OF, wrote).scalar() or "",
        has_key=seals is not None,
        seals=bool(seals),
        asked=asked,
        came_back=came_back,
    )


def _since(connection: Connection, wrote: dict[str, str]) -> tuple[tuple[datetime, ...], bool]:
    """When letters to a reporter were accepted since he last wrote, and whether one has come back since."""
    heard = connection.execute(_HEARD, wrote).scalar()
    settled = [row for row in connection.execute(_SETTLED, wrote) if row.settled]
    sent = (row.settled for row in settled if row.state == State.SENT)
    back = (row.settled for row in settled if row.state == State.BOUNCED)
    asked = sorted(at for at in sent if heard is None or at > heard)
    return tuple(asked), any(heard is None or at >= heard for at in back)
