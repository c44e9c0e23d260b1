"""Cases read from the tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, Select, bindparam, select

from maild.core.change import RELEASED
from maild.core.mail.thread import Token
from maild.core.values.case import Case, CaseState, Clock, Flag
from maild.core.values.people import Audience, Side
from maild.store import facts
from maild.store.schema import (
    case,
    clock,
    envelope,
    flag,
    letter,
    message,
    participant,
)

MAX_JOINS = 20
"""How many joins one after the other are followed."""


_THIS: BindParameter[str | int] = bindparam("this")
_JOINED_TO = select(case.c.joined_to).where(case.c.id == _THIS)
_REPORTS = (participant.c.case_id == case.c.id) & (participant.c.side == Side.REPORTER)
_CASE = (
    select(case, participant.c.address, flag.c.flag)
    .outerjoin(participant, _REPORTS)
    .outerjoin(flag, flag.c.case_id == case.c.id)
    .where(case.c.id == _THIS)
    .order_by(participant.c.since, participant.c.address)
)
"""A row for each reporter and flag. Whoever reported it first stands first: letters number reporters."""
_CLOCKS = select(clock).where(clock.c.stopped.is_(None)).order_by(clock.c.started, clock.c.id)
_CLOCKS_OF = _CLOCKS.where(clock.c.case_id == _THIS)
_HELD = _CLOCKS.where(clock.c.mail == _THIS, clock.c.met.is_(None))
_OF_ENVELOPE = select(message.c.case_id).where(message.c.envelope_id == _THIS)
_BY_MESSAGE_ID = (
    select(message.c.message_id, message.c.case_id)
    .where(message.c.message_id.in_(bindparam("these", expanding=True)))
    .order_by(message.c.id)
)
_REASONS = select(envelope.c.reasons).where(envelope.c.id == _THIS)
_ENDS = select(participant.c.address, participant.c.side, participant.c.until).where(
    participant.c.case_id == _THIS
)
_FIRST_OF = (
    select(message.c.envelope_id)
    .where(message.c.case_id == _THIS, message.c.author == bindparam("author"))
    .where(message.c.envelope_id.is_not(None))
    .order_by(message.c.at, message.c.id)
    .limit(1)
)
_KNOWN_REPORTER = (
    select(participant.c.case_id)
    .join(case, case.c.id == participant.c.case_id)
    .where(
        participant.c.address == _THIS,
        participant.c.side == Side.REPORTER,
        case.c.close_reason.is_distinct_from("spam"),
    )
    .limit(1)
)


def handled_by(connection: Connection, name: str) -> tuple[Case, ...]:
    """The open cases that the member of this *name* handles, oldest first."""
    if not name:
        return ()
    theirs = select(case.c.id).where(case.c.handler == name, case.c.state == CaseState.OPEN)
    found = connection.execute(theirs.order_by(case.c.opened, case.c.id)).scalars().all()
    return tuple(one for one in (get(connection, each) for each in found) if one)


def get(connection: Connection, case_id: str) -> Case | None:
    """The case *case_id* with its reporters, clocks and flags."""
    this = {"this": case_id}
    rows = connection.execute(_CASE, this).all()
    if not rows:
        return None
    row = rows[0]
    return Case(
        id=row.id,
        state=CaseState(row.state),
        opened=row.opened,
        sealed=row.sealed,
        reporters=tuple(dict.fromkeys(one.address for one in rows if one.address)),
        handler=row.handler,
        clocks=tuple(_clock(row) for row in connection.execute(_CLOCKS_OF, this)),
        flags=frozenset(Flag(one.flag) for one in rows if one.flag),
        answered=row.answered,
        record=facts.of_case(connection, case_id),
        joined_to=row.joined_to or "",
    )


def current(connection: Connection, case_id: str, own: Case | None = None) -> Case | None:
    """The case *case_id*, or the one that it was joined to; *own*: the first of them, if it is at hand."""
    if own and own.id == case_id and not own.joined_to:
        return own
    for _ in range(MAX_JOINS):
        joined = connection.execute(_JOINED_TO, {"this": case_id}).scalar()
        if not joined:
            break
        case_id = joined
    return get(connection, case_id)


def joined_to(connection: Connection, case_id: str) -> tuple[tuple[str, datetime], ...]:
    """The cases that were joined to this one, by themselves or with others, and when."""
    found: dict[str, datetime] = {}
    names = [case_id]
    for _ in range(MAX_JOINS):
        query = select(case.c.id, case.c.closed).where(case.c.joined_to.in_(names), case.c.id.not_in(found))
        rows = connection.execute(query).all()
        found |= {row.id: row.closed for row in rows}
        if not (names := [row.id for row in rows]):
            break
    return tuple(found.items())


def released(connection: Connection, envelope_id: int) -> bool:
    """Whether a person let this mail in."""
    reasons = connection.execute(_REASONS, {"this": envelope_id}).scalar()
    return RELEASED in (reasons or ())


def clocks(connection: Connection, *where: ColumnElement[bool]) -> list[Clock]:
    """The clocks that match and were not stopped, in the order they started."""
    return found(connection, clocks_where(*where), {})


def clocks_where(*where: ColumnElement[bool]) -> Select[Any]:
    """The statement of ``clocks``, for those who ask it often."""
    return _CLOCKS.where(*where)


def found(connection: Connection, query: Select[Any], about: Mapping[str, object]) -> list[Clock]:
    """The clocks that a statement of ``clocks_where`` finds, its parameters being *about*."""
    return [_clock(row) for row in connection.execute(query, about)]


def running_clocks(connection: Connection) -> list[Clock]:
    """Every clock that runs, of cases and of held mail."""
    return clocks(connection, clock.c.met.is_(None))


def _clock(row: Row) -> Clock:  # type: ignore[type-arg]  # rows of a whole table have no static type
    return Clock(
        row.id,
        row.case_id or "",
        row.promise,
        row.reporter,
        row.started,
        row.due,
        row.met,
        row.met_letter,
        row.start_letter,
        row.paused_until,
        row.taken_until,
        row.mail,
        row.paused_since,
        row.paused_due,
        row.met_by or "",
        row.look,
    )


def held(connection: Connection, envelope_id: int) -> tuple[Clock, ...]:
    """The clocks that run because this mail waits for a person's look."""
    return tuple(_clock(row) for row in connection.execute(_HELD, {"this": envelope_id}))


def by_token(connection: Connection, tokens: Sequence[str]) -> Token | None:
    """What the first of *tokens* that is known stands for."""
    if not tokens:
        return None
    query = select(participant).where(participant.c.token.in_(tokens[:20]))
    known = {row.token: row for row in connection.execute(query)}
    row = next((known[token] for token in tokens if token in known), None)
    case_of = current(connection, row.case_id) if row else None
    if row is None or case_of is None:
        return None
    return Token(case_of, row.address, Side(row.side), Audience(row.audience), row.token, row.until)


def by_message_id(
    connection: Connection, ids: Sequence[str], people: Sequence[str] = (), at_hand: Case | None = None
) -> Case | None:
    """The case in which one of the Message-IDs is known; the first of *ids* that is decides.

    Several cases may know one Message-ID: then it is the one that one of *people* reported, else the newest.
    *at_hand* is a case that was read already.
    """
    if not ids:
        return None
    known: dict[str, list[str]] = {}
    for row in connection.execute(_BY_MESSAGE_ID, {"these": ids[:150]}):
        known.setdefault(row.message_id, []).append(row.case_id)
    found = next((known[name] for name in ids if name in known), [])
    case_id = _reported_by(connection, found, people) if len(set(found)) > 1 else next(iter(found), None)
    return at_hand if at_hand and at_hand.id == case_id else _found(connection, case_id)


def _reported_by(connection: Connection, names: Sequence[str], people: Sequence[str]) -> str:
    """Which of these cases, the newest last, one of *people* reported; else the newest."""
    query = select(participant.c.case_id).where(
        participant.c.case_id.in_(names),
        participant.c.side == Side.REPORTER,
        participant.c.address.in_(people[:50]),
    )
    theirs = set(connection.execute(query).scalars())
    return next((name for name in reversed(names) if name in theirs), names[-1])


def by_tag(connection: Connection, tags: Sequence[str]) -> Case | None:
    """The case that the first known of *tags* names."""
    return next((found for tag in tags if (found := current(connection, tag))), None)


def by_envelope(connection: Connection, envelope_id: int) -> Case | None:
    """The case that an envelope already belongs to."""
    return _found(connection, connection.execute(_OF_ENVELOPE, {"this": envelope_id}).scalar())


@dataclass(frozen=True, slots=True)
class Outside:
    """The outsiders of a case: who gets the team's copies, who may know of it, whose time in it is over."""

    guests: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    gone: frozenset[str] = frozenset()


def outside(connection: Connection, case_id: str, now: datetime) -> Outside:
    """The outsiders of a case at *now*; former members are among those whose time is over."""
    rows = connection.execute(_ENDS, {"this": case_id}).all()
    there = [row for row in rows if row.until is None or row.until > now]
    return Outside(
        guests=tuple(row.address for row in there if row.side == Side.GUEST),
        told=tuple(row.address for row in there if row.side == Side.OUTSIDE),
        gone=frozenset(row.address for row in rows) - {row.address for row in there},
    )


def first_mail(connection: Connection, case_id: str, address: str) -> int | None:
    """The envelope of the first message of the reporter at *address* in the case, if one is known."""
    return connection.execute(_FIRST_OF, {"this": case_id, "author": address}).scalar()


def doubtful_report(connection: Connection, case_id: str) -> int | None:
    """The envelope of a case's only mail, if that came in clear and no rule spoke for a report."""
    query = (
        select(envelope.c.id, envelope.c.score, case.c.sealed)
        .join(message, message.c.envelope_id == envelope.c.id)
        .join(case, case.c.id == message.c.case_id)
        .where(message.c.case_id == case_id)
        .limit(2)
    )
    rows = connection.execute(query).all()
    alone = len(rows) == 1 and not rows[0].sealed and (rows[0].score or 0) >= 0
    return int(rows[0].id) if alone else None


def reporter_known(connection: Connection, address: str) -> bool:
    """Whether *address* is a reporter of a case that was not closed as spam."""
    return bool(address) and connection.execute(_KNOWN_REPORTER, {"this": address}).first() is not None


def _found(connection: Connection, case_id: str | None) -> Case | None:
    return get(connection, case_id) if case_id else None


def newest_with(connection: Connection, addresses: Sequence[str]) -> Case | None:
    """The case of the newest letter to one of *addresses*."""
    query = select(letter.c.case_id).where(letter.c.recipient.in_(addresses), letter.c.case_id != "")
    found = connection.execute(query.order_by(letter.c.id.desc()).limit(1)).scalar()
    return get(connection, found) if found else None
