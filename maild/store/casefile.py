"""Writing down what changes of a case: each change a few rows, and a line of the journal where people ask."""

from datetime import datetime
from typing import assert_never

from sqlalchemy import Connection, delete, insert, update
from sqlalchemy import case as choose

from maild.core.change import (
    AddFeatures,
    AddMessage,
    AddParticipant,
    CaseChange,
    CaseClosed,
    CaseReopened,
    ClearFlag,
    MergeCase,
    MoveReporter,
    Note,
    OpenCase,
    OweLetter,
    SealCase,
    SetFlag,
    SetHandler,
    UseSignature,
)
from maild.core.facts.change import SetFact
from maild.core.journal import Detail, What
from maild.core.values.case import CaseState
from maild.core.values.people import Audience, Side
from maild.store import facts, features, journal, merge, redaction, reporteraddress, signatures
from maild.store.dialect import insert_new
from maild.store.schema import case, flag, message, participant

_CASE = insert(case)
_NEW = insert_new(participant)
_SIDE = choose((participant.c.side == Side.REPORTER, participant.c.side), else_=_NEW.excluded.side)
"""A reporter stays one; else the last word counts, as when a guest gets no more copies but may know."""
_PARTICIPANT = _NEW.on_conflict_do_update(
    index_elements=["case_id", "address", "audience"], set_={"until": _NEW.excluded.until, "side": _SIDE}
)
_ARRIVED = insert_new(message)
_MESSAGE = _ARRIVED.on_conflict_do_update(
    index_elements=["envelope_id"], set_={"authority": _ARRIVED.excluded.authority}
)


def write(connection: Connection, change: CaseChange, now: datetime) -> None:  # noqa: C901, PLR0912 - one line a change
    """Record one change of a case."""
    match change:
        case OpenCase():
            _open_case(connection, change, now)
        case AddParticipant():
            _add_participant(connection, change, now)
        case MoveReporter():
            reporteraddress.reporter(connection, change, now)
        case AddMessage():
            _add_message(connection, change, now)
        case AddFeatures():
            features.add(connection, change)
        case MergeCase():
            merge.into(connection, change, now)
        case SealCase():
            _seal_case(connection, change, now)
        case UseSignature():
            signatures.use(connection, change)
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
        case SetFact():
            facts.write(connection, change, now)
        case Note():
            journal.write(connection, now, change.case_id, change.what, change.detail)
        case _:
            assert_never(change)


def _open_case(connection: Connection, change: OpenCase, now: datetime) -> None:
    row = {
        "id": change.case_id,
        "state": CaseState.OPEN,
        "opened": change.opened,
        "sealed": change.sealed,
        "subject": change.subject,
        "related": change.related,
    }
    connection.execute(_CASE, row)
    journal.write(connection, now, change.case_id, What.OPENED, {"since": change.opened.isoformat()})


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
    connection.execute(_PARTICIPANT, row)


def know_reader(connection: Connection, change: OweLetter, now: datetime) -> None:
    """Who gets a letter among the team answers it by the token in it; a guest stays a guest."""
    if change.internal and change.case_id:
        row = {
            "case_id": change.case_id,
            "address": change.recipient,
            "audience": Audience.TEAM,
            "token": change.token,
            "side": Side.MEMBER,
            "since": now,
            "until": None,
        }
        connection.execute(_NEW.on_conflict_do_nothing(), row)


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
    connection.execute(_MESSAGE, row)
    proved: Detail = {"proved": change.proved} if change.proved else {}
    detail: Detail = {"envelope": change.envelope, "authority": change.authority, **proved}
    journal.write(connection, now, change.case_id, What.MESSAGE, detail)


def _seal_case(connection: Connection, change: SealCase, now: datetime) -> None:
    """Nothing of a sealed case stands in clear columns (ruling 24), not even what once came in clear."""
    values = {"sealed": True, "subject": ""}
    connection.execute(update(case).where(case.c.id == change.case_id).values(**values))
    redaction.encrypted(connection, change.case_id)
    journal.write(connection, now, change.case_id, What.SEALED_FROM_NOW_ON, {})


def _set_flag(connection: Connection, change: SetFlag, now: datetime) -> None:
    row = {"case_id": change.case_id, "flag": change.flag}
    added = connection.execute(insert_new(flag).values(**row).on_conflict_do_nothing())
    if added.rowcount:
        journal.write(connection, now, change.case_id, What.FLAG, {"flag": change.flag})


def _clear_flag(connection: Connection, change: ClearFlag, now: datetime) -> None:
    here = (flag.c.case_id == change.case_id) & (flag.c.flag == change.flag)
    if connection.execute(delete(flag).where(here)).rowcount:
        journal.write(connection, now, change.case_id, What.FLAG_CLEARED, {"flag": change.flag})


def _set_handler(connection: Connection, change: SetHandler, now: datetime) -> None:
    connection.execute(update(case).where(case.c.id == change.case_id).values(handler=change.handler))
    journal.write(connection, now, change.case_id, What.HANDLER, {"handler": change.handler})


def _close_case(connection: Connection, change: CaseClosed, now: datetime) -> None:
    values = {"state": CaseState.CLOSED, "closed": change.at, "close_reason": change.reason}
    connection.execute(update(case).where(case.c.id == change.case_id).values(**values))
    journal.write(connection, now, change.case_id, What.CLOSED, {"reason": change.reason, "by": change.by})


def _reopen_case(connection: Connection, change: CaseReopened, now: datetime) -> None:
    values = {"state": CaseState.OPEN, "closed": None, "close_reason": None}
    connection.execute(update(case).where(case.c.id == change.case_id).values(**values))
    journal.write(connection, now, change.case_id, What.REOPENED, {"reason": change.reason})
