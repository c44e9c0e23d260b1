"""A pause that has ended is over: the next one counts from the due instant that it left; no reminder is lost."""

from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from maild.core.candidates.times import DueClock
from maild.core.change import OweLetter
from maild.core.changes.promises import LookAgain, StartClock
from maild.core.policy import Policy
from maild.core.promises import clocks, pausing
from maild.core.promises.ladder import remind
from maild.core.values.calendar import WALL, Calendar
from maild.core.values.case import Clock
from maild.core.values.duration import Length
from maild.core.values.ids import case_ids
from maild.core.values.rule import Happening, Rule
from tests.support.deciding import RITA, case, clock
from tests.support.desk import NOW, POLICY

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
FIRST = clock(POLICY.rules[1].id, started=NOW)  # type: ignore[arg-type]  # a promise by its id


def paused(until: datetime) -> Clock:
    """The promise, paused at once for one day, or until then."""
    return replace(
        FIRST, paused_since=NOW, paused_until=until, paused_due=FIRST.due, due=FIRST.due + (until - NOW)
    )


@pytest.mark.parametrize("clock", [paused(NOW + DAY), FIRST], ids=["paused before", "never paused"])
def test_after_a_pause_the_next_one_moves_what_is_due_now(clock: Clock) -> None:
    """The days between two pauses are no pause."""
    later = NOW + 3 * DAY
    (moved,) = pausing.pause(case(clock), "the vendor", later + 2 * DAY, "team:Mia", POLICY, later)
    assert (moved.before, moved.due) == (clock.due, clock.due + 2 * DAY)
    assert (moved.since, moved.paused_until) == (later, later + 2 * DAY)


def test_only_what_waits_runs_again() -> None:
    """The promise gets back the time that it has waited, to the instant at which it is said, and no more."""
    one = case(paused(NOW + 4 * DAY))
    (moved,) = pausing.resume(one, "team:Mia", POLICY, NOW + DAY)
    assert (moved.due, moved.paused_until, moved.since, moved.before) == (FIRST.due + DAY, None, None, None)
    assert pausing.resume(one, "team:Mia", POLICY, NOW + 4 * DAY) == ()
    assert pausing.resume(case(FIRST), "team:Mia", POLICY, NOW) == ()


def test_a_pause_in_the_past_is_none() -> None:
    """Neither one that ends now, nor the same once more."""
    assert pausing.pause(case(FIRST), "the vendor", NOW, "team:Mia", POLICY, NOW) == ()
    again = case(paused(NOW + 2 * DAY))
    assert pausing.pause(again, "the vendor", NOW + 2 * DAY, "team:Mia", POLICY, NOW + DAY) == ()


def test_a_report_has_a_thousand_names_to_choose_from() -> None:
    """Each once, and always the same: a second desk made from the same secret gives the same."""
    names = list(case_ids(b"secret", "EX", "identity"))
    assert len(set(names)) == len(names) == 1000
    assert names == list(case_ids(b"secret", "EX", "identity"))


SHARES = (0.25, 0.5, 0.8)
HOUR = timedelta(hours=1)
OFFICE = Calendar(
    "office", ZoneInfo("Europe/Berlin"), dict.fromkeys(range(5), ((time(9), time(12)), (time(13), time(17))))
)
LIMITS = st.sampled_from(
    [
        (Length(5, "d"), WALL),
        (Length(48, "h"), WALL),
        (Length(3, "wd"), OFFICE),
        (Length(20, "wh"), OFFICE),
        (Length(600, "wm"), OFFICE),
    ]
)
LENGTHS = st.integers(1, 60 * 60).map(lambda count: timedelta(minutes=count))
STEPS = st.lists(
    st.tuples(LENGTHS, st.sampled_from(["pause", "pause", "resume", "sweep", "longer", "shorter"]), LENGTHS),
    max_size=12,
)


@dataclass
class Played:
    """One promise under what people say and what sweeps find, and the instants of its reminders."""

    policy: Policy
    clock: Clock
    reminded: list[datetime] = field(default_factory=list)

    @property
    def rule(self) -> Rule:
        """The promise as it is configured now."""
        return self.policy.rules[0]

    def sweep(self, now: datetime) -> None:
        """What a sweep does at *now*, if it is time to look and the promise is not yet overdue."""
        if not (self.clock.look and self.clock.look <= now < self.clock.due):
            return
        changes = remind((DueClock(self.clock),), self.policy, now)
        assert not (self.clock.waits(now) and any(isinstance(one, OweLetter) for one in changes))
        self.reminded += [now for one in changes if isinstance(one, OweLetter)]
        (look,) = (one.look for one in changes if isinstance(one, LookAgain))
        self.clock = replace(self.clock, look=look)

    def sweeps(self, since: datetime, until: datetime) -> None:
        """Every sweep that finds something to look at, in time."""
        while self.clock.look and self.clock.look <= until and self.clock.look < self.clock.due:
            self.sweep(max(self.clock.look, since))

    def says(self, word: str, length: timedelta, now: datetime) -> None:
        """A pause for so long, its end, or a configuration with another limit."""
        one = case(self.clock)
        if word in ("longer", "shorter"):
            limit = replace(self.rule.limit, amount=self.rule.limit.amount * 2 if word == "longer" else 1)
            self.policy = replace(self.policy, rules=(replace(self.rule, limit=limit),))
        moved = pausing.resume(one, "team:Mia", self.policy, now) if word == "resume" else ()
        if word == "pause":
            moved = pausing.pause(one, "the vendor", now + length, "team:Mia", self.policy, now)
        for change in moved:
            self.clock = replace(
                self.clock,
                due=change.due,
                look=change.look,
                paused_until=change.paused_until,
                paused_since=change.since,
                paused_due=change.before,
            )


def played(limit: Length, calendar: Calendar, shares: tuple[float, ...]) -> Played:
    """A promise that has just begun, with reminders at these *shares*."""
    rule = replace(POLICY.rules[1], limit=limit, calendar=calendar, warn_at=shares)
    due = rule.due(NOW)
    started = replace(FIRST, due=due, look=rule.next_look(NOW, due, NOW))
    return Played(replace(POLICY, rules=(rule,)), started)


@given(LIMITS, st.lists(st.sampled_from(SHARES), min_size=1, unique=True), STEPS)
@settings(deadline=None)
def test_no_pause_swallows_a_reminder(
    limit: tuple[Length, Calendar], shares: list[float], steps: list[tuple[timedelta, str, timedelta]]
) -> None:
    """Each comes once, none while the promise waits: over pauses, their ends, longer, shorter, in any order."""
    one, now = played(*limit, tuple(shares)), NOW
    for gap, word, length in steps:
        if now + gap >= one.clock.due or word in ("longer", "shorter"):
            continue
        one.sweeps(now, now + gap)
        now += gap
        one.says(word, length, now)
    one.sweeps(now, one.clock.due)
    assert len(one.reminded) == len(shares)
    assert all(at < one.clock.due for at in one.reminded)


@example(
    (Length(48, "h"), WALL),
    [(MINUTE, "longer", MINUTE), (1039 * MINUTE, "pause", 801 * MINUTE), (MINUTE, "pause", 799 * MINUTE)],
)
@given(LIMITS, STEPS)
@settings(deadline=None)
def test_a_reminder_that_no_sweep_could_send_before_the_pause_comes_after_it(
    limit: tuple[Length, Calendar], steps: list[tuple[timedelta, str, timedelta]]
) -> None:
    """Whenever sweeps fall, and whatever a new configuration says: nothing is overdue before a reminder came."""
    one, now = played(*limit, (0.5,)), NOW
    for gap, word, length in steps:
        if now + gap >= one.clock.due:
            break
        now += gap
        one.says(word, length, now)
    one.sweeps(now, one.clock.due)
    assert one.reminded


@pytest.mark.parametrize(("late", "waits"), [(HOUR, 2 * HOUR), (HOUR, DAY), (timedelta(0), HOUR)])
def test_the_reminder_comes_when_the_pause_ends_that_began_before_its_sweep(
    late: timedelta, waits: timedelta
) -> None:
    """It had come due, perhaps an hour ago; a command said before the sweep only puts it off."""
    one = played(Length(48, "h"), WALL, (0.5,))
    now = NOW + DAY + late
    one.says("pause", waits, now)
    one.sweep(now)
    assert one.reminded == []
    one.sweeps(now, one.clock.due)
    assert one.reminded == [now + waits]
    again = played(Length(48, "h"), WALL, (0.5,))
    again.says("pause", waits, now)
    again.says("resume", waits, now + waits / 2)
    again.sweep(now + waits / 2)
    assert again.reminded == [now + waits / 2]


def test_an_update_that_begins_while_its_case_is_paused_waits_with_it() -> None:
    """An answer in the pause keeps one update; the next one counts from the end of the pause."""
    update = clock(POLICY.rules[2].id, started=NOW)  # type: ignore[arg-type]  # a promise by its id
    end = NOW + 9 * DAY
    waits = replace(
        update, due=update.due + 9 * DAY, paused_until=end, paused_since=NOW, paused_due=update.due
    )
    at = NOW + DAY
    changes = clocks.happened(case(waits), Happening.REPLY, RITA, at, "team:Mia", POLICY)
    (one,) = (change for change in changes if isinstance(change, StartClock))
    assert (one.due, one.look) == (end + 5 * DAY, end + 4 * DAY)
    assert one.paused == (end, at, at + 5 * DAY)


def test_a_promise_that_a_word_starts_in_a_pause_waits_with_the_others() -> None:
    """It counts from the report, less what the case has been paused so far, and waits until the same end."""
    fix = Rule(
        "fix", Length(60, "d"), Happening.REPORT, frozenset({Happening.FIXED}), severities=frozenset({"High"})
    )
    policy = replace(POLICY, rules=(*POLICY.rules, fix))
    end, now = NOW + 9 * DAY, NOW + 3 * DAY
    since = NOW + DAY
    update = clock(POLICY.rules[2].id, started=NOW)  # type: ignore[arg-type]  # a promise by its id
    waits = replace(
        update, due=update.due + 8 * DAY, paused_until=end, paused_since=since, paused_due=update.due
    )
    (one,) = clocks.applied(case(waits), "High", "", now, policy)
    assert isinstance(one, StartClock)
    assert one.due == NOW + 60 * DAY + 8 * DAY
    assert one.paused == (end, now, NOW + 60 * DAY + 2 * DAY)


@pytest.mark.parametrize(("look", "found"), [(30, 22), (18, 10), (12, 10), (48, 40), (50, 40)])
def test_a_reminder_that_the_rule_does_not_know_comes_sooner_by_as_much(look: int, found: int) -> None:
    """By as much as the deadline does, but not before the pause ends; one at the deadline moves with it."""
    hours = [NOW + timedelta(hours=one) for one in (48, 40, 10, look)]
    clock = Clock(1, "EX-1", "fix", "rita@reporter.example", NOW, hours[0])
    rule = Rule("fix", Length(48, "h"), Happening.REPORT, frozenset({Happening.FIXED}))
    assert pausing._sooner(clock, rule, *hours[1:]) == NOW + timedelta(hours=found)
