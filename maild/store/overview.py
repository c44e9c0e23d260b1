"""The desk at a glance, for the live board: open cases by what is due next, and what waits beside them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from maild.core.change import Verdict
from maild.core.keeping.states import UNHANDLED
from maild.core.mail.text import harmless
from maild.store import canaries, letters
from maild.store.schema import case, clock, envelope, escalation, folder, letter
from maild.store.views import SEALED

ANYBODY = "anybody"
"""Whose turn it is where nobody has the case."""


@dataclass(frozen=True, slots=True)
class Row:
    """An open case: the promise that falls due next, when (aware UTC), and who has to do something."""

    case_id: str
    promise: str
    due: datetime | None
    turn: str
    subject: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the board shows. ``read`` is since when every folder is read."""

    cases: tuple[Row, ...]
    quarantined: int
    held: int
    waiting: int
    shunted: int
    owed: int
    stuck: int
    read: datetime | None
    canary: datetime | None


def overview(connection: Connection) -> Overview:
    """The desk as the database has it."""
    last = canaries.last(connection)
    return Overview(
        cases=tuple(_rows(connection)),
        quarantined=_mail(connection, envelope.c.verdict == Verdict.QUARANTINE),
        held=_mail(connection, envelope.c.verdict == Verdict.HELD),
        waiting=_mail(connection, envelope.c.state.in_(UNHANDLED)),
        shunted=_mail(connection, envelope.c.state == "shunted"),
        owed=letters.count(connection, letters.OWED, letters.SENDING),
        stuck=letters.count(connection, letters.HELD, letters.PARKED),
        read=connection.execute(select(func.min(folder.c.read_at))).scalar(),
        canary=last.seen if last else None,
    )


def _mail(connection: Connection, where: object) -> int:
    return connection.execute(select(func.count()).select_from(envelope).where(where)).scalar_one()  # type: ignore[arg-type]


def _rows(connection: Connection) -> list[Row]:
    """The most urgent first; cases without a running promise last."""
    running = clock.c.met.is_(None) & clock.c.stopped.is_(None)
    next_one = (
        select(clock.c.case_id, clock.c.id, clock.c.promise, clock.c.due)
        .where(running)
        .order_by(clock.c.case_id, clock.c.due)
    )
    urgent: dict[str, tuple[int, str, datetime]] = {}
    for row in connection.execute(next_one):
        urgent.setdefault(row.case_id, (row.id, row.promise, row.due))
    found = []
    for row in connection.execute(select(case).where(case.c.state == "open").order_by(case.c.opened)):
        number, promise, due = urgent.get(row.id, (0, "", None))
        turn = _told(connection, number) or row.handler or ANYBODY
        subject = SEALED if row.sealed else harmless(row.subject)
        found.append(Row(row.id, promise, due, turn, subject))
    return sorted(found, key=lambda one: (one.due is None, one.due))


def _told(connection: Connection, clock_id: int) -> str:
    """Whom the last rung of a lapsed promise told: it is their turn now."""
    query = (
        select(letter.c.recipient)
        .join(escalation, escalation.c.letter_id == letter.c.id)
        .where(escalation.c.clock_id == clock_id)
        .order_by(escalation.c.at.desc(), escalation.c.rung.desc())
        .limit(1)
    )
    return connection.execute(query).scalar() or ""
