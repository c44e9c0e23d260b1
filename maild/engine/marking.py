"""Showing people in the mailbox what became of their mail. Nothing depends on it."""

from collections.abc import Mapping

from maild import log
from maild.core.change import Verdict
from maild.engine.moves import Moves
from maild.engine.parts import Parts
from maild.errors import PermanentError
from maild.gateways.imap import FolderState, Mailbox, MailboxThread
from maild.store import folders

CALL_DEADLINE = 120.0
"""Seconds that one word to the mailbox may take."""
MARKS = {
    Verdict.REPORT: "maild-report",
    Verdict.CORRESPONDENCE: "maild-correspondence",
    Verdict.QUARANTINE: "maild-quarantine",
}
SEEN = "maild-seen"
"""Keywords that people see in a mail client; every verdict without one of its own shows as ``SEEN``."""
OURS = frozenset({SEEN, *MARKS.values()})


class Marks:
    """Sets the marks that the database owes to a folder."""

    def __init__(self, parts: Parts, mailbox: MailboxThread, moves: Moves) -> None:
        self.parts = parts
        self.mailbox = mailbox
        self.moves = moves
        self.refused = False

    async def show(self, name: str, state: FolderState) -> None:
        """Set them in the selected folder; what the server refuses is tried again at the next reading."""
        owed = await self.parts.database.run(folders.marks_owed, name, state.uidvalidity)
        if not owed:
            return
        try:
            await self.set(name, state, owed)
        except PermanentError as error:
            if not self.refused:
                log.trouble("marks", str(error))
            self.refused = True
        else:
            if self.refused:
                log.recovered("marks")
            self.refused = False

    async def set(self, name: str, state: FolderState, owed: Mapping[str, list[int]]) -> None:
        """The marks *owed*, verdict by verdict; ``PermanentError`` when the server refuses one."""
        for verdict, uids in owed.items():
            held = verdict == Verdict.QUARANTINE and self.moves.folder not in ("", name)
            if held and await self.moves.aside(name, state, uids):
                continue
            if state.keywords:
                keyword = MARKS.get(Verdict(verdict), SEEN)
                await self.mailbox.call(Mailbox.mark, uids, keyword, deadline=CALL_DEADLINE)
            await self.parts.database.run(folders.marked, name, state.uidvalidity, uids)
