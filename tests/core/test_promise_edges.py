"""Promises at their edges: overdue at once, kept again after a bounce, run anew when a case is opened again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.core.changes.promises import MeetClock, RestoreClock, StartClock, StopClock
from maild.core.policy import Promise
from maild.core.promises.clocks import (
    NOTICE,
    answer_bounced,
    applied,
    ended,
    happened,
    kind_of_answer,
    next_promise,
    of_case,
    owes_answer,
    receipt_bounced,
    reopened,
    still_owed,
    stop_all,
)
from maild.core.values.case import Case
from maild.core.values.duration import Length
from maild.core.values.rule import Happening, Rule
from tests.support.deciding import CASE, RITA, answered_case, case, clock
from tests.support.desk import NOW, POLICY

SAM = "sam@far.example"
SECOND, WEEK = timedelta(seconds=1), timedelta(days=7)
FIX = Rule(
    "fix",
    Length(7, "d"),
    Happening.REPORT,
    frozenset({Happening.FIXED}),
    severities=frozenset({"Critical"}),
)
GRADED = replace(POLICY, rules=(*POLICY.rules, FIX))


@pytest.mark.parametrize(("after", "waits"), [(WEEK - SECOND, False), (WEEK, True), (WEEK + SECOND, True)])
def test_people_have_notice_of_a_promise_that_begins_overdue(after: timedelta, waits: bool) -> None:
    """From its very instant on; one that is a second ahead needs none."""
    now = NOW + after
    (begun,) = [one for one in applied(case(), "Critical", "", now, GRADED) if isinstance(one, StartClock)]
    assert (begun.promise, begun.due) == ("fix", NOW + WEEK)
    assert begun.waits == (now + NOTICE if waits else None)


def step(*kept_by: Happening, starts: Happening = Happening.REPORT) -> Rule:
    """A promise about a step of the case."""
    return Rule("judge", Length(7, "d"), starts, frozenset(kept_by))


JUDGED = replace(clock(Promise.RESPOND, 5), promise="judge", met=NOW)


@pytest.mark.parametrize(
    ("rule", "clocks", "again"),
    [
        (step(Happening.VERDICT), (), True),
        (step(Happening.VERDICT), (JUDGED,), False),
        (step(Happening.VERDICT), (replace(JUDGED, promise="other"),), True),
        (step(Happening.VERDICT), (replace(JUDGED, met=None),), True),
        (step(Happening.CLOSED), (JUDGED,), True),
        (step(Happening.CLOSED, Happening.VERDICT), (JUDGED,), True),
        (step(Happening.FIXED), (), True),
        (step(Happening.ANNOUNCED), (), True),
        (step(Happening.HANDLER), (), False),
        (step(Happening.VERDICT, starts=Happening.QUESTION), (), False),
    ],
)
def test_what_a_case_that_is_open_again_owes_beside_an_answer(
    rule: Rule, clocks: tuple[object, ...], again: bool
) -> None:
    """A step that was not done, or that only the closing made done."""
    closed = replace(answered_case(), clocks=clocks)
    policy = replace(POLICY, rules=(*POLICY.rules, rule))
    begun = [one.promise for one in reopened(closed, NOW, policy) if isinstance(one, StartClock)]
    assert begun == ["update", *(["judge"] if again else [])]


MET = replace(clock(Promise.ACKNOWLEDGE, 1), met=NOW)
ANSWERED = replace(clock(Promise.RESPOND, 2), met=NOW, met_letter=7)
SAMS = replace(clock(Promise.ACKNOWLEDGE, 3, reporter=SAM), met=NOW, met_letter=8)
RUNS = replace(clock(Promise.UPDATE, 4), start_letter=7)


def test_a_receipt_that_came_back_kept_nothing() -> None:
    """Of its own reporter only what a receipt keeps runs again; nothing once a person wrote."""
    one = case(MET, ANSWERED, SAMS, RUNS, reporters=(RITA, SAM))
    assert receipt_bounced(one, RITA, POLICY) == [RestoreClock(1, CASE, "receipt bounced")]
    assert receipt_bounced(one, SAM, POLICY) == [RestoreClock(3, CASE, "receipt bounced")]
    assert receipt_bounced(case(clock(Promise.ACKNOWLEDGE, 1)), RITA, POLICY) == []
    assert receipt_bounced(replace(one, answered=True), RITA, POLICY) == []


def test_an_answer_that_came_back_kept_and_started_nothing() -> None:
    """What that very letter had kept runs again, and what it had started ends."""
    one = case(MET, ANSWERED, SAMS, RUNS)
    at = NOW + WEEK
    assert answer_bounced(one, 7, at) == [
        StopClock(4, CASE, at, "answer bounced"),
        RestoreClock(2, CASE, "answer bounced"),
    ]
    assert answer_bounced(one, 8, at) == [RestoreClock(3, CASE, "answer bounced")]


@pytest.mark.parametrize(("reporters", "kept"), [((RITA, SAM), [1, 2]), ((RITA,), [1]), ((), [1, 2])])
def test_a_step_of_the_case_counts_for_each_reporter(reporters: tuple[str, ...], kept: list[int]) -> None:
    """And for a case whose reporter nobody knows."""
    judge = replace(clock(Promise.RESPOND, 1), promise="judge")
    one = case(judge, replace(judge, id=2, reporter=SAM), reporters=reporters)
    policy = replace(POLICY, rules=(*POLICY.rules, step(Happening.VERDICT)))
    found = of_case(one, Happening.VERDICT, NOW, "team:Anna", policy)
    assert [change.clock for change in found if isinstance(change, MeetClock)] == kept


@pytest.mark.parametrize(
    ("promise", "what", "kept"),
    [
        ("older", Happening.REPLY, True),
        ("older", Happening.RECEIPT, False),
        ("respond", Happening.REPLY, True),
        ("respond", Happening.RECEIPT, False),
        ("acknowledge", Happening.RECEIPT, True),
    ],
)
def test_what_keeps_a_promise(promise: str, what: Happening, kept: bool) -> None:
    """What its rule says; one that the policy has no more is kept by an answer."""
    one = case(replace(clock(Promise.RESPOND, 1), promise=promise))
    found = happened(one, what, RITA, NOW, "team:Anna", POLICY)
    assert [change.clock for change in found if isinstance(change, MeetClock)] == [1] * kept


ANSWER = Rule("answer", Length(2, "d"), Happening.QUESTION, frozenset({Happening.REPLY}))
ASKED = replace(POLICY, rules=(*POLICY.rules, ANSWER))


@pytest.mark.parametrize(("after", "kept"), [(-SECOND, False), (timedelta(0), False), (SECOND, True)])
def test_nothing_done_before_a_question_answers_it(after: timedelta, kept: bool) -> None:
    """What was done before a question, or at the same instant, is no answer to it."""
    one = case(replace(clock(Promise.RESPOND, 1), promise="answer"))
    found = happened(one, Happening.REPLY, RITA, NOW + after, "team:Anna", ASKED)
    assert [change.clock for change in found if isinstance(change, MeetClock)] == [1] * kept


@pytest.mark.parametrize(("after", "anew"), [(-SECOND, False), (timedelta(0), False), (SECOND, True)])
def test_an_answer_seen_late_sets_no_younger_update_back(after: timedelta, anew: bool) -> None:
    """Of two in the same instant the second changes nothing."""
    found = happened(answered_case(NOW), Happening.REPLY, RITA, NOW + after, "team:Anna", POLICY)
    assert bool(found) is anew


@pytest.mark.parametrize(
    ("one", "brief", "counts"),
    [
        (case(), True, Happening.RECEIPT),
        (case(), False, Happening.REPLY),
        (answered_case(), True, Happening.REPLY),
        (case(clock(Promise.RESPOND, reporter=SAM), reporters=(RITA, SAM)), True, Happening.REPLY),
    ],
)
def test_what_an_answer_counts_as(one: Case, brief: bool, counts: Happening) -> None:
    """A brief one is no first answer to a reporter who waits for one, and is enough for everybody else."""
    assert kind_of_answer(one, RITA, POLICY, brief) is counts


def test_what_the_same_act_keeps_does_not_even_begin() -> None:
    """Everything else begins, and what is kept is kept."""
    changes = [
        MeetClock(1, CASE, NOW, "team:Anna"),
        StartClock(CASE, "respond", RITA, NOW, NOW + WEEK, NOW),
        StartClock(CASE, "acknowledge", RITA, NOW, NOW + WEEK, NOW),
    ]
    assert still_owed(list(changes), Happening.REPLY, POLICY) == changes[:1]
    assert still_owed(list(changes), Happening.RECEIPT, POLICY) == changes[:2]


@pytest.mark.parametrize(
    ("one", "owes"),
    [
        (case(), True),
        (answered_case(), False),
        (case(clock(Promise.UPDATE), answered=False), True),
        (case(clock(Promise.RESPOND), answered=True), True),
        (case(reporters=()), False),
        (case(replace(clock(Promise.RESPOND), promise="older"), answered=True), False),
    ],
)
def test_whether_somebody_still_waits_for_the_first_answer(one: Case, owes: bool) -> None:
    """A reporter whom nobody wrote to, or one of several; a case of nobody known waits for none."""
    assert owes_answer(one, POLICY) is owes


@pytest.mark.parametrize(
    ("rules", "due"),
    [
        (POLICY.rules, NOW + timedelta(hours=48)),
        (POLICY.rules[:1], None),
        (
            (*POLICY.rules, replace(POLICY.rules[1], id="sooner", limit=Length(8, "h"))),
            NOW + timedelta(hours=8),
        ),
        (tuple(replace(rule, public=False) for rule in POLICY.rules), None),
        (tuple(replace(rule, starts=Happening.REPLY) for rule in POLICY.rules), None),
    ],
)
def test_by_when_a_person_writes(rules: tuple[Rule, ...], due: object) -> None:
    """The soonest published promise that only a person keeps; nothing where there is none."""
    said = next_promise(replace(POLICY, rules=rules), NOW)
    assert said == (due.isoformat() if due else "")  # type: ignore[attr-defined]  # an instant


def test_the_end_of_a_case_keeps_what_it_keeps_and_stops_the_rest() -> None:
    """The end of a case keeps the promises that it keeps and stops the others, each once."""
    policy = replace(POLICY, rules=(*POLICY.rules, step(Happening.CLOSED)))
    one = case(
        clock(Promise.UPDATE, 1), replace(clock(Promise.RESPOND, 2), promise="judge"), MET, answered=True
    )
    found = ended(one, NOW, "team:Anna", policy, "closed")
    assert [(type(change).__name__, change.clock) for change in found] == [  # type: ignore[attr-defined]
        ("MeetClock", 2),
        ("StopClock", 1),
    ]
    assert stop_all(case(MET, replace(RUNS, id=9)), NOW, "closed") == [StopClock(9, CASE, NOW, "closed")]
