"""Letters are handed in a few at a time: each has a connection, and servers count them.

While some are under way, the next ones are composed. One that has waited long for its turn is claimed again,
so that what has happened in its case meanwhile is heeded.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

UNDER_WAY = 4
"""Letters that are handed in at the same time."""
FRESH = 5.0
"""Seconds after which a letter that waits for its turn is looked at anew."""


class Turns:
    """Gives turns in the order in which they were asked for."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(UNDER_WAY)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[bool]:
        """One turn; whether it came soon enough."""
        clock = asyncio.get_running_loop().time
        began = clock()
        async with self._free:
            yield clock() - began <= FRESH
