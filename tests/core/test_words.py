"""Reading the words on top of a mail; what each does is tested beside ``commands``."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.words.reading import Word, read, stray, text_below, until
from tests.support.bounded import bounded
from tests.support.desk import DESK, NOW
from tests.support.phrases import PHRASES


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("!status", (Word("status"),)),
        (
            "\n  !Handler   Anna  \n!close fixed in 1.2\n\ntext\n!spam",
            (Word("handler", "Anna"), Word("close", "fixed in 1.2")),
        ),
        ("taken", (Word("taken"),)),
        ("Taken by surprise", ()),
        ("Hello\n!close", ()),
        ("> !close", ()),
        ("!", ()),
        ("! close", ()),
        ("!not-spam", (Word("not-spam"),)),
        ("!123", ()),
        ("", ()),
    ],
)
def test_words_stand_on_top(text: str, found: tuple[Word, ...]) -> None:
    """One a line, up to the first other line; quoted ones are none."""
    assert read(text) == found


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("!status\n\nmore\n!close", "more\n!close"),
        ("!status\n", ""),
        ("more", "more"),
        ("", ""),
        ("!send\n\nEX-222222\n", ""),
        ("!send\n\nCase EX-222222:\n", ""),
        ("!send\n\n[EX-222222]\n\nIt is fixed.\n", "It is fixed."),
        ("!send\n\nIt is fixed.\n\nEX-222222\n", "It is fixed."),
        ("!send\n\nEX-222222 is fixed.\n", "EX-222222 is fixed."),
        ("!send\n\nabcdefghijklmnopqrs2\n", ""),
        ("!send\n\nsecurity+abcdefghijklmnopqrs2@project.example\n", ""),
        ("!send\n\ninternationalization\n", "internationalization"),
        ("!send\n\n-- \nMia Member\nSecurity Team of the Project\n", ""),
        ("!send\n\nIt is fixed.\n\n> It is broken.\n> Rita\n", "It is fixed."),
    ],
)
def test_what_stands_below(text: str, rest: str) -> None:
    """The author's own text, from the first line that is no word on, without lines that only name the case."""
    assert text_below(text, DESK, PHRASES) == rest


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("!close", True),
        ("\n !anything at all", True),
        ("Hello,\n!handler me\n", True),
        ("Hello,\n  !CLOSE done", True),
        ("Hello, do say !close to them.", False),
        ("It prints\n!important\n", False),
        ("Hello", False),
    ],
)
def test_a_stray_word(text: str, found: bool) -> None:
    """A known word on any line, or whatever begins a mail like one."""
    assert stray(text) is found


@pytest.mark.parametrize(
    ("rest", "found"),
    [
        ("asleep until 2026-03-12", ("asleep", datetime(2026, 3, 13, tzinfo=UTC))),
        ("asleep UNTIL 3d", ("asleep", NOW + timedelta(days=3))),
        ("until 2026-03-12", ("", datetime(2026, 3, 13, tzinfo=UTC))),
        ("wait until they say until 2d", None),
        ("asleep until 2026-03-01", None),
        ("asleep until 2026-13-45", None),
        ("asleep until", None),
        ("asleep", None),
        ("", None),
    ],
)
def test_until_when(rest: str, found: tuple[str, datetime] | None) -> None:
    """A date means its end, a length counts from now, and what has passed is no end."""
    assert until(rest, NOW) == found
    assert until("asleep until 2026-03-02", datetime(2026, 3, 3, tzinfo=UTC)) is None


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    """Whatever it is: no error, and never a word out of its middle."""
    assert len(read(text)) <= len(text.splitlines())
    stray(text)
    text_below(text, DESK, PHRASES)
    until(text, NOW)


@pytest.mark.parametrize("piece", ["!a ", "! ", "until ", "!status\n", "\n", " "])
def test_hostile_text_ends(piece: str) -> None:
    """A megabyte of almost-words is bounded work."""
    text = piece * (200_000 // len(piece))
    with bounded():
        read(text)
        stray(text)
        text_below(text, DESK, PHRASES)
        until(text[:300], NOW)


def test_a_signature_that_names_the_case_is_no_text() -> None:
    """It says which case the commands are about, and never goes out with the text below them."""
    text = "!announce\n\nThe parser overflows.\n-- \nEX-222222, 3\n"
    assert text_below(text, DESK, PHRASES) == "The parser overflows."
