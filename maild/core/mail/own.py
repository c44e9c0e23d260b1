"""What a member wrote themselves in a reply to a copy whose text is known (ruling 18).

Nothing is guessed by its shape. A line is quoted when its words stand in the copy, in the copy's order;
one that says who wrote a quote does so only right above such a line, or above the block. Whatever else there
is, the member wrote: patches, prompts, dashes, pasted headers. When in doubt a line stays.
"""

import re
from collections.abc import Iterable

from maild.core.mail import marks
from maild.core.mail.attribution import names_device
from maild.core.mail.copied import RUN, Copied, begun, words
from maild.core.mail.copy import internal, without_block
from maild.core.mail.introduced import below_banner, introduced
from maild.core.values.phrases import Phrases

BLOCK = "\x00"
"""The place of a header block that was cut out."""
MAX_SIGNATURE = 8
"""Lines below ``--`` that may be a signature."""
_VERSION = re.compile(r"\d{1,3}(?:\.\d{1,5}){1,4}\S{0,40}[ \t]*(?:\n|$)")


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
    kinds = _kinds(lines, Copied.of(shown.splitlines()), phrases)
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


def _kinds(lines: list[str], copy: Copied, phrases: Phrases) -> list[str]:
    """What each line is: ``own``, ``quote``, ``block``, ``blank`` or ``intro`` (who wrote what is quoted).

    ``said`` is an introduction that no mail program writes: somebody's own way to put it, it may be.
    """
    kinds: list[str] = []
    blocks = any(BLOCK in line for line in lines)
    started = unmarked = False
    begins = begun(lines)
    for at, line in enumerate(lines):
        by_chance = copy.by_chance(words([line]), at, begins)
        kind = _kind(line, copy, unmarked, kinds, by_chance)
        if kind == "quote" and internal(line):
            kind = "block"  # a fence that the reporter wrote
        # Where there is a block, the quote begins with it.
        starts = not started and kind != "blank" and (kind == "block" or not blocks)
        above = introduced(lines, kinds, kind == "block", phrases) if starts else {}
        if kind == "own" and above and copy.holds(words([line])):
            kind = "quote"  # a quote without marks begins below who wrote it
        marked = line.lstrip().startswith((">", "|"))
        if kind == "block" and starts and not above:
            above = below_banner(lines, kinds, marked, phrases)
        kinds.append(kind)
        if kind in ("block", "quote"):
            for place, what in above.items():
                kinds[place] = what
            started = True
            unmarked = unmarked or not marked
    return kinds


def _kind(line: str, copy: Copied, unmarked: bool, before: list[str], by_chance: bool) -> str:
    said = copy.as_copied(words([line]))
    if BLOCK in line:
        return "block"
    if not said:
        return "blank"
    if line.lstrip().startswith((">", "|")):
        return "quote" if copy.holds(said) else "own"
    if marks.mark(line) and _quoted_otherwise(line, copy, before):
        return "quote"
    wrapped = bool(before) and before[-1] == "quote"
    quoted = (unmarked or wrapped) and not by_chance
    return "quote" if quoted and copy.goes_on(said) else "own"


def _quoted_otherwise(line: str, copy: Copied, before: list[str]) -> bool:
    """Whether another mark than ``>`` stands before words of the copy; a few, or none, only within a quote.

    People write such signs themselves, before a word that may come next in the copy by accident.
    """
    said = words([marks.bare(line)])
    within = bool(before) and before[-1] in ("quote", "block")
    return (within or len(said) >= RUN) and (not said or copy.holds(said))


def _unsigned(kept: list[str], names: list[str], phrases: Phrases) -> list[str]:
    """*kept* without the author's signature (RFC 3676 §4.3), and without what a telephone adds below.

    A signature is one block with a name of theirs. Git ends a patch with two dashes and its version.
    """
    start = max((at for at, line in enumerate(kept) if line.rstrip() == "--"), default=-1)
    below = "\n".join(line.strip() for line in kept[start + 1 :]).strip().lower()
    block = 0 < len(below.splitlines()) <= MAX_SIGNATURE and "\n\n" not in below
    theirs = any(name in below for name in names) or names_device(below, phrases)
    if start >= 0 and block and not _VERSION.match(below) and theirs:
        kept = kept[:start]
    end = len(kept)
    while end and (not kept[end - 1].strip() or names_device(kept[end - 1], phrases)):
        end -= 1
    return kept[:end]
