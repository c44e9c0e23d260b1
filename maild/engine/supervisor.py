"""The daemon: its loops side by side. A signal drains and ends it well; a loop that dies ends it all."""

import asyncio
import signal
from collections.abc import Callable

from maild import __version__, log
from maild.core.event import Delivery
from maild.core.letters import kinds
from maild.engine import keycare
from maild.engine.dispatcher import Dispatcher
from maild.engine.ingress import Ingress
from maild.engine.metering import Meter
from maild.engine.opening import Opening
from maild.engine.outage import Outages
from maild.engine.parts import Parts, set_aside
from maild.engine.progress import Progress
from maild.engine.scheduler import Sweeper
from maild.engine.sweeptimes import TICK, SweepTimes
from maild.engine.watchdog import Watchdog
from maild.errors import Deposed, TemporaryError, fingerprint
from maild.gateways.metrics import Metrics
from maild.gateways.systemd import Notifier
from maild.store import envelopes, folders, letters

DIED = "maild died while handling it"
DIED_SENDING = "maild died while handing it in"
DRAIN = 8.0
"""Seconds that work under way has after SIGTERM."""
SETTLE = 4.0
"""Seconds of them in which letters under way may still be settled."""

Hears = Callable[[Callable[[], None]], None]


class Ending:
    """How the service is asked to end: SIGTERM and SIGINT for good, SIGHUP to go on with other settings."""

    def __init__(self, reload: Callable[[], bool], hangup: Hears) -> None:
        self.asked = asyncio.Event()
        self.again = False
        self.reload = reload
        here = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            here.add_signal_handler(name, self.asked.set)
        hangup(self.look)

    def look(self) -> None:
        """End when there is a configuration to go on with."""
        if self.reload():
            self.again = True
            self.asked.set()

    def tell(self, notifier: Notifier) -> None:
        """What kind of end it is."""
        if self.again:
            log.reloading()
            notifier.reloading()
        else:
            notifier.stopping()


class Supervisor:
    """Runs the rooms of one desk."""

    def __init__(
        self, parts: Parts, ingress: Ingress, opening: Opening, dispatcher: Dispatcher, outages: Outages
    ) -> None:
        self.parts = parts
        self.ingress = ingress
        self.opening = opening
        self.dispatcher = dispatcher
        team_home = opening.pgp.team_home if opening.pgp else None
        self.sweeper = Sweeper(parts, ingress, dispatcher, outages, team_home, dispatcher.server_time)

    async def recover(self) -> None:
        """What a crash left behind: count the tries, owe again what was being sent. And who left the team.

        He is out before anything is sent. Where another host may have been sending, what people wrote and
        nobody knows the fate of waits for a person.
        """
        for poison in await self.parts.database.run(envelopes.recover):
            await set_aside(self.parts, poison, DIED)
        doubtful = {*kinds.to_outside(), *(kinds.asked_at_once() if self.parts.database.shared else ())}
        for letter in await self.parts.database.run(letters.in_doubt, doubtful):
            await self.parts.database.run(
                self.dispatcher.settling.record, letter, Delivery.UNKNOWN, DIED_SENDING
            )
        await self.parts.database.run(letters.recover)
        await self.sweeper.team.look()

    async def once(self) -> None:
        """Take in everything, open it, send, sweep, send. ``TemporaryError`` when mail is down.

        Answers go out before the sweep: one that waited in this very pass keeps its promise, and nobody is
        called. Letters owed go out even when the mailbox cannot be read.
        """
        await self.recover()
        try:
            await self.ingress.round()
            await self.opening.drain()
            await self.ingress.mark_all()
        except TemporaryError:
            last = await self.parts.database.run(folders.last_read, list(self.ingress.roles()))
            self.ingress.blind_since = last or self.ingress.blind_since
            self.ingress.down_since = self.ingress.blind_since
            raise
        finally:
            await self.dispatcher.drain()
            await self.sweeper.sweep()
            if self.sweeper.team_home:
                await keycare.look(self.parts, self.sweeper.team_home)
            await self.dispatcher.drain()
            await self.sweeper.look_at_mail()

    async def forever(
        self, notifier: Notifier, metrics: Metrics, reload: Callable[[], bool], hangup: Hears
    ) -> None:
        """Until SIGTERM or SIGINT: then no new work is begun, what is under way ends, and all is kept.

        So it does at SIGHUP when *reload* finds a configuration to go on with. *hangup* is given what SIGHUP
        calls.
        """
        await self.recover()
        poll = self.parts.config.file.inbox.poll.total_seconds()
        progress = {
            name: Progress(seconds)
            for name, seconds in (("in", 2 * poll + 600), ("open", 600), ("out", 600), ("sweep", 6 * TICK))
        }
        for one in progress.values():
            one.turn()
        ending = Ending(reload, hangup)
        sweeptimes = SweepTimes(self.sweeper, progress["sweep"])
        sweeptimes.start()
        watchdog = Watchdog(notifier, self.parts, progress, self.sweeper.outages, list(self.ingress.roles()))
        loops = {
            "ingress": asyncio.create_task(self.ingress.run(progress["in"])),
            "opening": asyncio.create_task(self.opening.run(progress["open"])),
            "dispatcher": asyncio.create_task(self.dispatcher.run(progress["out"])),
            "meter": asyncio.create_task(Meter(self.parts, metrics, progress).run()),
            "watchdog": asyncio.create_task(watchdog.run()),
        }
        log.started(__version__, self.parts.policy.desk.address)
        notifier.ready()
        try:
            await _until(ending.asked, loops)
        finally:
            ending.tell(notifier)
            sweeptimes.end()
            self.dispatcher.end()
            await _drain(list(loops.values()), loops["dispatcher"])


async def _until(stop: asyncio.Event, loops: dict[str, asyncio.Task[None]]) -> None:
    """Wait for the signal; a loop that ends before it is a bug, and the process with it."""
    waiting = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([waiting, *loops.values()], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    for name, task in loops.items():
        if task in done and (error := task.exception()):
            if not isinstance(error, Deposed):
                log.died(name, fingerprint(error))
            raise error


async def _drain(tasks: list[asyncio.Task[None]], sending: asyncio.Task[None]) -> None:
    """Cancel the loops; transactions under way finish in their own thread.

    *sending* has ``SETTLE`` to end by itself: a letter that the server took and nobody wrote down goes out
    twice.
    """
    for task in tasks:
        if task is not sending:
            task.cancel()
    await asyncio.wait([sending], timeout=SETTLE)
    sending.cancel()
    await asyncio.wait(tasks, timeout=DRAIN - SETTLE)
