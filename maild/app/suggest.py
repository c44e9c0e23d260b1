"""Which limits would have been kept: the team's own times beside what is promised."""

import math
from collections.abc import Mapping
from datetime import timedelta
from statistics import median
from typing import Any

from maild.core.values.rule import Rule
from maild.store.kept import Kept

ENOUGH = 5
"""Fewer kept promises than this tell nothing."""


def suggested(kept: Mapping[str, Kept], rules: tuple[Rule, ...]) -> list[dict[str, Any]]:
    """The promised limits beside what the team keeps; times by the wall clock, from start to met."""
    return [_suggestion(rule, kept.get(rule.id, Kept())) for rule in rules]


def _suggestion(rule: Rule, kept: Kept) -> dict[str, Any]:
    row: dict[str, Any] = {
        "promise": rule.id,
        "promised": rule.words,
        "kept": len(kept.times),
        "late": kept.late,
        "overdue": kept.overdue,
        "median": None,
        "p90": None,
    }
    if len(kept.times) < ENOUGH:
        return {**row, "suggestion": f"too little data ({len(kept.times)} of {ENOUGH})"}
    slow = percentile(kept.times, 90)
    middle = timedelta(seconds=median(one.total_seconds() for one in kept.times))
    return {**row, "median": _about(middle), "p90": _about(slow), "suggestion": _limit(slow)}


def percentile(times: list[timedelta], share: int) -> timedelta:
    """The nearest-rank percentile: the least of *times* that *share* per cent of them do not exceed."""
    return sorted(times)[math.ceil(len(times) * share / 100) - 1]


def _about(length: timedelta) -> str:
    """*length* by its two largest units: ``1d 4h``."""
    seconds = round(length.total_seconds())
    parts: list[str] = []
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m"), (1, "s")):
        count, seconds = divmod(seconds, size)
        if count or parts:
            parts.append(f"{count}{unit}")
    return " ".join([part for part in parts[:2] if part[0] != "0"] or ["0s"])


def _limit(slow: timedelta) -> str:
    """The limit that would have been kept nine times in ten: whole hours up to two days, then whole days."""
    hours = max(math.ceil(slow / timedelta(hours=1)), 1)
    return f"{hours}h" if hours <= 48 else f"{math.ceil(hours / 24)}d"
