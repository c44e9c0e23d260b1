"""This host's clock against that of a shared database: hosts that take turns must mean the same instants."""

from datetime import timedelta

from maild.engine.parts import Parts
from maild.store import lease

APART = timedelta(minutes=1)
"""How far the clocks may be apart."""


class Skew:
    """Compares the two; a clock that was made up is compared with nothing, and a file has no clock."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.known = False

    async def found(self) -> timedelta:
        """How far our clock is ahead (behind it below zero); zero up to ``APART``."""
        if not self.parts.database.shared or self.parts.uptime is None:
            return timedelta(0)
        theirs = await self.parts.database.run(lease.clock)
        ahead = self.parts.now() - theirs
        return ahead if abs(ahead) > APART else timedelta(0)
