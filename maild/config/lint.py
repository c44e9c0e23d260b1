"""Whether a page promises what the clocks guard, all of it and no more; and words that nobody needs."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from maild.core.values.duration import Length, words
from maild.core.values.rule import Rule

_SMALL = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: number for number, word in enumerate(_SMALL, 1)} | {
    "fourteen": 14,
    "fifteen": 15,
    "twenty": 20,
    "twenty-four": 24,
    "thirty": 30,
    "forty-eight": 48,
    "sixty": 60,
    "seventy-two": 72,
    "ninety": 90,
}
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "mo": 2592000, "y": 31536000}
_UNITS = {
    r"seconds?|secs?": "s",
    r"minutes?|mins?": "m",
    r"hours?|hrs?|h": "h",
    r"days?|d": "d",
    r"weeks?|w": "w",
    r"months?": "mo",
    r"years?": "y",
}
_WORKING = r"(?:working|work|business|office)"
_GAP = r"(?:\s|[-*_\u2010-\u2015])*"
_COUNT = (
    rf"(?<![\w.,])(?P<count>\d{{1,6}}(?:\.\d{{1,3}})?|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
)
_RANGE = rf"(?:{_GAP}(?:to|or|and|/|-|\u2013){_GAP}(?P<upper>\d{{1,6}}|{'|'.join(_NUMBERS)}))?"
_UNIT = "|".join(f"(?:{unit})" for unit in _UNITS)
_DURATION = re.compile(
    rf"{_COUNT}{_RANGE}{_GAP}(?:(?P<working>{_WORKING}|w(?=[dhm]\b)){_GAP})?"
    rf"(?:(?:calendar|full|clock){_GAP})?(?P<unit>{_UNIT})\b",
    re.IGNORECASE,
)
_ONE = re.compile(
    rf"\b(?:within|in|every|after|least|than|of|once)\s+(?:an?\s+|the\s+(?:next|same)\s+|each\s+|per\s+)?"
    rf"(?:(?P<working>{_WORKING})\s+)?(?P<unit>minute|hour|day|week|fortnight|month|year)\b"
    rf"|\b(?:next|same)[\s-]+(?:(?P<working2>{_WORKING})[\s-]+)?(?P<unit2>day|week)\b"
    r"|\b(?P<adverb>hourly|daily|weekly|fortnightly|monthly|yearly)\b",
    re.IGNORECASE,
)
_SINGLE = {
    "minute": "m",
    "hour": "h",
    "day": "d",
    "week": "w",
    "month": "mo",
    "year": "y",
    "hourly": "h",
    "daily": "d",
    "weekly": "w",
    "monthly": "mo",
    "yearly": "y",
}

_SERIOUS = re.compile(
    r"(?:\b\w+\s+)?\btakes?\s+(?:the\s+)?(?:\w+(?:'s|\u2019s)?\s+)?security"
    r"(?:\s+(?:of|issues?|bugs?|problems?|vulnerabilit\w+)(?:\s+\w+){0,8}?)?"
    r"(?:\s+(?:very|extremely|really|so|most))*\s+seriously\b",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"\b(?:change[ _-]?me|fix[ _-]?me|todo|tbd|xxx+|lorem\s+ipsum|(?-i:Some ?One))\b|\{\{.*?\}\}|\{%.*?%\}"
    r"|[<\[](?:your|insert|name\s+of|put)\b[^<>\[\]]{0,60}[>\]]|\b(?:0{4}\s*){10}\b",
    re.IGNORECASE,
)
# What is no sentence: keys, addresses, a page's own style and program.
_SILENT = re.compile(
    r"(?:[0-9A-F]{4}\s+){9}[0-9A-F]{4}|\b[0-9A-F]{40}\b|\w+://[^\s<>\"]+|[^\s<>@:\"]+@[^\s<>@\"]+"
)
_MARKUP = re.compile(r"<(style|script)\b.*?</\1\s*>|<!--.*?-->|</?[a-z!][^<>]*>", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"&(?:nbsp|ensp|emsp|thinsp|ndash|shy|zwnj|#\d{1,5}|#x[0-9a-f]{1,4});", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00a0\u00ad\u200b-\u200f\u2000-\u200a\u2060\ufeff*_]")

Meant = tuple[str, float]
"""A length as one meaning: seconds by the wall clock, working days or working hours."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a page: line (from 1), what stands there, what is wanted."""

    line: int
    found: str
    wanted: str

    @property
    def row(self) -> dict[str, int | str]:
        """The fault as a row of a listing."""
        return {"line": self.line, "found": self.found, "wanted": self.wanted}

    def __str__(self) -> str:
        return f"line {self.line}: {self.found}: {self.wanted}"


@dataclass(frozen=True, slots=True)
class Guard:
    """A time that something stands behind, and what; ``told``: the page has to name it."""

    length: Length
    what: str
    told: bool = True


def lint(
    page: str, rules: tuple[Rule, ...], waits: Mapping[str, int], guards: tuple[Guard, ...] = ()
) -> tuple[Fault, ...]:
    """The faults of *page*, in the order of its lines.

    *waits*: by the id of a promise in working time, the days by the wall clock that may be named beside it.
    *guards*: the times of embargo and announcement that may be named as well.
    """
    plain = _plain(page)
    found = [*_times(plain, rules, waits, guards), *_words(page, plain)]
    return tuple(sorted(found, key=lambda fault: fault.line))


def _times(
    plain: str, rules: tuple[Rule, ...], waits: Mapping[str, int], guards: tuple[Guard, ...]
) -> Iterator[Fault]:
    """Times without a clock, and clocks without a time."""
    public = [Guard(rule.limit, f'the promise "{rule.id}" is public') for rule in rules if rule.public]
    guarded = {meant(one.length): one for one in (*guards, *public) if one.told}
    beside: set[Meant] = {("wall", days * _SECONDS["d"]) for days in waits.values()}
    beside |= {meant(one.length) for one in guards}
    seen = set()
    for at, text, meanings in _durations(plain):
        seen |= meanings
        if not meanings <= guarded.keys() | beside:
            yield Fault(_line(plain, at), repr(_one_line(text)), _wanted(rules, meanings, guards))
    for length, one in guarded.items():
        if length not in seen:
            said = words(one.length)
            wanted = f'the page to say "{said}": {one.what}'
            yield Fault(_line(plain, len(plain.rstrip())), f"no word of {said}", wanted)


def _wanted(rules: tuple[Rule, ...], meanings: set[Meant], guards: tuple[Guard, ...]) -> str:
    """What to do about a time: it may be a promise that is kept to the team."""
    for rule in rules:
        if meant(rule.limit) in meanings and not rule.public:
            return f'no time here: the promise "{rule.id}" is not public (public = true makes it so)'
    known = [rule.words for rule in rules if rule.public] + [words(one.length) for one in guards]
    return f"a time that a public promise guards ({', '.join(dict.fromkeys(known)) or 'none'}), or none"


def _words(page: str, plain: str) -> Iterator[Fault]:
    for match in _SERIOUS.finditer(plain):
        yield Fault(_line(plain, match.start()), repr(_one_line(match[0])), "what you do, in place of that")
    for match in _PLACEHOLDER.finditer(page):
        wanted = "a real value in place of the placeholder"
        yield Fault(_line(page, match.start()), repr(_one_line(match[0])), wanted)


def meant(length: Length) -> Meant:
    """*length* as one meaning, so that 48 hours are two days, but three working days are not three days."""
    if length.working:
        return length.unit, length.amount
    return "wall", length.amount * _SECONDS[length.unit]


def _durations(plain: str) -> Iterator[tuple[int, str, set[Meant]]]:
    """Each time that is named: where, its words, and what it means (both ends of a range)."""
    for match in _DURATION.finditer(plain):
        unit = _unit(match["unit"])
        counts = [_number(count) for count in (match["count"], match["upper"]) if count]
        yield match.start(), match[0], {_meaning(n, unit, bool(match["working"])) for n in counts}
    for match in _ONE.finditer(plain):
        word = (match["unit"] or match["unit2"] or match["adverb"]).lower()
        count, unit = (2, "w") if word.startswith("fortnight") else (1, _SINGLE[word])
        working = bool(match["working"] or match["working2"])
        yield match.start(), match[0], {_meaning(count, unit, working)}


def _meaning(count: float, unit: str, working: bool) -> Meant:
    if working and unit in ("d", "h", "m"):
        return f"w{unit}", count
    return "wall", count * _SECONDS[unit]


def _unit(text: str) -> str:
    return next(name for pattern, name in _UNITS.items() if re.fullmatch(pattern, text, re.IGNORECASE))


def _number(text: str) -> float:
    return _NUMBERS[text.lower()] if text.lower() in _NUMBERS else float(text)


def _plain(page: str) -> str:
    """*page* as it is read, each character at its old place: markup, keys and addresses are blanks."""
    for pattern in (_SILENT, _MARKUP, _ENTITY, _INVISIBLE):
        page = pattern.sub(_blank, page)
    return page


def _blank(match: re.Match[str]) -> str:
    return "".join(c if c == "\n" else " " for c in match[0])


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _one_line(text: str) -> str:
    return " ".join(text.split())[:60]
