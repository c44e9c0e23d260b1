"""The clocks that a sweep looks at, with the rungs climbed for each."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from maild.core.candidates.times import Climbed, DueClock
from maild.core.letters.kinds import LetterKind
from maild.core.promises.forecast import Waiting
from maild.core.values.case import Clock
from maild.store import cases, letters
from maild.store.schema import case, clock, envelope, escalation, letter, message

AT_ONCE = 500
"""Clocks that are asked about in one statement."""
_LOST = (letters.FAILED, letters.BOUNCED, letters.PARKED)
_THESE: BindParameter[int | str] = bindparam("these", expanding=True)
_HANDLERS = select(case.c.id, case.c.handler).where(case.c.id.in_(_THESE))
_SCORES = select(envelope.c.id, envelope.c.score).where(envelope.c.id.in_(_THESE))
_LAST = (
    select(func.max(message.c.id))
    .where(message.c.case_id.in_(_THESE), message.c.authority.like("team:%"))
    .group_by(message.c.case_id)
)
_WORK = select(message.c.case_id, message.c.authority).where(message.c.id.in_(_LAST))
_RUNGS = (
    select(escalation.c.clock_id, escalation.c.rung, letter.c.state, letter.c.settled)
    .join(letter, letter.c.id == escalation.c.letter_id)
    .join(clock, (clock.c.id == escalation.c.clock_id) & (clock.c.due == escalation.c.due))
    .where(escalation.c.clock_id.in_(_THESE))
    .order_by(escalation.c.rung)
)


MOST_HELD = 2000
"""Clocks of held mail that one sweep looks at, those first that wait longest for it."""
_RIPE = clock.c.met.is_(None) & (clock.c.look <= bindparam("now"))
_RIPE_OR_LATE = clock.c.met.is_(None) & (
    (clock.c.look <= bindparam("now")) | (clock.c.due <= bindparam("now"))
)
_LOOKED_AT = {False: _RIPE, True: _RIPE_OR_LATE}
_OF_CASES = {late: cases.clocks_where(clock.c.mail.is_(None), one) for late, one in _LOOKED_AT.items()}
_OF_HELD = {
    late: cases.clocks_where(clock.c.mail.is_not(None), one)
    .order_by(None)
    .order_by(clock.c.look, clock.c.due, clock.c.id)
    .limit(bindparam("most"))
    for late, one in _LOOKED_AT.items()
}
_HELD_LATE = select(func.count()).where(
    clock.c.mail.is_not(None), _RIPE, clock.c.stopped.is_(None), clock.c.due <= bindparam("now")
)
_NEXT_LOOK = select(func.min(clock.c.look)).where(clock.c.met.is_(None), clock.c.stopped.is_(None))
_TOLD_OF_HELD = (
    select(escalation.c.rung, func.max(escalation.c.at))
    .join(clock, clock.c.id == escalation.c.clock_id)
    .where(clock.c.mail.is_not(None))
    .group_by(escalation.c.rung)
)
_REMINDED_OF_HELD = select(func.max(letter.c.owed)).where(
    letter.c.kind == LetterKind.REMINDER, letter.c.case_id.is_(None)
)


def due(connection: Connection, now: datetime, all_late: bool = False) -> tuple[DueClock, ...]:
    """The clocks whose time to be looked at has come; with *all_late* those too that only wait for a rung.

    Of held mail at most ``MOST_HELD``: a flood of spam must not hold up the promises to reporters.
    """
    about = {"now": now}
    of_cases = cases.found(connection, _OF_CASES[all_late], about)
    return _with_rungs(
        connection, [*of_cases, *cases.found(connection, _OF_HELD[all_late], {**about, "most": MOST_HELD})]
    )


def late_beside(connection: Connection, now: datetime, due: Sequence[DueClock]) -> int:
    """How many overdue clocks of held mail are to be looked at beside those of *due*."""
    looked_at = [one.clock for one in due if one.clock.mail is not None]
    if len(looked_at) < MOST_HELD:
        return 0
    late = connection.execute(_HELD_LATE, {"now": now}).scalar_one()
    return late - sum(one.due <= now for one in looked_at)


def next_look(connection: Connection) -> datetime | None:
    """When the next clock is to be looked at."""
    return connection.execute(_NEXT_LOOK).scalar()


def waiting(connection: Connection, case_id: str = "") -> tuple[Waiting, ...]:
    """Every clock that runs, of one case or of all, as ``forecast`` wants them."""
    running = [clock.c.met.is_(None), *([clock.c.case_id == case_id] if case_id else [])]
    looks = {row.id: row.look for row in connection.execute(select(clock.c.id, clock.c.look).where(*running))}
    found = _with_rungs(connection, cases.clocks(connection, *running))
    return tuple(Waiting(one, looks[one.clock.id]) for one in found)


def _with_rungs(connection: Connection, found: list[Clock]) -> tuple[DueClock, ...]:
    held = any(one.mail is not None for one in found)
    told, reminded = (_told_of_held(connection), _reminded_of_held(connection)) if held else ({}, None)
    handlers, rungs = _handlers(connection, found), _rungs(connection, [one.id for one in found])
    scores = _scores(connection, [one.mail for one in found if one.mail is not None])
    work = _work(connection, found)
    return tuple(
        DueClock(one, rungs.get(one.id, ()), told=told, reminded=reminded, score=scores[one.mail])
        if one.mail is not None
        else DueClock(
            one, rungs.get(one.id, ()), handlers.get(one.case_id, ""), works=work.get(one.case_id, "")
        )
        for one in found
    )


def _pieces(ids: Sequence[int | str]) -> Iterator[dict[str, Sequence[int | str]]]:
    return ({"these": ids[start : start + AT_ONCE]} for start in range(0, len(ids), AT_ONCE))


def _handlers(connection: Connection, found: list[Clock]) -> dict[str, str]:
    """Who looks after the cases of these clocks."""
    ids = list({one.case_id for one in found if one.case_id})
    return {row.id: row.handler for some in _pieces(ids) for row in connection.execute(_HANDLERS, some)}


def _scores(connection: Connection, mails: list[int]) -> dict[int, float]:
    """How surely these held mails are spam."""
    return {row.id: row.score or 0.0 for some in _pieces(mails) for row in connection.execute(_SCORES, some)}


def _work(connection: Connection, found: list[Clock]) -> dict[str, str]:
    """The member who last wrote about each of the cases of these clocks."""
    ids = list({one.case_id for one in found if one.case_id})
    rows = (row for some in _pieces(ids) for row in connection.execute(_WORK, some))
    return {row.case_id: row.authority.partition(":")[2] for row in rows}


def _rungs(connection: Connection, ids: list[int]) -> dict[int, tuple[Climbed, ...]]:
    """The rungs climbed for what is due of each clock, in their order."""
    told: dict[int, dict[int, list[tuple[str, datetime | None]]]] = {}
    for some in _pieces(ids):
        for row in connection.execute(_RUNGS, some):
            told.setdefault(row.clock_id, {}).setdefault(row.rung, []).append((row.state, row.settled))
    return {
        number: tuple(_rung(at, several) for at, several in climbed.items())
        for number, climbed in told.items()
    }


def _told_of_held(connection: Connection) -> dict[int, datetime]:
    """When each rung was last told of held mail."""
    return {rung: at for rung, at in connection.execute(_TOLD_OF_HELD)}  # noqa: C416 - rows, not pairs


def _reminded_of_held(connection: Connection) -> datetime | None:
    """When the handlers were last reminded of held mail and nothing else."""
    return connection.execute(_REMINDED_OF_HELD).scalar()


def _rung(number: int, told: list[tuple[str, datetime | None]]) -> Climbed:
    """A rung of several people counts from the first letter accepted."""
    accepted = [settled for state, settled in told if state == letters.SENT and settled]
    if accepted:
        return Climbed(number, min(accepted))
    failed = [settled for state, settled in told if state in _LOST and settled]
    return Climbed(number, max(failed), failed=True) if len(failed) == len(told) else Climbed(number, None)
