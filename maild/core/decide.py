"""The one place where everything that happens is decided: event, candidates, policy, now -> decision."""

from dataclasses import replace
from datetime import datetime

from maild.core import canary
from maild.core.candidates import (
    Board,
    CanaryCandidates,
    Candidates,
    CaseCandidates,
    EnvelopeCandidates,
    HeldCandidates,
    HeldMail,
    LetterCandidates,
    MailCandidates,
    Person,
    Purgeable,
    SweepCandidates,
    TeamCandidates,
)
from maild.core.cases import heldwords, leaving, notice
from maild.core.cases.about import About
from maild.core.cases.alike import remembered
from maild.core.cases.arrival import mail_arrived, mail_opened
from maild.core.cases.case import Flag
from maild.core.cases.commands import by_operator, of_member
from maild.core.cases.flood import dammed
from maild.core.cases.settled import settled
from maild.core.change import FreeLetter, Keep, Verdict
from maild.core.decision import Decision
from maild.core.disclosure import copies, preparing, sending, watch
from maild.core.disclosure.claim import claimed
from maild.core.disclosure.outward import OUTWARD
from maild.core.event import (
    CanaryDue,
    CaseExported,
    DatabaseRestored,
    DigestDue,
    Event,
    ForgetPerson,
    HeldDigestDue,
    KeysSeen,
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
)
from maild.core.keeping import restored, retention, shunt
from maild.core.keeping.change import LetterWasSent
from maild.core.keycare import warnings
from maild.core.policy import Policy
from maild.core.promises import digest, held
from maild.core.promises.ladder import climb, remind


def decide(event: Event, known: Candidates, policy: Policy, now: datetime) -> Decision:  # noqa: C901, PLR0911, PLR0912 - one line an event
    """What to record when *event* happens; *known* is what the database holds about it, *now* aware UTC."""
    match event, known:
        case MailArrived(), MailCandidates():
            return _also(
                event, known, dammed(event, mail_arrived(event, known, policy), known, policy), policy, now
            )
        case MailOpened(), MailCandidates():
            return _also(
                event, known, dammed(event, mail_opened(event, known, policy), known, policy), policy, now
            )
        case OpeningDelayed(), CaseCandidates():
            return _opening_delayed(known, policy, now)
        case KeysSeen(), _:
            return Decision(tuple(warnings(event.keys, policy, now)))
        case SweepDue(), SweepCandidates():
            return _sweep(event, known, policy, now)
        case DigestDue(), Board():
            return Decision(tuple(digest.tell(known, policy, now)))
        case HeldDigestDue(), HeldMail():
            return Decision(tuple(heldwords.tell(known, policy, now)))
        case CanaryDue(), CanaryCandidates():
            return Decision(tuple(canary.fly(known.last, event.blind, policy, now)))
        case LetterSettled(), CaseCandidates():
            return settled(event, known, policy, now)
        case OperatorSaid(), CaseCandidates():
            return by_operator(event, known, policy, now)
        case TextPrepared(), CaseCandidates():
            return preparing.prepared(event, known, policy, now)
        case MemberSaid(), _:
            return of_member(event, policy, now)
        case LetLetterGo(), LetterCandidates():
            return _let_go(event, known, now)
        case MailShunted(), _:
            return shunt.set_aside(event, policy, now)
        case RetryMail(), EnvelopeCandidates():
            return shunt.again(event, known)
        case MailPutAside(), CaseCandidates():
            return _put_aside(known, policy)
        case RejectMail(), HeldCandidates():
            return _reject(event, known, policy, now)
        case DatabaseRestored(), _:
            return restored.restored(event, policy, now)
        case PurgeDue(), Purgeable():
            return retention.purge(known)
        case ForgetPerson(), Person():
            return retention.forget(event, known, policy)
        case TeamSeen(), TeamCandidates():
            return Decision(tuple(leaving.seen(known, policy, now)))
        case CaseExported(), _:
            return retention.exported(event)
    raise TypeError(f"{type(event).__name__} does not go with {type(known).__name__}")


def _also(
    event: MailArrived | MailOpened, known: MailCandidates, decision: Decision, policy: Policy, now: datetime
) -> Decision:
    """What else follows: what it shares and claims, held mail's promise, the doubt after a restore."""
    looked = "person" if event.released else ""
    decision = claimed(remembered(decision, event, known, policy), event, known)
    if isinstance(event, MailArrived):
        seen = copies.arrived(event, known, policy)
        decision = replace(decision, changes=(*decision.changes, *seen))
    followed = held.follow(decision, known.held, event.arrival.at, now, looked, policy)
    return restored.doubted(followed, event.arrival, policy)


def _opening_delayed(known: CaseCandidates, policy: Policy, now: datetime) -> Decision:
    """The handlers hear of it: once a case, and once a day of mail that has no case before it is opened."""
    if known.case is None:
        name = f"notice:{About.OPENING_WAITS}:{now.date().isoformat()}"
        return Decision(tuple(notice.tell(name, "", About.OPENING_WAITS, policy)))
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


def _let_go(event: LetLetterGo, known: LetterCandidates, now: datetime) -> Decision:
    if known.state not in ("held", "parked"):
        return Decision(refusal=f"letter {event.letter} is not held; `maild outbox` lists what is")
    if event.was_sent and known.state != "parked":
        return Decision(refusal=f"letter {event.letter} is held: it never went out")
    if event.in_clear and known.kind in OUTWARD:
        return Decision(refusal=f"letter {event.letter} goes to a list: sealed, or not at all")
    if event.was_sent:
        return Decision((LetterWasSent(known.reference, now, f"{restored.BY_HAND}: {event.by}"),))
    return Decision((FreeLetter(event.letter, known.case_id, event.in_clear, event.by),))


def _sweep(event: SweepDue, known: SweepCandidates, policy: Policy, now: datetime) -> Decision:
    """Reminders for what is coming, the ladder for what has lapsed."""
    late = tuple(one for one in known.due if one.clock.due <= now)
    early = tuple(one for one in known.due if one.clock.due > now)
    near = watch.look(known.embargoed, policy, now)
    doubt = sending.BLIND if event.blind_since else sending.CLOCK if event.clock_set else ""
    out = sending.due(watch.running(known.embargoed), policy, now, doubt)
    return Decision((*remind(early, policy, now), *climb(late, event.blind_since, policy, now), *near, *out))
