"""Whether the machine's clock may publish: it is held against others in the pass that would (ruling 40).

The mail server is asked by a message without a date, in a folder of its own, on a connection of its own. What
systemd knows about synchronisation is asked too, where it knows anything.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from maild import log
from maild.core.disclosure import sending
from maild.core.due import watch
from maild.core.event import Delivery
from maild.core.letters.kinds import LetterKind
from maild.core.values.case import Case
from maild.engine.handler import handle, settled
from maild.engine.marking import CALL_DEADLINE
from maild.engine.parts import Parts
from maild.errors import PermanentError, TemporaryError
from maild.gateways import systemd
from maild.gateways.imap import ImapAccount, Mailbox, MailboxThread
from maild.store import cases, facts, letters
from maild.store.letters import Letter

FOLDER = "maild-time"
"""A folder that is there for a moment, to see what time the server thinks it is."""
APART = timedelta(minutes=1)
"""How far the clocks may be apart."""
FRESH = 60.0
"""Seconds since boot for which an agreement holds."""

AGAIN = timedelta(minutes=1)
"""When a letter that waits for a certain time is looked at again."""

Asked = Callable[[], Awaitable[datetime]]
Surely = Callable[..., Awaitable[None]]


async def asked_of(account: ImapAccount) -> datetime:
    """What time it is by the server of *account* (aware UTC). ``TemporaryError`` when it does not say."""
    mailbox = MailboxThread(account)
    try:
        await mailbox.call(Mailbox.connect, deadline=CALL_DEADLINE)
        return await mailbox.call(Mailbox.clock, FOLDER, deadline=CALL_DEADLINE)
    finally:
        await mailbox.close()


class ServerTime:
    """Holds our clock against the mail server's; a clock that was made up is held against nothing.

    *ask* says what time it is there; *synchronised* whether our clock is set by others, ``None`` when nobody
    knows.
    """

    def __init__(
        self,
        parts: Parts,
        ask: Asked,
        synchronised: Callable[[], bool | None] = systemd.synchronised,
    ) -> None:
        self.parts = parts
        self.ask = ask
        self.synchronised = synchronised
        self.agreed_at: float | None = None

    async def doubted(self) -> bool:
        """Whether nobody can tell that it is as late as our clock says."""
        if self.parts.uptime is None:
            return False
        since_boot = self.parts.uptime()
        if self.agreed_at is not None and 0 <= since_boot - self.agreed_at < FRESH:
            return False
        agree = self.synchronised() is not False and await self._agree()
        self.agreed_at = since_boot if agree else None
        return not agree

    async def _agree(self) -> bool:
        try:
            there = await self.ask()
        except (TemporaryError, PermanentError) as error:
            log.trouble("server time", str(error))
            return False
        apart = self.parts.now() - there
        if abs(apart) > APART:
            log.clock_apart(int(apart.total_seconds()))
        return abs(apart) <= APART

    async def doubts_sweep(self) -> bool:
        """Whether a sweep now would send something to outsiders, and nobody can tell what time it is."""
        targets = self.parts.policy.targets
        if self.parts.uptime is None or not (targets.predisclosure or targets.mailed()):
            return False
        return await self._would_send() and await self.doubted()

    async def holds(self, letter: Letter, case: Case, persist: Surely) -> bool:
        """Whether an announcement that no member ordered waits for a certain time; people are paged once.

        *persist* does what it is given in a transaction.
        """
        by_clock = letter.kind == LetterKind.ANNOUNCEMENT and sending.by_clock_alone(case)
        if not by_clock or not await self.doubted():
            return False
        await persist(self._again_later, letter)
        return True

    def _again_later(self, connection: Connection, letter: Letter) -> None:
        now = self.parts.now()
        letters.put_off(connection, letter.id, now + AGAIN, "nobody can tell what time it is")
        event = replace(settled(letter, Delivery.STOPPED), why=sending.CLOCK)
        handle(connection, event, self.parts.policy, now)

    async def _would_send(self) -> bool:
        watched = await self.parts.database.run(_watched)
        return sending.sends(watch.running(watched), self.parts.policy, self.parts.now())


def _watched(connection: Connection) -> tuple[Case, ...]:
    """The cases with a date ahead of them."""
    found = (cases.get(connection, one) for one in facts.watched(connection))
    return tuple(one for one in found if one)
