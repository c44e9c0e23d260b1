"""A promise as data: its end, its reminders, when its clock is to be looked at, and its words."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.values.duration import Length
from maild.core.values.rule import Happening, Rule, seed
from tests.support.desk import NOW, POLICY

HOUR = timedelta(hours=1)


TWO_DAYS = Length(48, "h")


def rule(limit: Length = TWO_DAYS, warn_at: tuple[float, ...] = ()) -> Rule:
    """A promise of this length, with these reminders."""
    return Rule("x", limit, Happening.REPORT, frozenset({Happening.REPLY}), warn_at=warn_at)


@pytest.mark.parametrize(
    ("limit", "length"),
    [
        (Length(30, "m"), timedelta(minutes=30)),
        (Length(24, "h"), timedelta(hours=24)),
        (Length(5, "d"), timedelta(days=5)),
        (Length(2, "w"), timedelta(days=14)),
    ],
)
def test_it_falls_due_when_its_length_has_passed(limit: Length, length: timedelta) -> None:
    """Counted from the start; without a calendar it is elapsed time (ruling 13)."""
    assert rule(limit).due(NOW) == NOW + length


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (Length(48, "h"), "48 hours"),
        (Length(1, "d"), "1 day"),
        (Length(3, "wd"), "3 working days"),
        (Length(8, "wh"), "8 working hours"),
    ],
)
def test_its_words_are_those_it_was_published_with(limit: Length, words: str) -> None:
    """48 hours are not two days, and what counts working time says so."""
    assert rule(limit).words == words


def test_reminders_are_shares_of_the_limit_in_the_order_of_time() -> None:
    """Half of 48 hours is after 24, however the shares were written down."""
    assert rule(warn_at=(0.75, 0.5)).reminders(NOW, NOW + 48 * HOUR) == (NOW + 24 * HOUR, NOW + 36 * HOUR)


@pytest.mark.parametrize(
    ("after", "look"), [(0, 24), (23, 24), (24, 36), (30, 36), (36, 48), (47, 48), (60, 48)]
)
def test_the_next_look_is_the_next_reminder_else_the_end(after: int, look: int) -> None:
    """A reminder whose instant has come is over; behind the last one only the end is left."""
    one = rule(warn_at=(0.5, 0.75))
    assert one.next_look(NOW, one.due(NOW), NOW + after * HOUR) == NOW + look * HOUR


def test_without_reminders_only_the_end_is_looked_at() -> None:
    """A clock costs nothing before it is due."""
    assert rule().next_look(NOW, NOW + 48 * HOUR, NOW) == NOW + 48 * HOUR


@given(
    st.integers(1, 5000),
    st.lists(st.floats(0.01, 0.99), max_size=4).map(tuple),
    st.integers(0, 6000),
)
def test_every_reminder_is_looked_at_once_and_the_end_last(
    minutes: int, shares: tuple[float, ...], first: int
) -> None:
    """From look to look time goes on, through every reminder still to come, and ends at the end."""
    one = rule(Length(minutes, "m"), shares)
    due, now, looks = one.due(NOW), NOW + timedelta(minutes=min(first, minutes - 1)), []
    begun = now
    while now < due:
        look = one.next_look(NOW, due, now)
        assert now < look <= due
        looks.append(look)
        now = look
    assert looks == [*sorted({r for r in one.reminders(NOW, due) if begun < r < due}), due]


def test_the_seed_is_the_published_policy() -> None:
    """The receipt or an answer within a day; an answer; then one at a time; each counted as published."""
    assert POLICY.rules == seed(Length(24, "h"), Length(48, "h"), Length(5, "d"))
    assert [(r.id, r.words, r.starts, sorted(r.met_by), r.every) for r in POLICY.rules] == [
        ("acknowledge", "24 hours", "report", ["receipt", "reply"], False),
        ("respond", "48 hours", "report", ["reply"], False),
        ("update", "5 days", "reply", ["reply"], True),
    ]
    assert all(r.public and r.ladder == "default" for r in POLICY.rules)


def test_a_promise_that_is_no_more_has_a_ladder_and_words() -> None:
    """Its clocks run on in open cases: whoever is told must be found, and the letter be written."""
    assert POLICY.rule("gone") is None
    assert POLICY.ladder("gone") == POLICY.ladder("respond")
    assert POLICY.promised("gone")


def test_what_begins_while_the_intake_is_closed_counts_from_its_end() -> None:
    """The end and the reminders move; what begins at the reopening or before the closing does not."""
    back = NOW + timedelta(days=10)
    one = replace(rule(warn_at=(0.5,)), closed=((NOW, back),))
    for inside in (NOW, NOW + HOUR, back - HOUR):
        assert one.due(inside) == back + 48 * HOUR
        assert one.reminders(inside, one.due(inside)) == (back + 24 * HOUR,)
        assert one.next_look(inside, one.due(inside), inside) == back + 24 * HOUR
    for outside in (NOW - HOUR, back):
        assert one.due(outside) == outside + 48 * HOUR
