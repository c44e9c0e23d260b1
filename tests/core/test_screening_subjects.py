"""Invented subjects of today, lures and honest ones, in thirty languages."""

from maild.core.screening import screen
from tests.core.test_screening_rules import seen
from tests.support.screened import RULES, SPAMMY, held
from tests.support.subjects import halves, subjects


def share(lines: list[str]) -> float:
    """The share of *lines* held on a plain header."""
    return len(held("\n".join(lines))) / len(lines)


def test_no_honest_subject_is_held_in_any_language() -> None:
    """Vulnerability reports, and questions in words that lures use too, whatever the header."""
    honest = "\n".join(subjects("honest"))
    assert held(honest) == []
    assert held(honest, SPAMMY) == []


def test_most_lures_are_held_that_the_rules_were_written_with() -> None:
    """At least nineteen of twenty."""
    assert share(halves("lures")[0]) >= 0.95
    assert share(subjects("lures-later")) >= 0.9


def test_most_lures_are_held_that_nobody_looked_at() -> None:
    """At least four of five: the rules know kinds of lures, not lines of a file."""
    assert share(halves("lures")[1]) >= 0.8


def test_plain_evidence_of_a_report_is_never_outweighed() -> None:
    """However much of a lure the subject is beside it."""
    lure = "Congratulations!!! You have won a free casino bonus of $5,000, verify your account now"
    assert screen(lure, seen(lure).headers, RULES).verdict == "quarantine"
    report = f"{lure}: stored XSS"
    assert screen(report, seen(report).headers, RULES).verdict == "report"
