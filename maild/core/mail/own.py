"""What a member wrote themselves in a reply to a copy whose text is known (ruling 18).

Nothing is guessed by its shape. A line is quoted when its words stand in the copy, in the copy's order;
one that says who wrote a quote does so only right above such a line, or above the block. Whatever else there
is, the member wrote: patches, prompts, dashes, pasted headers. When in doubt a line stays.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from maild.core.mail.attribution import names_device
from maild.core.mail.copy import internal, without_block
from maild.core.mail.reply import introduction

BLOCK = "\x00"
"""The place of a header block that was cut out."""
MAX_SIGNATURE = 8
"""Lines below ``--`` that may be a signature."""
_MARKS = re.compile(r"[\s>]*+")
_RUN = 3
"""Words by which a place in the copy is found again."""


@dataclass(slots=True)
class _Copy:
    """The words of the copy, and how far they were quoted."""

    words: list[str]
    at: int = 0
    places: dict[tuple[str, ...], list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for start in range(len(self.words)):
            self.places.setdefault(tuple(self.words[start : start + _RUN]), []).append(start)

    def goes_on(self, words: list[str]) -> bool:
        """Whether *words* come next; then they are passed."""
        return self._passed(self.at, words)

    def holds(self, words: list[str]) -> bool:
        """Whether *words* come next, or later and are no accident; then they are passed."""
        if self.goes_on(words):
            return True
        if len(words) < _RUN:
            return False
        places = self.places.get(tuple(words[:_RUN]), [])
        later = bisect_left(places, self.at)
        return later < len(places) and self._passed(places[later], words)

    def _passed(self, start: int, words: list[str]) -> bool:
        if self.words[start : start + len(words)] != words:
            return False
        self.at = start + len(words)
        return True


def own(text: str, shown: str, names: Iterable[str] = ()) -> str:
    """The lines of *text* that its author wrote, with lines of *shown* that stand between them.

    *shown* is the text of the mail that was answered, without its block; *names* are what the author's
    signature would hold.
    """
    lines = without_block(text, BLOCK).splitlines()
    kinds = _kinds(lines, _Copy(_words(shown.splitlines())))
    written = [at for at, kind in enumerate(kinds) if kind == "own"]
    if not written:
        return ""
    between = range(written[0], written[-1] + 1)
    kept = [lines[at] for at in between if kinds[at] not in ("block", "intro")]
    return "\n".join(_unsigned(kept, [name.lower() for name in names if len(name) > 1]))


def _words(lines: Iterable[str]) -> list[str]:
    return [word for line in lines for word in _bare(line).split()]


def _bare(line: str) -> str:
    """*line* without its marks of quotation."""
    marks = _MARKS.match(line)
    return line[marks.end() :] if marks else line


def _kinds(lines: list[str], copy: _Copy) -> list[str]:
    """What each line is: ``own``, ``quote``, ``block``, ``intro`` (who wrote what is quoted) or ``blank``."""
    kinds: list[str] = []
    blocks = any(BLOCK in line for line in lines)
    begun = unmarked = False
    for at, line in enumerate(lines):
        kind = _kind(line, copy, unmarked, kinds)
        if kind == "quote" and internal(line):
            kind = "block"  # a fence that the reporter wrote
        # Where there is a block, the quote begins with it.
        starts = not begun and kind != "blank" and (kind == "block" or not blocks)
        above = _above(lines, kinds, kind == "block") if starts else 0
        if kind == "own" and above and copy.holds(_words([line])):
            kind = "quote"  # a quote without marks begins below who wrote it
        kinds.append(kind)
        if kind in ("block", "quote"):
            for back in range(above):
                kinds[_last(kinds, at) - back] = "intro"
            begun = True
            unmarked = unmarked or not line.lstrip().startswith(">")
    return kinds


def _kind(line: str, copy: _Copy, unmarked: bool, before: list[str]) -> str:
    words = _words([line])
    if BLOCK in line:
        return "block"
    if not words:
        return "blank"
    if line.lstrip().startswith(">"):
        return "quote" if copy.holds(words) else "own"
    wrapped = bool(before) and before[-1] == "quote"
    return "quote" if (unmarked or wrapped) and copy.goes_on(words) else "own"


def _last(kinds: list[str], before: int) -> int:
    """The last line before *before* that is not blank; -1 when there is none."""
    return next((at for at in range(before - 1, max(-1, before - 4), -1) if kinds[at] != "blank"), -1)


def _above(lines: list[str], kinds: list[str], block: bool) -> int:
    """How many of the lines so far, at their end, say who wrote what comes next."""
    last = _last(kinds, len(kinds))
    if last < 0 or kinds[last] != "own":
        return 0
    first = last
    while first > 0 and last - first < 12 and kinds[first - 1] == "own":
        first -= 1
    return introduction(lines[first : last + 1], block)


def _unsigned(kept: list[str], names: list[str]) -> list[str]:
    """*kept* without the author's signature (RFC 3676 §4.3), and without what a telephone adds below."""
    start = max((at for at, line in enumerate(kept) if line.rstrip() == "--"), default=-1)
    below = " ".join(kept[start + 1 :]).lower()
    if start >= 0 and len(kept) - start <= MAX_SIGNATURE + 1 and any(name in below for name in names):
        kept = kept[:start]
    end = len(kept)
    while end and (not kept[end - 1].strip() or names_device(kept[end - 1])):
        end -= 1
    return kept[:end]
