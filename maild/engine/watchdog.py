"""Feeds systemd's watchdog while every loop turns over, and says in one line how the desk is."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from maild.engine.outage import Outages
from maild.engine.parts import Parts
from maild.engine.progress import Progress
from maild.errors import TemporaryError
from maild.gateways.systemd import Notifier, watchdog_seconds
from maild.store import folders, letters, views

MOST = 5.0
"""Seconds between two feedings at the most."""
STALLED = 3
"""Beats in a row with a silent loop before the operator is told; systemd's patience is longer."""
STATUS_EVERY = 30.0


class Watchdog:
    """``progress`` says by name how each gets on: while one is silent the watchdog starves, and bites."""

    def __init__(
        self,
        notifier: Notifier,
        parts: Parts,
        progress: Mapping[str, Progress],
        outages: Outages,
        names: Sequence[str],
    ) -> None:
        """*names* are the folders whose last reading the status line tells."""
        self.names = names
        self.notifier = notifier
        self.parts = parts
        self.progress = progress
        self.outages = outages
        self.stalled = 0
        self.told = False

    async def run(self) -> None:
        """For ever: half the time that systemd waits lies between two feedings."""
        every = min(MOST, watchdog_seconds() / 2 or MOST)
        shown = -STATUS_EVERY
        while True:
            now = asyncio.get_running_loop().time()
            if self.feed() and now - shown >= STATUS_EVERY:
                await self.show(every)
                shown = now
            await asyncio.sleep(every)

    def feed(self) -> bool:
        """Feed the watchdog if every loop turns over; else tell it, and the operator, which do not."""
        silent = sorted(name for name, loop in self.progress.items() if not loop.alive())
        if silent:
            self.notifier.status(f"silent: {', '.join(silent)}")
            self.stalled += 1
            self.told = self.told or (self.stalled >= STALLED and self.outages.stalls(True))
        else:
            self.notifier.watchdog()
            self.stalled, self.told = 0, self.told and not self.outages.stalls(False)
        return not silent

    async def show(self, patience: float) -> None:
        """The line that ``systemctl status`` shows.

        A database that has no time for it within *patience* (seconds) is no reason to stop feeding: whether
        the loops that need it go on, their own progress says.
        """
        try:
            async with asyncio.timeout(patience):
                self.notifier.status(await self.parts.database.run(line, self.names))
        except TemporaryError as error:
            self.notifier.status(str(error))
        except TimeoutError:
            self.notifier.status("the database is busy")


def line(connection: Connection, names: Sequence[str]) -> str:
    """Cases, the next deadline, letters owed, and since when all folders *names* are read; times in UTC."""
    found = views.glance(connection)
    owed = letters.count(connection, letters.OWED, letters.SENDING)
    read = folders.last_read(connection, names)
    due = f", next due {_utc(found.next_due)}" if found.next_due else ""
    return f"mail read {_utc(read)}; {found.open} open cases{due}; {owed} letters owed"


def _utc(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "never"
