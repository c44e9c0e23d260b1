"""Loading what a decision may need to know, before it is made and in its own transaction."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from sqlalchemy import Connection

from maild.core.candidates import Candidates
from maild.core.candidates.said import (
    CaseCandidates,
    EnvelopeCandidates,
    HeldCandidates,
    LetterCandidates,
    MemberCandidates,
)
from maild.core.candidates.times import SweepCandidates
from maild.core.event import (
    Asks,
    CanaryDue,
    CaseExported,
    DatabaseRestored,
    DigestDue,
    Event,
    ForgetPerson,
    HeldDigestDue,
    KeysSeen,
    Known,
    LetLetterGo,
    LetterSettled,
    MailArrived,
    MailOpened,
    MailPutAside,
    MailShunted,
    MemberSaid,
    OpeningDelayed,
    OperatorSaid,
    PurgeDue,
    RejectMail,
    RetryMail,
    SweepDue,
    TeamSeen,
    TextPrepared,
    TokenRefused,
)
from maild.core.keeping import retention
from maild.core.policy import Policy
from maild.core.promises import digest
from maild.store import (
    announced,
    board,
    canaries,
    cases,
    correspondents,
    envelopes,
    heldmail,
    incoming,
    keys,
    lapses,
    mails,
    pacing,
    passed,
    purge,
    team,
    withheld,
)
from maild.store import facts as recorded


def load(  # noqa: C901, PLR0911, PLR0912 - one line an event
    connection: Connection, event: Event, policy: Policy, now: datetime
) -> Candidates:
    """What the database knows that matters to *event*."""
    match event:
        case MailArrived() | MailOpened():
            return _for(event, incoming.known(connection, event, policy, now))
        case SweepDue():
            return _for(event, _for_sweep(connection, event, policy, now))
        case DigestDue():
            return _for(event, board.at(connection, digest.end_of_day(policy, now)))
        case HeldDigestDue():
            return _for(event, heldmail.held(connection))
        case CanaryDue():
            return _for(event, canaries.flights(connection))
        case TextPrepared():
            there = announced.looked_for(connection, event.text, policy)
            return _for(event, CaseCandidates(cases.get(connection, event.case_id), announced=there))
        case LetterSettled():
            return _for(event, CaseCandidates(cases.get(connection, event.case_id)))
        case MailPutAside():
            return _for(event, CaseCandidates(cases.by_envelope(connection, event.envelope)))
        case OpeningDelayed():
            return _for(event, CaseCandidates(cases.by_envelope(connection, event.arrival.envelope)))
        case OperatorSaid():
            return _for(event, _for_word(connection, event, now))
        case LetLetterGo():
            return _for(event, LetterCandidates(*(withheld.waiting(connection, event.letter) or ())))
        case PurgeDue():
            return _for(event, purge.due(connection, retention.cutoffs(policy, now)))
        case ForgetPerson():
            return _for(event, purge.person(connection, event.address))
        case TeamSeen():
            return _for(event, team.known(connection))
        case RetryMail():
            return _for(event, EnvelopeCandidates(envelopes.state(connection, event.envelope)))
        case RejectMail():
            verdict = envelopes.verdict(connection, event.envelope)
            return _for(event, HeldCandidates(verdict, cases.held(connection, event.envelope)))
        case MemberSaid():
            member = policy.team.meant(event.member)
            return _for(event, MemberCandidates(cases.handled_by(connection, member.name if member else "")))
        case KeysSeen() | TokenRefused() | MailShunted() | DatabaseRestored() | CaseExported():
            return _for(event, None)
        case _:
            assert_never(event)


def _for_sweep(connection: Connection, event: SweepDue, policy: Policy, now: datetime) -> SweepCandidates:
    """What a sweep looks at."""
    on_the_road = (cases.get(connection, one) for one in recorded.watched(connection))
    due = lapses.due(connection, now, all_late=event.first)
    later = pacing.carried_later(connection, now, policy.limits)
    beside = lapses.late_beside(connection, now, due)
    return SweepCandidates(due, tuple(one for one in on_the_road if one), later, beside)


def _for(_event: Asks[Known], known: Known) -> Known:
    """*known*, which is what the event asks for, or it does not type-check."""
    return known


def _for_word(connection: Connection, event: OperatorSaid, now: datetime) -> CaseCandidates:
    """For a word from the command line: the case, the other that it names, and who may be written to."""
    about = cases.get(connection, event.case_id)
    other = cases.current(connection, event.word.rest.upper())
    if about is None:
        return CaseCandidates(None, other)
    outside = cases.outside(connection, about.id, now)
    offered = keys.offers(connection, about.id)
    people, kept = correspondents.of_case(connection, about), mails.of_case(connection, about.id)
    copied = passed.of_case(connection, about.id)
    found = CaseCandidates(
        about, other, people, outside.guests, told=outside.told, offered=offered, mails=kept, passed=copied
    )
    return replace(found, other_guests=cases.outside(connection, other.id, now).guests) if other else found
