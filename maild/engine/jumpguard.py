"""Whether the wall clock can be believed: it is held against the time since boot (ruling 11).

CLOCK_BOOTTIME goes on through suspend and nobody can set it, so a wall clock that went further was set. A
sweep at such a moment could call everybody for nothing; the next one may, for then somebody has heard of it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

JUMP = timedelta(hours=1)
"""How far the wall clock may run ahead between two sweeps."""


class JumpGuard:
    """Compares two clocks; *uptime* gives seconds since boot, ``None`` where there is no such clock."""

    def __init__(self, now: Callable[[], datetime], uptime: Callable[[], float] | None) -> None:
        self.now = now
        self.uptime = uptime
        self.before: tuple[datetime, float] | None = None

    def jumped(self) -> timedelta:
        """How far the wall clock was set since last asked, backwards below zero; zero up to ``JUMP``."""
        if self.uptime is None:
            return timedelta(0)
        wall, since_boot = self.now(), self.uptime()
        before, self.before = self.before or (wall, since_boot), (wall, since_boot)
        ahead = (wall - before[0]) - timedelta(seconds=since_boot - before[1])
        return ahead if abs(ahead) > JUMP else timedelta(0)
