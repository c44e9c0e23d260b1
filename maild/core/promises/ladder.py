"""Who is reminded before a promise slips, and who is told when it has, each step once (ruling 10)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from maild.core import ids
from maild.core.candidates import Climbed, DueClock
from maild.core.cases.case import Clock
from maild.core.cases.people import Audience, Member, Role, Side
from maild.core.decision import AddParticipant, Change, Escalate, LetterKind, LookAgain, OweLetter
from maild.core.policy import Policy
from maild.core.promises.rule import Ladder, Rung


@dataclass(frozen=True, slots=True)
class Step:
    """One rung for one clock: its number, and who stands on it."""

    clock: Clock
    rung: int
    people: tuple[Member, ...]


def climb(
    due: tuple[DueClock, ...], blind_since: datetime | None, policy: Policy, now: datetime
) -> list[Change]:
    """The rungs to climb at *now* for clocks past due: one letter a person, oldest first."""
    told: dict[str, list[Step]] = {}
    for late in sorted(due, key=lambda d: d.clock.due):
        step = next_step(late, policy, now)
        for person in step.people if step else ():
            told.setdefault(person.contact, []).append(step)  # type: ignore[arg-type]  # there is a step here
    return [change for who, steps in told.items() for change in _tell(who, steps, blind_since, policy)]


def next_step(late: DueClock, policy: Policy, now: datetime) -> Step | None:
    """The step that is due for this clock, or ``None`` while there is time, or nobody left to tell."""
    ladder = policy.ladder(late.clock.promise)
    number = max((climbed.number for climbed in late.rungs), default=-1) + 1
    wanted = _rung(ladder, number)
    since = late.clock.due if not late.rungs else _told(late.rungs[-1], wanted)
    taken = late.clock.taken_until
    if (
        wanted is None
        or since is None
        or now < since + _after(wanted, number, ladder)
        or (taken and now < taken)
    ):
        return None
    if wanted.quiet and _quiet(wanted, policy, now):
        return None
    return _present(late.clock, ladder, number, policy, now)


def _rung(ladder: Ladder, number: int) -> Rung | None:
    """The rung of this number; past the end the last one, if it is to be repeated."""
    if number < len(ladder):
        return ladder[number]
    return ladder[-1] if ladder[-1].repeat_every else None


def _after(rung: Rung, number: int, ladder: Ladder) -> timedelta:
    """How long after the step before this one is due."""
    return rung.after if number < len(ladder) or rung.repeat_every is None else rung.repeat_every


def _present(clock: Clock, ladder: Ladder, number: int, policy: Policy, now: datetime) -> Step:
    """The first rung from *number* on with somebody there; with all away, everybody (somebody must hear)."""
    for at in range(number, max(len(ladder), number + 1)):
        rung = ladder[min(at, len(ladder) - 1)]
        there = [person for person in _people(rung, policy) if not person.absent(now)]
        if there:
            return Step(clock, at, tuple(there if rung.everybody else there[:1]))
    return Step(clock, number, policy.team.members)


def _people(rung: Rung, policy: Policy) -> list[Member]:
    found = [member for word in rung.who for member in policy.team.named(word)]
    return list({member.contact: member for member in found}.values())


def _quiet(rung: Rung, policy: Policy, now: datetime) -> bool:
    """Whether it is one of the hours in which this rung waits, in the desk's zone."""
    assert rung.quiet is not None
    start, end = rung.quiet
    here = now.astimezone(policy.zone).time()
    return start <= here < end if start < end else here >= start or here < end


def _told(rung: Climbed, wanted: Rung | None) -> datetime | None:
    """From when the next rung counts: the letter's acceptance; one that came to nothing hurries the next."""
    hurry = wanted.after if wanted and rung.failed else timedelta(0)
    return rung.settled - hurry if rung.settled else None


def remind(early: tuple[DueClock, ...], policy: Policy, now: datetime) -> list[Change]:
    """Reminders for clocks that are not due yet: one letter a person, and when to look again."""
    told: dict[str, list[Clock]] = {}
    changes: list[Change] = []
    for one in sorted(early, key=lambda d: d.clock.due):
        rule, clock = policy.rule(one.clock.promise), one.clock
        look = rule.next_look(clock.started, clock.due, now) if rule else clock.due
        changes.append(LookAgain(clock.id, look))
        for person in _handlers(one.handler, policy, now) if rule and clock.paused_until is None else ():
            told.setdefault(person.contact, []).append(clock)
    letters = [_reminder(who, clocks, policy, now) for who, clocks in told.items()]
    return [*changes, *letters]


def _handlers(handler: str, policy: Policy, now: datetime) -> list[Member]:
    """The handler of the case, else all handlers who are not away."""
    named = [m for m in policy.team.members if m.name == handler] if handler else []
    people = named or list(policy.team.having(Role.HANDLER))
    return [person for person in people if not person.absent(now)]


def _reminder(contact: str, clocks: list[Clock], policy: Policy, now: datetime) -> OweLetter:
    name = ",".join(f"{c.id}:{c.due.isoformat()}:{_share(c, now)}" for c in clocks)
    case_id = clocks[0].case_id
    return OweLetter(
        dedupe=f"reminder:{contact}:{ids.digest(policy.desk.secret, name).hex()[:24]}",
        kind=LetterKind.REMINDER,
        case_id=case_id,
        recipient=contact,
        token=ids.token(policy.desk.secret, case_id, contact, Audience.TEAM),
        facts={"coming": [_line(clock) for clock in clocks]},
    )


def _share(clock: Clock, now: datetime) -> str:
    return f"{(now - clock.started) / (clock.due - clock.started):.2f}"


def _tell(contact: str, steps: list[Step], blind_since: datetime | None, policy: Policy) -> list[Change]:
    """The letter that lists every step of one person, and the steps it takes."""
    name = ",".join(f"{s.clock.id}:{s.clock.due.isoformat()}:{s.rung}" for s in steps)
    dedupe = f"escalation:{contact}:{ids.digest(policy.desk.secret, name).hex()[:24]}"
    case_id = steps[0].clock.case_id
    token = ids.token(policy.desk.secret, case_id, contact, Audience.TEAM)
    letter = OweLetter(
        dedupe=dedupe,
        kind=LetterKind.ESCALATION,
        case_id=case_id,
        recipient=contact,
        token=token,
        facts={
            "lapsed": [{**_line(step.clock), "rung": step.rung} for step in steps],
            "blind_since": blind_since.isoformat() if blind_since else "",
        },
    )
    climbed = [Escalate(s.clock.id, s.clock.case_id, s.clock.due, s.rung, contact, dedupe) for s in steps]
    # The letter can be answered with "taken": its reader needs his token for that.
    return [AddParticipant(case_id, contact, Side.MEMBER, Audience.TEAM, token), letter, *climbed]


def _line(clock: Clock) -> dict[str, object]:
    return {
        "case": clock.case_id,
        "promise": clock.promise,
        "started": clock.started.isoformat(),
        "due": clock.due.isoformat(),
    }
