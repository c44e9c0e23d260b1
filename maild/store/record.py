"""Writing a decision down: every change a few rows and a line of the journal, in one transaction.

A change that nothing here records does not type-check: each family of changes is matched to its end.
"""

from datetime import datetime
from typing import assert_never

from sqlalchemy import Connection

from maild.core.change import (
    BounceLetter,
    CaseChange,
    Change,
    FreeLetter,
    Keep,
    LetterChange,
    OweLetter,
    SeeCanary,
    SetAway,
)
from maild.core.changes.keeping import (
    DoubtUntil,
    Forget,
    KeepingChange,
    LetterWasSent,
    PurgeCase,
    PurgeMail,
    SetAside,
    TryAgain,
)
from maild.core.changes.keys import KeyChange
from maild.core.changes.promises import PromiseChange
from maild.core.changes.team import DayTold, MemberLeft, MemberMoved, RememberTeam, TeamChange
from maild.core.decision import Decision
from maild.core.values.desk import Desk
from maild.store import (
    absences,
    canaries,
    casefile,
    clocks,
    daily,
    envelopes,
    folders,
    keys,
    letters,
    purge,
    team,
    withheld,
)
from maild.store.letters import Letter

Sent = list[tuple[Letter, datetime]]
"""Letters that turned out to be sent, and when."""


def record(connection: Connection, decision: Decision, desk: Desk, now: datetime) -> Sent:
    """Carry out every change of *decision*, in order; the letters that turned out to be sent, and when."""
    return [one for change in decision.changes for one in _record(connection, change, desk, now)]


def _record(connection: Connection, change: Change, desk: Desk, now: datetime) -> Sent:
    if isinstance(change, CaseChange):
        casefile.write(connection, change, now)
    elif isinstance(change, KeyChange):
        keys.write(connection, change, now)
    elif isinstance(change, PromiseChange):
        clocks.write(connection, change, now)
    elif isinstance(change, LetterChange):
        _letter(connection, change, desk, now)
    elif isinstance(change, TeamChange | SetAway):
        _team(connection, change, now)
    elif isinstance(change, Keep):
        envelopes.keep_verdict(connection, change, now)
    elif isinstance(change, KeepingChange):
        return _keeping(connection, change, now)
    else:
        assert_never(change)
    return []


def _letter(connection: Connection, change: LetterChange, desk: Desk, now: datetime) -> None:
    match change:
        case OweLetter():
            letters.owe(connection, change, desk, now)
            casefile.know_reader(connection, change, now)
        case FreeLetter():
            letters.free(connection, change, now)
        case BounceLetter():
            letters.bounced(connection, change.letter, now)
        case SeeCanary():
            canaries.see(connection, change, now)
        case _:
            assert_never(change)


def _team(connection: Connection, change: TeamChange | SetAway, now: datetime) -> None:
    match change:
        case SetAway():
            absences.put(connection, change, now)
        case MemberLeft():
            team.leave(connection, change, now)
        case MemberMoved():
            withheld.readdress(connection, change)
        case RememberTeam():
            team.remember(connection, change)
        case DayTold():
            daily.tell(connection, change, now)
        case _:
            assert_never(change)


def _keeping(connection: Connection, change: KeepingChange, now: datetime) -> Sent:
    match change:
        case LetterWasSent():
            found = letters.was_sent(connection, change, now)
            return [(found, change.at)] if found else []
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
        case _:
            assert_never(change)
    return []
