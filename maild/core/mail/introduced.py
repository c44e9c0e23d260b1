"""Which lines above a quote say who wrote it, in a text of which it is known what is quoted.

They stand right above it. In between may be blank lines, which HTML makes many of, and what a gateway wrote
on top of the message that was answered.
"""

import re

from maild.core.mail.abovequote import ends, lines_above, names_address, ruled
from maild.core.mail.attribution import names_device
from maild.core.mail.labels import is_label, label, titled
from maild.core.mail.reply import introduction
from maild.core.values.phrases import Phrases, lowered

MAX_BLANK = 12
"""Lines without text between who wrote a quote and the quote; HTML makes many."""
MAX_HEAD, MAX_BETWEEN = 12, 4
"""Lines of a head, and how far each may stand below the one above it."""
MAX_BANNER, MAX_LINE = 3, 400
"""Lines that a gateway writes above what it passes on, and how long each may be."""
INTRO, SAID = "intro", "said"
"""What a program wrote, and what somebody may have worded themselves, so that they are told."""


def introduced(lines: list[str], kinds: list[str], block: bool, phrases: Phrases) -> dict[int, str]:
    """The places among *lines*, at their end, that say who wrote what comes next, each with its kind.

    *kinds* are those of the lines so far. *block*: what comes next is the block of a copy.
    """
    found = _introduced(lines, kinds, block, phrases)
    above = _last(kinds, min(found)) if found else -1
    if above >= 0 and kinds[above] == "own" and names_device(lines[above], phrases):
        found[above] = SAID
    return found


def _introduced(lines: list[str], kinds: list[str], block: bool, phrases: Phrases) -> dict[int, str]:
    last = _last(kinds, len(kinds))
    if last < 0 or kinds[last] != "own":
        return {}
    first = last
    while first > 0 and last - first < MAX_HEAD and kinds[first - 1] == "own":
        first -= 1
    near = lines[first : last + 1]
    if certain := introduction(near, phrases):
        return _up_from(last, ruled(near, certain) if block else certain, INTRO)
    if spread := _spread(lines, kinds, phrases):
        return dict.fromkeys(spread, INTRO)
    count = (lines_above(near) or introduction(near, phrases, block)) if block else 0
    sure = count and names_address(near[-count:]) and ends(near[-1])
    return _up_from(last, count, INTRO if sure else SAID)


def _up_from(last: int, count: int, kind: str) -> dict[int, str]:
    return dict.fromkeys(range(last + 1 - count, last + 1), kind)


def below_banner(lines: list[str], kinds: list[str], marked: bool, phrases: Phrases) -> dict[int, str]:
    """The same, where a gateway's lines stand between: they bear the mark of the quote, or their usual words.

    Nobody else can write between the head of a quote and its beginning, but in a quote that is not *marked*.
    """
    banner: list[int] = []
    at = _last(kinds, len(kinds))
    while at >= 0 and len(banner) < MAX_BANNER and _is_banner(lines[at], kinds[at], marked, phrases):
        banner.append(at)
        at = _last(kinds, at)
    above = introduced(lines[: at + 1], kinds[: at + 1], True, phrases) if banner and at >= 0 else {}
    if not names_address([lines[place] for place in above]):
        return {}
    return above | dict.fromkeys(banner, SAID)


def _is_banner(line: str, kind: str, marked: bool, phrases: Phrases) -> bool:
    if kind != "own" or len(line) > MAX_LINE:
        return False
    known = phrases.pattern("@list-footer@", re.IGNORECASE).search(line) is not None
    return line.lstrip().startswith((">", "|")) if marked else known


def _last(kinds: list[str], before: int) -> int:
    """The last line before *before* that is not blank; -1 when there is none."""
    near = range(before - 1, max(-1, before - MAX_BLANK - 2), -1)
    return next((at for at in near if kinds[at] != "blank"), -1)


def _spread(lines: list[str], kinds: list[str], phrases: Phrases) -> list[int]:
    """The places of a head with blank lines between its own, each of which has a label of heads."""
    places: list[int] = []
    at = _last(kinds, len(kinds))
    while at >= 0 and kinds[at] == "own" and len(places) < MAX_HEAD:
        if places and places[-1] - at > MAX_BETWEEN:
            break
        places.append(at)
        at = _last(kinds, at)
    shown = [lines[place].replace("\xa0", " ") for place in places]
    count = next((n for n, line in enumerate(shown) if not _is_of_head(line, phrases)), len(shown))
    title = count < len(shown) and titled(shown[count], phrases)
    author = any(label(line) in phrases.of["head-author"] for line in shown[:count])
    if count < 2 or not (title or author) or not names_address(shown[:count]):
        return []
    return places[: count + title]


def _is_of_head(line: str, phrases: Phrases) -> bool:
    """Whether *line* begins with a label; eM Client writes no colon behind it."""
    first = lowered(line.strip("> *").partition(" ")[0])
    return any(is_label(one, phrases) for one in (label(line), first) if one)
