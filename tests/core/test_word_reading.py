"""Commands as people mistype and surround them, and what of a text says something."""

import pytest

from maild.core.values.ids import TOKEN_LENGTH
from maild.core.words.reading import (
    MOST_LINES,
    MOST_SHOWN,
    MOST_SIGNED,
    Word,
    disguised,
    meant,
    other_case,
    read,
    text_below,
)
from maild.core.words.substance import MOST_LINES as MOST_SAID
from maild.core.words.substance import substance
from tests.support.desk import DESK
from tests.support.phrases import PHRASES


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("`!close`", True),
        ("* !close", True),
        ("1. !close", True),
        ("> !close fixed", True),
        ("**!close**", True),
        ("\uff01close", True),
        ("!\u200bclose", True),
        ("! close", True),
        ("!close_", True),
        ("!clsoe", True),
        ("!sned", True),
        ("!closee", True),
        ("!clos", True),
        ("!cloze", True),
        ("!hndler Anna", True),
        ("!handelr Anna", True),
        ("!clzoe", False),
        ("!clxyz", False),
        ("!closest", False),
        ("!cls", False),
        ("!cvee", False),
        ("!close()", False),
        ("!close.", False),
        ("if (!close)", False),
        ("a !close", False),
        ("close", False),
        ("!", False),
    ],
)
def test_a_line_that_was_meant_as_a_command_is_seen(line: str, seen: bool) -> None:
    """Behind marks, with something invisible, or with one letter wrong, missing, too much, or two swapped."""
    assert disguised(f"Hello.\n  {line}\nBye.") == (line if seen else "")


def test_so_much_of_a_text_is_looked_through_for_commands() -> None:
    """Ten thousand lines of it, and of each line its beginning."""
    assert disguised("a\n" * (MOST_LINES - 1) + "!close") == "!close"
    assert disguised("a\n" * MOST_LINES + "!close") == ""
    assert disguised("!close " + "x" * 500) == ("!close " + "x" * 500)[:MOST_SHOWN]
    assert disguised("*" * (MOST_SHOWN - 6) + "!close") == "*" * (MOST_SHOWN - 6) + "!close"
    assert disguised("*" * (MOST_SHOWN - 3) + "!close") == ""


@pytest.mark.parametrize(
    ("said", "case"),
    [
        ("!duplicate EX-222222", "EX-222222"),
        ("!duplicate ex-2222ab of the same", "EX-2222AB"),
        ("!duplicate EX-222222\n!close", "EX-222222"),
        ("!duplicate EX-222222\n!duplicate EX-222222", "EX-222222"),
        ("!duplicate EX-222222\n!duplicate EX-333333", ""),
        ("!duplicate EX-222222\n!duplicate", ""),
        ("!duplicate EX-2222222", ""),
        ("!duplicate EX-222222-1", ""),
        ("!duplicate see EX-222222", ""),
        ("!close EX-222222", ""),
        ("", ""),
    ],
)
def test_only_the_command_names_the_other_case(said: str, case: str) -> None:
    """As the first thing behind it; two that differ name none."""
    assert other_case(read(said), DESK) == case


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("clse", "did you mean !close?"),
        ("handlr", "did you mean !handler?"),
    ],
)
def test_an_unknown_command_is_answered_with_what_is_like_it(name: str, answer: str) -> None:
    """The answer to an unknown command names those that are like it, or all of them."""
    assert meant(name) == answer
    assert meant("zzzzzz").startswith("the commands are !")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Text.\n--\nEX-222222\n" + "x\n" * (MOST_SIGNED - 2), "Text."),
        ("re: EX-222222\nText.", "Text."),
        ("Case: EX-222222.\nText.", "Text."),
        ("EX-22222\nText.", "EX-22222\nText."),
        (f"{'a' * (TOKEN_LENGTH - 1)}2\nText.", "Text."),
        (f"{'a' * TOKEN_LENGTH}\nText.", f"{'a' * TOKEN_LENGTH}\nText."),
        ("rita@reporter.example\nText.", "rita@reporter.example\nText."),
        ("<Security@Project.example>\nText.", "Text."),
    ],
)
def test_what_only_names_the_case_is_no_text(text: str, rest: str) -> None:
    """A number, a token, an address of the desk, and a short signature with one of them."""
    assert text_below(f"!send\n\n{text}", DESK, PHRASES) == rest


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Text.\n-- \nEX-222222", "Text."),
        ("Text.\n--\nMia, EX-222222\n" + "x\n" * (MOST_SIGNED - 2), "Text."),
        (
            "Text.\n--\nEX-222222, 3\n" + "x\n" * (MOST_SIGNED - 1),
            "Text.\n--\nEX-222222, 3" + "\nx" * (MOST_SIGNED - 1),
        ),
        ("Text.\n--\nMia", "Text.\n--\nMia"),
        ("Text.\n--\nEX-222222, 3\n--\nMia", "Text.\n--\nEX-222222, 3\n--\nMia"),
        ("Text.\n--\nMia\n--\nEX-222222, 3", "Text.\n--\nMia"),
        ("EX-222222, 3\nText.\n--", "EX-222222, 3\nText.\n--"),
    ],
)
def test_below_a_text_that_is_known_only_a_signature_that_names_the_case_is_left_out(
    text: str, rest: str
) -> None:
    """A short one, the last of several."""
    assert text_below(f"!send\n\n{text}", DESK, PHRASES, shown="What they answer.") == rest


def test_a_command_knows_what_proof_it_needs() -> None:
    """Some by an address alone, some about their author, some with one argument only; an unknown one has none."""
    assert [(Word(name).free, Word(name).own) for name in ("status", "close", "nothing")] == [
        (True, False),
        (False, False),
        (False, False),
    ]


NAMES = ("Mia Member", "mia@project.example")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It is fixed.", "It is fixed."),
        ("Hi Rita,\n\nIt is fixed.\n\nBest regards,\nMia", "It is fixed."),
        ("Hi Rita, it is fixed. Thank you!", "Hi Rita, it is fixed. Thank you!"),
        ("It is fixed.\nMia", "It is fixed."),
        ("It is fixed.\nM. Member", "It is fixed."),
        ("It is fixed.\nRegards, Mia", "It is fixed."),
        ("It is fixed.\nRegards Mia", "It is fixed."),
        ("It was found by Mia", "It was found by Mia"),
        ("It is fixed.\nRegards, Rita", "It is fixed.\nRegards, Rita"),
        ("It is fixed.\nRegards\nMia\nSecurity Team\n+49 30 1234", "It is fixed."),
        ("It is fixed.\nRegards\n" + "Mia\n" + "x\n" * 5, "It is fixed."),
        ("It is fixed.\nRegards\n" + "Mia\n" + "x\n" * 6, "It is fixed.\nRegards\nMia\n" + "x\n" * 6),
        ("It is fixed.\nRegards\nRita", "It is fixed.\nRegards\nRita"),
        ("It is fixed.\nRegards\nMia\n" + "x " * 8, "It is fixed."),
        ("It is fixed.\nRegards\nMia\n" + "x " * 9, "It is fixed.\nRegards\nMia\n" + ("x " * 9).strip()),
        ("Hi Rita,", ""),
        ("Mia", ""),
        ("...\n--\n", ""),
        ("", ""),
        (f"Hi {'x' * 59},\nyes", "yes"),
        (f"Hi{'x' * 60},\nyes", f"Hi{'x' * 60},\nyes"),
        (f"Hi {'x' * 60},\nyes", f"Hi {'x' * 60},\nyes"),
    ],
)
def test_a_greeting_a_closing_and_a_name_say_nothing(text: str, said: str) -> None:
    """At the beginning and at the end of what somebody wrote, with a few lines below a name."""
    assert substance(text, PHRASES, NAMES) == said.strip()


def test_a_long_text_says_something() -> None:
    """A long text says something of its own, whatever stands in it."""
    assert (
        substance("Hi Rita,\n" + "x\n" * (MOST_SAID - 1), PHRASES, NAMES) == ("x\n" * (MOST_SAID - 1)).strip()
    )
    long = "Hi Rita,\n" + "x\n" * MOST_SAID
    assert substance(long, PHRASES, NAMES) == long
