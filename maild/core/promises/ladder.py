"""Who is reminded before a promise slips, and who is told when it has, each step once (ruling 10)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from maild.core.candidates.times import DueClock
from maild.core.change import Change, Note, OweLetter
from maild.core.changes.promises import Escalate, LookAgain
from maild.core.journal import What
from maild.core.letters import keys
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Escalation, Lapsed, Line, Reminder
from maild.core.policy import Policy
from maild.core.promises import handover
from maild.core.values.case import Clock
from maild.core.values.people import Member, Role
from maild.core.values.rule import Ladder, Rung
from maild.core.writing import owing

NOBODY_THERE = What.EVERYBODY_IS_AWAY
"""The journal's word when a promise slips and its whole ladder is away: the operator is told as well."""
IDLE = timedelta(days=30)
"""How long a late promise is let alone when its ladder has come to its end, if nothing happens."""


@dataclass(frozen=True, slots=True)
class Step:
    """One rung for one clock: its number, and who stands on it."""

    clock: Clock
    rung: int
    people: tuple[Member, ...]
    handler: str = ""
    nobody_there: bool = False
    score: float = 0.0


def climb(
    due: tuple[DueClock, ...],
    blind_since: datetime | None,
    policy: Policy,
    now: datetime,
    held_beside: int = 0,
) -> list[Change]:
    """The rungs to climb at *now* for clocks past due: one letter a person, oldest first.

    *held_beside*: how many more clocks of held mail are past due, and are only counted.
    """
    told: dict[str, list[Step]] = {}
    found = (next_step(late, policy, now) for late in sorted(due, key=lambda d: d.clock.due))
    steps = [step for step in found if step]
    for step in steps:
        for person in step.people:
            told.setdefault(person.contact, []).append(step)
    about = (blind_since, held_beside)
    letters = [change for who, steps in told.items() for change in _tell(who, steps, about, policy)]
    looks = ((one.clock.id, _look(one, policy, now)) for one in due)
    moved = [change for one in due for change in _handed_over(one, policy, now)]
    away = [
        Note(step.clock.case_id, NOBODY_THERE, {"clock": step.clock.id})
        for step in steps
        if step.nobody_there
    ]
    return [*moved, *letters, *away, *(LookAgain(clock, at) for clock, at in looks if at > now)]


def _look(late: DueClock, policy: Policy, now: datetime) -> datetime:
    """When a late clock is looked at again, so that a sweep costs what is due and not what is late."""
    if _rung(policy.ladder(late.clock.promise), next_number(late)) is None:
        return now + IDLE
    return min(next_at(late, policy, now) or now, now + policy.look_again)


def next_step(late: DueClock, policy: Policy, now: datetime) -> Step | None:
    """The step that is due for this clock, or ``None`` while there is time, or nobody left to tell."""
    ladder, number = policy.ladder(late.clock.promise), next_number(late)
    at = next_at(late, policy, now)
    if at is None or now < at or quiet(late, policy, now):
        return None
    return replace(_present(late.clock, ladder, number, policy, now), handler=late.handler, score=late.score)


def next_at(late: DueClock, policy: Policy, now: datetime) -> datetime | None:
    """From when, *now* at the earliest, the next step is due, quiet hours apart.

    ``None`` while the letter of the step before is under way, and when nobody is left to tell.
    """
    ladder, number = policy.ladder(late.clock.promise), next_number(late)
    wanted, last = _rung(ladder, number), late.rungs[-1] if late.rungs else None
    since = last.settled if last else late.clock.due
    if wanted is None or since is None:
        return None
    at = since + _after(wanted, number, ladder, last is not None and last.failed)
    at = max(one for one in (at, now, late.clock.taken_until, late.clock.paused_until) if one)
    while (heard := _heard(late, policy, at)) and heard > at:
        at = heard  # by then somebody else may be there, who has heard himself
    return at


def _heard(late: DueClock, policy: Policy, at: datetime) -> datetime | None:
    """Until when the rung that would be told at the instant *at* is not written to again about held mail.

    One letter each time that the promise gives: whoever looks, looks at all of it, and a flood of spam must
    not become a flood of letters.
    """
    if not late.told:
        return None
    ladder, number = policy.ladder(late.clock.promise), next_number(late)
    told = late.told.get(_present(late.clock, ladder, number, policy, at).rung)
    # What is dated later than now was told before the clock was set back: it says nothing.
    return told + (late.clock.due - late.clock.started) if told and told <= at else None


def next_number(late: DueClock) -> int:
    """The number of the step after those climbed."""
    return max((climbed.number for climbed in late.rungs), default=-1) + 1


def quiet(late: DueClock, policy: Policy, at: datetime) -> bool:
    """Whether the next step waits at the instant *at* because it is not urgent enough for the hour."""
    ladder, number = policy.ladder(late.clock.promise), next_number(late)
    if _rung(ladder, number) is None:
        return False
    # The hours are those of the rung whose people are told: with the first ones away, that is a later one.
    told = ladder[min(_present(late.clock, ladder, number, policy, at).rung, len(ladder) - 1)]
    return told.quiet is not None and _quiet(told.quiet, policy, at)


def _rung(ladder: Ladder, number: int) -> Rung | None:
    """The rung of this number; past the end the last one, if it is to be repeated."""
    if number < len(ladder):
        return ladder[number]
    return ladder[-1] if ladder[-1].repeat_every else None


def _after(rung: Rung, number: int, ladder: Ladder, failed: bool) -> timedelta:
    """How long after the step before this one is due: at once when that came to nothing.

    A repetition never hurries: the same people were just not reached, and would be written to at each sweep.
    """
    if number < len(ladder):
        return timedelta(0) if failed else rung.after
    return rung.repeat_every or timedelta(0)


def _present(clock: Clock, ladder: Ladder, number: int, policy: Policy, now: datetime) -> Step:
    """The first rung from *number* on with somebody there; with all away, everybody (somebody must hear)."""
    for at in range(number, max(len(ladder), number + 1)):
        rung = ladder[min(at, len(ladder) - 1)]
        there = [person for person in _people(rung, policy) if not person.absent(now)]
        if there:
            return Step(clock, at, tuple(there if rung.everybody else there[:1]))
    return Step(clock, number, policy.team.members, nobody_there=True)


def _people(rung: Rung, policy: Policy) -> list[Member]:
    found = [member for word in rung.who for member in policy.team.named(word)]
    return list({member.contact: member for member in found}.values())


def _quiet(hours: tuple[time, time], policy: Policy, now: datetime) -> bool:
    """Whether *now* lies within *hours* in the desk's zone."""
    start, end = hours
    here = now.astimezone(policy.zone).time()
    return start <= here < end if start < end else here >= start or here < end


def remind(early: tuple[DueClock, ...], policy: Policy, now: datetime) -> list[Change]:
    """Reminders for clocks that are not due yet: one letter a person, and when to look again."""
    told: dict[str, list[Clock]] = {}
    changes: list[Change] = []
    for one in sorted(early, key=lambda d: d.clock.due):
        rule, clock = policy.rule(one.clock.promise), one.clock
        look = rule.next_look(clock.started, clock.due, now) if rule else clock.due
        changes.append(LookAgain(clock.id, look))
        changes += _handed_over(one, policy, now)
        for person in reminded(one, policy, now):
            told.setdefault(person.contact, []).append(clock)
    letters = [_reminder(who, clocks, policy, now) for who, clocks in told.items()]
    return [*changes, *letters]


def _handed_over(one: DueClock, policy: Policy, now: datetime) -> list[Change]:
    """What falls due while its handler is away goes to the next handler who is there; both are told."""
    handler = next((m for m in policy.team.members if m.name == one.handler and m.absent(now)), None)
    taker = handover.next_handler(one.handler, policy, now)
    if handler is None or taker is None or not one.clock.case_id:
        return []
    return handover.over(one.clock, handler, taker, "", policy, now)


def reminded(one: DueClock, policy: Policy, now: datetime) -> list[Member]:
    """Who is reminded of a clock that is looked at *now*: nobody while it is paused.

    Beside the handler it is whoever wrote about the case last: they really work on it.

    Of held mail nobody is reminded twice in the time that its promise gives: who looks, looks at all of it.
    """
    span = one.clock.due - one.clock.started
    if one.reminded and timedelta(0) < now - one.reminded < span:
        return []
    if one.clock.waits(now) or policy.rule(one.clock.promise) is None:
        return []
    people = handlers(one.handler, policy, now)
    works = [m for m in policy.team.members if m.name == one.works and m not in people and not m.absent(now)]
    return [*people, *works]


def handlers(handler: str, policy: Policy, now: datetime) -> list[Member]:
    """The handler of the case; without one, or while he is away, all handlers who are there."""
    named = [m for m in policy.team.members if m.name == handler and not m.absent(now)] if handler else []
    return named or [m for m in policy.team.having(Role.HANDLER) if not m.absent(now)]


def _reminder(contact: str, clocks: list[Clock], policy: Policy, now: datetime) -> OweLetter:
    lines = [f"{c.id}:{c.due.isoformat()}:{_passed(c, policy, now)}" for c in clocks]
    return owing.letter(
        LetterKind.REMINDER,
        keys.listing(LetterKind.REMINDER, contact, lines, policy.desk.secret),
        contact,
        Reminder(tuple(Line(*_line(clock), clock=clock.id) for clock in clocks)),
        policy.desk,
        case_id=_case(clocks),
    )


def _passed(clock: Clock, policy: Policy, now: datetime) -> int:
    """How many of a clock's reminders are due by now: so the last one is named, whenever it is swept."""
    rule = policy.rule(clock.promise)
    return sum(at <= now for at in rule.reminders(clock.started, clock.due)) if rule else 0


def _tell(
    contact: str, steps: list[Step], about: tuple[datetime | None, int], policy: Policy
) -> list[Change]:
    """The letter that lists every step of one person, and the steps it takes.

    *about*: since when the mailbox cannot be read, and how many held mails are overdue beside these.
    """
    blind_since, held_beside = about
    lines = [f"{s.clock.id}:{s.clock.due.isoformat()}:{s.rung}" for s in steps]
    key = keys.listing(LetterKind.ESCALATION, contact, lines, policy.desk.secret)
    # The likeliest reports first, of what waits in quarantine.
    ordered = sorted(steps, key=lambda s: (s.score, s.clock.due))
    lapsed = tuple(Lapsed(*_line(s.clock), clock=s.clock.id, rung=s.rung, handler=s.handler) for s in ordered)
    beside = held_beside if any(s.clock.mail is not None for s in steps) else 0
    says = Escalation(lapsed, blind_since.isoformat() if blind_since else "", beside)
    case_id = _case(step.clock for step in steps)
    letter = owing.letter(LetterKind.ESCALATION, key, contact, says, policy.desk, case_id=case_id)
    climbed = [Escalate(s.clock.id, s.clock.case_id, s.clock.due, s.rung, contact, key) for s in steps]
    return [letter, *climbed]


def _case(told: Iterable[Clock]) -> str:
    """The case that a letter about these clocks belongs to: the first; none when all are of held mail."""
    return next((clock.case_id for clock in told if clock.case_id), "")


def _line(clock: Clock) -> tuple[str, int | None, str, str, str]:
    """Case, mail, promise, start and due instant, as letters tell them."""
    return clock.case_id, clock.mail, clock.promise, clock.started.isoformat(), clock.due.isoformat()
