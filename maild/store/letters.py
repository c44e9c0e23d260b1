"""The outbox: letters owed, and what became of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Update,
    bindparam,
    case,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from maild.core.change import FreeLetter, OweLetter
from maild.core.changes.keeping import LetterWasSent
from maild.core.journal import Detail, What
from maild.core.letters import payloads
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Payload
from maild.core.letters.states import State, before, may
from maild.core.policy import Limits
from maild.core.values import ids
from maild.core.values.desk import Desk
from maild.core.values.noticekind import NoticeKind
from maild.store import journal, lease, letterbytes, pacing, shortened
from maild.store.dialect import insert_new, larger
from maild.store.instant import Instant
from maild.store.schema import clock, envelope, escalation, letter, letter_bytes, message, participant

OWED, SENDING, SENT, FAILED = State.OWED, State.SENDING, State.SENT, State.FAILED
BOUNCED, HELD, PARKED = State.BOUNCED, State.HELD, State.PARKED

_NEW = insert_new(letter).on_conflict_do_nothing()
_MESSAGE = insert(message)
_THIS = letter.c.id == bindparam("this")
_CHANGE = update(letter).where(_THIS)
_ABOUT = select(letter.c.case_id, letter.c.kind, letter.c.state).where(_THIS)
_TOLD_OF = select(escalation.c.clock_id).where(escalation.c.letter_id == bindparam("this"))
_LATE = clock.c.due <= bindparam("now")
_LOOK = update(clock).where(clock.c.id.in_(_TOLD_OF), _LATE).values(look=bindparam("now"))
_ENDS = participant.c.until
_HIS = (participant.c.case_id == letter.c.case_id) & (participant.c.address == letter.c.recipient)
_NOW = bindparam("now", type_=Instant())
_RULES = letter.c.facts["about"].as_string().in_((NoticeKind.GUEST, NoticeKind.TOLD))
_GONE = (letter.c.kind == LetterKind.NOTICE) & _RULES & ~exists().where(_HIS)  # their case was joined
_STAYS = exists().where(_HIS, or_(_ENDS.is_(None), _NOW < _ENDS))
_OVER = exists().where(_HIS, _NOW >= _ENDS) & ~_STAYS | _GONE
_LETTERS = (
    select(letter, letter_bytes.c.letter_id.is_not(None).label("composed"), letter_bytes.c.sealed_to)
    .add_columns(envelope.c.size)
    .outerjoin(letter_bytes, letterbytes.OF_LETTER)
    .outerjoin(envelope, envelope.c.id == letter.c.facts["envelope"].as_integer())
)
"""Letters without their bytes, with the size of the mail that they carry on."""
_READY = (
    _LETTERS.add_columns(_OVER.label("over"))
    .where(letter.c.state == OWED, letter.c.next_at <= bindparam("now"), letter.c.pace.is_(None))
    .order_by(letter.c.next_at, letter.c.id)
    .limit(bindparam("most"))
)
_THESE = (
    _LETTERS.add_columns(_OVER.label("over"))
    .where(letter.c.id.in_(bindparam("these", expanding=True)))
    .order_by(letter.c.id)
)
_CLAIM = (
    update(letter)
    .where(letter.c.id.in_(bindparam("these", expanding=True)))
    .values(state=SENDING, attempts=letter.c.attempts + 1, term=bindparam("term"))
)
_NEXT_DUE = select(func.min(letter.c.next_at)).where(letter.c.state == OWED)
_SETTLED = {state: What(f"letter {state}") for state in (SENT, FAILED, BOUNCED, HELD, PARKED)}

NO_LIMITS_SET = Limits()
LOOK = "held for a look: "
"""How the reason begins for which the last look holds a letter; who lets such a one go has looked at it."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of the outbox; its bytes are fixed from when it was ``composed`` on.

    ``doubts``: how often nobody knew afterwards whether the server had taken it. ``weight`` is the size of
    the mail that it carries on, in bytes; ``due`` is when it was to be tried. ``over``: its reader's time in
    the case has passed meanwhile. ``looked``: a person has looked at it and lets it go; ``sealed_to``
    names the key that its bytes are encrypted to.
    """

    id: int
    kind: LetterKind
    case_id: str
    recipient: str = field(repr=False)
    sealed: bool
    reporter: str = field(repr=False)
    reference: str
    message_id: str
    says: Payload = field(repr=False)
    in_reply_to: str = field(repr=False)
    references: tuple[str, ...] = field(repr=False)
    attempts: int
    doubts: int
    composed: bool
    weight: int
    due: datetime
    over: bool = False
    looked: bool = False
    sealed_to: str = ""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What it says, under the names that templates know."""
        return payloads.fields(self.says)


def owe(connection: Connection, change: OweLetter, desk: Desk, now: datetime) -> None:
    """Put a letter into the outbox; one with the same dedupe key that is there already stays as it is."""
    row = {
        "dedupe": change.dedupe,
        "reference": ids.reference(desk.secret, change.dedupe),
        "message_id": ids.message_id(desk.secret, change.dedupe, change.token, desk.domain),
        "kind": change.kind,
        "case_id": change.case_id or None,
        "recipient": change.recipient,
        "sealed": change.sealed,
        "reporter": change.reporter,
        "facts": payloads.fields(change.says),
        "in_reply_to": change.in_reply_to,
        "references": " ".join(change.references),
        "state": HELD if change.held else PARKED if change.parked else OWED,
        "trouble": change.held or change.parked or None,
        "owed": now,
        "next_at": change.after or now,
        "pace": change.pace,
        "share": change.share,
    }
    added = connection.execute(_NEW, row)
    if added.rowcount:
        _know(connection, change, str(row["message_id"]), now)
        journal.write(connection, now, change.case_id, What.LETTER_OWED, {"kind": change.kind})


def _know(connection: Connection, change: OweLetter, message_id: str, now: datetime) -> None:
    """Answers to the letter will name its Message-ID; it belongs to the case from now on."""
    own = {"case_id": change.case_id, "message_id": message_id, "author": "", "authority": "maild", "at": now}
    if change.case_id:
        connection.execute(_MESSAGE, own)


def claim(connection: Connection, now: datetime, limit: int, limits: Limits = NO_LIMITS_SET) -> list[Letter]:
    """The letters to send now, oldest first; they count as being sent until they are settled.

    Those that strangers' mail causes come last, as many of them as *limits* allow.
    """
    found = list(connection.execute(_READY, {"now": now, "most": limit}))
    if len(found) < limit and (paced := pacing.chosen(connection, now, limit - len(found), limits)):
        found += connection.execute(_THESE, {"now": now, "these": paced})
    if found:
        connection.execute(_CLAIM, {"these": [row.id for row in found], "term": lease.term_of(connection)})
    return [_letter(row) for row in found]


def take_back(connection: Connection, *these: int) -> None:
    """Letters of this term (all, or *these*) that were claimed and never begun are owed as they were."""
    mine = func.coalesce(letter.c.term, 0) == (lease.term_of(connection) or 0)
    back = update(letter).where(letter.c.state == SENDING, mine)
    back = back.where(letter.c.id.in_(these)) if these else back
    connection.execute(back.values(state=OWED, attempts=letter.c.attempts - 1))


def in_doubt(connection: Connection, kinds: Collection[str]) -> list[Letter]:
    """After a crash: the letters of these *kinds* whose bytes were being handed in; nobody knows how far."""
    handed = letter.c.kind.in_(kinds) & letterbytes.FIXED
    left = _LETTERS.where(letter.c.state == SENDING, lease.earlier(connection, letter.c.term), handed)
    return [_letter(row) for row in connection.execute(left.order_by(letter.c.id))]


def recover(connection: Connection) -> int:
    """After a crash: letters that were being sent are owed again, with the same bytes; how many.

    They are due when they were, so that it shows how late they are. Nobody knows whether the server has one
    whose bytes were fixed: it is in doubt, so that no later try composes it anew under its Message-ID.
    """
    doubts = case((letterbytes.FIXED, larger(letter.c.doubts, 1)), else_=letter.c.doubts)
    caught = update(letter).where(letter.c.state == SENDING, lease.earlier(connection, letter.c.term))
    return connection.execute(caught.values(state=OWED, doubts=doubts)).rowcount


def settle(connection: Connection, letter_id: int, state: State, now: datetime, trouble: str = "") -> bool:
    """A letter was accepted, waits or is given up; ``False`` if it has gone on so that it cannot any more."""
    row = connection.execute(_ABOUT, {"this": letter_id}).one()
    if not may(State(row.state), state):
        return False
    top = shortened.top(connection, letter_id) if state == SENT and row.kind == LetterKind.COPY else None
    if top is not None:
        letterbytes.cut(connection, letter_id, top)
    values = {"this": letter_id, "state": state, "settled": now, "trouble": trouble or None}
    connection.execute(_CHANGE, values)
    journal.write(connection, now, row.case_id or "", _SETTLED[state], {"kind": row.kind})
    if state != SENT and row.kind == LetterKind.ESCALATION:  # the next rung is told at once
        connection.execute(_LOOK, {"this": letter_id, "now": now})
    return True


def postpone(
    connection: Connection, letter_id: int, until: datetime, trouble: str, doubtful: bool = False
) -> None:
    """A letter could not be sent now and is owed again from *until* on; *doubtful*: perhaps it was sent."""
    doubts = letter.c.doubts + int(doubtful)
    values = {"state": OWED, "next_at": until, "trouble": trouble, "doubts": doubts}
    connection.execute(_owed_again(letter_id).values(**values))


def put_off(connection: Connection, letter_id: int, until: datetime, why: str) -> None:
    """A letter that never left is owed from *until* on, and composed anew then."""
    letterbytes.drop(connection, *_may_be_owed(letter_id))
    values = {"state": OWED, "next_at": until, "trouble": why, "attempts": 0}
    connection.execute(_owed_again(letter_id).values(**values))


def _may_be_owed(letter_id: int) -> tuple[ColumnElement[bool], ...]:
    """A letter that may be owed again; one that was withdrawn or came back meanwhile is let be."""
    return letter.c.id == letter_id, letter.c.state.in_(before(OWED))


def _owed_again(letter_id: int) -> Update:
    return update(letter).where(*_may_be_owed(letter_id))


def free(connection: Connection, change: FreeLetter, now: datetime) -> None:
    """A held or parked letter is owed again; in clear only by the word that says so."""
    looked = letter.c.looked | letter.c.trouble.startswith(LOOK)
    owed = _owed_again(change.letter).values(state=OWED, next_at=now, trouble=None, doubts=0, looked=looked)
    if change.in_clear:
        letterbytes.drop(connection, *_may_be_owed(change.letter))
    connection.execute(owed.values(sealed=False) if change.in_clear else owed)
    detail: Detail = {"letter": change.letter, "in_clear": change.in_clear, "by": change.by}
    journal.write(connection, now, change.case_id, What.LETTER_FREED, detail)


def was_sent(connection: Connection, change: LetterWasSent, now: datetime) -> Letter | None:
    """A parked letter counts as sent from then on; ``None`` when there is none of this reference."""
    parked = (letter.c.reference == change.reference) & (letter.c.state == PARKED)
    row = connection.execute(_LETTERS.where(parked)).one_or_none()
    if row is None:
        return None
    # It was owed then: limits that count what was owed lately are not for it.
    values = {"state": SENT, "settled": change.at, "owed": change.at, "trouble": change.how}
    connection.execute(update(letter).where(letter.c.id == row.id).values(**values))
    detail: Detail = {"kind": row.kind, "at": change.at.isoformat(), "how": change.how}
    journal.write(connection, now, row.case_id or "", What.LETTER_HAD_BEEN_SENT, detail)
    return _letter(row)


def bounced(connection: Connection, letter_id: int, now: datetime) -> None:
    """A letter that had been accepted came back."""
    settle(connection, letter_id, BOUNCED, now)


def next_due(connection: Connection) -> datetime | None:
    """When the next letter is to be tried."""
    return connection.execute(_NEXT_DUE).scalar()


def count(connection: Connection, *states: State) -> int:
    """How many letters are in one of *states*."""
    query = select(func.count()).select_from(letter).where(letter.c.state.in_(states))
    return connection.execute(query).scalar_one()


def _letter(row: Row) -> Letter:  # type: ignore[type-arg]  # rows of a join have no static type
    return Letter(
        id=row.id,
        kind=LetterKind(row.kind),
        case_id=row.case_id or "",
        recipient=row.recipient,
        sealed=row.sealed,
        reporter=row.reporter,
        reference=row.reference,
        message_id=row.message_id,
        says=payloads.read(row.kind, row.facts),
        in_reply_to=row.in_reply_to,
        references=tuple(row.references.split()),
        attempts=row.attempts + 1,
        doubts=row.doubts,
        composed=row.composed,
        weight=row.size or 0,
        due=row.next_at,
        over=bool(getattr(row, "over", False)),
        looked=row.looked,
        sealed_to=row.sealed_to or "",
    )
