"""``maild report``: how a desk did over a time, in figures; no word of a report."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from maild.app.desk import Desk
from maild.app.suggest import percentile
from maild.core.disclosure.statistics import Course
from maild.store import ledger, mails, timeline, views

AGES = ((7, "up to 7 days"), (30, "8 to 30 days"), (90, "31 to 90 days"))
OLDER = "more than 90 days"
NOBODY = "nobody"
STEPS = (("answered", "first answer"), ("fixed", "fix"))
Rows = list[dict[str, Any]]


def figures(desk: Desk, since: datetime | None, without: Collection[int] = ()) -> dict[str, Any]:
    """The figures from *since* (aware; none: from the beginning) until now; open cases are those of now.

    *without*: the clocks that are not counted.
    """
    now = desk.clock()
    courses, _ = desk.ask(timeline.courses, desk.policy.process, now, since)
    return {
        "since": since.isoformat() if since else None,
        "until": now.isoformat(),
        "inflow": _inflow(desk.ask(mails.listed, mails.Wanted(everything=True)), since),
        "times": _times(courses, desk.policy.process.severities),
        "promises": _promises(
            row for row in desk.ask(ledger.ledger, now, since) if row["clock"] not in without
        ),
        "handlers": _handlers(desk.ask(views.cases, True), since),
        "open": _open(desk.ask(views.cases), now),
    }


def _inflow(rows: Sequence[Mapping[str, Any]], since: datetime | None) -> Rows:
    """How many messages were taken for what."""
    counted = Counter(str(row["verdict"]) for row in rows if _late_enough(row["at"], since))
    return [{"kind": kind, "messages": number} for kind, number in counted.most_common()]


def _late_enough(at: str, since: datetime | None) -> bool:
    return since is None or datetime.fromisoformat(at) >= since


def _times(courses: Sequence[Course], scale: Sequence[str]) -> Rows:
    """The median and the 90th percentile, in hours from the report, for all cases and by severity."""
    found: Rows = []
    for name in ("all", *scale):
        some = [one for one in courses if name in ("all", one.severity)]
        if some:
            found += [{"severity": name, "step": words, **_spread(some, step)} for step, words in STEPS]
    return found


def _spread(courses: Iterable[Course], step: str) -> dict[str, Any]:
    hours = [took for one in courses if (took := one.hours(step)) is not None]
    if not hours:
        return {"cases": 0, "median_hours": None, "p90_hours": None}
    slow = percentile([timedelta(hours=one) for one in hours], 90).total_seconds() / 3600
    return {"cases": len(hours), "median_hours": round(median(hours), 1), "p90_hours": round(slow, 1)}


def _promises(rows: Iterable[Mapping[str, Any]]) -> Rows:
    """How many promises to reporters were kept and missed, by the month in which they were due."""
    months: dict[str, Counter[str]] = {}
    for row in rows:
        if row["case"] and row["state"] in (ledger.KEPT, ledger.MISSED):
            months.setdefault(str(row["due"])[:7], Counter())[row["state"]] += 1
    return [
        {"month": month, "kept": found[ledger.KEPT], "missed": found[ledger.MISSED], "percent": _share(found)}
        for month, found in sorted(months.items())
    ]


def _share(found: Counter[str]) -> float:
    return round(100 * found[ledger.KEPT] / found.total(), 1)


def _handlers(cases: Iterable[Mapping[str, Any]], since: datetime | None) -> Rows:
    """How many cases each member handled, and how many of them are open."""
    mine = [one for one in cases if _late_enough(one["opened"], since)]
    every = Counter(one["handler"] or NOBODY for one in mine)
    still = Counter(one["handler"] or NOBODY for one in mine if one["state"] == "open")
    return [{"handler": name, "cases": number, "open": still[name]} for name, number in every.most_common()]


def _open(cases: Iterable[Mapping[str, Any]], now: datetime) -> Rows:
    """The open cases of now by their age."""
    counted = Counter(_age(now - datetime.fromisoformat(one["opened"])) for one in cases)
    return [{"age": name, "cases": counted[name]} for name in (*(name for _, name in AGES), OLDER)]


def _age(length: timedelta) -> str:
    return next((name for days, name in AGES if length <= timedelta(days=days)), OLDER)
