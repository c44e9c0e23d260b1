"""The files of ``config/phrases``: what is shipped is right, and what is wrong in one is said."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.config import words
from maild.config.share import shipped
from maild.core.values.phrases import TOPICS, Phrases, faults
from maild.errors import ConfigError
from tests.support.phrases import PHRASES

FOLDER = shipped("config") / "phrases"
CORE = Path(__file__).parents[2] / "maild/core"
DATE_SIGNS = frozenset("年月日")
"""Year, month and day in a date, which are numbers' signs more than words."""
LETTERS = {
    "mail/length.py": "ranges of scripts",
    "mail/undeclared.py": "the letters that tell one charset from another",
    "mail/usual.py": "the letters that tell one charset from another",
    "screening/fold.py": "letters that are written without their marks",
    "screening/seen.py": "letters that tell one charset from another",
    "screening/shapes.py": "ranges of scripts, and the sign of a discount",
    "values/invisible.py": "letters that nobody sees",
    "values/lookalike.py": "letters that look like others",
    "values/phrases.py": "ranges of scripts",
}
"""Modules of the core with letters outside ASCII in their texts, and what these are."""


def test_the_shipped_phrases_are_right() -> None:
    """Every topic is known, and no entry stands twice in a file."""
    assert list(faults(PHRASES.texts)) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("von: head-author\nbetreff", "de.txt, line 2: there is no phrase before the colon"),
        ("...: sent-from", "there is no phrase before the colon"),
        ("von: head-autor", "'head-autor' is not a topic"),
        ("von: head-author, head-author", "'von' names a topic twice"),
        ("von: head-author\n\nVon: head-other", "de.txt, line 3: 'Von' is already in line 1"),
    ],
)
def test_a_fault_is_named_with_file_and_line(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever adds a line is told what to correct, and where, before maild starts."""
    (tmp_path / "phrases").mkdir()
    (tmp_path / "phrases/de.txt").write_text(text, "utf-8")
    monkeypatch.setattr(words, "shipped", lambda _: tmp_path)
    with pytest.raises(ConfigError, match=re.escape(said)):
        words.phrases.__wrapped__()


def test_missing_files_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without them does not start."""
    monkeypatch.setattr(words, "shipped", lambda _: tmp_path)
    with pytest.raises(ConfigError, match="no word lists"):
        words.phrases.__wrapped__()


def test_languages_may_share_an_entry() -> None:
    """*De* begins a head in three of them."""
    assert list(faults({"es": "de: head-author", "fr": "de: head-author"})) == []


def test_the_readme_explains_every_topic() -> None:
    """A native speaker finds each topic there, and none that is gone."""
    told = re.findall(r"^\| `([a-z-]+)` \|", (FOLDER / "README.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(told) == sorted(TOPICS)


def test_every_topic_has_entries_and_is_asked_for() -> None:
    """Phrases that no function asks for would help nobody."""
    assert [topic for topic in sorted(TOPICS) if not PHRASES.of[topic]] == []
    code = "".join(one.read_text("utf-8") for one in CORE.rglob("*.py") if one.name != "phrases.py")
    assert [topic for topic in TOPICS if f'"{topic}"' not in code and f"@{topic}@" not in code] == []


@pytest.mark.parametrize(
    ("entry", "text", "found"),
    [
        ("wrote", "she wrote it", True),
        ("wrote", "she wrotes it", False),
        ("wro*", "she wrotes it", True),
        ("*rote", "she wrote it", True),
        ("ha scritto", "lei ha\nscritto", True),
        ("neueste* wort", "das neuesten wort", True),
        ("d'accord", "d\u2019accord", True),
        ("步骤", "以下步骤如下", True),
        ("a+b", "aab", False),
    ],
)
def test_an_entry_in_a_text_is_a_word_unless_a_star_says_otherwise(
    entry: str, text: str, found: bool
) -> None:
    """Scripts without blanks have no edges of words; nothing in an entry is a pattern."""
    pattern = Phrases({"en": f"{entry}: said-verb"}).pattern("@said-verb@")
    assert bool(pattern.search(text)) is found


def test_phrases_are_compiled_once() -> None:
    """No message pays for it again."""
    assert PHRASES.pattern("@said-verb@x") is PHRASES.pattern("@said-verb@x")
    assert PHRASES.made(_count) is PHRASES.made(_count)


def _count(phrases: Phrases) -> list[int]:
    return [len(phrases.texts)]


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """The texts in the code of a module, with their lines; no docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.lineno, node.value


def _foreign(text: str) -> set[str]:
    return {one for one in text if not one.isascii() and one.isalpha()}


def test_no_word_of_another_language_stands_in_the_core() -> None:
    """They are data: in a module nobody who speaks the language finds them."""
    found = {
        str(path.relative_to(CORE)): [line for line, text in _texts(path) if _foreign(text) - DATE_SIGNS]
        for path in sorted(CORE.rglob("*.py"))
    }
    with_words = {name: lines for name, lines in found.items() if lines}
    assert {name: lines for name, lines in with_words.items() if name not in LETTERS} == {}
    assert sorted(with_words) == sorted(LETTERS), "an exception that nothing needs any more"
