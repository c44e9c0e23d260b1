"""What the rooms of the engine share, and how they speak of a bug without its content."""

import asyncio
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from maild import log
from maild.config import Config
from maild.core.decision import Decision
from maild.core.event import Event, MailShunted
from maild.core.policy import Policy
from maild.engine import handler
from maild.store.database import Database


@dataclass(frozen=True, slots=True)
class Parts:
    """The desk's database, policy and configuration; ``now`` reads the clock (aware UTC).

    ``owed`` is set when a letter may have been owed, so that it goes out at once. ``uptime`` reads the
    seconds since boot, for the clock guard.
    """

    config: Config
    policy: Policy
    database: Database
    now: Callable[[], datetime]
    owed: asyncio.Event = field(default_factory=asyncio.Event)
    uptime: Callable[[], float] | None = None

    async def handle(self, event: Event) -> Decision:
        """*event* through the one handler, in a transaction of its own."""
        decision = await self.database.run(handler.handle, event, self.policy, self.now())
        self.owed.set()
        return decision


_STARTED = secrets.token_hex(4)


def process() -> str:
    """This process, among all that may work for the desk."""
    return f"{os.getpid()}-{_STARTED}"


async def set_aside(parts: Parts, envelope: int, trouble: str) -> None:
    """A mail that cannot be handled: kept, counted, told; *trouble* is a fingerprint, no word of the mail."""
    log.shunted(envelope, trouble)
    await parts.handle(MailShunted(envelope, trouble))
