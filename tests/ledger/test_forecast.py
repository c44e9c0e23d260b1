"""The forecast: minute by minute, the sweeps do exactly what was foretold."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maild.core.candidates.times import Climbed, DueClock, SweepCandidates
from maild.core.change import OweLetter
from maild.core.changes.promises import Escalate, LookAgain
from maild.core.decide import decide
from maild.core.event import SweepDue
from maild.core.letters.kinds import LetterKind
from maild.core.policy import Policy
from maild.core.promises.forecast import Waiting, What, forecast
from maild.core.values.case import Clock
from maild.core.values.duration import Length
from maild.core.values.people import Member, Role, Team
from maild.core.values.rule import Happening, Ladder, Rule, Rung
from maild.store import lapses
from maild.store.database import Database
from tests.ledger.playing import PlayedDesk
from tests.support.desk import ANNA, BEA, CARL, NOW, POLICY

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NAMES = {member.contact: member.name for member in (ANNA, BEA, CARL)}
Told = tuple[datetime, str, int, str]
"""An instant, what happened, to which clock, who was told."""


@dataclass
class Desk:
    """Clocks in memory, swept by the real decisions; every letter is accepted as soon as it is owed."""

    policy: Policy
    waiting: tuple[Waiting, ...]
    told: set[Told] = field(default_factory=set)

    def sweep(self, now: datetime) -> None:
        """One sweep, its changes carried out."""
        due = tuple(one.clock for one in self.waiting if one.look <= now)
        changes = decide(SweepDue(), SweepCandidates(due), self.policy, now).changes if due else ()
        for change in changes:
            match change:
                case LookAgain():
                    self.change(change.clock, look=change.look)
                case Escalate():
                    self.told.add((now, "escalation", change.clock, NAMES[change.contact]))
                    self.climbed(change, now)
                case OweLetter(kind=LetterKind.REMINDER):
                    self.told |= {
                        (now, "reminder", number, NAMES[change.recipient]) for number in self.named(change)
                    }

    def climbed(self, step: Escalate, now: datetime) -> None:
        """The rung's letter is accepted; several people may stand on one rung."""
        late = next(one.clock for one in self.waiting if one.clock.clock.id == step.clock)
        rungs = tuple(dict.fromkeys((*late.rungs, Climbed(step.rung, now))))
        self.change(step.clock, clock=replace(late, rungs=rungs))

    def change(self, number: int, **values: Any) -> None:
        """One clock is changed."""
        self.waiting = tuple(
            replace(one, **values) if one.clock.clock.id == number else one for one in self.waiting
        )

    def named(self, letter: OweLetter) -> list[int]:
        """The clocks a reminder speaks of."""
        lines: Any = letter.facts["coming"]
        return [
            one.clock.clock.id
            for one in self.waiting
            for line in lines
            if one.clock.clock.promise == line["promise"] and one.clock.clock.case_id == line["case"]
        ]


def waiting(number: int, rule: Rule, started: datetime, **changes: Any) -> Waiting:
    """A running clock of its own case."""
    due = rule.due(started)
    clock = Clock(number, f"EX-{number}", rule.id, "rita@reporter.example", started, due)
    return Waiting(DueClock(replace(clock, **changes)), rule.next_look(started, due, started))


def foretold(desk: Desk, now: datetime, until: datetime) -> set[Told]:
    """What the forecast says, in the words of the sweeps; that something falls due is no sweep's business."""
    found = forecast(desk.waiting, desk.policy, now, until, repeats=10_000)
    return {
        (one.at, one.what.value, one.clock, name)
        for one in found
        if one.what is not What.DUE
        for name in one.people
    }


HOURS = st.integers(0, 23).map(time)
WHO = st.sampled_from(["coordinator", "backup", "handler", "Anna"])
RUNGS = st.builds(
    Rung,
    who=st.lists(WHO, min_size=1, max_size=3).map(tuple),
    after=st.integers(0, 20).map(lambda hours: hours * HOUR),
    everybody=st.booleans(),
    repeat_every=st.none() | st.integers(3, 20).map(lambda hours: hours * HOUR),
    quiet=st.none() | st.tuples(HOURS, HOURS).filter(lambda both: both[0] != both[1]),
)
# A sweep climbs one rung of a clock; one that is due at once after another is left to the next sweep.
LADDERS = st.lists(RUNGS, min_size=1, max_size=3).map(
    lambda rungs: (rungs[0], *(replace(rung, after=rung.after + HOUR) for rung in rungs[1:]))
)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana"])
DAYS = ((3, 2), (3, 28), (4, 4), (10, 24))
BEGINS = st.sampled_from([datetime(2026, month, day, 7, tzinfo=UTC) for month, day in DAYS])


@st.composite
def members(draw: st.DrawFn, begin: datetime) -> Team:
    """The three, each perhaps away for some hours."""
    away = st.tuples(st.integers(0, 60), st.integers(1, 40)).map(
        lambda hours: ((begin + hours[0] * HOUR, begin + (hours[0] + hours[1]) * HOUR),)
    )
    people: list[Member] = [replace(one, away=draw(st.just(()) | away)) for one in (ANNA, BEA, CARL)]
    return Team(tuple(people))


@st.composite
def desks(draw: st.DrawFn) -> tuple[Desk, datetime]:
    """A desk with some clocks, and the instant at which it is looked at."""
    begin = draw(BEGINS)
    rule = Rule(
        "respond",
        Length(draw(st.integers(1, 40)), "h"),
        Happening.REPORT,
        frozenset({Happening.REPLY}),
        warn_at=draw(st.sampled_from([(), (0.5,), (0.25, 0.5, 0.75)])),
    )
    policy = replace(
        POLICY,
        team=draw(members(begin)),
        rules=(rule,),
        ladders={"default": draw(LADDERS)},
        zone=ZoneInfo(draw(ZONES)),
    )
    taken = st.none() | st.integers(0, 70).map(lambda hours: begin + hours * HOUR)
    found = tuple(
        waiting(number, rule, begin - draw(st.integers(0, 30)) * HOUR, taken_until=draw(taken))
        for number in range(1, draw(st.integers(1, 3)) + 1)
    )
    return Desk(policy, found), begin


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(desks())
def test_sweeping_every_minute_does_what_was_foretold(drawn: tuple[Desk, datetime]) -> None:
    """Whatever ladder, quiet hours, absences and zone: nothing else, nobody else, to the minute."""
    desk, now = drawn
    until = now + 3 * DAY
    said = foretold(desk, now, until)
    for minute in range(3 * 24 * 60 + 1):
        desk.sweep(now + minute * MINUTE)
    assert desk.told == said


@settings(max_examples=50, deadline=None)
@given(desks())
def test_the_forecast_is_in_order_and_names_what_falls_due(drawn: tuple[Desk, datetime]) -> None:
    """Instants never go back, and every clock that is not late yet falls due once in it."""
    desk, now = drawn
    found = forecast(desk.waiting, desk.policy, now, now + 60 * DAY)
    assert [one.at for one in found] == sorted(one.at for one in found)
    due = sorted(one.clock for one in found if one.what is What.DUE)
    assert due == [one.clock.clock.id for one in desk.waiting if one.clock.clock.due >= now]


def test_a_report_that_nobody_answers(database: Database) -> None:
    """Two reminders, the due instant, the coordinator, and a day later the backup."""
    desk = PlayedDesk(database)
    case = desk.report()
    desk.send()
    found = forecast(database.call(lapses.waiting, case), desk.policy, desk.now, desk.now + 30 * DAY)
    assert [(one.what.value, one.at - NOW, one.people) for one in found] == [
        ("reminder", 24 * HOUR, ("Anna",)),
        ("reminder", 48 * HOUR * 0.8, ("Anna",)),
        ("due", 48 * HOUR, ()),
        ("escalation", 48 * HOUR, ("Carl",)),
        ("escalation", 72 * HOUR, ("Bea",)),
    ]


def test_the_database_does_what_it_foretold(database: Database) -> None:
    """Two cases in a real database: a minute before each instant nothing is owed, at the instant it is."""
    desk = PlayedDesk(database)
    desk.report("1")
    desk.wait(hours=5)
    desk.report("2", "tom@other.example")
    desk.answer("1")
    desk.send()
    found = forecast(database.call(lapses.waiting), desk.policy, desk.now, desk.now + 30 * DAY)
    assert len(found) == 9
    for at in sorted({one.at for one in found}):
        desk.now = at - MINUTE
        desk.happens(SweepDue())
        assert desk.send() == []
        desk.now = at
        desk.happens(SweepDue())
        people = {NAMES[letter.recipient] for letter in desk.send()}
        assert people == {name for one in found if one.at == at for name in one.people}


def test_after_everybody_was_told_nothing_more_will_happen(database: Database) -> None:
    """A ladder climbed to its end foretells nothing; a letter under way counts as accepted now."""
    desk = PlayedDesk(database)
    desk.report()
    desk.send()
    desk.wait(hours=50)
    desk.happens(SweepDue())
    found = forecast(database.call(lapses.waiting), desk.policy, desk.now, desk.now + 30 * DAY)
    assert [(one.at, one.people) for one in found] == [(desk.now + DAY, ("Bea",))]
    desk.send()
    desk.wait(days=2)
    desk.happens(SweepDue())
    desk.send()
    assert forecast(database.call(lapses.waiting), desk.policy, desk.now, desk.now + 30 * DAY) == ()


def test_quiet_hours_that_never_end_are_no_endless_search() -> None:
    """A rung that is always quiet is never climbed, and the forecast says so by its silence."""
    always: Ladder = (Rung((Role.COORDINATOR,), quiet=(time(8), time(8))),)
    rule = Rule("respond", Length(1, "h"), Happening.REPORT, frozenset({Happening.REPLY}))
    policy = replace(POLICY, rules=(rule,), ladders={"default": always})
    found = forecast((waiting(1, rule, NOW),), policy, NOW, NOW + DAY)
    assert [one.what for one in found] == [What.DUE]


def test_what_repeats_for_ever_is_foretold_a_few_times() -> None:
    """The rung itself and three repetitions, however far one looks."""
    again: Ladder = (Rung((Role.COORDINATOR,), repeat_every=6 * HOUR),)
    rule = Rule("respond", Length(1, "h"), Happening.REPORT, frozenset({Happening.REPLY}))
    policy = replace(POLICY, rules=(rule,), ladders={"default": again})
    found = forecast((waiting(1, rule, NOW),), policy, NOW, NOW + 300 * DAY)
    assert [one.at - NOW for one in found] == [HOUR, HOUR, 7 * HOUR, 13 * HOUR, 19 * HOUR]


def test_what_falls_due_now_or_at_the_end_is_foretold() -> None:
    """From the first instant of the time that is asked for to its last; a second beyond is not."""
    rule = Rule("respond", Length(1, "h"), Happening.REPORT, frozenset({Happening.REPLY}), warn_at=(0.5,))
    policy = replace(POLICY, rules=(rule,), ladders={"default": (Rung((Role.COORDINATOR,)),)})
    running = (waiting(1, rule, NOW),)

    def told(now: datetime, until: datetime) -> list[str]:
        return [one.what.value for one in forecast(running, policy, now, until)]

    second = timedelta(seconds=1)
    assert told(NOW, NOW + HOUR / 2 - second) == []
    assert told(NOW, NOW + HOUR / 2) == ["reminder"]
    assert told(NOW, NOW + HOUR - second) == ["reminder"]
    assert told(NOW, NOW + HOUR) == ["reminder", "due", "escalation"]
    assert told(NOW + HOUR, NOW + DAY) == ["due", "escalation"]
    assert told(NOW + HOUR + second, NOW + DAY) == ["escalation"]
