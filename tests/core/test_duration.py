"""Durations as operators write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.values.duration import parse_duration, words


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("60s", timedelta(minutes=1)),
        ("15m", timedelta(minutes=15)),
        ("24h", timedelta(days=1)),
        ("5d", timedelta(days=5)),
        ("2w", timedelta(days=14)),
        (" 1 d ", timedelta(days=1)),
    ],
)
def test_a_number_and_a_unit(text: str, length: timedelta) -> None:
    """Seconds, minutes, hours, days and weeks."""
    assert parse_duration(text) == length


@pytest.mark.parametrize("text", ["", "5", "d", "0d", "-1d", "1.5h", "5 days", "1h30m", "5D", "1" * 30 + "d"])
def test_anything_else_is_refused_with_what_is_wanted(text: str) -> None:
    """No unit, nothing, less than nothing, or more digits than make sense: the error shows a good one."""
    with pytest.raises(ValueError, match='a duration such as "60s"'):
        parse_duration(text)


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(hours=24), "24 hours"),
        (timedelta(hours=48), "48 hours"),
        (timedelta(days=5), "5 days"),
        (timedelta(days=14), "14 days"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(seconds=61), "61 seconds"),
    ],
)
def test_a_length_in_words(length: timedelta, text: str) -> None:
    """The published words: 24 and 48 hours stay hours, five days are days."""
    assert words(length) == text


@given(st.integers(1, 999_999), st.sampled_from("smhdw"))
def test_words_lose_nothing(count: int, unit: str) -> None:
    """The words of a duration name exactly its length."""
    length = parse_duration(f"{count}{unit}")
    number, name = words(length).split()
    assert parse_duration(number[:6] + name[0] if len(number) <= 6 else f"{count}{unit}") == length
