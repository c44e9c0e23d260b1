"""No pattern that meets mail costs more than its input is long: what doubles may not cost four times as much."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.growth.collect import Used, patterns
from tests.growth.measure import Steep, steep
from tests.growth.tokens import inputs

SMALL, LARGE = 256, 2048
CAP = 64 * 1024
"""Sizes of the first look, and the size that nothing is measured beyond."""


def caller(pattern: re.Pattern[Any], way: str) -> Callable[[str], object]:
    """A call of *pattern* on a text in one of the ways of ``re``, to its end."""
    called = getattr(pattern, way)
    given: Callable[[str], Any] = str.encode if isinstance(pattern.pattern, bytes) else str
    if way in ("sub", "subn"):
        return lambda text: called(pattern.pattern[:0], given(text))
    if way == "finditer":
        return lambda text: sum(1 for _ in called(given(text)))
    return lambda text: called(given(text))


def steepest(pattern: re.Pattern[Any], ways: tuple[str, ...]) -> tuple[str, Steep] | None:
    """The first input found whose work grows too fast, and how the pattern was called."""
    for made_of in inputs(pattern):
        for way in ways:
            if found := steep(caller(pattern, way), made_of, SMALL, LARGE, CAP):
                return way, found
    return None


@pytest.mark.parametrize("used", patterns(), ids=lambda used: used.name)
def test_a_pattern_is_linear(used: Used) -> None:
    """Whatever is repeated that its own tokens accept, and however the text ends."""
    assert steepest(used.pattern, used.ways) is None


FORMER = {
    "address: an angle bracket that nothing closes": (r"<\s*([^<>]*?)\s*>", "search", 0),
    "address: a quote full of escaped quotes": (r'"(?:\\.|[^"\\])*"', "sub", 0),
    "reply: a line of dashes and blanks": (r"\s*-{2,}\s*(?:original message)\s*-*\s*", "fullmatch", 0),
    "remarks: the number behind an issue": (
        r"^[ \t]{0,6}(?:issue|bug)\s*(?:#|no\.?)?\s*([1-9]\d?)\b",
        "finditer",
        re.MULTILINE,
    ),
    "remarks: a version, in Russian": (r"\b\d{1,5}\.\d{1,5}\b|последн\w+\s+верси", "search", re.IGNORECASE),
    "remarks: addresses without a query": (r"```|\bhttps?://\S+[?&]\w+=", "search", re.IGNORECASE),
    "protected: a division that never ends": (r"<div\b[^<>]*legacy-display[^<>]*>", "search", re.IGNORECASE),
    "words: a word, blanks and a long rest": (
        r"!([a-z-]{1,20})(?:\s+(.{0,300}))?\s*",
        "fullmatch",
        re.IGNORECASE,
    ),
    "words: until, and blanks": (r"(.*?)\s*\buntil\s+(\S.*?)\s*", "fullmatch", re.IGNORECASE),
    "letters: a scheme and no address": (r"(?i)([a-z]{2,10}):(?=//|\S+@)", "sub", 0),
    "disclosure: a word and no address": (r"[^\s<>,;]+@[^\s<>,;]+", "findall", 0),
    "screening: a long word in disguise": (r"[^\W\d_]*(?:[0134578@$]+[^\W\d_]+)+", "finditer", 0),
    "screening: digits and no currency": (r"\b\d[\d.,]*\s?(?:usd|eur)\b", "search", re.IGNORECASE),
    "screening: dots and no end": (r"\.{2,}\s*[\w.]{2,12}$", "search", 0),
    "the library for replies: wrote": (
        r"^(On\s(?:.+?\s?.+?)\s?wrote:)$",
        "fullmatch",
        re.IGNORECASE | re.MULTILINE,
    ),
}
"""Patterns as they stood in maild once, or in the library it used; every one cost seconds on a short mail."""


@pytest.mark.parametrize("fault", FORMER)
def test_a_former_fault_would_be_found(fault: str) -> None:
    """The inputs made of its own tokens are enough to show what was wrong with each."""
    pattern, way, flags = FORMER[fault]
    assert steepest(re.compile(pattern, flags), (way,)) is not None
