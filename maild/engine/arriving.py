"""Kept mail through the handler: a few at a time are read from outside, then handled in one transaction."""

import asyncio
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from maild import log
from maild.core.policy import Policy
from maild.engine.handler import Arrived, Looked, handle_arrival, look
from maild.engine.parts import Parts, set_aside
from maild.engine.progress import Progress
from maild.errors import Deposed, PermanentError, TemporaryError, fingerprint
from maild.store import envelopes
from maild.store.envelopes import Envelope

AT_ONCE = 16
"""Mails that are handled in one transaction, at most."""
SMALL = 1_000_000
"""Bytes of mail from which on no further one is taken along: each is in memory several times."""

Group = dict[int, Envelope | None]


class Arriving:
    """Handles kept mail and says so to whoever goes on with it; ``taken`` counts it."""

    def __init__(self, parts: Parts, to_open: asyncio.Event) -> None:
        self.parts = parts
        self.to_open = to_open
        self.taken = 0
        self.progress = Progress()

    async def handle(self, ids: Sequence[int]) -> None:
        """Each of the envelopes *ids* in this order; one that meets a bug is set aside, and the next goes on.

        ``TemporaryError`` or ``Deposed`` as of ``Database.run``; what stands behind waits then, too.
        """
        while ids:
            group = await self.parts.database.run(_some, ids)
            ids = ids[len(group) :]
            looked = await asyncio.to_thread(_looked, group, self.parts.policy)
            try:
                await self.together(looked)
            except (TemporaryError, Deposed):
                raise
            except Exception:  # noqa: BLE001 - nothing of it happened; who meets a bug is found out
                await self.one_by_one(looked)

    async def together(self, looked: Mapping[int, Looked | Exception]) -> None:
        """Mails as they were read, all in one transaction."""
        for envelope, arrived in (await self.parts.database.run(self.record, looked)).items():
            self.goes_on(envelope, arrived)

    async def one_by_one(self, looked: Mapping[int, Looked | Exception]) -> None:
        """The same mails, each in a transaction of its own: a bug must not stop the queue (shunt)."""
        for envelope, mail in looked.items():
            try:
                await self.together({envelope: mail})
            except (TemporaryError, Deposed):
                raise
            except Exception as error:  # noqa: BLE001 - told with a fingerprint
                await set_aside(self.parts, envelope, fingerprint(error))

    def record(self, connection: Connection, looked: Mapping[int, Looked | Exception]) -> dict[int, Arrived]:
        """What comes of each mail; the error with which one could not be read."""
        return {envelope: self.one(connection, envelope, mail) for envelope, mail in looked.items()}

    def one(self, connection: Connection, envelope: int, mail: Looked | Exception) -> Arrived:
        """The same of one mail."""
        if isinstance(mail, Exception):
            raise mail
        policy, now = self.parts.policy, self.parts.now()
        return handle_arrival(connection, envelope, policy, now, False, mail)

    def goes_on(self, envelope: int, arrived: Arrived) -> None:
        """A mail was handled: letters may be owed, and it may have to be opened."""
        self.taken += 1
        self.progress.goes_on()
        self.parts.owed.set()
        if arrived.kept:
            log.handled(envelope, arrived.kept.verdict, arrived.kept.case_id)
        if arrived.closed:
            self.to_open.set()


def _some(connection: Connection, ids: Sequence[int]) -> Group:
    """The first of the envelopes *ids* with their bytes: one, and more while all together are small."""
    found: Group = {}
    size = 0
    for number in ids[:AT_ONCE]:
        found[number] = one = envelopes.get(connection, number)
        size += len(one.content) if one else 0
        if size > SMALL:
            break
    return found


def _looked(group: Group, policy: Policy) -> dict[int, Looked | Exception]:
    policy.screening.words.read()  # not while nobody else can write
    return {number: _look(number, envelope, policy) for number, envelope in group.items()}


def _look(number: int, envelope: Envelope | None, policy: Policy) -> Looked | Exception:
    """A mail as it is read, or what went wrong with it, which is not to go wrong with the others."""
    if envelope is None or envelope.purged:
        return PermanentError(f"there is no message {number}")
    try:
        return look(envelope, policy)
    except Exception as error:  # noqa: BLE001 - told as this mail's own
        return error
