"""What a member wrote themselves in a reply to a copy whose text is known (ruling 18).

Nothing is guessed by its shape. A line is quoted when its words stand in the copy, in the copy's order;
one that says who wrote a quote does so only right above such a line, or above the block. Whatever else there
is, the member wrote: patches, prompts, dashes, pasted headers. When in doubt a line stays.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from maild.core.mail import marks
from maild.core.mail.abovequote import lines_above, names_address, ruled
from maild.core.mail.attribution import names_device
from maild.core.mail.copy import internal, without_block
from maild.core.mail.reply import introduction
from maild.core.values.phrases import Phrases

BLOCK = "\x00"
"""The place of a header block that was cut out."""
MAX_BLANK = 12
"""Lines without text between who wrote a quote and the quote; HTML makes many."""
MAX_SIGNATURE = 8
"""Lines below ``--`` that may be a signature."""
_MARKS = re.compile(r"[\s>|]*+")
_VERSION = re.compile(r"\d{1,3}(?:\.\d{1,5}){1,4}\S{0,40}[ \t]*(?:\n|$)")
_LONG = 20
"""Letters from which on programs break a word in two."""
_RUN = 3
"""Words by which a place in the copy is found again."""


@dataclass(slots=True)
class _Copy:
    """The words of the copy, how far they were quoted, and the rest of a long word that was broken there."""

    words: list[str]
    at: int = 0
    rest: str = ""
    places: dict[tuple[str, ...], list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for start in range(len(self.words)):
            self.places.setdefault(tuple(self.words[start : start + _RUN]), []).append(start)

    def goes_on(self, words: list[str]) -> bool:
        """Whether *words* come next, or the rest of a long word and then they; then they are passed."""
        if self.rest and words and words[0] == self.rest:
            words = words[1:]
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
        here = self.words[start : start + len(words)]
        last = here[-1] if here else ""
        broken = bool(here) and len(words[-1]) >= _LONG and last != words[-1] and last.startswith(words[-1])
        if here != words and not (broken and here[:-1] == words[:-1]):
            return False
        self.at, self.rest = start + len(words), last.removeprefix(words[-1]) if broken else ""
        return True


def own(text: str, shown: str, phrases: Phrases, names: Iterable[str] = ()) -> str:
    """The lines of *text* that its author wrote, with lines of *shown* that stand between them.

    *shown* is the text of the mail that was answered, without its block; *names* are what the author's
    signature would hold.
    """
    return parted(text, shown, phrases, names)[0]


def parted(text: str, shown: str, phrases: Phrases, names: Iterable[str] = ()) -> tuple[str, tuple[str, ...]]:
    """What ``own`` says, and the lines beside it that its author may have written all the same.

    These are a signature, a telephone's line, and a line above a quote that no mail program writes so.
    """
    lines = without_block(text, BLOCK).splitlines()
    kinds = _kinds(lines, _Copy(_words(shown.splitlines())), phrases)
    written = [at for at, kind in enumerate(kinds) if kind == "own"]
    if not written:
        return "", ()
    between = range(written[0], written[-1] + 1)
    places = [at for at in between if kinds[at] not in ("block", "intro", "said")]
    kept = [lines[at] for at in places]
    sent = _unsigned(kept, [name.lower() for name in names if len(name) > 1], phrases)
    doubtful = [line for line, kind in zip(lines, kinds, strict=True) if kind == "said"]
    left = [*doubtful, *kept[len(sent) :]]
    while sent and kinds[places[len(sent) - 1]] != "own":
        sent.pop()  # a quote that only a signature stood below
    return "\n".join(sent), tuple(line.strip() for line in left if line.strip())


def _words(lines: Iterable[str]) -> list[str]:
    return [word for line in lines for word in _bare(line).split()]


def _bare(line: str) -> str:
    """*line* without its marks of quotation."""
    marks = _MARKS.match(line)
    return line[marks.end() :] if marks else line


def _kinds(lines: list[str], copy: _Copy, phrases: Phrases) -> list[str]:
    """What each line is: ``own``, ``quote``, ``block``, ``blank`` or ``intro`` (who wrote what is quoted).

    ``said`` is an introduction that no mail program writes: somebody's own way to put it, it may be.
    """
    kinds: list[str] = []
    blocks = any(BLOCK in line for line in lines)
    begun = unmarked = False
    for at, line in enumerate(lines):
        kind = _kind(line, copy, unmarked, kinds)
        if kind == "quote" and internal(line):
            kind = "block"  # a fence that the reporter wrote
        # Where there is a block, the quote begins with it.
        starts = not begun and kind != "blank" and (kind == "block" or not blocks)
        above, intro = _above(lines, kinds, kind == "block", phrases) if starts else (0, "")
        if kind == "own" and above and copy.holds(_words([line])):
            kind = "quote"  # a quote without marks begins below who wrote it
        kinds.append(kind)
        if kind in ("block", "quote"):
            for back in range(above):
                kinds[_last(kinds, at) - back] = intro
            begun = True
            unmarked = unmarked or not line.lstrip().startswith((">", "|"))
    return kinds


def _kind(line: str, copy: _Copy, unmarked: bool, before: list[str]) -> str:
    words = _words([line])
    if BLOCK in line:
        return "block"
    if not words:
        return "blank"
    if line.lstrip().startswith((">", "|")):
        return "quote" if copy.holds(words) else "own"
    if marks.mark(line) and _quoted_otherwise(line, copy, before):
        return "quote"
    wrapped = bool(before) and before[-1] == "quote"
    return "quote" if (unmarked or wrapped) and copy.goes_on(words) else "own"


def _quoted_otherwise(line: str, copy: _Copy, before: list[str]) -> bool:
    """Whether another mark than ``>`` stands before words of the copy; a few, or none, only within a quote.

    People write such signs themselves, before a word that may come next in the copy by accident.
    """
    words = _words([marks.bare(line)])
    within = bool(before) and before[-1] in ("quote", "block")
    return (within or len(words) >= _RUN) and (not words or copy.holds(words))


def _last(kinds: list[str], before: int) -> int:
    """The last line before *before* that is not blank; -1 when there is none."""
    return next((at for at in range(before - 1, max(-1, before - MAX_BLANK), -1) if kinds[at] != "blank"), -1)


def _above(lines: list[str], kinds: list[str], block: bool, phrases: Phrases) -> tuple[int, str]:
    """How many of the lines so far, at their end, say who wrote what comes next, and their kind."""
    last = _last(kinds, len(kinds))
    if last < 0 or kinds[last] != "own":
        return 0, ""
    first = last
    while first > 0 and last - first < 12 and kinds[first - 1] == "own":
        first -= 1
    near = lines[first : last + 1]
    certain = introduction(near, phrases)
    if certain or not block:
        return ruled(near, certain) if block else certain, "intro"
    doubtful = lines_above(near) or introduction(near, phrases, block)
    return doubtful, "intro" if names_address(near[-doubtful:]) else "said"


def _unsigned(kept: list[str], names: list[str], phrases: Phrases) -> list[str]:
    """*kept* without the author's signature (RFC 3676 §4.3), and without what a telephone adds below.

    A signature is one block with a name of theirs. Git ends a patch with two dashes and its version.
    """
    start = max((at for at, line in enumerate(kept) if line.rstrip() == "--"), default=-1)
    below = "\n".join(line.strip() for line in kept[start + 1 :]).strip().lower()
    block = 0 < len(below.splitlines()) <= MAX_SIGNATURE and "\n\n" not in below
    if start >= 0 and block and not _VERSION.match(below) and any(name in below for name in names):
        kept = kept[:start]
    end = len(kept)
    while end and (not kept[end - 1].strip() or names_device(kept[end - 1], phrases)):
        end -= 1
    return kept[:end]
