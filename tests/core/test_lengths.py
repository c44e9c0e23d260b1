"""Lengths and promises as values: how long one is, when it counts, what keeps it, and whom it is about."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from maild.core.values.duration import Length, least, parse_length, words
from maild.core.values.rule import HELD_MAIL, Happening, Rule, Rung, reopens
from tests.support.desk import NOW

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("24h", Length(24, "h")),
        ("3wd", Length(3, "wd")),
        (" 8 wh ", Length(8, "wh")),
        ("1wm", Length(1, "wm")),
        ("1s", Length(1, "s")),
        (f"{20 * 366}d", Length(20 * 366, "d")),
        (f"{20 * 366}wd", Length(20 * 366, "wd")),
        (f"{20 * 366 + 1}d", None),
        ("999999wd", None),
        ("0h", None),
        ("0wd", None),
        ("1 working day", None),
        ("", None),
    ],
)
def test_a_promise_is_at_most_twenty_years_long(text: str, length: Length | None) -> None:
    """In elapsed time or in working time; nothing is no length."""
    if length is None:
        with pytest.raises(ValueError, match="at most twenty years"):
            parse_length(text)
    else:
        assert parse_length(text) == length


@pytest.mark.parametrize(
    ("length", "shortest"),
    [
        (Length(1, "wd"), 4 * HOUR),
        (Length(2, "wd"), 26 * HOUR),
        (Length(3, "wd"), 48 * HOUR),
        (Length(8, "wh"), 8 * HOUR),
        (Length(90, "wm"), 90 * HOUR / 60),
        (Length(1, "d"), 24 * HOUR),
    ],
)
def test_the_shortest_that_a_length_can_take(length: Length, shortest: timedelta) -> None:
    """A working day is one of four hours, and 22 hours later the same time of the next may have come."""
    assert least(length, 4 * HOUR) == shortest
    assert length.working is (length.unit[0] == "w" and length.unit != "w")
    assert (length.elapsed is None) is length.working


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (Length(1, "wd"), "1 working day"),
        (Length(2, "wd"), "2 working days"),
        (Length(1, "wh"), "1 working hour"),
        (timedelta(), "0 seconds"),
        (timedelta(seconds=1), "1 second"),
        (timedelta(seconds=59), "59 seconds"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(days=3), "3 days"),
        (timedelta(days=2, hours=1), "49 hours"),
    ],
)
def test_a_length_in_words_has_one_unit(length: Length | timedelta, said: str) -> None:
    """One of a thing is singular; two days are said in hours."""
    assert words(length) == said


CLOSED = ((NOW, NOW + 5 * HOUR), (NOW + 2 * HOUR, NOW + 9 * HOUR), (NOW + 20 * HOUR, NOW + 21 * HOUR))


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (NOW - SECOND, None),
        (NOW, NOW + 5 * HOUR),
        (NOW + 3 * HOUR, NOW + 9 * HOUR),
        (NOW + 9 * HOUR - SECOND, NOW + 9 * HOUR),
        (NOW + 9 * HOUR, None),
        (NOW + 20 * HOUR, NOW + 21 * HOUR),
    ],
)
def test_a_closed_intake_opens_again_when_the_last_reason_ends(at: datetime, opens: datetime | None) -> None:
    """From the instant it closes to the one at which it opens."""
    assert reopens(CLOSED, at) == opens


def promise(starts: Happening = Happening.REPORT, *met_by: Happening, **about: object) -> Rule:
    """A promise of a day."""
    return replace(Rule("x", Length(1, "d"), starts, frozenset(met_by)), **about)  # type: ignore[arg-type]


HIGH, FIXING = frozenset({"High"}), frozenset({"fixing"})


@pytest.mark.parametrize(
    ("rule", "fits", "conditional"),
    [
        (promise(), [True, True, True, True], False),
        (promise(severities=HIGH), [True, True, False, False], True),
        (promise(stages=FIXING), [True, False, True, False], True),
        (promise(severities=HIGH, stages=FIXING), [True, False, False, False], True),
        (promise(Happening.HELD, severities=HIGH), [True, True, False, False], False),
    ],
)
def test_a_promise_may_be_about_some_cases_only(rule: Rule, fits: list[bool], conditional: bool) -> None:
    """Those of its severities, at its stages; one about held mail has no case."""
    cases = [("High", "fixing"), ("High", "ready"), ("Low", "fixing"), ("Low", "ready")]
    assert [rule.fits(*case) for case in cases] == fits
    assert rule.conditional is conditional


@pytest.mark.parametrize(
    ("rule", "first", "automatic"),
    [
        (promise(Happening.REPORT, Happening.REPLY), True, False),
        (promise(Happening.REPLY, Happening.REPLY), False, False),
        (promise(Happening.REPORT, Happening.REPLY, Happening.RECEIPT), False, True),
        (promise(Happening.REPORT, Happening.HANDLER), False, False),
    ],
)
def test_what_keeps_a_promise(rule: Rule, first: bool, automatic: bool) -> None:
    """Only a person's first answer, or the automatic acknowledgement too."""
    assert (rule.first_answer, rule.automatic) == (first, automatic)


def test_an_ordinary_promise_is_told_and_can_be_paused() -> None:
    """For thirty days in all, for any reason, also where it is about held mail; that one is not published."""
    assert (promise().every, promise().public, promise().max_pause) == (False, True, timedelta(days=30))
    assert promise().pause_on == ("any",)
    assert (HELD_MAIL.public, HELD_MAIL.words, HELD_MAIL.warn_at) == (False, "12 hours", (0.5,))
    assert (Rung(("Anna",)).everybody, Rung(("Anna",)).after) == (True, timedelta())


def test_a_promise_waits_from_when_it_counts() -> None:
    """What begins while the intake is closed takes as long as any other; a pause moves its end by its length."""
    closed = promise(closed=CLOSED)
    assert closed.counts_from(NOW) == NOW + 5 * HOUR
    assert closed.wait(NOW) == closed.wait(NOW - SECOND) == 24 * HOUR
    assert closed.paused(NOW, (NOW - 3 * HOUR, NOW - HOUR)) == NOW + 2 * HOUR


def test_reminders_of_a_promise_that_was_made_shorter_are_shares_of_what_was_promised() -> None:
    """One that was made longer by a pause keeps its first reminders and moves the others."""
    rule = promise(warn_at=(0.75, 0.25))
    assert rule.reminders(NOW, NOW + 24 * HOUR) == (NOW + 6 * HOUR, NOW + 18 * HOUR)
    assert rule.reminders(NOW, NOW + 26 * HOUR) == (NOW + 8 * HOUR, NOW + 20 * HOUR)
    assert rule.reminders(NOW, NOW + 12 * HOUR) == (NOW + 3 * HOUR, NOW + 9 * HOUR)
