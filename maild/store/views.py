"""What people ask to see, as plain values ready to be printed (instants as ISO texts, UTC)."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from maild.core.cases.standing import said
from maild.core.change import Verdict
from maild.core.facts.row import Shown
from maild.core.facts.table import OUTSIDER, TOLD, row_of
from maild.core.keeping.states import UNHANDLED
from maild.core.mail.address import first_author
from maild.core.mail.headers import MAX_BLOCK
from maild.core.mail.mime import outermost
from maild.core.mail.platforms import elsewhere
from maild.core.mail.text import harmless
from maild.core.values.ids import named
from maild.store import canaries, facts, features, journal, standing, unfetched
from maild.store.database import secret
from maild.store.dialect import beginning
from maild.store.schema import backlog, case, clock, envelope, flag, folder, letter, message, participant, raw

View = list[dict[str, Any]]
SEALED = "(sealed)"
TEXT_KEPT = "(kept)"
PURGED = "(given up)"
"""What stands for a subject whose case's texts were kept long enough."""


@dataclass(frozen=True, slots=True)
class Glance:
    """How many cases are open, and when the next promise is due (aware UTC; ``None`` without one)."""

    open: int
    next_due: datetime | None


def cases(connection: Connection, everything: bool = False) -> View:
    """The open cases (all with *everything*), the most urgent first."""
    urgent = (
        select(func.min(clock.c.due))
        .where(clock.c.case_id == case.c.id, clock.c.met.is_(None), clock.c.stopped.is_(None))
        .scalar_subquery()
    )
    query = select(case, urgent.label("next_due")).order_by(urgent.is_(None), urgent, case.c.opened)
    if not everything:
        query = query.where(case.c.state == "open")
    return [_case(connection, row) for row in connection.execute(query).all()]


def _case(connection: Connection, row: Any) -> dict[str, Any]:
    flags = connection.execute(select(flag.c.flag).where(flag.c.case_id == row.id)).scalars()
    return {
        "case": row.id,
        "state": row.state,
        "opened": _iso(row.opened),
        "subject": SEALED if row.sealed else PURGED if row.purged else harmless(row.subject),
        "handler": row.handler,
        "answered": row.answered,
        "next_due": _iso(row.next_due),
        "flags": sorted(flags),
        "related": row.related,
    }


def show(connection: Connection, case_id: str) -> dict[str, Any] | None:
    """Everything about one case but its mails' text."""
    urgent = select(func.min(clock.c.due)).where(
        clock.c.case_id == case_id, clock.c.met.is_(None), clock.c.stopped.is_(None)
    )
    row = connection.execute(
        select(case, urgent.scalar_subquery().label("next_due")).where(case.c.id == case_id)
    ).one_or_none()
    if row is None:
        return None
    of_case = participant.c.case_id == case_id
    who = participant.c.address, participant.c.side
    people = select(*who).where(of_case).group_by(*who).order_by(func.min(participant.c.since), *who)
    return {
        **_case(connection, row),
        "closed": _iso(row.closed),
        "close_reason": row.close_reason,
        "known": said(standing.of_case(connection, case_id)) or None,
        "alike": [f"{one.case_id} ({', '.join(one.kinds)})" for one in features.of_case(connection, case_id)],
        "disclosure": [
            {
                "what": one.name,
                "item": one.item,
                "value": TEXT_KEPT if row_of(one.name, one.item).shown is Shown.TEXT else harmless(one.value),
                "by": one.by,
                "at": _iso(one.at),
            }
            for one in facts.of_case(connection, case_id).facts
        ],
        "participants": [dict(r) for r in connection.execute(people).mappings()],
        "promises": _promises(connection, case_id),
        "messages": _messages(connection, case_id),
        "letters": outbox(connection, case_id=case_id),
        "journal": journal.of_case(connection, case_id),
    }


def access(connection: Connection, case_id: str) -> View:
    """Who can see a case: since when, until when and why; and the outsiders in copy of its mail."""
    record = facts.of_case(connection, case_id)
    reasons = record.items(TOLD)
    query = select(participant).where(participant.c.case_id == case_id).order_by(participant.c.since)
    key = secret(connection)
    found: dict[str, dict[str, Any]] = {}
    for row in connection.execute(query):
        who = {"address": row.address, "side": row.side, "since": _iso(row.since), "until": _iso(row.until)}
        reason = reasons.get(named(key, case_id, row.address), "")
        found.setdefault(row.address, {**who, "reason": harmless(reason)})
    seen = [one for one in record.facts if one.name == OUTSIDER and one.value not in found]
    copied = [
        {"address": one.value, "side": "in copy", "since": _iso(one.at), "until": None, "reason": ""}
        for one in seen
    ]
    return [*found.values(), *copied]


def _promises(connection: Connection, case_id: str) -> View:
    query = select(clock).where(clock.c.case_id == case_id).order_by(clock.c.started, clock.c.id)
    return [
        {
            "promise": row.promise,
            "started": _iso(row.started),
            "due": _iso(row.due),
            "met": _iso(row.met),
            "met_by": row.met_by,
            "stopped": _iso(row.stopped),
        }
        for row in connection.execute(query)
    ]


def _messages(connection: Connection, case_id: str) -> View:
    query = select(message).where(message.c.case_id == case_id, message.c.envelope_id.is_not(None))
    return [
        {"at": _iso(row.at), "author": row.author, "authority": row.authority, "mail": row.envelope_id}
        for row in connection.execute(query.order_by(message.c.at))
    ]


WAITING = envelope.c.verdict.in_((Verdict.QUARANTINE, Verdict.HELD))
"""What waits for a person's word."""


def quarantine(connection: Connection, only: Collection[int] | None = None) -> View:
    """The mail that waits for a person's word, oldest first: probable spam, and unproved mail of the team.

    *only*: of these numbers. ``look_by``: until when its promise gives somebody time to look.
    """
    look = (
        select(func.min(clock.c.due))
        .where(clock.c.mail == envelope.c.id, clock.c.met.is_(None), clock.c.stopped.is_(None))
        .scalar_subquery()
    )
    query = (
        select(envelope, look.label("look_by"), beginning(raw.c.content, MAX_BLOCK).label("head"))
        .outerjoin(raw, raw.c.envelope_id == envelope.c.id)
        .where(WAITING)
        .order_by(envelope.c.at)
    )
    query = query if only is None else query.where(envelope.c.id.in_(only))
    return [
        {
            "mail": row.id,
            "kind": row.verdict,
            **outside(row.head or b""),
            "arrived": _iso(row.at),
            "look_by": _iso(row.look_by),
            "size": row.size,
            "score": round(row.score or 0.0, 2),
            "reasons": row.reasons,
        }
        for row in connection.execute(query)
    ]


def outside(head: bytes) -> dict[str, str]:
    """Author and subject of a mail, made harmless; of a sealed one its outside says nothing.

    ``from`` is the address, ``author`` the person on a platform that writes for everybody from one address.
    """
    headers = outermost(head)
    shown = first_author(headers)
    address = shown.address if shown else ""
    there = elsewhere(headers, address)
    author = f"{there.handle or 'somebody'} on {there.platform}" if there else address
    return {"from": address, "author": author, "subject": harmless(headers.text("Subject"), 100)}


def shunted(connection: Connection) -> View:
    """The mail that maild could not handle."""
    query = select(envelope).where(envelope.c.state == "shunted").order_by(envelope.c.id)
    return [
        {
            "mail": row.id,
            "case": row.case_id,
            "arrived": _iso(row.at),
            "size": row.size,
            "times": row.shunted,
            "trouble": row.trouble,
        }
        for row in connection.execute(query)
    ]


def outbox(connection: Connection, everything: bool = False, case_id: str = "") -> View:
    """The letters not yet settled (all with *everything* or for one case), oldest first."""
    query = select(letter).order_by(letter.c.id)
    if case_id:
        query = query.where(letter.c.case_id == case_id)
    elif not everything:
        query = query.where(letter.c.state != "sent")
    return [
        {
            "letter": row.id,
            "kind": row.kind,
            "case": row.case_id,
            "to": row.recipient,
            "state": row.state,
            "owed": _iso(row.owed),
            "attempts": row.attempts,
            "next": _iso(row.next_at) if row.state == "owed" else None,
            "settled": _iso(row.settled),
            "trouble": row.trouble,
            "message_id": row.message_id,
        }
        for row in connection.execute(query)
    ]


def backlogged(connection: Connection) -> View:
    """The mail that was there before maild's first run."""
    query = select(backlog).order_by(backlog.c.id)
    return [
        {"id": row.id, "folder": row.folder, "arrived": _iso(row.at), "size": row.size, "wanted": row.wanted}
        for row in connection.execute(query)
    ]


def status(connection: Connection, now: datetime) -> dict[str, Any]:
    """The desk in figures."""
    running = (clock.c.met.is_(None)) & (clock.c.stopped.is_(None))
    read = {row.name: _iso(row.read_at) for row in connection.execute(select(folder))}
    flight = canaries.last(connection)
    return {
        "now": _iso(now),
        "cases": _counted(connection, case.c.state),
        "mail": _counted(connection, envelope.c.verdict),
        "held_for": _held_for(connection),
        "unhandled": _count(connection, envelope.c.state.in_(UNHANDLED)),
        "shunted": _count(connection, envelope.c.state == "shunted"),
        "unfetched": unfetched.count(connection),
        "letters": _counted(connection, letter.c.state),
        "promises_running": _count(connection, running),
        "unanswered": _count(connection, (case.c.state == "open") & ~case.c.answered),
        "promises_overdue": _count(connection, running & (clock.c.due <= now)),
        "next_due": _iso(connection.execute(select(func.min(clock.c.due)).where(running)).scalar()),
        "backlog": _count(connection, ~backlog.c.wanted),
        "folders_read": read,
        "canary_sent": _iso(flight.sent if flight else None),
        "canary_seen": _iso(canaries.last_seen(connection)),
    }


def glance(connection: Connection) -> Glance:
    """The least that tells how the desk is."""
    running = (clock.c.met.is_(None)) & (clock.c.stopped.is_(None))
    due = connection.execute(select(func.min(clock.c.due)).where(running)).scalar()
    return Glance(_count(connection, case.c.state == "open"), due)


def _held_for(connection: Connection) -> dict[str, int]:
    """How often each rule spoke where mail was held, the most frequent first."""
    query = select(envelope.c.reasons).where(envelope.c.verdict == Verdict.QUARANTINE)
    spoke = Counter(one for reasons in connection.execute(query).scalars() for one in reasons or ())
    return dict(spoke.most_common())


def _counted(connection: Connection, column: Any) -> dict[str, int]:
    query = select(column, func.count()).where(column.is_not(None)).group_by(column)
    return {str(name): int(count) for name, count in connection.execute(query).all()}


def _count(connection: Connection, where: Any) -> int:
    return connection.execute(select(func.count()).where(where)).scalar_one()


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
