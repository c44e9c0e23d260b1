"""What the gate has to know of a case for one reader: tokens, and which mail they may know the words of."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from maild.core.letters.kinds import LetterKind
from maild.core.values import ids
from maild.core.values.people import Side
from maild.store.letters import BOUNCED, SENT
from maild.store.schema import letter, message, participant

MOST = 60
"""Messages of a case, the newest first, whose words are compared with a letter's."""


@dataclass(frozen=True, slots=True)
class Words:
    """Envelopes by what the reader may know of them, and the team's copies that were sent unencrypted."""

    internal: tuple[int, ...]
    shared: tuple[int, ...]
    copies: tuple[bytes, ...]


def tokens(connection: Connection, case_id: str, reader: str, secret: bytes) -> frozenset[str]:
    """Every token of the case but those of its *reader*."""
    query = select(participant.c.token).where(
        participant.c.case_id == case_id, participant.c.address != reader
    )
    return frozenset({*connection.execute(query).scalars(), ids.token(secret, case_id, "", "root")})


def members(connection: Connection, case_id: str) -> frozenset[str]:
    """The tokens of the case by which a member is known: no guest may read one."""
    query = select(participant.c.token).where(
        participant.c.case_id == case_id, participant.c.side == Side.MEMBER
    )
    return frozenset(connection.execute(query).scalars())


def words(connection: Connection, case_id: str, reader: str) -> Words:
    """Which mail of the case stayed within the team, and which came from or went to its *reader*."""
    people = select(participant.c.address, participant.c.side).where(participant.c.case_id == case_id)
    guests = {row.address for row in connection.execute(people) if row.side == Side.GUEST}
    envelope = letter.c.facts["envelope"].as_integer()
    answers = select(letter.c.recipient, letter.c.state, envelope.label("mail")).where(
        letter.c.case_id == case_id, letter.c.kind == LetterKind.ANSWER, envelope.is_not(None)
    )
    answered = connection.execute(answers).all()
    out = {row.mail for row in answered}  # what was written for a reporter, though it may not have left yet
    theirs = {row.mail for row in answered if row.recipient == reader and row.state in (SENT, BOUNCED)}
    query = (
        select(message.c.envelope_id, message.c.author, message.c.authority)
        .where(message.c.case_id == case_id, message.c.envelope_id.is_not(None))
        .order_by(message.c.id.desc())
    )
    rows = connection.execute(query.limit(MOST * 4)).all()
    inside = [row for row in rows if row.authority.startswith("team") or row.author in guests]
    internal = [row.envelope_id for row in inside if row.envelope_id not in out]
    shared = [row.envelope_id for row in rows if row.author == reader or row.envelope_id in theirs]
    return Words(tuple(internal[:MOST]), tuple(shared[:MOST]), _copies(connection, case_id))


def _copies(connection: Connection, case_id: str) -> tuple[bytes, ...]:
    query = (
        select(letter.c.content)
        .where(letter.c.case_id == case_id, letter.c.kind == LetterKind.COPY, letter.c.content.is_not(None))
        .where(~letter.c.sealed)
        .order_by(letter.c.id.desc())
        .limit(MOST)
    )
    return tuple(connection.execute(query).scalars())
