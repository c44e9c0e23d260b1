"""How late something is, and who waits for what, in words."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.core.letters.payloads import Line
from maild.core.policy import Policy, Promise
from maild.core.values.case import Case, Clock
from maild.core.values.desk import Mode
from maild.core.values.rule import Happening
from maild.core.writing.lateness import row, span
from tests.support.deciding import CASE, RITA, case, clock
from tests.support.desk import DESK, NOW, POLICY

TOM = "tom@other.example"
LINE = Line(CASE, None, Promise.RESPOND, NOW.isoformat(), (NOW + timedelta(hours=48)).isoformat(), clock=2)


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ({"hours": -5}, "0 minutes"),
        ({}, "0 minutes"),
        ({"seconds": 119}, "1 minute"),
        ({"minutes": 59, "seconds": 59}, "59 minutes"),
        ({"minutes": 60}, "1 hour"),
        ({"minutes": 119}, "1 hour"),
        ({"hours": 24}, "24 hours"),
        ({"hours": 47, "minutes": 59}, "47 hours"),
        ({"hours": 48}, "2 days"),
        ({"hours": 49}, "2 days and 1 hour"),
        ({"days": 3, "hours": 4, "minutes": 59}, "3 days and 4 hours"),
    ],
)
def test_a_time_in_words_is_rounded_down(time: dict[str, int], words: str) -> None:
    """In minutes below an hour, in hours below two days."""
    assert span(timedelta(**time)) == words


def shown(at: timedelta, one: Clock | None, of: Case | None, policy: Policy = POLICY) -> dict[str, object]:
    """The facts of a line about the promise to respond."""
    return row(LINE, one, of, policy, NOW + at)


@pytest.mark.parametrize(("seconds", "over"), [(-1, False), (0, True), (1, True)])
def test_a_promise_is_overdue_from_the_instant_it_is_due(seconds: int, over: bool) -> None:
    """Not a second before."""
    one = clock(Promise.RESPOND, 2)
    found = shown(timedelta(hours=48, seconds=seconds), one, case(one, handler="Anna"))
    assert (found["over"], found["handler"], found["every"]) == (over, "Anna", False)


def test_what_is_known_now_is_said_rather_than_what_was() -> None:
    """A clock that moved meanwhile has its new deadline; without one the line tells its own."""
    moved = replace(
        clock(Promise.RESPOND, 2), due=NOW + timedelta(hours=50), started=NOW + timedelta(hours=1)
    )
    found = shown(timedelta(hours=53), moved, case(moved))
    assert (found["due"], found["late"]) == ((NOW + timedelta(hours=50)).isoformat(), "3 hours")
    assert found["waits"] == f"The reporter of {CASE} has waited for a reply for 2 days and 4 hours."
    alone = shown(timedelta(hours=53), None, None)
    assert (alone["due"], alone["late"], alone["handler"]) == (LINE.due, "5 hours", "")


@pytest.mark.parametrize(("mode", "seen"), [(Mode.OBSERVE, True), (Mode.RELAY, False)])
def test_where_answers_are_only_seen_in_copies_that_is_said(mode: Mode, seen: bool) -> None:
    """Of a desk that passes answers on itself nothing of copies is said, nor where no reply is awaited."""
    policy = replace(POLICY, desk=replace(DESK, mode=mode))
    ends = shown(timedelta(), clock(Promise.RESPOND, 2), case(), policy)["ends"]
    beside = f", with the desk ({DESK.address}) in Cc or from the desk's own account"
    assert ends == f"a reply to the reporter{beside if seen else ''}"


@pytest.mark.parametrize(
    ("people", "whose", "named"),
    [
        ((RITA,), RITA, f"The reporter of {CASE}"),
        ((RITA, TOM), RITA, f"One of the 2 reporters of {CASE} (number 1 in `maild show` and !status)"),
        ((RITA, TOM), TOM, f"One of the 2 reporters of {CASE} (number 2 in `maild show` and !status)"),
        ((RITA, TOM), "gone@x.example", f"The reporter of {CASE}"),
        ((), "", f"The reporter of {CASE}"),
    ],
)
def test_who_waits_is_told_by_a_number(people: tuple[str, ...], whose: str, named: str) -> None:
    """Only where there are several, and never by an address."""
    one = replace(clock(Promise.RESPOND, 2), reporter=whose)
    assert str(shown(timedelta(), one, case(one, reporters=people))["waits"]).startswith(
        f"{named} has waited"
    )


def test_of_updates_the_time_since_the_last_answer_is_told() -> None:
    """Nobody waits for a reply then; another promise of that kind is told by what it waits for."""
    since = replace(LINE, promise=Promise.UPDATE)
    found = row(since, None, None, POLICY, NOW + timedelta(hours=3))
    assert found["waits"] == f"The reporter of {CASE} last heard from the team 3 hours ago."
    assert (found["every"], found["promised"]) == (True, "5 days")
    other = replace(POLICY.rules[2], met_by=frozenset({Happening.FIXED}))
    fixed = row(since, None, None, replace(POLICY, rules=(other,)), NOW + timedelta(hours=3))
    assert fixed["waits"] == f"{CASE} has waited for its fix for 3 hours."
    gone = row(replace(LINE, promise="gone"), None, None, POLICY, NOW)
    assert (gone["every"], gone["promised"]) == (False, "")
