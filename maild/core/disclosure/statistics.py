"""How cases went, in figures: the medians of what took how long, and the promises that were kept."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from maild.core.disclosure.verdicts import VULNERABILITY

NONE = "none yet"
"""The severity of a case that has none."""


@dataclass(frozen=True, slots=True)
class Course:
    """One case: when it was opened, and when the reporter and the public had what (aware UTC, or not yet)."""

    case: str
    severity: str
    opened: datetime
    acknowledged: datetime | None = None
    answered: datetime | None = None
    fixed: datetime | None = None
    announced: datetime | None = None
    verdict: str = ""
    reason: str = ""

    def hours(self, step: str) -> float | None:
        """How long it took until *step*, one of ``STEPS``."""
        at: datetime | None = getattr(self, step)
        return (at - self.opened).total_seconds() / 3600 if at else None


@dataclass(frozen=True, slots=True)
class Promised:
    """One promise of a case, and whether it was kept."""

    promise: str
    severity: str
    kept: bool


STEPS = ("acknowledged", "answered", "fixed", "announced")
"""What is measured, always from the opening of the case on."""


def summary(
    courses: Sequence[Course], promises: Sequence[Promised], scale: Sequence[str]
) -> list[dict[str, Any]]:
    """One row for all cases, one for each severity of the *scale* that has some, and one for those without.

    Medians are hours, ``None`` where no case came so far; ``kept`` is the share of promises in percent.
    """
    names = [*scale, *sorted({c.severity for c in courses} - set(scale) - {NONE}), NONE]
    rows = [_row("all", courses, promises)]
    for name in names:
        some = [one for one in courses if one.severity == name]
        if some:
            rows.append(_row(name, some, [one for one in promises if one.severity == name]))
    return rows


def verdicts(courses: Iterable[Course]) -> list[dict[str, Any]]:
    """How many cases had each verdict, and which reason of the policy, the most frequent first."""
    counted = Counter((one.verdict, one.reason) for one in courses if one.verdict)
    return [
        {"verdict": verdict, "reason": reason or None, "cases": number}
        for (verdict, reason), number in counted.most_common()
    ]


def months(courses: Iterable[Course]) -> list[dict[str, Any]]:
    """By the month of the report: how many, how many were judged, how many and which share confirmed."""
    found: dict[str, list[Course]] = {}
    for one in courses:
        found.setdefault(f"{one.opened:%Y-%m}", []).append(one)
    return [_month(name, some) for name, some in sorted(found.items())]


def _month(name: str, courses: Sequence[Course]) -> dict[str, Any]:
    judged = sum(bool(one.verdict) for one in courses)
    confirmed = sum(one.verdict == VULNERABILITY for one in courses)
    percent = round(100 * confirmed / judged, 1) if judged else None
    return {
        "month": name,
        "reports": len(courses),
        "judged": judged,
        "confirmed": confirmed,
        "confirmed_percent": percent,
    }


def kept(promises: Iterable[Promised]) -> list[dict[str, Any]]:
    """Each promise by its name: how many were kept and missed, and the share of the kept in percent."""
    found = list(promises)
    return [
        {"promise": name, **_share([one for one in found if one.promise == name])}
        for name in dict.fromkeys(one.promise for one in found)
    ]


def _row(name: str, courses: Sequence[Course], promises: Sequence[Promised]) -> dict[str, Any]:
    medians = {f"{step}_hours": _median([one.hours(step) for one in courses]) for step in STEPS}
    return {"severity": name, "cases": len(courses), **medians, "kept_percent": _share(promises)["percent"]}


def _median(hours: Iterable[float | None]) -> float | None:
    known = [one for one in hours if one is not None]
    return round(median(known), 1) if known else None


def _share(promises: Sequence[Promised]) -> dict[str, Any]:
    good = sum(one.kept for one in promises)
    percent = round(100 * good / len(promises), 1) if promises else None
    return {"kept": good, "missed": len(promises) - good, "percent": percent}
