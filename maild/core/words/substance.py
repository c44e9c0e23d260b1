"""What somebody's own text says beside its greeting, its closing and a name: perhaps nothing (ruling 19)."""

import re
from collections.abc import Iterable

from maild.core.values.phrases import Phrases

MOST_LINES = 200
"""Lines that are looked at; a longer text says something."""
_GREETING = r"@greeting@\b[^.!?]{0,60}"
_AROUND = " \t.,;:!-*_~\u2013\u2014"
_MOST_BELOW = 6
"""Lines below a closing that may be a name and what goes with it."""
_MOST_WORDS = 8
"""Words that such a line may have."""


def substance(text: str, phrases: Phrases, names: Iterable[str] = ()) -> str:
    """The lines of *text* without a greeting on top, and without a closing at its end.

    A closing is a word of parting, or a line of the author's *names*, with the few lines below it.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip(_AROUND)]
    if len(lines) > MOST_LINES:
        return text
    if lines and phrases.pattern(_GREETING, re.IGNORECASE).fullmatch(lines[0].strip(_AROUND)):
        lines = lines[1:]
    known = {word for name in names for word in _words(name)}
    return "\n".join(_without_closing(lines, known, phrases.of["closing"]))


def _without_closing(lines: list[str], known: set[str], closings: frozenset[str]) -> list[str]:
    """*lines* up to the closing at their end, if they have one: with nothing below it but a signature."""
    for at in range(max(0, len(lines) - _MOST_BELOW - 1), len(lines)):
        below = lines[at + 1 :]
        short = all(len(line.split()) <= _MOST_WORDS for line in below)
        if _closes(lines[at], known, closings) and short and (not below or _named(below[0], known)):
            return lines[:at]
    return lines


def _closes(line: str, known: set[str], closings: frozenset[str]) -> bool:
    """Whether a line is a closing, a name of the author's, or both (``Best, Mia``)."""
    first, comma, rest = line.partition(",")
    if comma and rest.strip():
        return _plain(first) in closings and _named(rest, known)
    words = _plain(line).split()
    unnamed = [word for word in words if word.strip(_AROUND) not in known]
    return (
        _named(line, known)
        or _plain(line) in closings
        or (unnamed != words and " ".join(unnamed) in closings)
    )


def _named(line: str, known: set[str]) -> bool:
    """Whether a line holds nothing but *known* names and initials."""
    words = _words(line)
    return bool(words & known) and all(word in known or len(word) == 1 for word in words)


def _plain(line: str) -> str:
    return " ".join(line.strip(_AROUND).lower().split())


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text.lower()))
