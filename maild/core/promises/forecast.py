"""What will happen, and when, if nobody does anything: the sweeps of the time to come, thought through.

Every step is taken by the rules of the ladder itself, so that what is foretold is what a sweep would do.
Letters are taken to be accepted at once, and one that is under way now to be accepted now.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from maild.core.candidates.times import Climbed, DueClock
from maild.core.policy import Policy
from maild.core.promises import ladder
from maild.core.values.people import Member

REPEATS = 3
"""How often a rung that is repeated for ever is foretold."""
MINUTE = timedelta(minutes=1)
LONGEST = 2 * 24 * 60
"""Minutes that quiet hours can last at the most, with daylight saving."""


class What(StrEnum):
    """What will happen."""

    REMINDER = "reminder"
    DUE = "due"
    ESCALATION = "escalation"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A clock that runs, with the rungs climbed for it, and when it is looked at next."""

    clock: DueClock
    look: datetime


@dataclass(frozen=True, slots=True)
class Coming:
    """One thing to come: when (aware UTC), about which promise, and the names of the people who are told."""

    at: datetime
    what: What
    case_id: str
    promise: str
    people: tuple[str, ...] = ()
    rung: int | None = None
    clock: int = 0
    mail: int | None = None


def forecast(
    running: tuple[Waiting, ...], policy: Policy, now: datetime, until: datetime, repeats: int = REPEATS
) -> tuple[Coming, ...]:
    """Everything that will happen to the *running* clocks from *now* to *until*, in order."""
    held = tuple(one for one in running if one.clock.clock.mail is not None)
    alone = [(one,) for one in running if one.clock.clock.mail is None]
    found = [
        coming
        for group in (*alone, held)
        for coming in (*_early(group, policy, now), *_late(group, policy, now, until, repeats))
        if coming.at <= until
    ]
    return tuple(sorted(found, key=lambda coming: (coming.at, coming.case_id, coming.clock)))


Group = tuple[Waiting, ...]
"""One clock of a case, or all those of held mail: what is told of one of these holds the others back."""


def _early(group: Group, policy: Policy, now: datetime) -> Iterator[Coming]:
    """The reminders before promises fall due, and that they do."""
    looks = sorted((at, n) for n, one in enumerate(group) for at in _looks(one, policy, now))
    last = max((one.clock.reminded for one in group if one.clock.reminded), default=None)
    for at, number in looks:
        one = group[number].clock
        if people := ladder.reminded(replace(one, reminded=last), policy, at):
            yield _coming(at, What.REMINDER, one, people)
            last = at if one.clock.mail is not None else None
    for one in (waiting.clock for waiting in group):
        if one.clock.due >= now:
            yield _coming(one.clock.due, What.DUE, one, [])


def _looks(one: Waiting, policy: Policy, now: datetime) -> Iterator[datetime]:
    """When a clock is looked at before it falls due."""
    clock, rule = one.clock.clock, policy.rule(one.clock.clock.promise)
    at = max(one.look, now)
    while at < clock.due:
        yield at
        at = rule.next_look(clock.started, clock.due, at) if rule else clock.due


def _late(group: Group, policy: Policy, now: datetime, until: datetime, repeats: int) -> Iterator[Coming]:
    """The rungs that will be climbed, each counted from the one before; those of one instant in one sweep."""
    late = [_assumed(one.clock, now) for one in group]
    while late:
        late = [one for one in late if _goes_on(one, policy, repeats)]
        turns = [_turn(one, policy, now) for one in late]
        at = min((turn for turn in turns if turn), default=None)
        if at is None or at > until:
            return
        steps = [
            ladder.next_step(one, policy, at) if turn == at else None
            for one, turn in zip(late, turns, strict=True)
        ]
        for one, step in zip(late, steps, strict=True):
            if step:
                yield _coming(at, What.ESCALATION, one, list(step.people), step.rung)
        if not any(steps):
            return
        late, now = _climbed(late, steps, at), at


def _goes_on(one: DueClock, policy: Policy, repeats: int) -> bool:
    return ladder.next_number(one) < len(policy.ladder(one.clock.promise)) + repeats


def _climbed(late: list[DueClock], steps: list[ladder.Step | None], at: datetime) -> list[DueClock]:
    """The clocks after a sweep at the instant *at* climbed these *steps*."""
    told = {step.rung: at for step in steps if step and step.clock.mail is not None}
    return [
        replace(
            one,
            rungs=(*one.rungs, Climbed(step.rung, at)) if step else one.rungs,
            told={**one.told, **told} if one.clock.mail is not None else one.told,
        )
        for one, step in zip(late, steps, strict=True)
    ]


def _assumed(late: DueClock, now: datetime) -> DueClock:
    return replace(late, rungs=tuple(_accepted(rung, now) for rung in late.rungs))


def _accepted(rung: Climbed, now: datetime) -> Climbed:
    return rung if rung.settled else replace(rung, settled=now)


def _turn(late: DueClock, policy: Policy, now: datetime) -> datetime | None:
    """When the next rung is climbed; ``None`` when there is none.

    Whoever has to wait for one reason may then have another: looked at again until nothing is in the way.
    """
    at = max(late.clock.due, now)
    while (due := ladder.next_at(late, policy, at)) is not None:
        turn = _awake(late, policy, due) if ladder.quiet(late, policy, due) else due
        if turn is None or turn == at:
            return turn
        at = turn
    return None


def _awake(late: DueClock, policy: Policy, at: datetime) -> datetime | None:
    """The end of the quiet hours that *at* lies in, to the minute; ``None`` when they never end.

    Searched for and not computed: daylight saving may skip the very minute at which they end.
    """
    start = at.replace(second=0, microsecond=0)
    minutes = (start + number * MINUTE for number in range(1, LONGEST))
    return next((minute for minute in minutes if not ladder.quiet(late, policy, minute)), None)


def _coming(at: datetime, what: What, one: DueClock, people: list[Member], rung: int | None = None) -> Coming:
    clock = one.clock
    names = tuple(person.name for person in people)
    return Coming(at, what, clock.case_id, clock.promise, names, rung, clock.id, clock.mail)
