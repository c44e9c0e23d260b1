"""Every mail that is kept, with its verdict and why, in words: nothing is out of sight (ruling 5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from maild.core.change import Verdict
from maild.core.mail.headers import MAX_BLOCK
from maild.core.screening.said import sentence
from maild.store.dialect import beginning
from maild.store.envelopes import SHUNTED
from maild.store.releasing import why_not_released
from maild.store.schema import envelope, location, message, raw, unfetched
from maild.store.views import View, outside

NEWEST = 50
"""Mails that are listed unless all are asked for."""
GIVEN_UP = "(given up)"
_FOLDER = select(func.min(location.c.folder)).where(location.c.envelope_id == envelope.c.id).scalar_subquery()
_KEPT = and_(
    or_(envelope.c.case_id.is_(None), envelope.c.verdict == Verdict.HELD),
    or_(envelope.c.verdict.is_(None), envelope.c.verdict.not_in((Verdict.OWN, Verdict.REPORT))),
)
"""Without a case, and not our own."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which mail to list: the newest, or *everything*; what was *kept* without a case; that of a case."""

    everything: bool = False
    kept: bool = False
    case_id: str = ""


def listed(connection: Connection, wanted: Wanted) -> View:
    """The mail *wanted*, in the order it came; then what the server has not delivered yet."""
    query = select(envelope, _FOLDER.label("folder"), raw.c.envelope_id, _head().label("head"))
    query = query.outerjoin(raw, raw.c.envelope_id == envelope.c.id).order_by(envelope.c.id.desc())
    for condition in _conditions(wanted):
        query = query.where(condition)
    if not (wanted.everything or wanted.kept or wanted.case_id):
        query = query.limit(NEWEST)
    found = [_row(row) for row in connection.execute(query)]
    return [*reversed(found), *(() if wanted.case_id else _missing(connection))]


def kept_since(connection: Connection, since: datetime | None) -> list[int]:
    """The mail that was kept without a case and without anybody being asked, from *since* on."""
    machine = envelope.c.verdict.in_((Verdict.AUTOMATIC, Verdict.BOUNCE)) & envelope.c.case_id.is_(None)
    query = select(envelope.c.id).join(raw, raw.c.envelope_id == envelope.c.id).where(machine)
    query = query if since is None else query.where(envelope.c.judged > since)
    return list(connection.execute(query.order_by(envelope.c.id)).scalars())


def of(connection: Connection, numbers: Iterable[int]) -> View:
    """These mails, as ``listed`` shows them."""
    query = select(envelope, _FOLDER.label("folder"), raw.c.envelope_id, _head().label("head"))
    query = query.outerjoin(raw, raw.c.envelope_id == envelope.c.id).where(envelope.c.id.in_(list(numbers)))
    return [_row(row) for row in connection.execute(query.order_by(envelope.c.id))]


def _head() -> ColumnElement[bytes]:
    return beginning(raw.c.content, MAX_BLOCK)


def _conditions(wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    if wanted.kept:
        yield _KEPT
    if wanted.case_id:
        yield envelope.c.case_id == wanted.case_id


def _row(row: Any) -> dict[str, Any]:
    there = row.envelope_id is not None
    set_aside = row.state == SHUNTED
    seen = outside(row.head or b"") if there else dict.fromkeys(("from", "author", "subject"), GIVEN_UP)
    return {
        "id": row.id,
        "at": row.at.isoformat(),
        "folder": row.folder or row.role,
        **seen,
        "verdict": "set-aside" if set_aside else row.verdict or "not-handled-yet",
        "reasons": _reasons(row, set_aside),
        "case": row.case_id,
        "releasable": not why_not_released(row.verdict, row.case_id, there),
    }


def _reasons(row: Any, set_aside: bool) -> list[str]:
    if set_aside:
        return [f"maild could not handle it: {row.trouble}"]
    if row.verdict is None:
        return ["it waits to be handled"]
    return [words(one) for one in row.reasons] or ["nothing speaks for or against it"]


def words(reason: str) -> str:
    """A reason as people read it."""
    return sentence(reason)


def _missing(connection: Connection) -> View:
    """What the server lists and has not given: maild goes on asking for it (ruling 34)."""
    return [
        {
            "id": None,
            "at": row.since.isoformat(),
            "folder": row.folder,
            "from": "",
            "author": "",
            "subject": "",
            "verdict": "not-fetched",
            "reasons": [f"the mail server lists it but has not delivered it ({row.tries} tries so far)"],
            "case": None,
            "releasable": False,
        }
        for row in connection.execute(select(unfetched).order_by(unfetched.c.since))
    ]


def of_case(connection: Connection, case_id: str) -> tuple[int, ...]:
    """The numbers of the messages that were received in a case."""
    here = (message.c.case_id == case_id) & message.c.envelope_id.is_not(None)
    return tuple(connection.execute(select(message.c.envelope_id).where(here)).scalars())
