"""What has to be stored, because the world outside has gone on already: it is tried until it is."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from maild import log
from maild.engine.parts import Parts
from maild.engine.progress import Progress, backoff
from maild.errors import StoreError

T = TypeVar("T")


class Storing:
    """Stores for a loop of the daemon, whose ``progress`` hears of trouble; without one, its caller does."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.progress: Progress | None = None

    async def persist(self, work: Callable[..., T], *args: object) -> T:
        """*work* in a transaction, by the daemon until it is stored: what a server took must stay known."""
        failures = 0
        while True:
            try:
                return await self.parts.database.run(work, *args)
            except StoreError as error:
                if self.progress is None:
                    raise
                failures += 1
                self.stuck(error, failures)
                await asyncio.sleep(backoff(failures))

    def stuck(self, error: StoreError, failures: int) -> None:
        """Nothing can be stored: said once, and the watchdog hears no more of this loop."""
        if failures == 1:
            log.trouble("outbox", str(error))
        if self.progress:
            self.progress.after(error)
