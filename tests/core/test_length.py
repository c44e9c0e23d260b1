"""The lengths that a policy publishes: elapsed time, working days and working hours."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.mail.length import word_count
from maild.core.values.duration import Length, parse_length, words

UNITS = ("s", "m", "h", "d", "w", "wd", "wh", "wm")


@pytest.mark.parametrize(
    ("text", "length", "said"),
    [
        ("60s", Length(60, "s"), "60 seconds"),
        ("90m", Length(90, "m"), "90 minutes"),
        ("24h", Length(24, "h"), "24 hours"),
        ("1d", Length(1, "d"), "1 day"),
        ("5d", Length(5, "d"), "5 days"),
        ("2w", Length(2, "w"), "2 weeks"),
        ("3wd", Length(3, "wd"), "3 working days"),
        (" 1 wd ", Length(1, "wd"), "1 working day"),
        ("8wh", Length(8, "wh"), "8 working hours"),
        ("90wm", Length(90, "wm"), "90 working minutes"),
    ],
)
def test_a_length_is_read_and_said_as_published(text: str, length: Length, said: str) -> None:
    """What is written in the file is what a reader is told, in the unit it was written in."""
    assert parse_length(text) == length
    assert words(length) == said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "wd",
        "0wd",
        "0h",
        "-3wd",
        "+3wd",
        "1.5h",
        "3 working days",
        "3WD",
        "3dw",
        "1d2h",
        "٣d",
        "7321d",
    ],
)
def test_anything_else_is_refused_with_what_is_wanted(text: str) -> None:
    """An unknown unit, nothing, zero, less than zero, more than twenty years: the error shows good ones."""
    with pytest.raises(ValueError, match=r'"24h", "5d", "3wd" \(working days\), "8wh" \(working hours\)'):
        parse_length(text)


def test_only_working_units_need_a_calendar() -> None:
    """Elapsed lengths say how long they are; working ones cannot without a calendar."""
    assert Length(5, "d").elapsed == timedelta(hours=120)
    assert [unit for unit in UNITS if Length(1, unit).working] == ["wd", "wh", "wm"]
    assert [unit for unit in UNITS if Length(1, unit).elapsed is None] == ["wd", "wh", "wm"]


@given(st.integers(1, 999), st.sampled_from(UNITS))
def test_words_lose_nothing(amount: int, unit: str) -> None:
    """From the words of a length the length can be read again."""
    number, *name = words(Length(amount, unit)).split()
    assert parse_length(number + "".join(word[0] for word in name)) == Length(amount, unit)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("one two", 2),
        ("öne two", 2),
        ("解", 1),
        ("解析", 1),
        ("解析器", 2),
        ("ก", 1),
        ("กขคง", 1),
        ("กขคงจ", 2),
        ("あいうえお", 2),
        ("heap 解析器 かな", 4),
    ],
)
def test_words_are_counted_in_scripts_without_spaces_too(text: str, count: int) -> None:
    """Two ideographs, or four letters of such a script, are about as much as a word."""
    assert word_count(text) == count
