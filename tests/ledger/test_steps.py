"""Promises about the steps of a case: verdict, fix, announcement and end, by the word or the event."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from maild.core.event import SweepDue
from maild.core.letters.kinds import LetterKind
from maild.core.values.calendar import Calendar, due
from maild.core.values.duration import Length
from maild.core.values.rule import Happening, Rule
from maild.store import cases
from maild.store.database import Database
from tests.ledger.playing import RITA, PlayedDesk
from tests.ledger.test_ends import PLACES, answered, say
from tests.support import mails
from tests.support.desk import NOW, POLICY
from tests.support.read import read

REPORT = Happening.REPORT
VERDICT = Rule("judge", Length(10, "d"), REPORT, frozenset({Happening.VERDICT}))
FIX = Rule("fix", Length(90, "d"), REPORT, frozenset({Happening.FIXED}), severities=frozenset({"Critical"}))
OUT = Rule("out", Length(7, "d"), Happening.FIXED, frozenset({Happening.ANNOUNCED}))
RESOLVE = Rule("resolve", Length(90, "d"), REPORT, frozenset({Happening.CLOSED}))
OFFICE = Calendar("office", UTC, dict.fromkeys(range(5), ((time(9), time(17)),)))
"""Monday to Friday, nine to five."""


@pytest.fixture
def desk(database: Database) -> PlayedDesk:
    """A desk that promises each step."""
    rules = (*POLICY.rules, VERDICT, FIX, OUT, RESOLVE)
    return PlayedDesk(database, replace(POLICY, rules=rules, targets=PLACES))


def running(desk: PlayedDesk, case: str) -> set[str]:
    """The promises that run in the case."""
    found = desk.database.call(cases.get, case)
    assert found
    return {one.promise for one in found.running()}


def kept(desk: PlayedDesk, case: str) -> set[str]:
    """The promises that were kept in the case."""
    found = desk.database.call(cases.get, case)
    assert found
    return {one.promise for one in found.clocks if one.met}


def test_each_step_keeps_and_starts_its_promise(desk: PlayedDesk) -> None:
    """Verdict, fix of every branch, announcement and closing, one after the other."""
    case = answered(desk)
    assert {"judge", "resolve"} <= running(desk, case)
    assert "fix" not in running(desk, case)
    say(desk, case, "verdict vulnerability")
    assert "judge" in kept(desk, case)
    say(desk, case, "severity critical")
    assert "fix" in running(desk, case)
    say(desk, case, "branch main fixed")
    assert "fix" in kept(desk, case)
    assert "out" in running(desk, case)
    desk.wait(days=1)
    say(desk, case, "leaked", "published announce")
    assert "out" in kept(desk, case)
    desk.wait(days=1)
    desk.answer("1")
    assert "resolve" in running(desk, case)
    say(desk, case, "close")
    assert "resolve" in kept(desk, case)
    assert running(desk, case) == set()


def test_the_fix_is_kept_by_the_last_branch(desk: PlayedDesk) -> None:
    """With two maintained branches the first fix is not all; a reason for none counts as one."""
    process = replace(desk.policy.process, branches=("1.8", "2.0"))
    desk.policy = replace(desk.policy, process=process)
    case = answered(desk)
    say(desk, case, "severity critical", "branch 2.0 fixed")
    assert "fix" not in kept(desk, case)
    say(desk, case, "branch 1.8 waived it never had the parser")
    assert "fix" in kept(desk, case)


def test_the_status_counts_the_branches_that_somebody_named(desk: PlayedDesk) -> None:
    """On a desk whose policy names no branches; before any is named there is nothing to count."""
    case = answered(desk)
    assert "[ ] 4 fixed: no branch yet" in say(desk, case, "status")
    assert "[x] 4 fixed on 1 of 1 branch" in say(desk, case, "branch 2.0 fixed", "status")
    status = say(desk, case, "embargo 2026-03-20 16:00 UTC", "status")
    assert "[ ] 5 announced: planned for 2026-03-20 16:00 UTC" in status
    assert "[x] 5 announced: 2026-03" in say(desk, case, "leaked", "published announce", "status")


@pytest.mark.parametrize("end", ["close", "spam"])
def test_the_end_keeps_what_promises_an_end(desk: PlayedDesk, end: str) -> None:
    """RT's *Resolve* and Zammad's solution time: met by the closing, whatever the verdict; reopened it runs anew."""
    case = answered(desk)
    say(desk, case, end)
    assert "resolve" in kept(desk, case)
    desk.wait(days=1)
    desk.arrives(
        mails.plain(text="It still crashes.\n", message_id="<again@x>", In_Reply_To="<1@reporter.example>")
    )
    found = desk.database.call(cases.get, case)
    assert found
    (clock,) = found.running("resolve")
    assert clock.due == desk.now + timedelta(days=90)


def test_a_missed_step_is_told_in_words(desk: PlayedDesk) -> None:
    """The coordinator reads what the case waits for and what ends it."""
    case = answered(desk)
    for _ in range(4):
        desk.wait(days=3)
        desk.answer("1", RITA)
    desk.happens(SweepDue())
    (letter,) = [one for one in desk.send() if one.kind is LetterKind.ESCALATION]
    text = read(desk, letter)
    assert f"The reporter of {case} has waited for a verdict for 12 days" in text
    assert "what ends it: a verdict (!verdict VERDICT)" in text


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        (datetime(2026, 3, 6, 16, 0, tzinfo=UTC), 600, datetime(2026, 3, 10, 10, 0, tzinfo=UTC)),
        (datetime(2026, 3, 6, 16, 0, tzinfo=UTC), 60, datetime(2026, 3, 6, 17, 0, tzinfo=UTC)),
        (datetime(2026, 3, 7, 12, 0, tzinfo=UTC), 30, datetime(2026, 3, 9, 9, 30, tzinfo=UTC)),
        (NOW, 1, NOW + timedelta(minutes=1)),
        (NOW, 480, datetime(2026, 3, 3, 9, 30, tzinfo=UTC)),
    ],
)
def test_working_minutes_count_working_time_only(start: datetime, minutes: int, end: datetime) -> None:
    """As Zammad counts its solution time and RT its business minutes: evenings and weekends do not pass."""
    assert due(start, Length(minutes, "wm"), OFFICE) == end
    if minutes % 60 == 0:
        assert due(start, Length(minutes // 60, "wh"), OFFICE) == end
