"""the real timer wakes at the instant that people chose, not at the tick after it, and never before."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from maild.core.disclosure.outward import stands
from maild.core.facts.change import SetFact
from maild.core.facts.table import APPROVED, PREPARED, PREPARED_FOR
from maild.core.values.targets import ANNOUNCEMENT
from maild.engine.outage import Outages
from maild.engine.parts import Parts
from maild.engine.progress import Progress
from maild.engine.scheduler import Sweeper
from maild.engine.sweeptimes import TICK, SweepTimes
from maild.store import facts
from maild.store.database import Database
from maild.store.schema import letter
from tests.ledger.playing import PlayedDesk
from tests.support.desk import POLICY
from tests.support.publishing import ANNOUNCE, OUT

DIGEST = "d" * 64
SOON = timedelta(seconds=1.5)
"""Until an instant that passes while a test looks."""


def clock() -> datetime:
    """The machine's own, as the timer has no other."""
    return datetime.now(UTC)  # noqa: TID251 - the timer is what is tested


class Ticking:
    """A sweeper under its real timer, of a desk with a case that is announced *soon*."""

    def __init__(self, database: Database, soon: timedelta, approved: tuple[str, ...]) -> None:
        self.database, self.policy = database, replace(POLICY, targets=OUT.targets)
        desk = PlayedDesk(database, self.policy, clock())
        case, self.at = desk.report(), clock() + soon
        known = [("embargo", self.at.isoformat(), ""), (PREPARED, DIGEST, ANNOUNCEMENT)]
        known += [(PREPARED_FOR, self.at.isoformat(), ANNOUNCEMENT)]
        signing = [member for member in self.policy.team.members if member.name in approved]
        known += [(APPROVED, stands(DIGEST, one), f"{ANNOUNCEMENT}/{one.name}") for one in signing]
        for name, value, item in known:
            database.call(facts.write, SetFact(case, name, value, "test", item), clock())

    def timer(self, now: Callable[[], datetime] = clock) -> SweepTimes:
        """The desk's sweeps by the clock *now*."""
        config: Any = SimpleNamespace(file=SimpleNamespace(oauth=SimpleNamespace(grant="")))
        parts = Parts(config, self.policy, self.database, now)
        ingress: Any = SimpleNamespace(blind_since=None, down_since=None, refused_since=None, read_once=True)
        dispatcher: Any = SimpleNamespace(settling=SimpleNamespace(down_since=None, refused_at=None))
        socket: Any = SimpleNamespace(tell=lambda _: True)
        return SweepTimes(Sweeper(parts, ingress, dispatcher, Outages(parts, socket)), Progress(60))

    async def run(self, seconds: float) -> datetime | None:
        """The timer runs until the announcement is owed, for so long at the most; when it was owed."""
        timer = self.timer()
        timer.start()
        end = asyncio.get_running_loop().time() + seconds
        try:
            while (found := self.owed()) is None and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110 - a row
                await asyncio.sleep(0.05)
        finally:
            timer.end()
        return found

    def owed(self) -> datetime | None:
        """When the announcement was owed."""
        query = select(letter.c.owed).where(letter.c.recipient == ANNOUNCE.to)
        return self.database.call(lambda connection: connection.execute(query).scalar())


async def test_the_ticker_wakes_at_the_instant(database: Database) -> None:
    """The announcement is owed within moments of the instant, long before the next tick."""
    desk = Ticking(database, SOON, ("Anna", "Carl"))
    owed = await desk.run(TICK / 2)
    assert owed is not None
    assert desk.at <= owed < desk.at + timedelta(seconds=5)


async def test_an_instant_that_passes_at_the_start_is_not_left_to_the_first_tick(database: Database) -> None:
    """What came a moment ago is still appointed, and what is longer ago than a tick is not."""
    desk = Ticking(database, timedelta(0), ("Anna", "Carl"))
    for seconds, appointed in ((1, desk.at), (TICK + 1, None)):
        now = desk.at + timedelta(seconds=seconds)
        assert await desk.timer(lambda now=now: now).next_instant() == appointed


@pytest.mark.parametrize(("soon", "approved"), [(SOON, ("Anna",)), (timedelta(hours=1), ("Anna", "Carl"))])
async def test_it_wakes_for_nothing_else(
    database: Database, soon: timedelta, approved: tuple[str, ...]
) -> None:
    """What one member approved, or what is far off, is not owed by then."""
    assert await Ticking(database, soon, approved).run(3) is None
