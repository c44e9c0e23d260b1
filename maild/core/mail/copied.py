"""The words of a copy that a member answered, and how far a reply has quoted them.

Words are compared as programs leave them: whatever quotation marks and dashes they write, whatever rewrites
links for safety's sake, wherever they break a long word in two.
"""

# ruff: noqa: RUF001 - dashes and quotation marks of many programs

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

LONG = 20
"""Letters from which on programs break a word in two."""
RUN = 3
"""Words by which a place in the copy is found again."""
MAX_LINKS = 200
"""Links of the copy that are looked for in rewritten ones."""
_MARKS = re.compile(r"[\s>|]*+")
_TYPED = {one: by for by, these in {'"': "“”„«»", "'": "‘’‚", "-": "–—‑"}.items() for one in these}
_AS_TYPED = str.maketrans(_TYPED | {"…": "..."})
_DASHES = re.compile(r"-{2,}")
_PROOFPOINT = re.compile(r"(?<=https)-3a__|(?<=http)-3a__", re.IGNORECASE)


def bare(line: str) -> str:
    """*line* without its marks of quotation."""
    marks = _MARKS.match(line)
    return line[marks.end() :] if marks else line


def words(lines: Iterable[str]) -> list[str]:
    """The words of *lines* as somebody would have typed them."""
    return [_typed(word) for line in lines for word in bare(line).split()]


def begun(lines: Iterable[str]) -> dict[tuple[str, ...], int]:
    """The number of the last line that begins with some words, by these."""
    return {tuple(words([line])[:RUN]): at for at, line in enumerate(lines)}


def _typed(word: str) -> str:
    """*word* with plain quotation marks, dots and dashes, which programs make others of."""
    return _DASHES.sub("-", word if word.isascii() else word.translate(_AS_TYPED))


@dataclass(slots=True)
class Copied:
    """The words of the copy, how far they were quoted, and the rest of a long word that was broken there.

    ``ends``: how many words there are up to the end of each line.
    """

    words: list[str]
    ends: frozenset[int] = frozenset()
    at: int = 0
    rest: str = ""
    places: dict[tuple[str, ...], list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for start in range(len(self.words)):
            self.places.setdefault(tuple(self.words[start : start + RUN]), []).append(start)

    @classmethod
    def of(cls, lines: Iterable[str]) -> "Copied":
        """The words of *lines*, nothing of them quoted yet."""
        found: list[str] = []
        ends: set[int] = set()
        for line in lines:
            found += words([line])
            ends.add(len(found))
        return cls(found, frozenset(ends))

    def by_chance(self, said: list[str], after: int, begun: Mapping[tuple[str, ...], int]) -> bool:
        """Whether *said*, a word or two of a line, only happens to come next: the copy goes on further below.

        *begun* has the last line that begins with some words; *after* is the number of this one.
        """
        short = len(said) < RUN and self.at + len(said) not in self.ends
        return short and begun.get(tuple(self.words[self.at : self.at + RUN]), -1) > after

    @property
    def _links(self) -> Iterator[str]:
        return (word for word in self.words if "://" in word)

    def as_copied(self, said: list[str]) -> list[str]:
        """*said* with each rewritten link as the copy has it: it holds that one, encoded."""
        if all(word.count("http") < 2 for word in said):
            return said
        links = sorted(list(dict.fromkeys(self._links))[:MAX_LINKS], key=len, reverse=True)
        return [_unwrapped(word, links) if word.count("http") > 1 else word for word in said]

    def goes_on(self, words: list[str]) -> bool:
        """Whether *words* come next, or the rest of a long word and then they; then they are passed."""
        if self.rest and words:
            if words[0] == self.rest:
                words = words[1:]
            elif len(words) == 1 and len(words[0]) >= LONG and self.rest.startswith(words[0]):
                self.rest = self.rest.removeprefix(words[0])  # scripts without blanks break again and again
                return True
        return self._passed(self.at, words)

    def holds(self, words: list[str]) -> bool:
        """Whether *words* come next, or later and are no accident; then they are passed."""
        if self.goes_on(words):
            return True
        if len(words) < RUN:
            return False
        places = self.places.get(tuple(words[:RUN]), [])
        later = bisect_left(places, self.at)
        return later < len(places) and self._passed(places[later], words)

    def _passed(self, start: int, words: list[str]) -> bool:
        here = self.words[start : start + len(words)]
        last = here[-1] if here else ""
        broken = bool(here) and len(words[-1]) >= LONG and last != words[-1] and last.startswith(words[-1])
        if here != words and not (broken and here[:-1] == words[:-1]):
            return False
        self.at, self.rest = start + len(words), last.removeprefix(words[-1]) if broken else ""
        return True


def _unwrapped(word: str, links: list[str]) -> str:
    decoded = _PROOFPOINT.sub("://", unquote(unquote(word)))
    return next((link for link in links if link in decoded), word)
