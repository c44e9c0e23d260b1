"""The quarantine as a folder: held mail is moved into it, and moving it back into the inbox releases it.

Only where maild is the list and a folder is configured; a database that knows nothing of a move is never
changed by one. Each own move is recorded as intent first, so that it is never taken for a person's.
"""

from collections.abc import Sequence

from maild import log
from maild.core.event import MailPutAside
from maild.core.values.desk import Mode
from maild.engine import handler
from maild.engine.parts import Parts
from maild.errors import PermanentError, Refused
from maild.gateways.imap import FolderState, Mailbox, MailboxThread
from maild.store import moves

CALL_DEADLINE = 120.0


class Moves:
    """The folder for held mail."""

    def __init__(self, parts: Parts, mailbox: MailboxThread) -> None:
        self.parts = parts
        self.mailbox = mailbox

    @property
    def folder(self) -> str:
        """Its name, or empty where nothing is moved."""
        file = self.parts.config.file
        return file.screening.quarantine if file.desk.mode is Mode.RELAY else ""

    async def create(self) -> None:
        """The folder is there from now on."""
        if self.folder:
            await self.mailbox.call(Mailbox.create, self.folder, deadline=CALL_DEADLINE)

    async def aside(self, name: str, state: FolderState, held: Sequence[int]) -> bool:
        """Move *held* mail of the folder *name* into the quarantine; whether all of it is there now.

        What lay there before was moved back by somebody, and is not moved again.
        """
        run = self.parts.database.run
        uids = await run(moves.never_there, name, state.uidvalidity, held, self.folder)
        await run(moves.intend, name, state.uidvalidity, uids)
        try:
            await self.mailbox.call(Mailbox.move, uids, self.folder, deadline=CALL_DEADLINE)
        except (
            PermanentError
        ) as error:  # no safe way: the mail stays, and shows its keyword where there are some
            log.trouble("ingress", str(error))
            await run(moves.stayed, name, state.uidvalidity, uids)
            return False
        await run(moves.moved, name, state.uidvalidity, uids)
        return len(uids) == len(held)

    async def look(self, state: FolderState, inboxes: Sequence[str]) -> None:
        """What people have moved: out of the quarantine is a release, a case's mail into it a question."""
        run, now = self.parts.database.run, self.parts.now()
        there = await self.mailbox.call(Mailbox.uids_from, 1, deadline=CALL_DEADLINE)
        await run(moves.settle, self.folder, state.uidvalidity, inboxes)
        for envelope in await run(moves.put_aside, self.folder, state.uidvalidity):
            await self.parts.handle(MailPutAside(envelope))
        for envelope in await run(moves.taken_out, self.folder, state.uidvalidity, there, inboxes):
            try:
                await run(handler.release, envelope, self.parts.policy, now)
            except Refused as refused:  # its bytes were purged, or somebody else was quicker
                log.trouble("ingress", str(refused))
            self.parts.owed.set()
