"""The canaries that flew, and which came back."""

from datetime import datetime

from sqlalchemy import Connection, select

from maild.core.candidates.times import CanaryCandidates, Flight
from maild.core.change import SeeCanary
from maild.core.letters.kinds import LetterKind
from maild.core.mail.facts import FolderRole
from maild.store import letters
from maild.store.dialect import insert_new
from maild.store.schema import canary, envelope, letter, location

_NEWEST = 30


def last(connection: Connection, kind: LetterKind = LetterKind.CANARY) -> Flight | None:
    """The canary of this kind that was owed last."""
    query = (
        select(letter.c.id, letter.c.owed, letter.c.state, letter.c.settled)
        .where(letter.c.kind == kind)
        .order_by(letter.c.owed.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    sent = row.settled if row.state == letters.SENT else None
    return Flight(row.id, row.owed, sent, _seen(connection, row.id), row.state == letters.FAILED)


def _seen(connection: Connection, letter_id: int) -> datetime | None:
    """When it was seen elsewhere than in the Sent folder, where many providers put a copy at once."""
    query = select(canary.c.seen, canary.c.envelope_id).where(canary.c.letter_id == letter_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    role = connection.execute(select(envelope.c.role).where(envelope.c.id == row.envelope_id)).scalar()
    places = select(location.c.folder).where(location.c.envelope_id == row.envelope_id).distinct()
    elsewhere = role != FolderRole.SENT or len(connection.execute(places).all()) > 1
    return row.seen if elsewhere else None


def flights(connection: Connection) -> CanaryCandidates:
    """The last canaries of both kinds."""
    return CanaryCandidates(last(connection), last(connection, LetterKind.TAGGED))


def last_seen(connection: Connection) -> datetime | None:
    """When the last canary was seen that came back; among the newest only, as older ones say nothing."""
    newest = select(canary.c.letter_id).order_by(canary.c.seen.desc()).limit(_NEWEST)
    found = (_seen(connection, number) for number in connection.execute(newest).scalars().all())
    return next((at for at in found if at is not None), None)


def flown(connection: Connection, reference: str) -> int | None:
    """The number of the canary with this reference; ``None`` when it names another letter, or none."""
    if not reference:
        return None
    canaries = letter.c.kind.in_((LetterKind.CANARY, LetterKind.TAGGED))
    query = select(letter.c.id).where(letter.c.reference == reference, canaries)
    return connection.execute(query).scalar()


def see(connection: Connection, change: SeeCanary, now: datetime) -> None:
    """A canary is back; the first time counts."""
    row = {"letter_id": change.letter, "envelope_id": change.envelope, "seen": now}
    connection.execute(insert_new(canary).values(**row).on_conflict_do_nothing())
