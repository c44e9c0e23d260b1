"""Families of words and phrases, found in a subject in one pass.

A family is written as a text of entries with commas between them: a word, a word cut short (``vulnerab*``),
or a phrase, whose words stand in this order with at most ``GAP`` others between two of them. Scripts written
without spaces, or with their small words glued on, are searched letter by letter.
"""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from maild.core.screening.fold import SOLID, fold, words

GAP = 2
MIN_STEM = 3
PLAIN = 3
"""The strength of an entry that says it all; a hint has strength 1, and two hints or more together 2."""


@dataclass(frozen=True, slots=True)
class Family:
    """A topic: its name, the entries that settle it, and those that only hint at it."""

    name: str
    plain: str = ""
    hints: str = ""


class _Entry(NamedTuple):
    family: str
    strength: int
    text: str
    rest: tuple[str, ...] = ()
    needs: frozenset[str] = frozenset()
    """Whole words of ``rest``, looked for first because most phrases fail there."""


@dataclass(frozen=True)
class Lexicon:
    """Compiled families; build it with ``compile_families``."""

    exact: Mapping[str, tuple[_Entry, ...]] = field(repr=False)
    stems: Mapping[str, tuple[_Entry, ...]] = field(repr=False)
    solid: Mapping[str, tuple[_Entry, ...]] = field(repr=False)
    sizes: tuple[int, ...] = ()
    longest: int = 0
    """Letters of the longest beginning in ``stems``."""

    def find(self, folded: str, tokens: tuple[str, ...]) -> Mapping[str, int]:
        """The families named in the *folded* text and its *tokens*, each with its strength: 1, 2 or 3."""
        found: dict[str, dict[str, int]] = {}
        present = frozenset(tokens)
        for position, token in enumerate(tokens):
            for entry in self._starting(token):
                if not entry.rest or (entry.needs <= present and _follows(entry.rest, tokens, position + 1)):
                    found.setdefault(entry.family, {})[entry.text] = entry.strength
        if not folded.isascii() and SOLID.search(folded):
            for entry in self._inside(folded):
                found.setdefault(entry.family, {})[entry.text] = entry.strength
        return {family: _strength(entries.values()) for family, entries in found.items()}

    def knows(self, word: str, families: Container[str]) -> bool:
        """Whether *word* alone is an entry of one of the *families*."""
        return any(not entry.rest and entry.family in families for entry in self._starting(word))

    def _starting(self, token: str) -> list[_Entry]:
        """The entries whose first word is *token*, or the beginning of it."""
        found = list(self.exact.get(token, ()))
        for size in range(MIN_STEM, min(len(token), self.longest) + 1):
            stem = token[:size]
            if stem in self.stems:
                found += self.stems[stem]
        return found

    def _inside(self, folded: str) -> Iterable[_Entry]:
        for start in range(len(folded)):
            if ord(folded[start]) < 0x0590:
                continue
            for size in self.sizes:
                yield from self.solid.get(folded[start : start + size], ())


def compile_families(families: Iterable[Family]) -> Lexicon:
    """A lexicon of *families*, folded as subjects are."""
    exact: dict[str, list[_Entry]] = {}
    stems: dict[str, list[_Entry]] = {}
    solid: dict[str, list[_Entry]] = {}
    for family in families:
        for strength, text in ((PLAIN, family.plain), (1, family.hints)):
            for written in re.split(r"[,\n]", text):
                _add(family.name, strength, fold(written.strip()), (exact, stems, solid))
    sizes = tuple(sorted({len(key) for key in solid}))
    longest = max(map(len, stems), default=0)
    return Lexicon(_frozen(exact), _frozen(stems), _frozen(solid), sizes, longest)


def _add(family: str, strength: int, text: str, tables: tuple[dict[str, list[_Entry]], ...]) -> None:
    exact, stems, solid = tables
    if not text:
        return
    if SOLID.search(text):
        solid.setdefault(text, []).append(_Entry(family, strength, text))
        return
    first, *rest = (word for piece in text.split() for word in _pieces(piece))
    needs = frozenset(word for word in rest if not word.endswith("*"))
    entry = _Entry(family, strength, text, tuple(rest), needs)
    table = stems if first.endswith("*") else exact
    table.setdefault(first.rstrip("*"), []).append(entry)


def _pieces(piece: str) -> list[str]:
    """The words of one written *piece*, the star kept on the last of them."""
    found = list(words(piece))
    if piece.endswith("*"):
        found[-1] += "*"
    return found


def _follows(rest: tuple[str, ...], tokens: tuple[str, ...], start: int) -> bool:
    for wanted in rest:
        near = tokens[start : start + GAP + 1]
        stem = wanted.rstrip("*")
        hit = (
            next((i for i, token in enumerate(near) if token.startswith(stem)), None)
            if wanted.endswith("*")
            else next((i for i, token in enumerate(near) if token == wanted), None)
        )
        if hit is None:
            return False
        start += hit + 1
    return True


def _strength(strengths: Iterable[int]) -> int:
    found = list(strengths)
    return PLAIN if PLAIN in found else min(len(found), 2)


def _frozen(table: dict[str, list[_Entry]]) -> dict[str, tuple[_Entry, ...]]:
    return {key: tuple(entries) for key, entries in table.items()}
