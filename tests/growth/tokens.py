"""Inputs that a pattern may stumble over, made of its own tokens.

Backtracking is dear where two repetitions can share the same text, and where a search starts again behind
a long failure. So each beginning of the pattern up to a repetition is followed by a long run of what its
sets accept, of its own words or of itself, and by an end that lets it fail.
"""

import re
from collections.abc import Iterator
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from tests.growth.measure import Input

PROBES = "a5 \t\n-._@<>()\"'\\=/:;,?&#[]|*!Z0é中\u00a0\x00"
ENDS = ("", "\x00", "\n!", "!" * 400)
"""Nothing, what few sets accept, a line of its own, and more than any count allows."""
MANY = 9
"""Repetitions from which on a repeat counts as long."""
WORDS = 3
"""Alternatives of each choice that are tried as words; the rest differ in letters only."""
PAIRED = 5
"""Letters that are tried in pairs."""
MOST = 24
"""Beginnings and runs of each pattern that are tried."""

_SPACE = frozenset(" \t\n\r\f\v\u00a0")
_CATEGORY = {
    code.CATEGORY_DIGIT: str.isdigit,
    code.CATEGORY_SPACE: lambda c: c in _SPACE,
    code.CATEGORY_WORD: lambda c: c.isalnum() or c == "_",
    code.CATEGORY_NOT_DIGIT: lambda c: not c.isdigit(),
    code.CATEGORY_NOT_SPACE: lambda c: c not in _SPACE,
    code.CATEGORY_NOT_WORD: lambda c: not (c.isalnum() or c == "_"),
}
_REPEATS = (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT)


def inputs(pattern: re.Pattern[Any]) -> list[Input]:
    """Every input to try on *pattern*; empty when it repeats nothing."""
    tree = list(parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG))
    begins = list(dict.fromkeys(_begins(tree, "")))[:MOST]
    if not begins:
        return []
    runs = dict.fromkeys([_sample(tree), *begins, *_pairs(tree), *_runs(tree)])
    wanted = [run for run in runs if run][: 2 * MOST]
    if isinstance(pattern.pattern, bytes):
        begins = [one for one in begins if one.isascii()]
        wanted = [one for one in wanted if one.isascii()]
    return [(begin, run, end) for begin in dict.fromkeys(["", *begins]) for run in wanted for end in ENDS]


def _begins(tree: list[Any], before: str) -> Iterator[str]:
    """What may stand before each long repetition in *tree*, which itself stands behind *before*."""
    for kind, given in tree:
        if kind in _REPEATS and given[1] >= MANY:
            yield from (before + one for one in ("", *_fillings(list(given[2]))))
        for part in _within(kind, given):
            yield from _begins(list(part), before)
        before += _sample([(kind, given)])


def _within(kind: Any, given: Any) -> list[Any]:
    """The parts of a pattern that a token holds."""
    if kind in _REPEATS:
        return [given[2]]
    if kind is code.SUBPATTERN:
        return [given[3]]
    if kind is code.BRANCH:
        return list(given[1])
    if kind is code.ATOMIC_GROUP:
        return [given]
    return [given[1]] if kind in (code.ASSERT, code.ASSERT_NOT) else []


def _sample(tree: list[Any]) -> str:
    """A text that *tree* accepts, as short as it may be; assertions aside."""
    return "".join(_one(kind, given) for kind, given in tree)


def _one(kind: Any, given: Any) -> str:
    if kind is code.LITERAL:
        return chr(given)
    if kind is code.NOT_LITERAL:
        return "a" if given != ord("a") else "b"
    if kind is code.ANY:
        return "a"
    if kind is code.IN:
        return next(iter(_accepted(given)), "")
    if kind in _REPEATS:
        return _sample(list(given[2])) * max(given[0], min(1, given[1]))
    parts = [] if kind in (code.ASSERT, code.ASSERT_NOT) else _within(kind, given)
    return _sample(list(parts[0])) if parts else ""


def _accepted(tokens: list[Any]) -> list[str]:
    """The probes, or else a member, of a set."""
    negated = tokens[0][0] is code.NEGATE
    members = tokens[1:] if negated else tokens
    found = [probe for probe in PROBES if any(_in(probe, one) for one in members) != negated]
    if found or negated:
        return found
    kind, given = members[0]
    return [chr(given if kind is code.LITERAL else given[0])]


def _in(letter: str, token: Any) -> bool:
    kind, given = token
    if kind is code.LITERAL:
        return bool(given == ord(letter))
    if kind is code.RANGE:
        return bool(given[0] <= ord(letter) <= given[1])
    return bool(kind is code.CATEGORY and _CATEGORY[given](letter))


def _runs(tree: list[Any]) -> Iterator[str]:
    """What may be repeated: members of the sets in *tree*, its words, and samples of its groups."""
    word = ""
    for kind, given in tree:
        if kind is code.LITERAL:
            word += chr(given)
            continue
        if word:
            yield word
        word = ""
        if kind is code.IN:
            yield from _different(_accepted(given))
        elif kind in (code.ANY, code.NOT_LITERAL):
            yield from (_one(kind, given), " ")
        elif kind in _REPEATS:
            yield _sample(list(given[2]))
        for part in _within(kind, given)[:WORDS]:
            yield from _runs(list(part))
    if word:
        yield word


def _fillings(item: list[Any]) -> list[str]:
    """What one turn of a repetition may accept: a letter of each sort, or a sample."""
    kinds = [kind for kind, _ in item]
    return list(_different(_accepted(item[0][1]))) if kinds == [code.IN] else [_sample(item)]


def _pairs(tree: list[Any]) -> Iterator[str]:
    """Two different letters by turns, as far as sets and single letters of *tree* go."""
    single = (one for one in dict.fromkeys(_runs(tree)) if len(one) == 1)
    letters = sorted(single, key=lambda one: one.isspace() + 2 * one.isalnum())[:PAIRED]
    return (one + other for one in letters for other in letters if one != other)


def _different(letters: list[str]) -> Iterator[str]:
    """One letter of each sort among *letters*."""
    seen = set()
    for letter in letters:
        sort = "a" if letter.isalnum() else letter if letter in " \n\t" else "."
        if sort not in seen:
            seen.add(sort)
            yield letter
