"""The five steps of a case in words, and what is told when somebody else looks after it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from maild.core.candidates.said import CaseCandidates
from maild.core.cases.handling import DOES
from maild.core.cases.taking import TAKEN
from maild.core.change import OweLetter
from maild.core.changes.promises import TakeClocks
from maild.core.decide import decide
from maild.core.decision import Decision
from maild.core.disclosure import stages
from maild.core.event import OperatorSaid
from maild.core.facts.table import BRANCH
from maild.core.letters.payloads import Notice
from maild.core.policy import Promise
from maild.core.values.case import Case
from maild.core.words.command import Command
from maild.core.words.reading import Word
from tests.core.test_disclosure import PROCESS, ROAD, after, handled
from tests.support.deciding import CASE, answered_case, case, clock
from tests.support.desk import NOW, POLICY

LEFT = [
    "1 received, handled by nobody yet",
    "2 confirmed, affected versions not known yet",
    "3 audited for similar problems",
    "4 fixed on 0 of 2 maintained branches",
    "5 announced: no date yet",
]
DONE = [
    "1 received, handled by Anna",
    "2 confirmed, affects 1.0 to 2.0.3",
    "3 audited for similar problems",
    "4 fixed on 2 of 2 maintained branches",
    "5 announced: planned for 2026-03-20 16:00 UTC",
]


def told(one: Case) -> tuple[list[bool], list[str]]:
    """Which steps are done, and all five in words."""
    found = list(stages.steps(one, PROCESS))
    return [done for done, _ in found], [said for _, said in found]


def says(one: Case, text: str, now: datetime = NOW) -> Decision:
    """A word on the command line."""
    name, _, rest = text.partition(" ")
    return decide(OperatorSaid(CASE, Word(name, rest), "operator:ann"), CaseCandidates(one), POLICY, now)


def facts(decision: Decision) -> dict[str, dict[str, object]]:
    """What the notices of *decision* say, by their reader."""
    letters = [one for one in decision.changes if isinstance(one, OweLetter)]
    return {one.recipient: dict(one.says.details) for one in letters if isinstance(one.says, Notice)}


def test_the_five_steps_in_words() -> None:
    """Each step says what is known of it, before it was done, when it was, and once the case is announced."""
    assert told(answered_case()) == ([False] * 5, LEFT)
    ready = after(handled(), *ROAD)
    assert told(ready) == ([True] * 4 + [False], DONE)
    out = after(ready, "leaked", "stage announced")
    assert told(out) == ([True] * 5, [*DONE[:4], "5 announced: 2026-03-02 10:30 UTC"])


def test_without_branches_of_the_policy_those_that_were_named_count() -> None:
    """They are not called maintained, and with none at all the step stays open."""
    process = replace(PROCESS, branches=(), handling={})
    one = answered_case()
    assert list(stages.steps(one, process))[3] == (False, "4 fixed: no branch yet")
    assert list(stages.steps(after(one, "branch 1.8 fixed"), process))[3] == (
        True,
        "4 fixed on 1 of 1 branch",
    )


@pytest.mark.parametrize(("sealed", "kept"), [(False, "waived: it was never released"), (True, "waived")])
def test_why_a_branch_gets_no_fix_is_kept_where_the_case_is_not_encrypted(sealed: bool, kept: str) -> None:
    """Of an encrypted case only that the branch was waived; its reason is text, which does not rest in clear."""
    one = after(replace(handled(), sealed=sealed), "branch 2.0 waived it was never released")
    assert one.record.items(BRANCH) == {"2.0": kept}


@pytest.mark.parametrize(
    ("running", "now", "promise", "due"),
    [
        ((clock(Promise.UPDATE, 1, NOW),), NOW, "update", "2026-03-07T09:30:00+00:00"),
        ((clock(Promise.UPDATE, 1, NOW),), NOW + timedelta(days=5), "update", ""),
        ((), NOW, "", ""),
    ],
)
def test_who_takes_over_hears_what_is_due_next(
    running: tuple[object, ...], now: datetime, promise: str, due: str
) -> None:
    """The new handler and the one before read when; nothing of an instant that has come."""
    one = replace(case(handler="Bea"), clocks=running)
    heard = facts(says(one, "handler Carl", now))
    assert {len(heard), *(len(one) for one in heard.values())} == {2, 5}
    assert all((one["handler"], one["was"]) == ("Carl", "Bea") for one in heard.values())
    assert all((one["promise"], one["due"]) == (promise, due) for one in heard.values())


def test_who_has_the_case_already_is_told_nothing() -> None:
    """It is theirs as it was; somebody who is not on the team is named in the answer."""
    assert facts(says(case(handler="Carl"), "handler Carl")) == {}
    assert "Nobody" in says(case(), "handler Nobody").said


def test_taken_pauses_what_escalates_for_as_long_as_it_says() -> None:
    """Until the same instant in the answer and in what is recorded; the desk itself cannot take a case."""
    carl = Command(Word("taken", ""), case(), "team:Carl", "Carl", NOW, POLICY)
    obeyed = DOES["taken"](carl)
    (taken,) = [one for one in obeyed.changes if isinstance(one, TakeClocks)]
    assert taken.until == NOW + TAKEN
    assert f"paused until {taken.until:%Y-%m-%d %H:%M} UTC" in obeyed.said
    assert says(case(), "taken").changes == ()
