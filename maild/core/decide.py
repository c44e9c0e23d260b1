"""The one place where everything that happens is decided: event, candidates, policy, now -> decision.

An event that nothing here decides does not type-check: each family of events is matched to its end.
"""

from datetime import datetime
from typing import assert_never

from maild.core.candidates import Candidates
from maild.core.candidates.said import CaseCandidates
from maild.core.cases.settled import settled
from maild.core.decision import Decision
from maild.core.event import Event, KeepingEvent, LetterSettled, MailEvent, SaidEvent, TimeEvent
from maild.core.events import keeping, mail, said, times
from maild.core.events.known import loaded
from maild.core.policy import Policy


def decide(event: Event, known: Candidates, policy: Policy, now: datetime) -> Decision:
    """What to record when *event* happens; *known* is what the database holds about it, *now* aware UTC."""
    if isinstance(event, MailEvent):
        return mail.decide(event, known, policy, now)
    if isinstance(event, TimeEvent):
        return times.decide(event, known, policy, now)
    if isinstance(event, SaidEvent):
        return said.decide(event, known, policy, now)
    if isinstance(event, KeepingEvent):
        return keeping.decide(event, known, policy, now)
    if isinstance(event, LetterSettled):
        return settled(event, loaded(CaseCandidates, event, known), policy, now)
    assert_never(event)
