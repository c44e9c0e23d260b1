"""``maild/DECISIONS.md``: every decision that the project cites stands there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.config.share import shipped

PACKAGE = Path(__file__).parents[1] / "maild"
DECISIONS = PACKAGE / "DECISIONS.md"
FOLDERS = (PACKAGE, PACKAGE.parent / "tests", shipped("config"), shipped("migrations"))
NAMES = ("ruling", "policy item")
_LIST = r"(\d+(?:\s*(?:,|and|or|-|\u2013|to)\s*\d+)*)"
_RANGE = re.compile(r"(\d+)(?:\s*(?:-|\u2013|to)\s*(\d+))?")


def cited(text: str, name: str) -> Iterator[int]:
    """The numbers that *text* cites of *name*: one, several, ranges."""
    for match in re.finditer(rf"\b{name}s?\s+{_LIST}", text, re.IGNORECASE):
        for first, last in _RANGE.findall(match[1]):
            yield from range(int(first), int(last or first) + 1)


def headings(name: str) -> list[int]:
    """The numbers of the headings of *name*."""
    return [
        int(n)
        for n in re.findall(
            rf"^### {name} (\d+): \S", DECISIONS.read_text("utf-8"), re.MULTILINE | re.IGNORECASE
        )
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_decision_that_is_cited_has_a_heading(name: str) -> None:
    """Whoever reads "ruling 14" finds what was decided, and why."""
    known = set(headings(name))
    files = [
        path
        for folder in FOLDERS
        for path in folder.rglob("*")
        if path.suffix in {".py", ".md", ".toml", ".j2", ".txt"}
    ]
    unknown = {
        (path.name, n)
        for path in files
        for n in cited(path.read_text("utf-8", "replace"), name)
        if n not in known
    }
    assert unknown == set()


def test_numbers_are_given_once_and_each_has_a_reason() -> None:
    """A number means one thing, and no heading stands alone."""
    for name in NAMES:
        assert headings(name) == sorted(set(headings(name)))
    sections = re.split(r"^### ", DECISIONS.read_text("utf-8"), flags=re.MULTILINE)[1:]
    assert [one.splitlines()[0] for one in sections if len(" ".join(one.splitlines()[1:])) < 80] == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("(ruling 14)", {14}),
        ("rulings 7-9 and 12", {7, 8, 9, 12}),
        ("Rulings 5, 6, 12).", {5, 6, 12}),
        ("ruling on bounces", set()),
    ],
)
def test_citations_are_read_in_every_form(text: str, numbers: set[int]) -> None:
    """Lists and ranges count in full."""
    assert set(cited(text, "ruling")) == numbers
