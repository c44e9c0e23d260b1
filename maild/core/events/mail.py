"""What follows when a mail arrives, is opened, is moved, or is looked at by a person."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from maild.core.candidates import Candidates
from maild.core.candidates.mail import MailCandidates
from maild.core.candidates.said import CaseCandidates, EnvelopeCandidates, HeldCandidates
from maild.core.cases import ownership
from maild.core.cases.alike import remembered
from maild.core.cases.arrival import mail_arrived, mail_opened
from maild.core.cases.flood import within_limits
from maild.core.change import Keep, OpenCase, Verdict
from maild.core.decision import Decision
from maild.core.disclosure import copies
from maild.core.disclosure.claim import claimed
from maild.core.event import (
    MailArrived,
    MailEvent,
    MailOpened,
    MailPutAside,
    MailShunted,
    OpeningDelayed,
    RejectMail,
    RetryMail,
)
from maild.core.events.known import loaded
from maild.core.keeping import restored, shunt
from maild.core.letters import keys
from maild.core.policy import Policy
from maild.core.promises import held
from maild.core.values.case import Case, CaseState, Flag
from maild.core.values.noticekind import NoticeKind
from maild.core.writing import notice


def decide(event: MailEvent, known: Candidates, policy: Policy, now: datetime) -> Decision:  # noqa: PLR0911 - one line an event
    """What to record of a mail."""
    match event:
        case MailArrived():
            here = loaded(MailCandidates, event, known)
            return _completed(event, here, mail_arrived(event, here, policy), policy, now)
        case MailOpened():
            here = loaded(MailCandidates, event, known)
            return _completed(event, here, mail_opened(event, here, policy), policy, now)
        case OpeningDelayed():
            return _opening_delayed(loaded(CaseCandidates, event, known), policy, now)
        case MailPutAside():
            return _put_aside(loaded(CaseCandidates, event, known), policy)
        case MailShunted():
            return shunt.set_aside(event, policy, now)
        case RetryMail():
            return shunt.again(event, loaded(EnvelopeCandidates, event, known))
        case RejectMail():
            return _reject(event, loaded(HeldCandidates, event, known), policy, now)
        case _:
            assert_never(event)


def _completed(
    event: MailArrived | MailOpened, known: MailCandidates, decision: Decision, policy: Policy, now: datetime
) -> Decision:
    """What else follows: what it shares and claims, held mail's promise, the doubt after a restore."""
    looked = "person" if event.released else ""
    decision = within_limits(event, decision, known, policy, now)
    decision = claimed(remembered(decision, event, known, policy), event, known)
    decision = ownership.remembered(decision, event, known, policy)
    if isinstance(event, MailArrived):
        seen = copies.arrived(event, known, policy)
        about = decision.thread.case
        seen += copies.public_elsewhere(event, about, _opened(decision, event), known, policy)
        decision = replace(decision, changes=(*decision.changes, *seen))
    followed = held.follow(decision, known.held, event.arrival.at, now, looked, policy)
    return restored.doubted(followed, event.arrival, policy)


def _opened(decision: Decision, event: MailArrived) -> Case | None:
    """The case that *decision* opens, if it opens one."""
    opens = next((one for one in decision.changes if isinstance(one, OpenCase)), None)
    return Case(opens.case_id, CaseState.OPEN, event.arrival.at, opens.sealed, ()) if opens else None


def _opening_delayed(known: CaseCandidates, policy: Policy, now: datetime) -> Decision:
    """The handlers hear of it: once a case, and once a day of mail that has no case before it is opened."""
    if known.case is None:
        name = keys.notice(NoticeKind.OPENING_WAITS, now.date().isoformat())
        return Decision(tuple(notice.tell(name, "", NoticeKind.OPENING_WAITS, policy)))
    return Decision(tuple(notice.flag(known.case.id, Flag.NOT_OPENED_YET, policy)))


def _put_aside(known: CaseCandidates, policy: Policy) -> Decision:
    """A move undoes no case (ruling 21): it only asks, once."""
    return Decision(tuple(notice.flag(known.case.id, Flag.PUT_ASIDE, policy)) if known.case else ())


def _reject(event: RejectMail, known: HeldCandidates, policy: Policy, now: datetime) -> Decision:
    """Only held mail: a case's mail keeps its verdict, whoever released it meanwhile."""
    if known.verdict not in held.JUDGED_BY_PEOPLE:
        here = f"mail {event.envelope} is not in quarantine"
        return Decision(refusal=f"{here}; `maild quarantine` lists what is")
    rejected = Keep(event.envelope, Verdict.REJECTED, (f"rejected by {event.by}",))
    return held.follow(Decision((rejected,)), known.held, now, now, event.by, policy)
