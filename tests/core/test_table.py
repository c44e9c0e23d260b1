"""The table of the team's commands: each is declared once, and everything that lists them agrees with it."""

import re
from pathlib import Path

import pytest

from maild.core.cases.commands import WORDS
from maild.core.words.binding import bound
from maild.core.words.reading import Word
from maild.core.words.row import Proof
from maild.core.words.table import NAMES, TABLE

HOUSE = Path(__file__).parents[2]
TEXTS = [
    HOUSE / "README.md",
    *sorted((HOUSE / "maild" / "handbook").glob("*.md")),
    HOUSE / "config" / "maild.toml",
    HOUSE / "config" / "promises.md",
    *sorted((HOUSE / "config" / "letters").rglob("*.txt")),
    *sorted((HOUSE / "config" / "presets").glob("*.toml")),
]
_NAMED = re.compile(r"(?<![\w!\[(<])!([a-z][a-z-]*[a-z])\b")


def test_every_command_has_one_row_and_one_function() -> None:
    """No name twice, and the functions are those of the table, in its order."""
    assert len(set(NAMES)) == len(NAMES)
    assert tuple(WORDS) == NAMES


@pytest.mark.parametrize("parts", [dict.fromkeys(NAMES[1:], 1), dict.fromkeys((*NAMES, "new"), 1)])
def test_a_command_without_function_or_row_does_not_start(parts: dict[str, int]) -> None:
    """The program fails when it is imported, and names the command."""
    with pytest.raises(TypeError, match=r"handler|new"):
        bound(parts)


def test_a_function_for_a_command_that_has_one_does_not_start() -> None:
    """Two functions for one name are a mistake."""
    with pytest.raises(TypeError):
        bound(dict.fromkeys(NAMES, 1), {"close": 2})


def test_the_help_is_one_sentence_a_line() -> None:
    """Each row has a line of help that ends with a full stop and says nothing of the program's own terms."""
    for row in TABLE:
        assert re.fullmatch(r"[A-Z][^\n]{10,110}\.", row.help), row.name
        assert not re.search(r"\b(sealed|word|clock|he|his|him)\b", row.help), row.name


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(HOUSE)))
def test_no_text_names_a_command_that_there_is_not(path: Path) -> None:
    """README, configuration and letters name commands of the table only."""
    assert set(_NAMED.findall(path.read_text("utf-8"))) <= set(NAMES)


@pytest.mark.parametrize(
    ("word", "free", "own"),
    [
        (Word("status"), True, False),
        (Word("handler", "ME"), True, False),
        (Word("handler", "Anna"), False, False),
        (Word("close", "me"), False, False),
        (Word("away", "until 5d"), False, True),
        (Word("nosuch"), False, False),
    ],
)
def test_what_a_command_needs(word: Word, free: bool, own: bool) -> None:
    """The proof stands in the row; the arguments may make it less."""
    assert (word.free, word.own) == (free, own)


def test_few_commands_do_without_a_signature() -> None:
    """An authenticated From is enough for the two that change nothing but who has taken the case."""
    assert {row.name for row in TABLE if row.proof is Proof.ADDRESS} == {"status", "taken"}
    assert {row.name for row in TABLE if row.unsigned} == {"handler"}
