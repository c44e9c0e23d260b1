"""What a letter is composed from that may have changed since it was owed."""

from collections.abc import Iterator

from sqlalchemy import Connection

from maild.core.due import current
from maild.core.letters.payloads import Escalation, Line, Notice, Reminder
from maild.core.values.case import Case
from maild.core.values.noticekind import NoticeKind
from maild.core.writing.asof import MOST, Known
from maild.store import cases, worked
from maild.store.letters import Letter
from maild.store.schema import clock

AT_ONCE = 500
"""Clocks that are asked about in one statement."""


def load(connection: Connection, letter: Letter, own: Case | None = None) -> Known:
    """What may have changed for *letter*, whose *own* case may be at hand; nothing where nothing can.

    The case that it is joined to, if it is, and of the promises that the letter lists those that still run.
    """
    if not current.timely(letter.says):
        return Known()
    case = cases.current(connection, letter.case_id, own) if letter.case_id else None
    lines = _lines(letter)
    running = {
        one.id: one
        for these in _pieces([line.clock for line in lines if line.clock])
        for one in cases.clocks(connection, clock.c.id.in_(these), clock.c.met.is_(None))
    }
    shown = dict.fromkeys(one.case_id for line in lines if (one := running.get(line.clock)) and one.case_id)
    known = {name: cases.get(connection, name) for name in list(shown)[:MOST]}
    says = letter.says
    idle = case is not None and isinstance(says, Notice) and says.about == NoticeKind.IDLE
    since = worked.last(connection, case.id) if case and idle else None
    return Known(case, running, {name: one for name, one in known.items() if one}, since)


def _lines(letter: Letter) -> tuple[Line, ...]:
    says = letter.says
    if isinstance(says, Escalation):
        return says.lapsed
    return says.coming if isinstance(says, Reminder) else ()


def _pieces(numbers: list[int]) -> Iterator[list[int]]:
    return (numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE))
