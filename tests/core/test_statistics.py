"""Figures of how cases went: medians, verdicts, months, and the share of promises that were kept."""

from datetime import UTC, datetime, timedelta

import pytest

from maild.core.disclosure.statistics import NONE, Course, Promised, kept, months, summary, verdicts

MARCH = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SCALE = ("Critical", "Important", "Minor")


def course(severity: str = NONE, verdict: str = "", reason: str = "", **hours: float) -> Course:
    """A case of March; each step by how many hours after the opening it was."""
    steps = {name: MARCH + timedelta(hours=after) for name, after in hours.items()}
    return Course("EX-222222", severity, MARCH, verdict=verdict, reason=reason, **steps)


def test_medians_are_hours_from_the_opening_on() -> None:
    """To a tenth of an hour, of the cases that came so far; none where no case did."""
    some = [
        course(acknowledged=0.25, answered=10.0, fixed=1000.0),
        course(acknowledged=0.5, answered=20.26),
        course(acknowledged=1.0),
    ]
    (all_, none) = summary(some, [], SCALE)
    assert all_ == {
        "severity": "all",
        "cases": 3,
        "acknowledged_hours": 0.5,
        "answered_hours": 15.1,
        "fixed_hours": 1000.0,
        "announced_hours": None,
        "kept_percent": None,
    }
    assert none == {**all_, "severity": NONE}


def test_what_was_done_at_once_took_no_time_and_counts() -> None:
    """What was done at once counts as zero hours, which is a figure like any other."""
    assert course(acknowledged=0.0).hours("acknowledged") == 0.0
    assert summary([course(acknowledged=0.0)], [], SCALE)[0]["acknowledged_hours"] == 0.0
    assert course().hours("acknowledged") is None


def test_there_is_one_row_for_each_severity_that_has_cases() -> None:
    """In the order of the scale, then those of an older scale, and last the cases without any."""
    some = [course("Minor"), course(), course("old"), course("Critical"), course("Minor")]
    promises = [Promised("respond", "Minor", True), Promised("respond", "Minor", False)]
    promises += [Promised("respond", "Critical", True)]
    rows = summary(some, promises, SCALE)
    assert [(row["severity"], row["cases"], row["kept_percent"]) for row in rows] == [
        ("all", 5, 66.7),
        ("Critical", 1, 100.0),
        ("Minor", 2, 50.0),
        ("old", 1, None),
        (NONE, 1, None),
    ]


def test_the_most_frequent_verdict_comes_first() -> None:
    """With the reason of the policy, where there was one; a case without verdict is in none."""
    some = [course(verdict="bug"), course(), course(verdict="bug", reason="trusted-input")]
    some += [course(verdict="vulnerability")] * 2
    assert verdicts(some) == [
        {"verdict": "vulnerability", "reason": None, "cases": 2},
        {"verdict": "bug", "reason": None, "cases": 1},
        {"verdict": "bug", "reason": "trusted-input", "cases": 1},
    ]


@pytest.mark.parametrize(
    ("given", "judged", "confirmed", "percent"),
    [
        (("",), 0, 0, None),
        (("bug",), 1, 0, 0.0),
        (("vulnerability", ""), 1, 1, 100.0),
        (("vulnerability", "bug", "spam", ""), 3, 1, 33.3),
    ],
)
def test_a_month_tells_how_many_were_confirmed(
    given: tuple[str, ...], judged: int, confirmed: int, percent: float | None
) -> None:
    """Of those that were judged at all."""
    (row,) = months([course(verdict=one) for one in given])
    assert row == {
        "month": "2026-03",
        "reports": len(given),
        "judged": judged,
        "confirmed": confirmed,
        "confirmed_percent": percent,
    }


def test_months_are_in_order() -> None:
    """The months stand in their order, whatever order the cases have."""
    later = Course("EX-333333", NONE, MARCH + timedelta(days=40))
    assert [row["month"] for row in months([later, course()])] == ["2026-03", "2026-04"]


def test_each_promise_has_its_share() -> None:
    """How many were kept, how many missed, and the percentage to a tenth."""
    found = [Promised("respond", "Minor", good) for good in (True, True, False)]
    assert kept([*found, Promised("update", NONE, False)]) == [
        {"promise": "respond", "kept": 2, "missed": 1, "percent": 66.7},
        {"promise": "update", "kept": 0, "missed": 1, "percent": 0.0},
    ]
    assert kept([]) == []
