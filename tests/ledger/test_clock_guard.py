"""The clock guard: a wall clock that was set forward holds one sweep, one that was set back holds none."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from maild import log
from maild.app.desk import uptime
from maild.core.decision import Decision
from maild.core.event import Event, SweepDue
from maild.core.keeping.room import Room, room
from maild.core.values.people import Team
from maild.core.writing import notice
from maild.engine.jumpguard import JumpGuard
from maild.engine.outage import Outages
from maild.engine.parts import Parts
from maild.engine.scheduler import Sweeper
from maild.gateways.alert import Alert
from maild.store import record
from maild.store.database import Database
from maild.store.room import used
from maild.store.schema import escalation
from tests.ledger.playing import PlayedDesk
from tests.support.desk import NOW, POLICY

HOUR = timedelta(hours=1)


class Clocks:
    """A wall clock that can be set, and one that cannot."""

    def __init__(self) -> None:
        self.wall, self.boot = NOW, 1000.0
        self.guard = JumpGuard(lambda: self.wall, lambda: self.boot)

    def after(self, real: timedelta, set_by: timedelta = timedelta(0)) -> timedelta:
        """Time goes by, and somebody sets the wall clock; what the guard says."""
        self.boot += real.total_seconds()
        self.wall += real + set_by
        return self.guard.jumped()


def test_time_that_goes_by_is_no_jump() -> None:
    """Not in steps, not over a week of suspend, not with an hour's correction."""
    clocks = Clocks()
    lengths = [timedelta(seconds=20), HOUR, timedelta(days=7)]
    assert [clocks.after(length) for length in lengths] == [timedelta(0)] * 3
    assert clocks.after(timedelta(seconds=20), HOUR) == timedelta(0)


def test_a_jump_is_told_once() -> None:
    """Two hours forward: said by how much, and the next look is as ever."""
    clocks = Clocks()
    clocks.after(HOUR)
    assert clocks.after(timedelta(seconds=20), 2 * HOUR) == 2 * HOUR
    assert clocks.after(timedelta(seconds=20)) == timedelta(0)


def test_backwards_is_below_zero() -> None:
    """A clock set back by a day is told as such."""
    clocks = Clocks()
    clocks.after(HOUR)
    assert clocks.after(HOUR, -24 * HOUR) == -24 * HOUR


def test_without_a_second_clock_there_is_no_guard() -> None:
    """A made-up clock is held against nothing."""
    clocks = Clocks()
    clocks.guard = JumpGuard(lambda: clocks.wall, None)
    clocks.after(HOUR)
    assert clocks.after(HOUR, 900 * HOUR) == timedelta(0)


def test_the_machine_has_such_a_clock() -> None:
    """Seconds since boot never go back."""
    assert 0 < uptime() <= uptime()


class Swept:
    """A desk with a report, swept by the real sweeper while its wall clock is set."""

    def __init__(self, database: Database) -> None:
        self.desk, self.boot = PlayedDesk(database), 0.0
        self.desk.report()
        self.desk.send()
        self.alerts: list[Alert] = []
        self.deaf = False
        self.log = StringIO()
        log.set_up(self.log, as_lines=False)
        config: Any = SimpleNamespace(file=SimpleNamespace(oauth=SimpleNamespace(grant="")))
        parts = Parts(config, POLICY, database, lambda: self.desk.now, uptime=lambda: self.boot)
        socket: Any = SimpleNamespace(tell=self.told)
        ingress: Any = SimpleNamespace(blind_since=None, down_since=None, refused_since=None, read_once=True)
        dispatcher: Any = SimpleNamespace(settling=SimpleNamespace(down_since=None, refused_at=None))
        self.sweeper = Sweeper(parts, ingress, dispatcher, Outages(parts, socket))

    def told(self, alert: Alert) -> bool:
        """The operator hears it, unless nobody listens."""
        if not self.deaf:
            self.alerts.append(alert)
        return not self.deaf

    async def sweep(self, real: timedelta, set_by: timedelta = timedelta(0)) -> int:
        """Time goes by, somebody sets the clock, a sweep; how many rungs were climbed until then."""
        self.boot += real.total_seconds()
        self.desk.now += real + set_by
        await self.sweeper.sweep()
        count = select(func.count()).select_from(escalation)
        return self.desk.database.call(lambda connection: connection.execute(count).scalar_one())


async def test_a_jump_forward_holds_one_sweep_and_the_operator_is_told(database: Database) -> None:
    """The sweep at the jump calls nobody; log and alert say it; the next sweep does its work."""
    swept = Swept(database)
    assert await swept.sweep(HOUR) == 0
    assert await swept.sweep(timedelta(seconds=20), 60 * HOUR) == 0
    assert [(alert.event, alert.what) for alert in swept.alerts] == [("clock-jumped", "clock")]
    assert '"sweep_held": true' in swept.log.getvalue()
    assert await swept.sweep(timedelta(seconds=20)) == 1


async def test_for_an_hour_after_a_jump_forward_sweeps_doubt_the_clock(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that nothing goes to outsiders by itself at an instant that may not have come."""
    seen: list[bool] = []
    handle = Parts.handle

    async def handled(self: Parts, event: Event) -> Decision:
        seen.extend([event.clock_set] if isinstance(event, SweepDue) else [])
        return await handle(self, event)

    monkeypatch.setattr(Parts, "handle", handled)
    swept = Swept(database)
    for real, set_by in ((20, 0), (20, 60), (20, 0), (3500, 0), (100, 0)):
        await swept.sweep(timedelta(seconds=real), set_by * HOUR)
    assert seen == [False, True, True, False]


async def test_the_alert_of_a_jump_is_tried_until_somebody_hears_it(database: Database) -> None:
    """Nobody listens at the jump; at the third sweep somebody does, and hears it once."""
    swept = Swept(database)
    await swept.sweep(HOUR)
    swept.deaf = True
    for set_by in (60 * HOUR, timedelta(0)):
        await swept.sweep(timedelta(seconds=20), set_by)
    swept.deaf = False
    for _ in range(3):
        await swept.sweep(timedelta(seconds=20))
    assert [alert.event for alert in swept.alerts] == ["clock-jumped"]


async def test_with_everybody_away_the_operator_is_told_as_well(database: Database) -> None:
    """Everybody gets the letter, and the alert socket says once that nobody is there."""
    swept = Swept(database)
    gone = ((NOW, NOW + timedelta(days=30)),)
    team = Team(tuple(replace(member, away=gone) for member in POLICY.team.members))
    swept.sweeper.parts = replace(swept.sweeper.parts, policy=replace(POLICY, team=team))
    await swept.sweep(HOUR)
    assert await swept.sweep(48 * HOUR) == 3
    await swept.sweep(HOUR)
    assert [(alert.event, alert.what) for alert in swept.alerts] == [("everybody-away", "team")]


async def test_a_report_that_nobody_has_is_told_to_the_operator_at_once(database: Database) -> None:
    """Once each, although mail itself works."""
    swept = Swept(database)
    await swept.sweep(HOUR)
    for mail in (4, 5):
        owed = Decision(tuple(notice.nobody_has_it("", mail, POLICY)))
        database.call(record.record, owed, POLICY.desk, NOW + mail * HOUR)
        for _ in range(2):
            await swept.sweep(timedelta(minutes=1))
    assert [(alert.event, alert.what) for alert in swept.alerts] == [("report-unread", "copies")] * 2


async def test_a_database_above_its_budget_is_told_once_a_day(database: Database) -> None:
    """From the budget on, for as long as it is so; below it nobody hears of it."""
    swept = Swept(database)
    await swept.sweep(HOUR)
    assert swept.alerts == []
    tight = replace(POLICY, limits=replace(POLICY.limits, database=database.call(used)))
    swept.sweeper.parts = replace(swept.sweeper.parts, policy=tight)

    for _ in range(3):
        await swept.sweep(HOUR)
    assert [(alert.event, alert.what) for alert in swept.alerts] == [("database-full", "database")]
    await swept.sweep(23 * HOUR)
    assert [alert.event for alert in swept.alerts] == ["database-full"] * 2


@pytest.mark.parametrize(
    ("taken", "means"), [(79, Room.ENOUGH), (80, Room.TIGHT), (99, Room.TIGHT), (100, Room.OVER)]
)
def test_a_warning_comes_before_the_alarm(taken: int, means: Room) -> None:
    """From four fifths of the budget on it is tight, at the budget it is over."""
    assert room(taken, 100) is means


async def test_a_jump_backwards_never_fires_again(database: Database) -> None:
    """What was escalated stays so: the clock goes back by a day and passes the same instants once more."""
    swept = Swept(database)
    assert await swept.sweep(49 * HOUR) == 1
    assert await swept.sweep(timedelta(seconds=20), -24 * HOUR) == 1
    assert [alert.event for alert in swept.alerts] == ["clock-jumped"]
    for _ in range(30):
        assert await swept.sweep(HOUR) == 1


async def test_a_suspend_is_no_jump(database: Database) -> None:
    """Three days asleep: both clocks went on, and what lapsed meanwhile is escalated at once."""
    swept = Swept(database)
    await swept.sweep(HOUR)
    assert await swept.sweep(timedelta(days=3)) == 1
    assert swept.alerts == []


@pytest.mark.parametrize(("told", "looks"), [(False, 0), (True, 2)])
async def test_while_hosts_disagree_each_sweep_looks_at_the_team_again(
    told: bool, looks: int, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until they have one configuration; where they always had, the look at the start was enough."""
    swept, found = Swept(database), []

    async def look() -> None:
        found.append(1)

    monkeypatch.setattr(swept.sweeper.team, "look", look)
    swept.sweeper.team.told = told
    await swept.sweep(HOUR)
    await swept.sweep(HOUR)
    assert len(found) == looks
