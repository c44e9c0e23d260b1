"""Pausing what runs on a case: for a reason, to an end, and no longer than each promise may wait."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from maild.core.changes.promises import MoveClock
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
        MoveClock(
            clock.id, case.id, due, rule.next_look(clock.started, due, end), end, now, before, reason, by
        )
        for clock, rule in _counted(case, policy)
        if rule.pauses(reason)
        for before in [_so_far(clock, rule, now)]
        for end in [min(until, now + left(clock, rule, before))]
        if end > now and not (_waits(clock, now) and end == clock.paused_until)
        for due in [rule.paused(before, (now, end))]
    )


def resume(case: Case, by: str, policy: Policy, now: datetime) -> tuple[MoveClock, ...]:
    """The promises of *case* that wait at *now* run again: only the time that they have waited is given."""
    return tuple(
        MoveClock(
            clock.id, case.id, due, rule.next_look(clock.started, due, now), None, None, None, "resumed", by
        )
        for clock, rule in _counted(case, policy)
        if _waits(clock, now)
        for due in [_so_far(clock, rule, now)]
    )


def _so_far(clock: Clock, rule: Rule, now: datetime) -> datetime:
    """When the promise is due if it runs again at *now*: a pause under way counts as far as it has come."""
    if not (_waits(clock, now) and clock.paused_since and clock.paused_due):
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


def _waits(clock: Clock, now: datetime) -> bool:
    return clock.paused_until is not None and clock.paused_until > now
