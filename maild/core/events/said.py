"""What follows when somebody says a word on the command line."""

from datetime import datetime
from typing import assert_never

from maild.core.candidates import Candidates
from maild.core.candidates.said import CaseCandidates, LetterCandidates, MemberCandidates
from maild.core.cases.commands import by_operator, of_member
from maild.core.change import FreeLetter
from maild.core.changes.keeping import LetterWasSent
from maild.core.decision import Decision
from maild.core.disclosure import preparing
from maild.core.event import LetLetterGo, MemberSaid, OperatorSaid, SaidEvent, TextPrepared
from maild.core.events.known import loaded
from maild.core.keeping import restored
from maild.core.letters import kinds
from maild.core.policy import Policy


def decide(event: SaidEvent, known: Candidates, policy: Policy, now: datetime) -> Decision:
    """What to record of a word."""
    match event:
        case OperatorSaid():
            return by_operator(event, loaded(CaseCandidates, event, known), policy, now)
        case TextPrepared():
            return preparing.prepared(event, loaded(CaseCandidates, event, known), policy, now)
        case MemberSaid():
            return of_member(event, loaded(MemberCandidates, event, known), policy, now)
        case LetLetterGo():
            return _let_go(event, loaded(LetterCandidates, event, known), now)
        case _:
            assert_never(event)


def _let_go(event: LetLetterGo, known: LetterCandidates, now: datetime) -> Decision:
    if known.state not in ("held", "parked"):
        return Decision(
            refusal=f"letter {event.letter} is not waiting for a person; `maild outbox` lists what is"
        )
    if event.was_sent and known.state != "parked":
        return Decision(refusal=f"letter {event.letter} was held and never sent")
    if event.in_clear and kinds.outside(known.kind):
        return Decision(refusal=f"letter {event.letter} goes to a list: encrypted, or not at all")
    if event.was_sent:
        return Decision((LetterWasSent(known.reference, now, f"{restored.BY_HAND}: {event.by}"),))
    return Decision((FreeLetter(event.letter, known.case_id, event.in_clear, event.by),))
