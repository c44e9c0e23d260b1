"""The junk folder that the server names (RFC 6154), where the configuration says nothing about one."""

from maild import log
from maild.engine.marking import CALL_DEADLINE
from maild.engine.parts import Parts
from maild.errors import StoreError, TemporaryError
from maild.gateways.imap import Mailbox, MailboxThread


class Junk:
    """Which folder to read as junk: the operator's, or the server's; ``""`` where they want none.

    A folder that only the server names holds up nothing: where it vanished, or cannot be read, somebody is
    warned and the sweeps go on.
    """

    def __init__(self, parts: Parts, mailbox: MailboxThread) -> None:
        self.parts, self.mailbox = parts, mailbox
        self.found = self.told = ""

    @property
    def named(self) -> str | None:
        """What the configuration says: a name, ``""`` for none, ``None`` for nothing."""
        return self.parts.config.file.inbox.junk

    @property
    def folder(self) -> str:
        """The folder to read now; empty for none."""
        return self.found if self.named is None else self.named

    async def look(self) -> None:
        """Ask the server for its junk folder, where nobody named one."""
        if self.named is not None:
            return
        there = await self.mailbox.call(Mailbox.folders, deadline=CALL_DEADLINE)
        inbox = self.parts.config.file.inbox
        found = "" if there.junk in (*inbox.folders, inbox.sent) else there.junk
        if self.found and found != self.found:
            log.folder_gone(self.found)
        self.found = found

    async def forgive(self, name: str, error: TemporaryError) -> None:
        """What cannot be read of a folder that nobody named is warned of; of any other it is raised."""
        if self.named is not None or name != self.found or isinstance(error, StoreError):
            raise error
        if str(error) != self.told:
            log.trouble("junk", str(error))
        self.told, self.found = str(error), ""
        await self.mailbox.call(Mailbox.connect, deadline=CALL_DEADLINE)
