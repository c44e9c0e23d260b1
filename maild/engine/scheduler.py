"""Deadlines: rows in the database, swept at every tick. APScheduler only ticks (ruling 28)."""

from datetime import timedelta
from pathlib import Path

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from maild import log
from maild.core.decision import Escalate
from maild.core.event import SweepDue
from maild.engine import keycare
from maild.engine.beat import Beat
from maild.engine.ingress import Ingress
from maild.engine.parts import Parts
from maild.errors import TemporaryError

TICK = 20
"""Seconds between two sweeps."""
BLIND = timedelta(minutes=15)
"""How long an unreadable mailbox holds the escalations: an answer may lie in it (ruling 11)."""


class Sweeper:
    """Looks for promises that slipped."""

    def __init__(self, parts: Parts, ingress: Ingress, team_home: Path | None = None) -> None:
        self.parts = parts
        self.team_home = team_home
        self.ingress = ingress

    async def sweep(self) -> None:
        """Escalate what is past due, unless the mailbox was not read yet and may hold the answer."""
        now, blind = self.parts.now(), self.ingress.blind_since
        read_before = self.ingress.read_once
        if blind and not read_before and now - blind < BLIND:
            return
        since = blind if blind and now - blind >= BLIND else None
        decision = await self.parts.handle(SweepDue(since))
        for change in decision.changes:
            if isinstance(change, Escalate):
                log.escalated(change.case_id, change.clock, change.rung)

    def start(self, beat: Beat) -> AsyncIOScheduler:
        """Sweep at every tick of a running scheduler, which the caller shuts down."""

        async def tick() -> None:
            try:
                await self.sweep()
            except TemporaryError as error:
                log.sweep_held(str(error))
            else:
                beat.turn()

        ticker = AsyncIOScheduler(timezone="UTC")
        ticker.add_job(
            tick, "interval", seconds=TICK, misfire_grace_time=None, coalesce=True, max_instances=1
        )
        if self.team_home:
            again = {"seconds": keycare.EVERY, "next_run_time": self.parts.now()}
            ticker.add_job(
                keycare.look, "interval", [self.parts, self.team_home], misfire_grace_time=None, **again
            )
        ticker.start()
        return ticker
