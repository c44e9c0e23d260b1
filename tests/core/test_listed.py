"""What a list that is told early asks of a case, and what its letter says beside the team's words."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from maild.core.disclosure.listed import TERMS, beyond, crowded, frame, outside, unmet
from maild.core.facts.record import REQUESTED, Disclosure, Fact
from maild.core.facts.table import (
    AFFECTS,
    BRANCH,
    CVE,
    DONE,
    EMBARGO,
    PREDISCLOSED,
    SEVERITY,
    STAGE,
    TRACK,
)
from maild.core.values.case import Case
from maild.core.values.process import SEED
from maild.core.values.targets import Predisclosure, Targets
from tests.support.deciding import answered_case
from tests.support.desk import NOW

LEAD, WINDOW, SECOND = timedelta(days=3), timedelta(days=14), timedelta(seconds=1)
LIST = Predisclosure("distros", "distros@lists.example", "distros.asc", LEAD, WINDOW)


def recorded(*facts: tuple[str, str] | tuple[str, str, str], sealed: bool = False) -> Case:
    """A case with these facts: name, value, item."""
    kept = tuple(Fact(one[0], one[1], "team:Bea", NOW, "".join(one[2:])) for one in facts)
    return replace(answered_case(), record=Disclosure(kept), sealed=sealed)


def dated(at: datetime) -> Case:
    """A case whose announcement is planned for this instant."""
    return recorded((EMBARGO, at.isoformat()))


@pytest.mark.parametrize(
    ("one", "case", "missing"),
    [
        (LIST, dated(NOW + LEAD), []),
        (replace(LIST, key=""), dated(NOW + LEAD), ["the list's public key"]),
        (LIST, recorded(), ["the instant of the announcement (!embargo INSTANT)"]),
        (replace(LIST, requires_date=False), recorded(), []),
        (LIST, dated(NOW), ["an instant that has not passed"]),
        (LIST, dated(NOW - LEAD), ["an instant that has not passed"]),
        (LIST, dated(NOW + SECOND), []),
        (LIST, dated(NOW + WINDOW + LEAD), []),
        (replace(LIST, lead=WINDOW), dated(NOW + 2 * WINDOW), []),
        (replace(LIST, lead=WINDOW + SECOND), dated(NOW + WINDOW), []),
        (
            replace(LIST, lead=WINDOW + SECOND),
            dated(NOW + WINDOW + SECOND),
            [f"an instant within {WINDOW.days} days"],
        ),
    ],
)
def test_what_a_list_asks_of_the_instant(one: Predisclosure, case: Case, missing: list[str]) -> None:
    """One that is ahead, and not further from the letter than the list keeps anything secret."""
    found = unmet(one, case, SEED, NOW)
    assert len(found) == len(missing)
    assert all(lack.startswith(wanted) for lack, wanted in zip(found, missing, strict=True))


BAD = replace(LIST, min_severity="Important")


@pytest.mark.parametrize(
    ("one", "facts", "missing"),
    [
        (LIST, (), []),
        (BAD, ((SEVERITY, "Important"),), []),
        (BAD, ((SEVERITY, SEED.severities[0]),), []),
        (BAD, ((SEVERITY, "Minor"),), ["a severity of at least Important (it is Minor)"]),
        (BAD, (), ["a severity of at least Important (it is not set)"]),
        (BAD, ((SEVERITY, "grave"),), ["a severity of at least Important (it is grave)"]),
        (
            replace(BAD, min_severity="grave"),
            ((SEVERITY, "Minor"),),
            ["a severity of at least grave (it is Minor)"],
        ),
        (replace(LIST, tracks=("private", "urgent")), ((TRACK, "urgent"),), []),
        (
            replace(LIST, tracks=("private", "urgent")),
            ((TRACK, "public"),),
            ["the track private or urgent (it is public)"],
        ),
        (replace(LIST, tracks=("private",)), (), ["the track private (it is not set)"]),
        (replace(LIST, done=("audit",)), ((DONE, "done", "audit"),), []),
        (
            replace(LIST, done=("audit", "own step")),
            ((DONE, "done", "credit"),),
            [f"{SEED.checklist['audit']} (!done audit)", "own step (!done own step)"],
        ),
        (
            replace(BAD, done=("audit",)),
            (),
            [
                "a severity of at least Important (it is not set)",
                f"{SEED.checklist['audit']} (!done audit)",
            ],
        ),
    ],
)
def test_which_cases_are_none_for_a_list(
    one: Predisclosure, facts: tuple[tuple[str, str], ...], missing: list[str]
) -> None:
    """Not bad enough, on another track, or a step left out; the worst severity stands first."""
    assert outside(one, recorded(*facts), SEED) == missing


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("This is CVE-2026-1001.", ""),
        ("This is cve-2026-1001.", ""),
        ("This is CVE-2026-1001, as was cve-2026-1002.", "CVE-2026-1002"),
        ("CVE-2026-1003, CVE-2026-1002, CVE-2026-1003", "CVE-2026-1002, CVE-2026-1003"),
        ("No id.", ""),
    ],
)
def test_a_message_is_about_one_issue(text: str, named: str) -> None:
    """An id that is not the case's own belongs to another, however it is spelled."""
    found = crowded(text, recorded((CVE, "cve-2026-1001")))
    said = f"one issue in each message (the text names {named}, which is not this case's id)"
    assert found == ([said] if named else [])


@pytest.mark.parametrize(
    ("at", "told", "why"),
    [
        (NOW + WINDOW, True, ""),
        (NOW + WINDOW + SECOND, True, "distros was told and keeps nothing secret after 2026-03-16 09:30 UTC"),
        (NOW + WINDOW + SECOND, False, ""),
    ],
)
def test_an_instant_may_be_too_late_for_a_list_that_was_told(at: datetime, told: bool, why: str) -> None:
    """From the end of its window on, counted from when it was told; no other list matters."""
    other = replace(LIST, id="vendors", max_window=timedelta(0))
    case = recorded((PREDISCLOSED, "digest", "distros")) if told else recorded()
    assert beyond(case, at, Targets((other, LIST))) == why


FACTS = (
    (CVE, "CVE-2026-1001"),
    (AFFECTS, "1.0 to 2.0.3"),
    (SEVERITY, "Important"),
    (BRANCH, "fixed: in abc", "2.0"),
    (BRANCH, "fixed", "2.1"),
    (BRANCH, "waived: too old", "1.8"),
    (EMBARGO, "2026-03-20T16:00:00+00:00"),
)
CVE_LINE = "CVE: CVE-2026-1001 (please do not name it in public before the announcement)"


def test_the_letter_says_what_is_known_of_the_case() -> None:
    """What is affected and fixed, its number with a warning, the instant, and what readers may do."""
    assert frame(LIST, recorded(*FACTS)) == "\n".join(
        (
            "Severity: Important",
            "Affected: 1.0 to 2.0.3",
            "Fixed on: 2.0, 2.1",
            CVE_LINE,
            "Public from: 2026-03-20 16:00 UTC",
            "TLP:AMBER",
            "",
            TERMS,
        )
    )


def test_a_whole_advisory_says_itself_what_is_affected() -> None:
    """The lines beside it repeat nothing; the list's own mark and terms stand below."""
    own = replace(LIST, tlp="RED", terms="Tell nobody.")
    wanted = (CVE_LINE, "Public from: 2026-03-20 16:00 UTC", "TLP:RED", "", "Tell nobody.")
    assert frame(own, recorded(*FACTS), told=True) == "\n".join(wanted)


@pytest.mark.parametrize(
    ("cve", "line"),
    [(REQUESTED, "CVE: asked for"), ("none", ""), ("", ""), ("CVE-2026-1001", CVE_LINE)],
)
def test_how_a_number_stands_in_it(cve: str, line: str) -> None:
    """One that was asked for, or the number itself; a case without one has no such line."""
    lines = frame(LIST, recorded((CVE, cve), (STAGE, "ready"))).splitlines()
    assert [one for one in lines if one.startswith("CVE")] == ([line] if line else [])
    assert "Public from: not agreed yet" in lines


def test_free_words_of_an_encrypted_case_are_in_no_frame() -> None:
    """They stand in its own messages."""
    assert "Affected" not in frame(LIST, recorded(*FACTS, sealed=True))
    assert "Severity: Important" in frame(LIST, recorded(*FACTS, sealed=True))
