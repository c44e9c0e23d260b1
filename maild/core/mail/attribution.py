"""How mail programs introduce what they quote, in the languages they speak.

Plain comparisons of words, never patterns over whole texts: a quote holds what a stranger wrote, and the
work for a line must not grow faster than its length.
"""
# ruff: noqa: RUF001 - dashes and colons of many programs

import re
from collections.abc import Mapping
from dataclasses import dataclass

from maild.core.mail.labels import label, of_one_head
from maild.core.values.phrases import ANYTHING, Phrases

_JAPANESE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日\(.\) \d{1,2}:\d{2}")
_YEAR, _TIME = re.compile(r"\b(?:19|20|25)\d\d(?!\d)"), re.compile(r"\d{1,2}[:.]\d{2}")
_LINK = re.compile(r"<https?://[^<>\s]{1,200}>")
"""What Outlook writes beside a word that is a link."""
MAX_DEVICE = 80
"""Characters that may follow *Sent from my*; more is somebody's sentence."""


@dataclass(frozen=True, slots=True)
class _Said:
    """How attributions are worded: first word to last words; to what stands somewhere behind it; last words.

    Nordic dates begin with a day or a digit, and the verb and a name follow.
    """

    ends: Mapping[str, tuple[str, ...]]
    holds: Mapping[str, tuple[str, ...]]
    last: tuple[str, ...]
    days: tuple[str, ...]
    after_day: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sent:
    """How a telephone's line begins, and beside a device; how it begins and ends where the verb is last."""

    surely: tuple[str, ...]
    beside: tuple[str, ...]
    around: tuple[tuple[str, str], ...]


def announces(line: str, phrases: Phrases) -> bool:
    """Whether *line* is an attribution as a mail program writes it: *On …, Rita wrote:*."""
    bare = line.lstrip("> ").lower()
    if not bare.endswith((":", "：")):
        return False
    known = phrases.made(_said)
    first, _, rest = bare[:-1].partition(" ")
    rest = rest.rstrip()
    if first in known.ends and rest.endswith(known.ends[first]):
        return True
    if first in known.holds:
        return any(one in rest for one in known.holds[first])
    nordic = bare.startswith(known.days) and any(one in rest for one in known.after_day)
    dated = "@" in bare or bool(_YEAR.search(bare) and _TIME.search(bare))
    said = dated and bare[:-1].rstrip(" \xa0)").endswith(known.last)
    return nordic or said or bool(_JAPANESE.match(bare) and " <" in bare and bare.endswith(">:"))


def _said(phrases: Phrases) -> _Said:
    ends: dict[str, tuple[str, ...]] = {}
    holds: dict[str, tuple[str, ...]] = {}
    for entry in sorted(phrases.of["attribution"]):
        first, *others = entry.split(ANYTHING)
        known = holds if len(others) > 1 else ends
        known[first.strip()] = (*known.get(first.strip(), ()), *others[:1])
    after_day = tuple(f" {one} " for one in phrases.of["attribution-after-day"])
    days = (*phrases.of["attribution-day"], *"0123456789")
    return _Said(ends, holds, tuple(phrases.of["attribution-end"]), days, after_day)


def begins_head(first: str, second: str, phrases: Phrases) -> bool:
    """Whether two lines are the first ones of a quoted mail's head, in one language."""
    return of_one_head(label(first), label(second), phrases)


def names_device(line: str, phrases: Phrases) -> bool:
    """Whether *line* is what a telephone adds below a message: *Sent from my …*."""
    line = _LINK.sub("", line[: 5 * MAX_DEVICE])
    words, sent = line.lower().strip(" -—<["), phrases.made(_sent)
    known = next((start for start in sent.surely if words.startswith(start)), "")
    if known:
        return len(line) - len(known) <= MAX_DEVICE
    if len(words) > MAX_DEVICE or not any(one in words for one in phrases.of["device"]):
        return False
    last = words.rstrip(".>] ")
    around = any(words.startswith(one) and last.endswith(end) for one, end in sent.around)
    return words.startswith(sent.beside) or around


def _sent(phrases: Phrases) -> _Sent:
    parted = [entry.partition(ANYTHING) for entry in phrases.of["sent-device"]]
    return _Sent(
        tuple(phrases.of["sent-from"]),
        tuple(one for one, anything, _ in parted if not anything),
        tuple((one, end) for one, anything, end in parted if anything),
    )
