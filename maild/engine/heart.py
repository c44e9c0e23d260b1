"""The heart: feeds systemd's watchdog while every loop turns over, and says in one line how the desk is."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from maild.engine.beat import Beat
from maild.engine.parts import Parts
from maild.errors import TemporaryError
from maild.gateways.systemd import Notifier, watchdog_seconds
from maild.store import folders, letters, views

MOST = 5.0
"""Seconds between two beats at the most."""
STATUS_EVERY = 30.0


class Heart:
    """``beats`` are those of the loops by name: while one is silent the watchdog starves, and bites."""

    def __init__(
        self, notifier: Notifier, parts: Parts, beats: Mapping[str, Beat], names: Sequence[str]
    ) -> None:
        """*names* are the folders whose last reading the status line tells."""
        self.notifier = notifier
        self.parts = parts
        self.beats = beats
        self.names = names

    async def run(self) -> None:
        """For ever: half the time that systemd waits lies between two beats."""
        every = min(MOST, watchdog_seconds() / 2 or MOST)
        told = -STATUS_EVERY
        while True:
            now = asyncio.get_running_loop().time()
            if self.beat() and now - told >= STATUS_EVERY:
                await self.tell()
                told = now
            await asyncio.sleep(every)

    def beat(self) -> bool:
        """Feed the watchdog if every loop turns over; else say which does not."""
        silent = sorted(name for name, beat in self.beats.items() if not beat.alive())
        if silent:
            self.notifier.status(f"silent: {', '.join(silent)}")
        else:
            self.notifier.watchdog()
        return not silent

    async def tell(self) -> None:
        """The line that ``systemctl status`` shows."""
        try:
            self.notifier.status(await self.parts.database.run(line, self.names))
        except TemporaryError as error:
            self.notifier.status(str(error))


def line(connection: Connection, names: Sequence[str]) -> str:
    """Cases, the next deadline, letters owed, and since when all folders *names* are read; times in UTC."""
    found = views.glance(connection)
    owed = letters.count(connection, letters.OWED, letters.SENDING)
    read = folders.last_read(connection, names)
    due = f", next due {_utc(found.next_due)}" if found.next_due else ""
    return f"mail read {_utc(read)}; {found.open} open cases{due}; {owed} letters owed"


def _utc(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "never"
