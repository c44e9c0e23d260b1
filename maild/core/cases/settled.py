"""What follows when a letter was accepted, refused, or left in doubt."""

from datetime import datetime

from maild.core.candidates import CaseCandidates
from maild.core.cases import notice
from maild.core.cases.case import Case, Flag
from maild.core.decision import Decision, LetterKind
from maild.core.event import Delivery, LetterSettled
from maild.core.policy import Policy
from maild.core.promises import clocks
from maild.core.promises.rule import Happening


def settled(event: LetterSettled, known: CaseCandidates, policy: Policy, now: datetime) -> Decision:
    """The decision on the outcome of one letter."""
    case = known.case
    if case is None:
        return Decision()
    if event.delivery is Delivery.FAILED and event.sealed:
        return Decision(tuple(notice.flag(case.id, Flag.UNSEALABLE, policy)))
    match event.kind:
        case LetterKind.ANSWER:
            return _answer(event, case, policy, now)
        case LetterKind.RECEIPT:
            return _receipt(event, case, policy, now)
    return Decision()


def _receipt(event: LetterSettled, case: Case, policy: Policy, now: datetime) -> Decision:
    if event.delivery is Delivery.SENT:
        kept = clocks.happened(case, Happening.RECEIPT, event.reporter, now, "receipt", policy)
        return Decision(tuple(kept))
    if event.delivery is Delivery.FAILED:
        return Decision(tuple(notice.flag(case.id, Flag.REPORTER_UNREACHABLE, policy)))
    return Decision()


def _answer(event: LetterSettled, case: Case, policy: Policy, now: datetime) -> Decision:
    """A person's answer: accepted, it keeps the promises (ruling 9); else the handlers hear of it."""
    if event.delivery is Delivery.SENT:
        kept = clocks.happened(case, Happening.REPLY, event.reporter, now, event.by, policy, event.letter)
        return Decision(tuple(kept))
    about = "answer-unknown" if event.delivery is Delivery.UNKNOWN else "answer-failed"
    return Decision(tuple(notice.tell(f"notice:{about}:{event.letter}", case.id, about, policy)))
