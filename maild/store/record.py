"""Writing a decision down: every change a few rows and a line of the journal, in one transaction."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_new

from maild.core.cases.case import CaseState
from maild.core.decision import (
    AddMessage,
    AddParticipant,
    BounceLetter,
    CaseClosed,
    CaseReopened,
    Change,
    ClearFlag,
    Decision,
    Escalate,
    FreeLetter,
    Keep,
    LookAgain,
    MeetClock,
    MergeCase,
    MoveClock,
    Note,
    OpenCase,
    OweLetter,
    RememberKey,
    RestoreClock,
    SealCase,
    SetFlag,
    SetHandler,
    StartClock,
    StopClock,
    TakeClocks,
    UseSignature,
)
from maild.core.policy import Desk
from maild.core.promises.rule import Happening
from maild.store import envelopes, journal, keys, letters, merge
from maild.store.schema import (
    case,
    clock,
    escalation,
    flag,
    letter,
    message,
    participant,
    used_signature,
)


def record(connection: Connection, decision: Decision, desk: Desk, now: datetime) -> None:
    """Carry out every change of *decision*, in order."""
    for change in decision.changes:
        _record(connection, change, desk, now)


def _record(connection: Connection, change: Change, desk: Desk, now: datetime) -> None:  # noqa: C901, PLR0912, PLR0915 - one line a kind
    match change:
        case Keep():
            envelopes.keep_verdict(connection, change)
        case OpenCase():
            _open_case(connection, change, now)
        case AddParticipant():
            _add_participant(connection, change, now)
        case AddMessage():
            _add_message(connection, change, now)
        case StartClock():
            _start_clock(connection, change, now)
        case MeetClock():
            _meet_clock(connection, change, now)
        case MoveClock():
            _move_clock(connection, change, now)
        case LookAgain():
            connection.execute(update(clock).where(clock.c.id == change.clock).values(look=change.look))
        case TakeClocks():
            _take_clocks(connection, change, now)
        case MergeCase():
            merge.into(connection, change, now)
        case SealCase():
            _seal_case(connection, change, now)
        case UseSignature():
            _use_signature(connection, change)
        case StopClock():
            _stop_clock(connection, change, now)
        case RestoreClock():
            _restore_clock(connection, change, now)
        case Escalate():
            _escalate(connection, change, now)
        case SetFlag():
            _set_flag(connection, change, now)
        case ClearFlag():
            _clear_flag(connection, change, now)
        case SetHandler():
            _set_handler(connection, change, now)
        case CaseClosed():
            _close_case(connection, change, now)
        case CaseReopened():
            _reopen_case(connection, change, now)
        case OweLetter():
            letters.owe(connection, change, desk, now)
        case RememberKey():
            _remember_key(connection, change, now)
        case FreeLetter():
            letters.free(connection, change, now)
        case BounceLetter():
            letters.bounced(connection, change.letter, now)
        case Note():
            journal.write(connection, now, change.case_id, change.what, change.detail)


def _open_case(connection: Connection, change: OpenCase, now: datetime) -> None:
    connection.execute(
        insert(case).values(
            id=change.case_id,
            state=CaseState.OPEN,
            opened=change.opened,
            sealed=change.sealed,
            subject=change.subject,
            related=change.related,
        )
    )
    journal.write(connection, now, change.case_id, "opened", {"since": change.opened.isoformat()})


def _add_participant(connection: Connection, change: AddParticipant, now: datetime) -> None:
    row = {
        "case_id": change.case_id,
        "address": change.address,
        "audience": change.audience,
        "token": change.token,
        "side": change.side,
        "since": now,
        "until": change.until,
    }
    statement = insert_new(participant).values(**row)
    one, again = ["case_id", "address", "audience"], {"until": change.until}
    connection.execute(statement.on_conflict_do_update(index_elements=one, set_=again))


def _add_message(connection: Connection, change: AddMessage, now: datetime) -> None:
    """A mail that is already in its case (seen again in another folder) only gains authority."""
    row = {
        "case_id": change.case_id,
        "envelope_id": change.envelope,
        "message_id": change.message_id,
        "author": change.author,
        "authority": change.authority,
        "at": change.at,
    }
    statement = insert_new(message).values(**row)
    grown = {"authority": change.authority}
    connection.execute(statement.on_conflict_do_update(index_elements=["envelope_id"], set_=grown))
    detail: dict[str, object] = {"envelope": change.envelope, "authority": change.authority}
    journal.write(connection, now, change.case_id, "message", detail)


def _start_clock(connection: Connection, change: StartClock, now: datetime) -> None:
    row = {
        "case_id": change.case_id,
        "promise": change.promise,
        "reporter": change.reporter,
        "started": change.started,
        "due": change.due,
        "look": change.look,
        "start_letter": change.letter,
    }
    new = insert_new(clock).values(**row).on_conflict_do_nothing().returning(clock.c.id)
    number = connection.execute(new).scalar()
    if number is not None:
        detail: dict[str, object] = {
            "clock": number,
            "promise": change.promise,
            "started": change.started.isoformat(),
            "due": change.due.isoformat(),
        }
        journal.write(connection, now, change.case_id, "promise", detail)


def _meet_clock(connection: Connection, change: MeetClock, now: datetime) -> None:
    row = connection.execute(select(clock).where(clock.c.id == change.clock)).one()
    if row.met is not None:
        return
    met = {"met": change.at, "met_by": change.by, "met_letter": change.letter}
    connection.execute(update(clock).where(clock.c.id == row.id).values(**met))
    if change.what is Happening.REPLY:
        connection.execute(update(case).where(case.c.id == change.case_id).values(answered=True))
    late = (change.at - row.due).total_seconds()
    detail: dict[str, object] = {
        "clock": row.id,
        "promise": row.promise,
        "met": change.at.isoformat(),
        "by": change.by,
        "what": change.what,
        "late_seconds": max(0, int(late)),
    }
    journal.write(connection, now, change.case_id, "kept" if late <= 0 else "kept late", detail)


def _move_clock(connection: Connection, change: MoveClock, now: datetime) -> None:
    values = {"due": change.due, "look": change.due, "paused_until": change.paused_until}
    connection.execute(update(clock).where(clock.c.id == change.clock).values(**values))
    detail: dict[str, object] = {
        "clock": change.clock,
        "due": change.due.isoformat(),
        "paused_until": change.paused_until.isoformat() if change.paused_until else None,
        "reason": change.reason,
        "by": change.by,
    }
    what = "promise paused" if change.paused_until else "promise runs again"
    journal.write(connection, now, change.case_id, what, detail)


def _take_clocks(connection: Connection, change: TakeClocks, now: datetime) -> None:
    here = (clock.c.case_id == change.case_id) & clock.c.met.is_(None)
    connection.execute(update(clock).where(here).values(taken_until=change.until))
    journal.write(
        connection, now, change.case_id, "taken", {"until": change.until.isoformat(), "by": change.by}
    )


def _seal_case(connection: Connection, change: SealCase, now: datetime) -> None:
    """Nothing of a sealed case stands in clear columns (ruling 24), not even what once came in clear."""
    values = {"sealed": True, "subject": ""}
    connection.execute(update(case).where(case.c.id == change.case_id).values(**values))
    journal.write(connection, now, change.case_id, "sealed from now on", {})


def _use_signature(connection: Connection, change: UseSignature) -> None:
    row = {"signature": change.signature, "envelope_id": change.envelope}
    connection.execute(insert_new(used_signature).values(**row).on_conflict_do_nothing())


def _stop_clock(connection: Connection, change: StopClock, now: datetime) -> None:
    connection.execute(update(clock).where(clock.c.id == change.clock).values(stopped=change.at))
    detail: dict[str, object] = {
        "clock": change.clock,
        "stopped": change.at.isoformat(),
        "reason": change.reason,
    }
    journal.write(connection, now, change.case_id, "promise stopped", detail)


def _restore_clock(connection: Connection, change: RestoreClock, now: datetime) -> None:
    connection.execute(
        update(clock).where(clock.c.id == change.clock).values(met=None, met_by=None, met_letter=None)
    )
    detail: dict[str, object] = {"clock": change.clock, "reason": change.reason}
    journal.write(connection, now, change.case_id, "promise runs again", detail)


def _escalate(connection: Connection, change: Escalate, now: datetime) -> None:
    told = connection.execute(select(letter.c.id).where(letter.c.dedupe == change.letter)).scalar_one()
    row = {
        "clock_id": change.clock,
        "due": change.due,
        "rung": change.rung,
        "contact": change.contact,
        "letter_id": told,
        "at": now,
    }
    added = connection.execute(insert_new(escalation).values(**row).on_conflict_do_nothing())
    if added.rowcount:
        detail: dict[str, object] = {
            "clock": change.clock,
            "rung": change.rung,
            "due": change.due.isoformat(),
        }
        journal.write(connection, now, change.case_id, "escalated", detail)


def _set_flag(connection: Connection, change: SetFlag, now: datetime) -> None:
    row = {"case_id": change.case_id, "flag": change.flag}
    added = connection.execute(insert_new(flag).values(**row).on_conflict_do_nothing())
    if added.rowcount:
        journal.write(connection, now, change.case_id, "flag", {"flag": change.flag})


def _clear_flag(connection: Connection, change: ClearFlag, now: datetime) -> None:
    here = (flag.c.case_id == change.case_id) & (flag.c.flag == change.flag)
    if connection.execute(delete(flag).where(here)).rowcount:
        journal.write(connection, now, change.case_id, "flag cleared", {"flag": change.flag})


def _set_handler(connection: Connection, change: SetHandler, now: datetime) -> None:
    connection.execute(update(case).where(case.c.id == change.case_id).values(handler=change.handler))
    journal.write(connection, now, change.case_id, "handler", {"handler": change.handler})


def _remember_key(connection: Connection, change: RememberKey, now: datetime) -> None:
    keys.remember(connection, change, now)
    detail: dict[str, object] = {"fingerprint": change.fingerprint, "source": change.source}
    journal.write(connection, now, change.case_id, "key remembered", detail)


def _close_case(connection: Connection, change: CaseClosed, now: datetime) -> None:
    values = {"state": CaseState.CLOSED, "closed": change.at, "close_reason": change.reason}
    connection.execute(update(case).where(case.c.id == change.case_id).values(**values))
    journal.write(connection, now, change.case_id, "closed", {"reason": change.reason, "by": change.by})


def _reopen_case(connection: Connection, change: CaseReopened, now: datetime) -> None:
    values = {"state": CaseState.OPEN, "closed": None, "close_reason": None}
    connection.execute(update(case).where(case.c.id == change.case_id).values(**values))
    journal.write(connection, now, change.case_id, "reopened", {"reason": change.reason})
