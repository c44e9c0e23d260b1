"""Words and phrases by topic, found in a subject in one pass.

An entry is a word, a word cut short (``vulnerab*``), or a phrase, whose words stand in this order with at
most ``GAP`` others between two of them. Scripts written without spaces, or with their small words glued on,
are searched letter by letter.
"""

from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from maild.core.screening.fold import SOLID, fold, words

GAP = 2
MIN_STEM = 3
_PLAIN = 3


class Entry(NamedTuple):
    """One entry as it is written; *plain* when it settles its topic alone, else a hint."""

    topic: str
    plain: bool
    text: str


class _Found(NamedTuple):
    topic: str
    plain: bool
    text: str
    rest: tuple[str, ...] = ()
    needs: frozenset[str] = frozenset()
    """Whole words of ``rest``, looked for first because most phrases fail there."""


@dataclass(frozen=True)
class Lexicon:
    """Compiled entries; build it with ``compile_entries``."""

    exact: Mapping[str, tuple[_Found, ...]] = field(repr=False)
    stems: Mapping[str, tuple[_Found, ...]] = field(repr=False)
    solid: Mapping[str, tuple[_Found, ...]] = field(repr=False)
    sizes: tuple[int, ...] = ()
    longest: int = 0
    """Letters of the longest beginning in ``stems``."""

    def find(self, folded: str, tokens: tuple[str, ...]) -> Mapping[str, int]:
        """The topics named in the *folded* text and its *tokens*, each with its strength: 1, 2 or 3."""
        found: dict[str, dict[str, bool]] = {}
        present = frozenset(tokens)
        for position, token in enumerate(tokens):
            for entry in self._starting(token):
                if not entry.rest or (entry.needs <= present and _follows(entry.rest, tokens, position + 1)):
                    found.setdefault(entry.topic, {})[entry.text] = entry.plain
        if SOLID.search(folded):
            for entry in self._inside(folded):
                found.setdefault(entry.topic, {})[entry.text] = entry.plain
        return {topic: _strength(entries.values()) for topic, entries in found.items()}

    def knows(self, word: str, topics: Container[str]) -> bool:
        """Whether *word* alone is an entry of one of the *topics*."""
        return any(not entry.rest and entry.topic in topics for entry in self._starting(word))

    def _starting(self, token: str) -> list[_Found]:
        """The entries whose first word is *token*, or the beginning of it."""
        found = list(self.exact.get(token, ()))
        for size in range(MIN_STEM, min(len(token), self.longest) + 1):
            stem = token[:size]
            if stem in self.stems:
                found += self.stems[stem]
        return found

    def _inside(self, folded: str) -> Iterable[_Found]:
        for start in range(len(folded)):
            for size in self.sizes:
                yield from self.solid.get(folded[start : start + size], ())


def compile_entries(entries: Iterable[Entry]) -> Lexicon:
    """A lexicon of *entries*, folded as subjects are."""
    exact: dict[str, list[_Found]] = {}
    stems: dict[str, list[_Found]] = {}
    solid: dict[str, list[_Found]] = {}
    for entry in entries:
        _add(entry.topic, entry.plain, fold(entry.text), (exact, stems, solid))
    sizes = tuple(sorted({len(key) for key in solid}))
    longest = max(map(len, stems), default=0)
    return Lexicon(_frozen(exact), _frozen(stems), _frozen(solid), sizes, longest)


def _add(topic: str, plain: bool, text: str, tables: tuple[dict[str, list[_Found]], ...]) -> None:
    exact, stems, solid = tables
    if SOLID.search(text):
        solid.setdefault(text, []).append(_Found(topic, plain, text))
        return
    pieces = [word for piece in text.split() for word in _pieces(piece)]
    if not pieces:
        return
    first, *rest = pieces
    needs = frozenset(word for word in rest if not word.endswith("*"))
    entry = _Found(topic, plain, text, tuple(rest), needs)
    table = stems if first.endswith("*") else exact
    table.setdefault(first.rstrip("*"), []).append(entry)


def _pieces(piece: str) -> list[str]:
    """The words of one written *piece*, the star kept on the last of them."""
    found = list(words(piece))
    if found and piece.endswith("*"):
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


def _strength(plain: Collection[bool]) -> int:
    return _PLAIN if any(plain) else min(len(plain), 2)


def _frozen(table: dict[str, list[_Found]]) -> dict[str, tuple[_Found, ...]]:
    return {key: tuple(entries) for key, entries in table.items()}
