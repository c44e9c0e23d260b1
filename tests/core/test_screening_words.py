"""The word files of ``config/screening``: what is shipped is right, and what is wrong in one is said."""

import re
from pathlib import Path

import pytest

from maild.config.share import shipped
from maild.config.words import words
from maild.core.mail.headers import Headers
from maild.core.screening import ScreeningPolicy, screen
from maild.core.screening.vocabulary import TOPICS, Vocabulary, faults

FOLDER = shipped("config") / "screening"
CODE = Path(__file__).parents[2] / "maild"


def test_the_shipped_words_are_right() -> None:
    """Every topic is known and no entry stands twice, in whatever language or spelling."""
    assert list(faults(words().texts)) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("casino: gambling!\nparcel", "line 2: there is no word before the colon"),
        ("casino: gamblin", "'gamblin' is not a topic"),
        ("casino: gambling!, gambling", "names a topic twice"),
        ("identité: you\n\nIdentite: tax", "xx.txt, line 3: 'Identite' is already at xx.txt, line 1"),
        ("...: you", "there is no word before the colon"),
    ],
)
def test_a_fault_is_named_with_file_and_line(text: str, said: str) -> None:
    """Whoever sends a patch is told what to correct, and where."""
    assert any(said in fault for fault in faults({"xx": text}))


def test_an_entry_may_stand_in_one_language_only() -> None:
    """The rules look for all languages at once."""
    assert len(list(faults({"es": "banco: tax", "pt": "banco: tax"}))) == 1


def test_a_typing_error_makes_no_mail_fail() -> None:
    """A line that says nothing is passed over; the others count."""
    broken = Vocabulary({"en": "no colon\n: tax\nx: no-topic!\n...: you\n*: you\ncasino: gambling!"})
    assert screen("casino", Headers(), ScreeningPolicy(broken)).reasons[0] == "gambling"


def test_the_readme_explains_every_topic() -> None:
    """A native speaker finds each topic there, and none that is gone."""
    told = re.findall(r"^\| `([a-z-]+)` \|", (FOLDER / "README.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(told) == sorted(TOPICS)


def test_every_topic_has_entries_and_a_rule() -> None:
    """Words that no rule asks for would cost time and mean nothing."""
    found = {
        one.strip(" !")
        for text in words().texts.values()
        for line in text.splitlines()
        if line[:1] not in ("", "#")
        for one in line.rpartition(":")[2].split(",")
    }
    assert found == set(TOPICS)
    rules = "".join(
        path.read_text("utf-8")
        for path in (CODE / "core/screening").glob("*.py")
        if path.name != "vocabulary.py"
    )
    assert [topic for topic in TOPICS if f'"{topic}"' not in rules and f"@{topic}@" not in rules] == []
