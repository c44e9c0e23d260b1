"""Clocks: what starts, meets, restores and stops a promise (rulings 1, 7 to 9, 12)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.change import Change
from maild.core.changes.promises import MeetClock, RestoreClock, StartClock, StopClock
from maild.core.policy import Policy, Promise
from maild.core.promises import clocks
from maild.core.values.case import Case
from maild.core.values.duration import Length
from maild.core.values.rule import Happening, Rule
from tests.support.deciding import CASE, RITA, answered_case, case, clock, due_of
from tests.support.desk import NOW, POLICY

TOM = "tom@other.example"
LATER = NOW + timedelta(hours=5)


def running(changes: list[object]) -> list[tuple[str, datetime]]:
    """The clocks that start, with their due instants."""
    return [(c.promise, c.due) for c in changes if isinstance(c, StartClock)]


def answered(one: Case, reporter: str, at: datetime) -> list[Change]:
    """What Anna's answer changes."""
    return clocks.happened(one, Happening.REPLY, reporter, at, "team:Anna", POLICY)


def receipt_accepted(one: Case) -> list[Change]:
    """What the server's yes to the receipt changes."""
    return clocks.happened(one, Happening.RECEIPT, RITA, LATER, "receipt", POLICY)


def test_a_report_starts_two_promises() -> None:
    """Acknowledge and respond, each from the same instant; update is not among them (ruling 7)."""
    found = clocks.open_clocks(CASE, RITA, NOW, POLICY)
    assert running(list(found)) == [
        ("acknowledge", NOW + timedelta(hours=24)),
        ("respond", NOW + timedelta(hours=48)),
    ]


def test_an_answer_meets_everything_that_runs_and_starts_update() -> None:
    """A person's word meets acknowledge too, and the next is due five days after it (rulings 1, 7)."""
    changes = answered(case(), RITA, LATER)
    assert [c for c in changes if isinstance(c, MeetClock)] == [
        MeetClock(1, CASE, LATER, "team:Anna"),
        MeetClock(2, CASE, LATER, "team:Anna"),
    ]
    assert running(changes) == [("update", LATER + timedelta(days=5))]


def test_a_later_answer_begins_update_anew() -> None:
    """The running update is met and the next one counts from the new answer."""
    changes = answered(answered_case(NOW), RITA, LATER)
    assert [c.clock for c in changes if isinstance(c, MeetClock)] == [3]
    assert running(changes) == [("update", LATER + timedelta(days=5))]


@pytest.mark.parametrize("at", [LATER, LATER - timedelta(hours=1)])
def test_an_older_answer_seen_late_never_sets_update_back(at: datetime) -> None:
    """An answer from before the running update, or the very same one again, changes nothing."""
    assert answered(answered_case(LATER), RITA, at) == []


def test_an_answer_to_one_reporter_meets_nothing_of_another() -> None:
    """Promises run for each reporter alone."""
    two = case(clock(Promise.RESPOND, 1), clock(Promise.RESPOND, 2, reporter=TOM), reporters=(RITA, TOM))
    changes = answered(two, TOM, LATER)
    assert [c.clock for c in changes if isinstance(c, MeetClock)] == [2]
    assert [c.reporter for c in changes if isinstance(c, StartClock)] == [TOM]


def test_an_accepted_receipt_meets_acknowledge_and_nothing_else() -> None:
    """The server's yes to the receipt is no answer of a person (rulings 1, 9)."""
    assert receipt_accepted(case()) == [MeetClock(1, CASE, LATER, "receipt", what=Happening.RECEIPT)]


def test_a_receipt_accepted_after_an_answer_meets_nothing_more() -> None:
    """What is met stays met as it was."""
    assert receipt_accepted(answered_case()) == []


def acknowledged(answered: bool) -> tuple[object, ...]:
    """What a bounce of the receipt changes in an acknowledged case."""
    met = replace(clock(Promise.ACKNOWLEDGE, 1), met=LATER)
    return tuple(
        clocks.receipt_bounced(case(met, clock(Promise.RESPOND, 2), answered=answered), RITA, POLICY)
    )


def test_a_bounced_receipt_lets_the_promise_run_again() -> None:
    """Acknowledge runs on to its original due instant (ruling 1); respond was never touched."""
    assert acknowledged(answered=False) == (RestoreClock(1, CASE, "receipt bounced"),)


def test_a_bounce_after_an_answer_restores_nothing() -> None:
    """A person has written meanwhile: the promise is kept."""
    assert acknowledged(answered=True) == ()


def test_closing_stops_what_runs_and_only_that() -> None:
    """Running promises stop; those already met stay as they are."""
    assert clocks.stop_all(case(), LATER, "closed") == [
        StopClock(1, CASE, LATER, "closed"),
        StopClock(2, CASE, LATER, "closed"),
    ]
    assert [
        c.clock for c in clocks.stop_all(answered_case(), LATER, "closed") if isinstance(c, StopClock)
    ] == [3]


def test_daylight_saving_moves_no_deadline() -> None:
    """48 hours are 48 hours over the night when the clocks are changed."""
    night = NOW.replace(month=3, day=28, hour=23)
    due = due_of(Promise.RESPOND, night)
    assert (due - night, due.utcoffset()) == (timedelta(hours=48), timedelta(0))


INSTANTS = st.integers(0, 60 * 24 * 30).map(lambda minutes: NOW + timedelta(minutes=minutes))


@given(st.lists(INSTANTS, min_size=1, max_size=8))
def test_in_whatever_order_answers_are_seen_the_last_one_counts(answers: list[datetime]) -> None:
    """Answers may be read late and out of order: in the end update runs from the latest of them."""
    one = case()
    for number, at in enumerate(answers, start=10):
        changes = answered(one, RITA, at)
        met = {c.clock: c.at for c in changes if isinstance(c, MeetClock)}
        made = tuple(clock(c.promise, number, c.started) for c in changes if isinstance(c, StartClock))
        kept = tuple(replace(c, met=met.get(c.id, c.met)) for c in one.clocks)
        one = replace(one, clocks=kept + made)
    (update,) = one.running()
    assert (update.promise, update.started) == (Promise.UPDATE, max(answers))


FIX = Rule(
    "fix", Length(7, "d"), Happening.REPORT, frozenset({Happening.FIXED}), severities=frozenset({"Critical"})
)
FOR_BAD = replace(POLICY, rules=(*POLICY.rules, FIX))


@pytest.mark.parametrize(
    ("after", "waits"),
    [
        (timedelta(days=7, seconds=-1), None),
        (timedelta(days=7), clocks.NOTICE),
        (timedelta(days=8), clocks.NOTICE),
    ],
)
def test_a_word_that_makes_a_promise_overdue_leaves_people_some_hours(
    after: timedelta, waits: timedelta | None
) -> None:
    """It counts from the report; from its very end on nobody is called before they had a chance."""
    now = NOW + after
    (begun,) = [
        one for one in clocks.applied(case(), "Critical", "", now, FOR_BAD) if isinstance(one, StartClock)
    ]
    assert (begun.due, begun.waits) == (NOW + timedelta(days=7), now + waits if waits else None)


def test_without_any_clock_no_pause_is_known() -> None:
    """A case without promises was never paused; one whose deadline moved by a day was, for that day."""
    assert clocks.paused_for(replace(case(), clocks=()), LATER, POLICY) == timedelta(0)
    moved = clock(Promise.RESPOND, 1)
    moved = replace(moved, due=moved.due + timedelta(days=1))
    assert clocks.paused_for(case(moved, clock(Promise.ACKNOWLEDGE, 2)), LATER, POLICY) == timedelta(days=1)


STEP = Rule("step", Length(3, "d"), Happening.REPORT, frozenset({Happening.VERDICT}))
END = Rule("end", Length(9, "d"), Happening.REPORT, frozenset({Happening.VERDICT, Happening.CLOSED}))


@pytest.mark.parametrize(
    ("met", "begun"),
    [
        ((), {"step", "end", "respond"}),
        (("step",), {"end", "respond"}),
        (("end",), {"step", "end", "respond"}),
        (("step", "end", "respond"), {"end", "respond"}),
        (("respond",), {"step", "end", "respond"}),
    ],
)
def test_a_case_opened_again_owes_the_steps_it_did_not_take(met: tuple[str, ...], begun: set[str]) -> None:
    """What the closing alone may have kept runs anew; a verdict that was given need not be given again."""
    policy = replace(POLICY, rules=(*POLICY.rules, STEP, END))
    done = [replace(clock(Promise.RESPOND, n), promise=name, met=LATER) for n, name in enumerate(met, 1)]
    one = replace(case(), clocks=tuple(done))
    assert {name for name, _ in running(list(clocks.reopened(one, LATER, policy)))} == begun


def test_a_bounced_receipt_touches_no_promise_to_another_reporter() -> None:
    """Nor one that a receipt does not keep, nor one that still runs."""
    hers = replace(clock(Promise.ACKNOWLEDGE, 1), met=LATER)
    his = replace(clock(Promise.ACKNOWLEDGE, 2, reporter=TOM), met=LATER)
    other = replace(clock(Promise.RESPOND, 3), met=LATER)
    one = case(hers, his, other, clock(Promise.ACKNOWLEDGE, 4), reporters=(RITA, TOM))
    assert clocks.receipt_bounced(one, RITA, POLICY) == [RestoreClock(1, CASE, "receipt bounced")]


def test_a_step_of_the_case_keeps_the_promise_to_each_reporter() -> None:
    """With two reporters for both; without any reporter what runs for nobody in particular."""
    policy = replace(POLICY, rules=(STEP,))
    two = case(
        replace(clock(Promise.RESPOND, 1), promise="step"),
        replace(clock(Promise.RESPOND, 2, reporter=TOM), promise="step"),
        reporters=(RITA, TOM),
    )
    assert [one.clock for one in met_of(two, policy)] == [1, 2]
    nobody = case(replace(clock(Promise.RESPOND, 3, reporter=""), promise="step"), reporters=())
    assert [one.clock for one in met_of(nobody, policy)] == [3]


def met_of(one: Case, policy: Policy) -> list[MeetClock]:
    """What a verdict keeps."""
    found = clocks.of_case(one, Happening.VERDICT, LATER, "team:Anna", policy)
    return [change for change in found if isinstance(change, MeetClock)]
