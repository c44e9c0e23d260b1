"""Which letters go out first when an hour's limit does not allow all of them (ruling 2).

A letter that strangers' mail causes has a rank: what speaks for a report, or whose author is proved, goes
before the rest and has a part of the hour for itself. Within a rank every domain has its turn.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from math import ceil

WINDOW = timedelta(hours=1)


class Rank(IntEnum):
    """How likely it is that a report is behind a letter. ``LIKELY``: one of two signs; ``SURE``: both."""

    ANY = 0
    LIKELY = 1
    SURE = 2


_PARTS: Mapping[int, float] = {Rank.ANY: 0.5, Rank.LIKELY: 0.75, Rank.SURE: 1.0}
"""Which part of the hour a rank and those below it may use."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter whose time has come: its rank, the domain that it counts for, and the case it is about."""

    id: int
    rank: int
    share: str
    unit: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Caps:
    """How many letters may leave in an hour, and how many for one domain (``None``: no limit of its own)."""

    hour: int
    domain: int | None = None


def part(cap: int, rank: int) -> int:
    """How many of *cap* letters an hour the letters of *rank*, and those below it, may be."""
    return ceil(cap * _PARTS.get(rank, 1.0))


def pick(
    waiting: Sequence[Waiting], used: Mapping[tuple[int, str], int], caps: Caps, most: int
) -> tuple[int, ...]:
    """At most *most* letters that may leave now, by their ids, in the order in which they go.

    *used* counts what left in the last hour, by rank and domain.
    """
    ranks, domains, found = _ranks(used), _domains(used), list[int]()
    for one in _in_turn(waiting, domains):
        if len(found) == most:
            break
        if not _full(ranks, caps, one.rank) and (caps.domain is None or domains[one.share] < caps.domain):
            ranks[one.rank] += 1
            domains[one.share] += 1
            found.append(one.id)
    return tuple(found)


def spent(used: Mapping[tuple[int, str], int], caps: Caps, rank: int) -> bool:
    """Whether nothing of *rank* may leave any more, whatever its domain."""
    return _full(_ranks(used), caps, rank)


def _full(ranks: Mapping[int, int], caps: Caps, rank: int) -> bool:
    below = sum(count for of, count in ranks.items() if of <= rank)
    return below >= part(caps.hour, rank) or sum(ranks.values()) >= caps.hour


def _ranks(used: Mapping[tuple[int, str], int]) -> Counter[int]:
    found = Counter[int]()
    for (rank, _), count in used.items():
        found[rank] += count
    return found


def _domains(used: Mapping[tuple[int, str], int]) -> Counter[str]:
    found = Counter[str]()
    for (_, share), count in used.items():
        found[share] += count
    return found


def _in_turn(waiting: Sequence[Waiting], had: Mapping[str, int]) -> list[Waiting]:
    """The highest rank first; in it each domain's first case, then each one's second, and so on."""
    so_far, turns = Counter(dict(had)), dict[tuple[str, str], int]()
    for one in sorted(waiting, key=lambda w: (-w.rank, w.since, w.id)):
        if (one.share, one.unit) not in turns:
            turns[one.share, one.unit] = so_far[one.share]
            so_far[one.share] += 1
    return sorted(waiting, key=lambda w: (-w.rank, turns[w.share, w.unit], w.since, w.id))
