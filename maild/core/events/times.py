"""What follows when it is time: deadlines, digests, canaries, retention, and what a start finds."""

from datetime import datetime
from typing import assert_never

from maild.core import canary, tokencare
from maild.core.candidates import Candidates
from maild.core.candidates.times import (
    Board,
    CanaryCandidates,
    HeldMail,
    Purgeable,
    SweepCandidates,
    TeamCandidates,
)
from maild.core.cases import flood, heldwords, leaving
from maild.core.cases.applied import applied
from maild.core.decision import Decision
from maild.core.disclosure import followup, sending
from maild.core.due import watch
from maild.core.event import (
    CanaryDue,
    DigestDue,
    HeldDigestDue,
    KeysSeen,
    PurgeDue,
    SweepDue,
    TeamSeen,
    TimeEvent,
    TokenRefused,
)
from maild.core.events.known import loaded
from maild.core.keeping import retention
from maild.core.keycare import warnings
from maild.core.policy import Policy
from maild.core.promises import digest
from maild.core.promises.ladder import climb, remind


def decide(event: TimeEvent, known: Candidates, policy: Policy, now: datetime) -> Decision:  # noqa: PLR0911 - one line an event
    """What to record at *now*."""
    match event:
        case SweepDue():
            return _sweep(event, loaded(SweepCandidates, event, known), policy, now)
        case DigestDue():
            board = watch.dated(loaded(Board, event, known), policy, now)
            return Decision(tuple(digest.tell(board, policy, now)))
        case HeldDigestDue():
            return Decision(tuple(heldwords.tell(loaded(HeldMail, event, known), policy, now)))
        case CanaryDue():
            return Decision(
                tuple(canary.fly(loaded(CanaryCandidates, event, known), event.blind, policy, now))
            )
        case PurgeDue():
            return retention.purge(loaded(Purgeable, event, known))
        case KeysSeen():
            return Decision(tuple(warnings(event.keys, policy, now)))
        case TokenRefused():
            return Decision(tuple(tokencare.authorize(event.since, event.until, policy)))
        case TeamSeen():
            return Decision(tuple(leaving.seen(loaded(TeamCandidates, event, known), policy, now)))
        case _:
            assert_never(event)


def _sweep(event: SweepDue, known: SweepCandidates, policy: Policy, now: datetime) -> Decision:
    """Reminders for what is coming, the ladder for what has lapsed."""
    late = tuple(one for one in known.due if one.clock.due <= now)
    early = tuple(one for one in known.due if one.clock.due > now)
    ready = followup.prepared(known.embargoed, policy, now)
    embargoed = [applied(case, ready, now) for case in known.embargoed]
    near = watch.look(embargoed, policy, now)
    doubt = sending.BLIND if event.blind_since else sending.CLOCK if event.clock_set else ""
    out = [
        *sending.due(watch.running(embargoed), policy, now, doubt),
        *followup.due(embargoed, policy, doubt),
    ]
    more = flood.listed(known.carried_later, policy, now)
    steps = climb(late, event.blind_since, policy, now, known.held_beside)
    told = (*remind(early, policy, now), *steps)
    return Decision((*told, *ready, *near, *out, *more))
