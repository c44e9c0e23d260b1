"""Letters that do not go out for now, or not at all: held, parked, withdrawn."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from maild.core.changes.team import MemberMoved
from maild.core.journal import What
from maild.core.letters.kinds import LetterKind
from maild.core.values.people import Side
from maild.store import journal, letterbytes, letters
from maild.store.letters import FAILED, HELD, LOOK, OWED, PARKED, SENDING
from maild.store.schema import letter, participant

_LET_IN = (Side.GUEST, Side.OUTSIDE)


def waiting(connection: Connection, letter_id: int) -> tuple[str, str, str, str] | None:
    """State, case, reference and kind of a letter, or ``None`` when there is none of this number."""
    row = connection.execute(select(letter).where(letter.c.id == letter_id)).one_or_none()
    return (row.state, row.case_id or "", row.reference, row.kind) if row else None


def park(connection: Connection, kinds: Sequence[str], why: str) -> int:
    """The letters of these *kinds*, and all to whoever was let in or told, wait for a person; how many."""
    to_them = letter.c.recipient.in_(select(participant.c.address).where(participant.c.side.in_(_LET_IN)))
    owed = letter.c.state.in_((OWED, SENDING)) & (letter.c.kind.in_(kinds) | to_them)
    return connection.execute(update(letter).where(owed).values(state=PARKED, trouble=why)).rowcount


def withdraw(connection: Connection, recipients: Collection[str], why: str, now: datetime) -> None:
    """What is owed to these people, or waits for a person, is not sent any more.

    A letter that keeps a promise is a reporter's, whoever else he is.
    """
    waits = letter.c.state.in_((OWED, SENDING, HELD, PARKED)) & (letter.c.reporter == "")
    theirs = select(letter.c.id).where(waits, letter.c.recipient.in_(recipients))
    for number in connection.execute(theirs).scalars().all():
        letters.settle(connection, number, FAILED, now, why)


def readdress(connection: Connection, change: MemberMoved) -> None:
    """What waits for a member at addresses that they have no more goes to those of now, written anew."""
    waits = letter.c.state.in_((OWED, HELD, PARKED)) & (letter.c.reporter == "")
    his = letter.c.recipient.in_(change.old)
    letterbytes.drop(connection, waits, his)
    theirs = update(letter).where(waits, his)
    mail = letter.c.kind.in_((LetterKind.COPY, LetterKind.PREPARED))
    connection.execute(theirs.where(mail).values(recipient=change.address))
    connection.execute(theirs.where(~mail).values(recipient=change.contact))


def freed_in_clear(connection: Connection, letter_id: int, case_id: str) -> bool:
    """Whether a person said that this letter is to leave unencrypted, as it stands in the journal."""
    said = journal.details(connection, case_id, What.LETTER_FREED)
    return any(one.get("letter") == letter_id and one.get("in_clear") is True for one in said)


def hold_sealed(connection: Connection, recipient: str, why: str) -> None:
    """What waits to be sent to somebody, encrypted, is held for *why*, and composed anew when it is freed."""
    waits = letter.c.state.in_((OWED, SENDING)) & (letter.c.recipient == recipient) & letter.c.sealed
    letterbytes.drop(connection, waits)
    connection.execute(update(letter).where(waits).values(state=HELD, trouble=why))


def is_parked(connection: Connection, reference: str) -> bool:
    """Whether the letter with this *reference* waits because nobody knows whether it went out."""
    if not reference:
        return False
    query = select(letter.c.id).where(letter.c.reference == reference, letter.c.state == PARKED)
    return connection.execute(query).first() is not None


def for_a_look(connection: Connection, case_id: str) -> tuple[int, ...]:
    """The letters of a case that the last look holds for a person, the oldest first."""
    held = (letter.c.case_id == case_id) & (letter.c.state == HELD) & letter.c.trouble.startswith(LOOK)
    return tuple(connection.execute(select(letter.c.id).where(held).order_by(letter.c.id)).scalars())
