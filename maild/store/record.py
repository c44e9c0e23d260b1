"""Writing a decision down: every change a few rows and a line of the journal, in one transaction."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, update
from sqlalchemy import case as choose
from sqlalchemy.dialects.sqlite import insert as insert_new

from maild.core.cases.case import CaseState
from maild.core.cases.change import MemberLeft, RememberTeam
from maild.core.cases.people import Audience, Side
from maild.core.change import (
    AddFeatures,
    AddMessage,
    AddParticipant,
    BounceLetter,
    CaseClosed,
    CaseReopened,
    Change,
    ClearFlag,
    FreeLetter,
    Keep,
    MergeCase,
    Note,
    OpenCase,
    OweLetter,
    RememberKey,
    SealCase,
    SeeCanary,
    SetAway,
    SetFlag,
    SetHandler,
    UseSignature,
)
from maild.core.decision import Decision
from maild.core.disclosure.change import SetFact
from maild.core.keeping.change import (
    DoubtUntil,
    Forget,
    LetterWasSent,
    PurgeCase,
    PurgeMail,
    SetAside,
    TryAgain,
)
from maild.core.policy import Desk
from maild.core.promises.change import (
    Escalate,
    LookAgain,
    MeetClock,
    MoveClock,
    RestoreClock,
    StartClock,
    StopClock,
    TakeClocks,
)
from maild.store import (
    absences,
    canaries,
    clocks,
    envelopes,
    facts,
    features,
    folders,
    hushing,
    journal,
    keys,
    letters,
    merge,
    purge,
    team,
)
from maild.store.letters import Letter
from maild.store.schema import (
    case,
    flag,
    message,
    participant,
    used_signature,
)

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


def record(
    connection: Connection, decision: Decision, desk: Desk, now: datetime
) -> list[tuple[Letter, datetime]]:
    """Carry out every change of *decision*, in order; the letters that turned out to be sent, and when."""
    sent = []
    for change in decision.changes:
        if isinstance(change, LetterWasSent):
            found = letters.was_sent(connection, change, now)
            sent += [(found, change.at)] if found else []
        else:
            _record(connection, change, desk, now)
    return sent


def _record(connection: Connection, change: Change, desk: Desk, now: datetime) -> None:  # noqa: C901, PLR0912, PLR0915 - one line a kind
    match change:
        case Keep():
            envelopes.keep_verdict(connection, change, now)
        case OpenCase():
            _open_case(connection, change, now)
        case AddParticipant():
            _add_participant(connection, change, now)
        case AddMessage():
            _add_message(connection, change, now)
        case AddFeatures():
            features.add(connection, change)
        case StartClock():
            clocks.start(connection, change, now)
        case MeetClock():
            clocks.meet(connection, change, now)
        case MoveClock():
            clocks.move(connection, change, now)
        case LookAgain():
            clocks.look_again(connection, change)
        case TakeClocks():
            clocks.take(connection, change, now)
        case MergeCase():
            merge.into(connection, change, now)
        case SealCase():
            _seal_case(connection, change, now)
        case UseSignature():
            _use_signature(connection, change)
        case StopClock():
            clocks.stop(connection, change, now)
        case RestoreClock():
            clocks.restore(connection, change, now)
        case Escalate():
            clocks.escalate(connection, change, now)
        case SetFlag():
            _set_flag(connection, change, now)
        case ClearFlag():
            _clear_flag(connection, change, now)
        case SetHandler():
            _set_handler(connection, change, now)
        case SetAway():
            absences.put(connection, change, now)
        case MemberLeft():
            team.leave(connection, change, now)
        case RememberTeam():
            team.remember(connection, change)
        case CaseClosed():
            _close_case(connection, change, now)
        case CaseReopened():
            _reopen_case(connection, change, now)
        case OweLetter():
            letters.owe(connection, change, desk, now)
            _know_reader(connection, change, now)
        case RememberKey():
            _remember_key(connection, change, now)
        case FreeLetter():
            letters.free(connection, change, now)
        case BounceLetter():
            letters.bounced(connection, change.letter, now)
        case SetAside():
            envelopes.set_aside(connection, change, now)
        case TryAgain():
            envelopes.try_again(connection, change, now)
        case DoubtUntil():
            folders.doubt_until(connection, change, now)
        case PurgeCase():
            purge.purge_case(connection, change, now)
        case PurgeMail():
            purge.purge_mail(connection, change, now)
        case Forget():
            purge.forget(connection, change)
        case SetFact():
            facts.write(connection, change, now)
        case SeeCanary():
            canaries.see(connection, change, now)
        case Note():
            journal.write(connection, now, change.case_id, change.what, change.detail)


def _open_case(connection: Connection, change: OpenCase, now: datetime) -> None:
    row = {
        "id": change.case_id,
        "state": CaseState.OPEN,
        "opened": change.opened,
        "sealed": change.sealed,
        "subject": change.subject,
        "related": change.related,
    }
    connection.execute(insert(case), row)
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
    connection.execute(_PARTICIPANT, row)


def _know_reader(connection: Connection, change: OweLetter, now: datetime) -> None:
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
    detail: dict[str, object] = {"envelope": change.envelope, "authority": change.authority}
    journal.write(connection, now, change.case_id, "message", detail)


def _seal_case(connection: Connection, change: SealCase, now: datetime) -> None:
    """Nothing of a sealed case stands in clear columns (ruling 24), not even what once came in clear."""
    values = {"sealed": True, "subject": ""}
    connection.execute(update(case).where(case.c.id == change.case_id).values(**values))
    hushing.sealed(connection, change.case_id)
    journal.write(connection, now, change.case_id, "sealed from now on", {})


def _use_signature(connection: Connection, change: UseSignature) -> None:
    row = {"signature": change.signature, "envelope_id": change.envelope}
    connection.execute(insert_new(used_signature).values(**row).on_conflict_do_nothing())


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
