"""What follows when a letter was accepted, refused, or left in doubt."""

from datetime import datetime
from typing import assert_never

from maild.core.candidates.said import CaseCandidates
from maild.core.change import Change, SetFlag
from maild.core.decision import Decision
from maild.core.disclosure import outcome, sending
from maild.core.event import Delivery, LetterSettled
from maild.core.letters import keys, kinds
from maild.core.letters.kinds import LetterKind, Then
from maild.core.letters.payloads import Detail
from maild.core.mail.text import harmless
from maild.core.policy import Policy
from maild.core.promises import clocks
from maild.core.values.case import Case, Flag
from maild.core.values.noticekind import NoticeKind
from maild.core.values.rule import Happening
from maild.core.writing import notice
from maild.core.writing.asof import RECEIPT

MOST_SHOWN = 200
"""Characters of the line that is shown."""
ABOUT = {
    Delivery.FAILED: NoticeKind.ANSWER_FAILED,
    Delivery.UNKNOWN: NoticeKind.ANSWER_UNKNOWN,
    Delivery.LATE: NoticeKind.ANSWER_LATE,
}
"""What is told of an answer that did not go out."""


def settled(event: LetterSettled, known: CaseCandidates, policy: Policy, now: datetime) -> Decision:  # noqa: PLR0911 - one line a consequence
    """The decision on the outcome of one letter."""
    case, now = known.case, event.at or now
    if case is None:
        return Decision()
    if event.delivery is Delivery.UNSEALED and not kinds.outside(event.kind):
        return _unsealed(event, case, policy)
    if event.delivery is Delivery.NOBODY:
        return Decision(tuple(notice.nobody_has_it(case.id, event.mail, policy)))
    if event.delivery is Delivery.STOPPED:
        return _stopped(event, case, policy)
    match kinds.row(event.kind).fails:
        case Then.OUTSIDE:
            return outcome.settled(event, case, policy, now)
        case Then.MEMBER_UNREACHABLE:
            return _copy(event, case, policy, now)
        case Then.ANSWER:
            return _answer(event, case, policy, now)
        case Then.RECEIPT:
            return _receipt(event, case, policy, now)
        case Then.NOTHING:
            return Decision()
        case then:
            assert_never(then)


def _stopped(event: LetterSettled, case: Case, policy: Policy) -> Decision:
    """The last look holds a letter: its author hears why; the line itself where the case is not encrypted."""
    if event.why == sending.CLOCK:
        return Decision(tuple(sending.time_unknown(case, policy)))
    shown = "" if case.sealed or event.sealed else harmless(event.line, MOST_SHOWN)
    facts: dict[str, Detail] = {"letter": event.letter, "why": event.why, "line": shown}
    name = keys.notice(NoticeKind.STOPPED, event.letter, event.why)
    authors = [m.contact for m in policy.team.members if event.by == f"team:{m.name}"]
    others = sending.on_the_ladder(policy) if kinds.outside(event.kind) else []
    people = authors or others or notice.concerned(case, event.by, policy)
    return Decision(tuple(notice.to_people(name, case.id, NoticeKind.STOPPED, people, policy, facts)))


def _unsealed(event: LetterSettled, case: Case, policy: Policy) -> Decision:
    """No usable key: an answer is held and its author told the ways out, a member hears without content."""
    changes = _unsealable(event, case, policy)
    if event.kind == LetterKind.ANSWER:
        name = keys.notice(NoticeKind.ANSWER_HELD, event.letter)
        people = notice.concerned(case, event.by, policy)
        changes += notice.to_people(name, case.id, NoticeKind.ANSWER_HELD, people, policy)
    member = policy.team.claimed_by(event.recipient)
    if event.kind == LetterKind.COPY and member:
        name = keys.notice(NoticeKind.NO_KEY, event.letter)
        changes.append(notice.to_one(name, case.id, NoticeKind.NO_KEY, member.contact, policy))
    if event.kind == LetterKind.COPY and not member:
        name = keys.notice(NoticeKind.GUEST_NO_KEY, case.id, event.recipient)
        changes.append(notice.to_one(name, case.id, NoticeKind.GUEST_NO_KEY, event.recipient, policy))
    return Decision(tuple(changes))


def _unsealable(event: LetterSettled, case: Case, policy: Policy) -> list[Change]:
    """The handlers hear once a case that a letter could not be encrypted, and to whom, by no address."""
    member = policy.team.claimed_by(event.recipient)
    guest = "a guest of the case" if event.kind == LetterKind.COPY else ""
    reader = member.name if member else "the reporter" if event.recipient in case.reporters else guest
    what = Flag.UNSEALABLE
    told = notice.tell(keys.notice(case.id, what), case.id, what, policy, {"reader": reader})
    return [SetFlag(case.id, what), *told]


def _copy(event: LetterSettled, case: Case, policy: Policy, now: datetime) -> Decision:
    """A member who cannot be sent his copies is named to the others, once a day."""
    if event.delivery not in (Delivery.FAILED, Delivery.LATE, Delivery.UNKNOWN):
        return Decision()
    if event.size and event.mail:
        return Decision(tuple(_too_big(event, case, policy)))
    return Decision(tuple(notice.member_unreachable(case.id, event.recipient, now, policy)))


def _too_big(event: LetterSettled, case: Case, policy: Policy) -> list[Change]:
    """Other letters reach the reader: they hear, as the handlers do, how large it is and how to get it."""
    member = policy.team.claimed_by(event.recipient)
    people = [*([member.contact] if member else []), *notice.handlers(policy)]
    name = keys.notice(NoticeKind.COPY_TOO_BIG, case.id, event.mail)
    size = f"{event.size / 1_000_000:.1f} MB"
    return notice.to_people(
        name, case.id, NoticeKind.COPY_TOO_BIG, people, policy, {"mail": event.mail, "size": size}
    )


def _receipt(event: LetterSettled, case: Case, policy: Policy, now: datetime) -> Decision:
    if event.delivery is Delivery.SENT:
        kept = clocks.happened(case, Happening.RECEIPT, event.reporter, now, RECEIPT, policy)
        return Decision(tuple(kept))
    if event.delivery is Delivery.FAILED:
        return Decision(tuple(notice.flag(case.id, Flag.REPORTER_UNREACHABLE, policy)))
    if event.delivery is Delivery.UNKNOWN:
        told = notice.tell(
            keys.notice(NoticeKind.RECEIPT_UNKNOWN, event.letter), case.id, NoticeKind.RECEIPT_UNKNOWN, policy
        )
        return Decision((SetFlag(case.id, Flag.RECEIPT_BY_HAND), *told))
    return Decision()


def _answer(event: LetterSettled, case: Case, policy: Policy, now: datetime) -> Decision:
    """A person's answer: accepted, it keeps the promises (ruling 9); else people hear of it."""
    if event.delivery is Delivery.SENT:
        kept = clocks.replied(case, event.reporter, now, event.by, policy, event.letter, event.brief)
        return Decision(tuple(kept))
    about = ABOUT[event.delivery]
    people = notice.concerned(case, event.by, policy)
    return Decision(tuple(notice.to_people(keys.notice(about, event.letter), case.id, about, people, policy)))
