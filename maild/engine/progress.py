"""The pulse of the engine's loops: whether each still turns over, and how long it waits after trouble."""

import asyncio
import math
import random
from datetime import timedelta

from maild.errors import StoreError, TemporaryError

MOST = 24.0
"""Seconds between two tries at the most: with the time limit of a try that hangs, mail flows within a minute
of a server's return."""


class Progress:
    """When a loop last got on; the watchdog is fed only while all of them do.

    Without a limit, in *seconds*, it may take as long as it likes: nobody watches.
    """

    def __init__(self, seconds: float = math.inf) -> None:
        self.limit = seconds
        self.at = 0.0
        self.well_at: float | None = None

    def turn(self, well: bool = True) -> None:
        """The loop is alive; *well*: and met no trouble."""
        self.at = asyncio.get_running_loop().time()
        self.well_at = self.at if well else self.well_at

    def goes_on(self) -> None:
        """The loop is in the middle of its work, and got on with it: a long round is no standstill."""
        self.turn(well=False)

    @property
    def well_ago(self) -> float | None:
        """Seconds since it last turned over without trouble, ``None`` before the first time."""
        return None if self.well_at is None else asyncio.get_running_loop().time() - self.well_at

    def after(self, error: TemporaryError) -> None:
        """The loop met trouble outside, and is alive; but not while it can store nothing."""
        self.turn(well=False)
        if isinstance(error, StoreError):
            self.at = -math.inf

    def alive(self) -> bool:
        """Whether the loop turned within its limit."""
        return asyncio.get_running_loop().time() - self.at < self.limit


def backoff(failures: int, least: timedelta | None = None) -> float:
    """Seconds to wait after *failures* in a row: 1 s doubling to ``MOST``, with jitter; at least *least*."""
    seconds = min(MOST, 2.0 ** min(failures - 1, 6))
    return max(seconds, least.total_seconds() if least else 0.0) * random.uniform(0.8, 1.2)  # noqa: S311 - no secret
