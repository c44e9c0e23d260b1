"""What follows when what is kept changes hands: a restore, a wish to be forgotten, an export."""

from datetime import datetime
from typing import assert_never

from maild.core.candidates import Candidates
from maild.core.candidates.said import Person
from maild.core.decision import Decision
from maild.core.event import CaseExported, DatabaseRestored, ForgetPerson, KeepingEvent
from maild.core.events.known import loaded
from maild.core.keeping import restored, retention
from maild.core.policy import Policy


def decide(event: KeepingEvent, known: Candidates, policy: Policy, now: datetime) -> Decision:
    """What to record of what is kept."""
    match event:
        case DatabaseRestored():
            return restored.restored(event, policy, now)
        case ForgetPerson():
            return retention.forget(event, loaded(Person, event, known), policy)
        case CaseExported():
            return retention.exported(event)
        case _:
            assert_never(event)
