"""Folders that the server names by their use (RFC 6154): junk by default, sent where it is asked for."""

from maild import log
from maild.engine.marking import CALL_DEADLINE
from maild.engine.parts import Parts
from maild.errors import StoreError, TemporaryError
from maild.gateways.imap import Folders, Mailbox, MailboxThread


class Special:
    """Which folders to read as junk and as sent: the operator's, or those that the server names.

    A junk folder that only the server names holds up nothing: where it vanished, or cannot be read, somebody
    is warned and the sweeps go on.
    """

    def __init__(self, parts: Parts, mailbox: MailboxThread) -> None:
        self.parts, self.mailbox = parts, mailbox
        self.there = Folders()
        self.told = ""

    @property
    def junk(self) -> str:
        """The folder to read as junk; empty for none."""
        return self.parts.config.file.inbox.junk_of(self.there.junk)

    @property
    def sent(self) -> str:
        """The folder with what the team sent; empty for none."""
        return self.parts.config.file.inbox.sent_of(self.there.sent)

    async def look(self) -> None:
        """Ask the server for its folders, where it decides."""
        if self.parts.config.file.inbox.named:
            return
        before = self.junk
        self.there = await self.mailbox.call(Mailbox.folders, deadline=CALL_DEADLINE)
        if before and before != self.junk:
            log.folder_gone(before)

    async def forgive(self, name: str, error: TemporaryError) -> None:
        """What cannot be read of a junk folder that nobody named is warned of; of any other it is raised."""
        if (
            self.parts.config.file.inbox.junk is not None
            or name != self.junk
            or isinstance(error, StoreError)
        ):
            raise error
        if str(error) != self.told:
            log.trouble("junk", str(error))
        self.told, self.there.junk = str(error), ""
        await self.mailbox.call(Mailbox.connect, deadline=CALL_DEADLINE)
