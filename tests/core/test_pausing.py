"""A pause that has ended is over: the next one counts from the due instant that it left."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from maild.core.promises import pausing
from maild.core.values.case import Clock
from maild.core.values.ids import case_ids
from tests.support.deciding import case, clock
from tests.support.desk import NOW, POLICY

DAY = timedelta(days=1)
FIRST = clock(POLICY.rules[1].id, started=NOW)  # type: ignore[arg-type]  # a promise by its id


def paused(until: datetime) -> Clock:
    """The promise, paused at once for one day, or until then."""
    return replace(
        FIRST, paused_since=NOW, paused_until=until, paused_due=FIRST.due, due=FIRST.due + (until - NOW)
    )


@pytest.mark.parametrize("clock", [paused(NOW + DAY), FIRST], ids=["paused before", "never paused"])
def test_after_a_pause_the_next_one_moves_what_is_due_now(clock: Clock) -> None:
    """The days between two pauses are no pause."""
    later = NOW + 3 * DAY
    (moved,) = pausing.pause(case(clock), "the vendor", later + 2 * DAY, "team:Mia", POLICY, later)
    assert (moved.before, moved.due) == (clock.due, clock.due + 2 * DAY)
    assert (moved.since, moved.paused_until) == (later, later + 2 * DAY)


def test_only_what_waits_runs_again() -> None:
    """The promise gets back the time that it has waited, to the instant at which it is said, and no more."""
    one = case(paused(NOW + 4 * DAY))
    (moved,) = pausing.resume(one, "team:Mia", POLICY, NOW + DAY)
    assert (moved.due, moved.paused_until, moved.since, moved.before) == (FIRST.due + DAY, None, None, None)
    assert pausing.resume(one, "team:Mia", POLICY, NOW + 4 * DAY) == ()
    assert pausing.resume(case(FIRST), "team:Mia", POLICY, NOW) == ()


def test_a_pause_in_the_past_is_none() -> None:
    """Neither one that ends now, nor the same once more."""
    assert pausing.pause(case(FIRST), "the vendor", NOW, "team:Mia", POLICY, NOW) == ()
    again = case(paused(NOW + 2 * DAY))
    assert pausing.pause(again, "the vendor", NOW + 2 * DAY, "team:Mia", POLICY, NOW + DAY) == ()


def test_a_report_has_a_thousand_names_to_choose_from() -> None:
    """Each once, and always the same: a second desk made from the same secret gives the same."""
    names = list(case_ids(b"secret", "EX", "identity"))
    assert len(set(names)) == len(names) == 1000
    assert names == list(case_ids(b"secret", "EX", "identity"))
