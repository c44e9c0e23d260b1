"""Deadlines: rows in the database, swept at every tick; and what has its hour of the day."""

from datetime import date, datetime, timedelta
from pathlib import Path

from maild import log
from maild.core import canary
from maild.core.cases import heldwords
from maild.core.change import Note
from maild.core.changes.promises import Escalate
from maild.core.event import CanaryDue, DigestDue, HeldDigestDue, PurgeDue, SweepDue
from maild.core.keeping.room import Room, room
from maild.core.promises import digest, ladder
from maild.engine import tokenwatch
from maild.engine.dispatcher import Dispatcher
from maild.engine.ingress import Ingress
from maild.engine.jumpguard import JumpGuard
from maild.engine.outage import Outages
from maild.engine.parts import Parts
from maild.engine.progress import Progress
from maild.engine.servertime import ServerTime
from maild.engine.skew import Skew
from maild.engine.teamseen import TeamLook
from maild.store import canaries, leftovers, unfetched, unread
from maild.store.room import used

CLOCK_DOUBT = timedelta(hours=1)
"""How long nothing goes to outsiders by itself after the clock was set forward: people hear of it first."""
BLIND = timedelta(minutes=15)
"""How long an unreadable mailbox holds the escalations: an answer may lie in it (ruling 11)."""


class Sweeper:
    """Looks for promises that slipped, for mail that is down, and whether the morning digest is due."""

    def __init__(
        self,
        parts: Parts,
        ingress: Ingress,
        dispatcher: Dispatcher,
        outages: Outages,
        team_home: Path | None = None,
        server_time: ServerTime | None = None,
    ) -> None:
        self.parts = parts
        self.ingress = ingress
        self.dispatcher = dispatcher
        self.outages = outages
        self.team_home = team_home
        self.server_time = server_time
        self.progress = Progress()
        self.guard = JumpGuard(parts.now, parts.uptime)
        self.skew = Skew(parts)
        self.team = TeamLook(parts)
        self.swept = False
        self.doubted_until: datetime | None = None
        self.digested: date | None = None
        self.listed: date | None = None
        self.purged: date | None = None

    async def sweep(self) -> None:
        """Escalate what is past due, unless the mailbox was not read yet and may hold the answer."""
        self.outages.retry()
        server = self.dispatcher.settling
        unsent = server.down_since if server.refused_at else None
        await tokenwatch.look(self.parts, self.outages, (self.ingress.refused_since, unsent))
        if self.clock_jumped() or await self.skewed():
            return
        now, blind = self.parts.now(), self.ingress.blind_since
        read_before = self.ingress.read_once
        if blind and not read_before and now - blind < BLIND:
            return
        since = blind if blind and now - blind >= BLIND else None
        doubted = await self.clock_doubted(now)
        decision = await self.parts.handle(SweepDue(since, first=not self.swept, clock_set=doubted))
        self.swept = True
        if self.team.told:
            await self.team.look()
        climbed = [change for change in decision.changes if isinstance(change, Escalate)]
        for step in climbed:
            log.escalated(step.case_id, step.clock, step.rung)
        if any(
            isinstance(change, Note) and change.what == ladder.NOBODY_THERE for change in decision.changes
        ):
            self.outages.once("everybody-away", "team", now)
        await self.digest(now)
        await self.purge(now)
        await self.parts.handle(CanaryDue(blind is not None))
        await self.look_at_mail(escalated=bool(climbed))

    async def clock_doubted(self, now: datetime) -> bool:
        """Whether nothing may go to outsiders by this clock: it was set, or the server's is another."""
        if self.doubted_until is not None and now < self.doubted_until:
            return True
        return self.server_time is not None and await self.server_time.doubts_sweep()

    def clock_jumped(self) -> bool:
        """Whether the wall clock was set forward since the last sweep, so that this one is held."""
        jump = self.guard.jumped()
        if jump:
            log.clock_jumped(int(jump.total_seconds()), jump > timedelta(0))
            self.outages.once("clock-jumped", "clock", self.parts.now() - jump)
        if jump > timedelta(0):
            self.doubted_until = self.parts.now() + CLOCK_DOUBT
        return jump > timedelta(0)

    async def skewed(self) -> bool:
        """Whether this host's clock turns out to differ from the database's, so that this sweep is held.

        The next one may escalate, since somebody has heard of it; nothing goes to outsiders by this clock.
        """
        ahead = await self.skew.found()
        news, self.skew.known = bool(ahead) and not self.skew.known, bool(ahead)
        if ahead:
            self.doubted_until = self.parts.now() + CLOCK_DOUBT
        if news:
            log.clock_skewed(int(ahead.total_seconds()))
            self.outages.once("clock-apart", "clock", self.parts.now())
        return news

    async def digest(self, now: datetime) -> None:
        """The morning digest and the list of held mail, once a day each."""
        today, listed = digest.day(self.parts.policy, now), heldwords.day(self.parts.policy, now)
        if today and today != self.digested:
            await self.parts.handle(DigestDue())
            self.digested = today
        if listed and listed != self.listed:
            decision = await self.parts.handle(HeldDigestDue())
            self.listed = listed if decision.changes else None

    async def purge(self, now: datetime) -> None:
        """Once a day, the texts that were kept long enough are given up; other work goes on in between.

        What a killed backup or restore left in the state folder goes too: this process has the folder.
        """
        if self.purged == now.date():
            return
        leftovers.sweep(self.parts.database.folder, alone=True)
        while gone := (await self.parts.handle(PurgeDue())).changes:
            log.purged(len(gone))
            self.progress.goes_on()
        self.purged = now.date()

    async def look_at_mail(self, escalated: bool = False) -> None:
        """Tell the operator by another way when mail is down, at once when a promise slips meanwhile."""
        down = {
            "mailbox": self.ingress.down_since,
            "fetch": await self.parts.database.run(unfetched.oldest),
            "smtp": self.dispatcher.settling.down_since,
        }
        if self.ingress.blind_since is None:
            last = await self.parts.database.run(canaries.last)
            down["canary"] = canary.silent_since(last, self.parts.policy, self.parts.now())
        await self.outages.look(down, escalated)
        await self.outages.news("report-unread", "copies", await self.parts.database.run(unread.newest))
        taken = await self.parts.database.run(used)
        if room(taken, self.parts.policy.limits.database) is Room.OVER:
            await self.outages.daily("database-full", "database", self.parts.now())
