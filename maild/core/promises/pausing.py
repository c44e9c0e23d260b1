"""Pausing what runs on a case: for a reason, to an end, and no longer than each promise may wait."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from maild.core.changes.promises import MoveClock, StartClock
from maild.core.policy import Policy
from maild.core.values.case import Case, Clock
from maild.core.values.rule import Rule


def pause(
    case: Case, reason: str, until: datetime, by: str, policy: Policy, now: datetime
) -> tuple[MoveClock, ...]:
    """The promises of *case* that wait from *now* until *until*, or until their own cap ends the pause.

    What waits already waits until the new end from now on, be it later or earlier.
    """
    return tuple(
        MoveClock(clock.id, case.id, due, _look(clock, rule, due, now, end), end, now, before, reason, by)
        for clock, rule in _counted(case, policy)
        if rule.pauses(reason)
        for before in [so_far(clock, rule, now)]
        for end in [min(until, now + left(clock, rule, before))]
        if end > now and not (clock.waits(now) and end == clock.paused_until)
        for due in [rule.paused(before, (now, end))]
    )


def resume(case: Case, by: str, policy: Policy, now: datetime) -> tuple[MoveClock, ...]:
    """The promises of *case* that wait at *now* run again: only the time that they have waited is given."""
    return tuple(
        MoveClock(clock.id, case.id, due, _look(clock, rule, due, now, now), None, None, None, "resumed", by)
        for clock, rule in _counted(case, policy)
        if clock.waits(now)
        for due in [so_far(clock, rule, now)]
    )


def begun(case: Case, rule: Rule, one: StartClock, now: datetime, policy: Policy) -> StartClock:
    """The promise *one* of *rule* that begins at *now*; while those of its kind are paused, it waits too.

    It waits until the same end, or until its own cap; ``!resume`` lets it run with the others.
    """
    kin = [clock for clock, other in _counted(case, policy) if clock.waits(now) and _as_long(rule, other)]
    ends = [clock.paused_until for clock in kin if clock.paused_until]
    end = min(max(ends, default=now), now + rule.max_pause)
    if end <= now:
        return one
    due = rule.paused(one.due, (now, end))
    look = max(rule.next_look(one.started, due, end), end)
    return replace(one, due=due, look=look, paused=(end, now, one.due))


def _as_long(rule: Rule, other: Rule) -> bool:
    """Whether what pauses *other* pauses *rule* too."""
    return "any" in rule.pause_on or set(other.pause_on) <= set(rule.pause_on)


def _look(clock: Clock, rule: Rule, due: datetime, now: datetime, end: datetime) -> datetime:
    """When a clock that waits until *end*, and is then *due*, is looked at next.

    What it was to be looked at for moves with it. A reminder whose time had come before a sweep could send it
    is still to come: it waits for the end of the pause, no longer.
    """
    since = clock.paused_until if clock.paused_until and clock.waits(now) else now
    if clock.look is None:
        return rule.next_look(clock.started, due, end)
    if end < since < clock.look:
        return _sooner(clock, rule, due, end, clock.look)
    return min(rule.paused(clock.look, (since, end)), due) if clock.look > since else end


def _sooner(clock: Clock, rule: Rule, due: datetime, end: datetime, look: datetime) -> datetime:
    """The next *look* at a clock whose pause ends sooner than it was to: it is *due* sooner by as much.

    Under a limit that has changed meanwhile the rule may know of no reminder, though one is still to come.
    """
    found = rule.next_look(clock.started, due, end)
    ahead = found == due and look < clock.due
    return max(end, look - (clock.due - due)) if ahead else found


def so_far(clock: Clock, rule: Rule, now: datetime) -> datetime:
    """When the promise is due if it runs again at *now*: a pause under way counts as far as it has come."""
    if not (clock.waits(now) and clock.paused_since and clock.paused_due):
        return clock.due
    return rule.paused(clock.paused_due, (clock.paused_since, now))


def left(clock: Clock, rule: Rule, due: datetime) -> timedelta:
    """How long the promise may still be paused: what pauses have moved its end by, to *due*, is used up."""
    return rule.max_pause - max(due - rule.due(clock.started), timedelta(0))


def _counted(case: Case, policy: Policy) -> Iterator[tuple[Clock, Rule]]:
    """The running promises that the configuration still knows."""
    for clock in case.running():
        if rule := policy.rule(clock.promise):
            yield clock, rule
