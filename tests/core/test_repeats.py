"""Whether a text repeats another, or quotes anything."""

import pytest

from maild.core.mail.repeats import ENOUGH, MOST, RUN, quotes, repeats
from tests.support.phrases import PHRASES

LETTERS = "".join(f"{number:03d}" for number in range(300))
"""No run of letters stands in it twice."""
LONG = RUN - 1 + 2 * ENOUGH + 1


@pytest.mark.parametrize(
    ("text", "other", "repeated"),
    [
        (LETTERS[:RUN], LETTERS[:RUN], True),
        (LETTERS[:RUN], LETTERS[: RUN + 1], True),
        (LETTERS[:RUN], LETTERS[: RUN + 2], False),
        (LETTERS[: RUN + 1], LETTERS[: RUN + 2], True),
        (LETTERS[: RUN - 1 + ENOUGH], LETTERS[:LONG], True),
        (LETTERS[: RUN - 2 + ENOUGH], LETTERS[:LONG], False),
        (f"Hello {LETTERS[:LONG]} Bye", LETTERS[:LONG], True),
        ("abc", "abc", True),
        ("bc", "abc", False),
        ("abc", "bc", False),
        ("abc", "", False),
        ("", "", False),
        ("> It crashes\n> at once,\n> always.", "it CRASHES at once - always", True),
        ("It crashes https://a.example/x", "it crashes r@p.example", True),
        ("a@b.example", "a@b.example", False),
        ("x" * MOST + LETTERS[:RUN], LETTERS[:RUN], False),
    ],
)
def test_a_text_repeats_another_where_a_good_piece_of_it_stands_there(
    text: str, other: str, repeated: bool
) -> None:
    """Half of a short one, a paragraph of a long one, whatever marks, blanks and addresses are between."""
    assert repeats(text, other) is repeated


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Fine.\n> " + "word " * 8, True),
        ("Fine.\n> " + "word " * 7, False),
        ("Fine.\n-- \nRita\n> " + "word " * 9, True),
        ("word " * 50, False),
        ("", False),
        ("word " * (MOST // 5) + "\n> " + "word " * 9, False),
    ],
)
def test_a_quote_is_more_words_than_a_program_adds_of_its_own(text: str, quoted: bool) -> None:
    """Above or below what its author signed off with."""
    assert quotes(text, PHRASES) is quoted
