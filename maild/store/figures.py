"""Counting the desk, for those who watch it."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, func, select

from maild.core.change import Verdict
from maild.core.figures import Figure
from maild.core.keeping.states import MailState
from maild.store import canaries, letters, unfetched
from maild.store.kept import kept
from maild.store.schema import case, clock, envelope, folder, letter

STEPS = {MailState.KEPT: "handle", MailState.TO_OPEN: "open"}


def counted(connection: Connection, now: datetime) -> list[Figure]:
    """Everything that the database knows at *now* (aware UTC)."""
    return [
        *_mail(connection, now),
        *_groups(connection, "maild_cases", case.c.state),
        *_letters(connection, now),
        *_promises(connection, now),
        *(
            Figure("maild_folder_read_timestamp_seconds", row.read_at.timestamp(), {"folder": row.name})
            for row in connection.execute(select(folder).where(folder.c.read_at.is_not(None)))
        ),
        *_canary(connection),
    ]


def _groups(connection: Connection, name: str, *columns: object) -> Iterator[Figure]:
    """How many rows there are of each kind; the columns name the labels."""
    query = select(*columns, func.count()).group_by(*columns)  # type: ignore[call-overload]
    for *values, count in connection.execute(query):
        labels = {str(c.name): str(v) for c, v in zip(columns, values, strict=True)}  # type: ignore[attr-defined]
        yield Figure(name, count, labels)


def _mail(connection: Connection, now: datetime) -> Iterator[Figure]:
    by_verdict = {one.labels["verdict"]: one for one in _groups(connection, "maild_mail", envelope.c.verdict)}
    yield from (one for verdict, one in by_verdict.items() if verdict != "None")
    for kind in (Verdict.QUARANTINE, Verdict.HELD):
        found = by_verdict.get(kind)
        yield Figure("maild_quarantine", found.value if found else 0, {"kind": kind})
    waiting = select(envelope.c.state, func.count(), func.min(envelope.c.seen)).group_by(envelope.c.state)
    states = {row[0]: row for row in connection.execute(waiting.where(envelope.c.state != "done"))}
    for state, step in STEPS.items():
        yield Figure("maild_mail_waiting", states[state][1] if state in states else 0, {"step": step})
    oldest = [states[state][2] for state in STEPS if state in states]
    yield Figure("maild_mail_oldest_waiting_seconds", _age(min(oldest), now) if oldest else 0)
    yield Figure("maild_mail_shunted", states["shunted"][1] if "shunted" in states else 0)
    yield Figure("maild_mail_unfetched", unfetched.count(connection))


def _letters(connection: Connection, now: datetime) -> Iterator[Figure]:
    yield from _groups(connection, "maild_letters", letter.c.kind, letter.c.state)
    in_turn = letter.c.pace.is_(None) | (letter.c.attempts > 0)  # waiting for one's turn is no trouble
    owed = select(func.min(letter.c.owed)).where(in_turn, letter.c.state.in_((letters.OWED, letters.SENDING)))
    oldest = connection.execute(owed).scalar()
    yield Figure("maild_letter_oldest_owed_seconds", _age(oldest, now) if oldest else 0)


def _promises(connection: Connection, now: datetime) -> Iterator[Figure]:
    running = clock.c.met.is_(None) & clock.c.stopped.is_(None)
    query = select(clock.c.promise, func.count()).where(running).group_by(clock.c.promise)
    open_now = {str(promise): int(count) for promise, count in connection.execute(query)}
    for promise, found in kept(connection, now).items():
        labels = {"promise": promise}
        yield Figure("maild_promises_running", open_now.get(promise, 0), labels)
        yield Figure("maild_promises_overdue", found.overdue, labels)
        yield Figure("maild_promises_kept", len(found.times) - found.late, labels)
        yield Figure("maild_promises_missed", found.late, labels)
    due = connection.execute(select(func.min(clock.c.due)).where(running)).scalar()
    if due is not None:
        yield Figure("maild_next_due_timestamp_seconds", due.timestamp())


def _canary(connection: Connection) -> Iterator[Figure]:
    last = canaries.last(connection)
    if last and last.sent:
        yield Figure("maild_canary_sent_timestamp_seconds", last.sent.timestamp())
    if seen := canaries.last_seen(connection):
        yield Figure("maild_canary_seen_timestamp_seconds", seen.timestamp())


def _age(since: datetime, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds())
