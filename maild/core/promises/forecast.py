"""What will happen, and when, if nobody does anything: the sweeps of the time to come, thought through.

Every step is taken by the rules of the ladder itself, so that what is foretold is what a sweep would do.
Letters are taken to be accepted at once, and one that is under way now to be accepted now.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from maild.core.candidates import Climbed, DueClock
from maild.core.cases.people import Member
from maild.core.policy import Policy
from maild.core.promises import ladder

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


def forecast(
    running: tuple[Waiting, ...], policy: Policy, now: datetime, until: datetime, repeats: int = REPEATS
) -> tuple[Coming, ...]:
    """Everything that will happen to the *running* clocks from *now* to *until*, in order."""
    found = [
        coming
        for one in running
        for coming in (*_early(one, policy, now), *_late(one.clock, policy, now, until, repeats))
        if coming.at <= until
    ]
    return tuple(sorted(found, key=lambda coming: (coming.at, coming.case_id, coming.clock)))


def _early(one: Waiting, policy: Policy, now: datetime) -> Iterator[Coming]:
    """The reminders before a promise falls due, then that it does."""
    clock, rule = one.clock.clock, policy.rule(one.clock.clock.promise)
    at = max(one.look, now)
    while at < clock.due:
        if people := ladder.reminded(one.clock, policy, at):
            yield _coming(at, What.REMINDER, one.clock, people)
        at = rule.next_look(clock.started, clock.due, at) if rule else clock.due
    if clock.due >= now:
        yield _coming(clock.due, What.DUE, one.clock, [])


def _late(late: DueClock, policy: Policy, now: datetime, until: datetime, repeats: int) -> Iterator[Coming]:
    """The rungs that will be climbed, each counted from the one before."""
    late = replace(late, rungs=tuple(_accepted(rung, now) for rung in late.rungs))
    end = len(policy.ladder(late.clock.promise)) + repeats
    while (at := _turn(late, policy, now)) and at <= until and ladder.next_number(late) < end:
        step = ladder.next_step(late, policy, at)
        if step is None:
            return
        yield _coming(at, What.ESCALATION, late, list(step.people), step.rung)
        late, now = replace(late, rungs=(*late.rungs, Climbed(step.rung, at))), at


def _accepted(rung: Climbed, now: datetime) -> Climbed:
    return rung if rung.settled else replace(rung, settled=now)


def _turn(late: DueClock, policy: Policy, now: datetime) -> datetime | None:
    """When the next rung is climbed; ``None`` when there is none."""
    due = ladder.next_at(late, policy)
    if due is None:
        return None
    at = max(due, late.clock.due, now)
    return _awake(late, policy, at) if ladder.quiet(late, policy, at) else at


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
    return Coming(at, what, clock.case_id, clock.promise, names, rung, clock.id)
