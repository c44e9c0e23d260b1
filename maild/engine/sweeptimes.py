"""When sweeps happen: every tick, and at instants that people chose. APScheduler only ticks (ruling 28)."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from maild import log
from maild.core.disclosure import sending
from maild.engine import keycare
from maild.engine.progress import Progress
from maild.engine.scheduler import Sweeper
from maild.errors import StoreError, TemporaryError
from maild.store import facts

TICK = 20
"""Seconds between two sweeps."""


class SweepTimes:
    """Sweeps, one at a time, from ``start`` to ``end``."""

    def __init__(self, sweeper: Sweeper, progress: Progress) -> None:
        self.sweeper, self.parts, self.progress = sweeper, sweeper.parts, progress
        sweeper.progress = progress
        self._clock = AsyncIOScheduler(timezone="UTC")
        self._one_at_a_time = asyncio.Lock()
        self._looked = self.parts.now() - timedelta(seconds=TICK)

    def start(self) -> None:
        """Tick from now on, in the running loop."""
        self._clock.add_job(self.first)
        self._clock.add_job(
            self.tick, "interval", seconds=TICK, misfire_grace_time=None, coalesce=True, max_instances=1
        )
        if self.sweeper.team_home:
            about = {"args": [self.parts, self.sweeper.team_home], "next_run_time": self.parts.now()}
            self._clock.add_job(
                keycare.look, "interval", seconds=keycare.EVERY, misfire_grace_time=None, **about
            )
        self._clock.start()

    def end(self) -> None:
        """No sweep is begun any more."""
        self._clock.shutdown(wait=False)

    async def first(self) -> None:
        """An instant may come before the first tick."""
        with suppress(TemporaryError):  # the next tick says so
            await self.appoint()

    async def tick(self) -> None:
        """One sweep; trouble with the database is no turn of this loop."""
        try:
            async with self._one_at_a_time:
                began = self.parts.now()
                await self.sweeper.sweep()
                self._looked = began
            await self.appoint()
        except TemporaryError as error:
            log.sweep_held(str(error))
            if isinstance(error, StoreError):
                self.progress.after(error)
        else:
            self.progress.turn()

    async def appoint(self) -> None:
        """A sweep at the next chosen instant, if that comes before the next tick."""
        instant = await self.next_instant()
        if instant:
            once = {"id": "instant", "replace_existing": True, "max_instances": 2, "misfire_grace_time": None}
            self._clock.add_job(self.tick, "date", run_date=instant, **once)

    async def next_instant(self) -> datetime | None:
        """When something that people chose the instant of is to go out, if that is before the next tick.

        It may lie behind us: it came while maild started or the last sweep ran, and no sweep has seen it.
        """
        until = self.parts.now() + timedelta(seconds=TICK)
        embargoes = await self.parts.database.run(facts.embargoes)
        coming = (one for at in embargoes for one in sending.instants(at, self.parts.policy))
        return min((one for one in coming if self._looked < one < until), default=None)
