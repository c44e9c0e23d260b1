"""The desk at a glance, for the morning digest."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from maild.core.candidates.times import Board, DueToday, OpenCase
from maild.core.change import Verdict
from maild.core.facts.record import MAILD
from maild.core.facts.table import SEVERITY
from maild.core.journal import What
from maild.store import cases, daily, envelopes, facts, letters, mails, worked
from maild.store.schema import case, clock, envelope, fact, journal, message

_HERE = case.c.id
_SEVERITY = select(fact.c.value).where(fact.c.case_id == _HERE, fact.c.name == SEVERITY).scalar_subquery()
_WRITTEN = (
    select(func.max(message.c.at))
    .where(message.c.case_id == _HERE, message.c.authority != MAILD)
    .scalar_subquery()
)
_SAID = select(func.max(fact.c.at)).where(fact.c.case_id == _HERE, fact.c.by != MAILD).scalar_subquery()
"""When a person last wrote, and last said something: what maild does by itself is no stir."""


def at(connection: Connection, end: datetime) -> Board:
    """What is open, what falls due before *end* or has lapsed, what waits for a person."""
    return Board(
        open=_open(connection),
        due=_due(connection, end),
        quarantined=_mail(connection, Verdict.QUARANTINE),
        held=_mail(connection, Verdict.HELD),
        letters=letters.count(connection, letters.HELD, letters.PARKED),
        shunted=envelopes.count(connection, envelopes.SHUNTED),
        told=daily.told(connection, What.DIGEST),
        kept=len(mails.kept_since(connection, daily.at(connection, What.DIGEST))),
        begun=connection.execute(select(journal.c.at).order_by(journal.c.id).limit(1)).scalar(),
        dated=tuple(filter(None, (cases.get(connection, one) for one in facts.watched(connection)))),
    )


def _open(connection: Connection) -> tuple[OpenCase, ...]:
    about = (case.c.id, case.c.handler, case.c.answered, _SEVERITY)
    query = select(*about, case.c.opened, _WRITTEN, _SAID, *worked.columns(_HERE))
    rows = connection.execute(query.where(case.c.state == "open").order_by(case.c.opened, case.c.id))
    return tuple(
        OpenCase(number, handler, answered, severity or "", _last(opened, *stirs), _last(opened, *works))
        for number, handler, answered, severity, opened, *stirs, works in (
            (*row[:7], row[7:]) for row in rows
        )
    )


def _last(*instants: datetime | None) -> datetime | None:
    return max((at for at in instants if at), default=None)


def _due(connection: Connection, end: datetime) -> tuple[DueToday, ...]:
    query = (
        select(clock.c.case_id, clock.c.promise, clock.c.due)
        .where(clock.c.met.is_(None), clock.c.stopped.is_(None), clock.c.due < end, clock.c.mail.is_(None))
        .order_by(clock.c.due, clock.c.id)
    )
    return tuple(DueToday(*row) for row in connection.execute(query))


def _mail(connection: Connection, verdict: Verdict) -> int:
    query = select(func.count()).select_from(envelope).where(envelope.c.verdict == verdict)
    return connection.execute(query).scalar_one()
