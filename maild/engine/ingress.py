"""Mail in: every folder read to its end, each mail kept before anything else, then handled, then marked.

The database is the truth; flags, folders and IDLE are conveniences. A crash anywhere leads to the same mail
being fetched again and recognised.
"""

import asyncio
import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from maild import log
from maild.core.change import Verdict
from maild.core.event import Doubt
from maild.core.mail.facts import FolderRole, identity
from maild.core.mail.mime import parse
from maild.core.policy import Mode
from maild.engine.beat import Beat, backoff
from maild.engine.handler import handle_arrival
from maild.engine.parts import Parts, fingerprint, set_aside
from maild.errors import PermanentError, TemporaryError
from maild.gateways.imap import Fetched, FolderState, Mailbox, MailboxThread
from maild.store import envelopes, folders
from maild.store.envelopes import Received

BATCH = 50
BATCH_BYTES = 8_000_000
CALL_DEADLINE = 120.0
MARKS = {
    Verdict.REPORT: "maild-report",
    Verdict.CORRESPONDENCE: "maild-correspondence",
    Verdict.QUARANTINE: "maild-quarantine",
}
SEEN = "maild-seen"
"""Keywords that people see in a mail client; every verdict without one of its own shows as ``SEEN``."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder as it is being read."""

    folder: str
    role: FolderRole
    uidvalidity: int


def doubt(mail: Fetched, doubtful: bool) -> Doubt:
    """Whether a mail may have been answered before a restore; our mark on it proves that it was handled."""
    if not doubtful:
        return Doubt.NONE
    ours = {SEEN, *MARKS.values()}
    return Doubt.PROVED if ours & mail.keywords else Doubt.OPEN


class Ingress:
    """Reads the desk's folders."""

    def __init__(self, parts: Parts, mailbox: MailboxThread, to_open: asyncio.Event) -> None:
        self.parts = parts
        self.mailbox = mailbox
        self.to_open = to_open
        self.blind_since: datetime | None = parts.now()
        self.down_since: datetime | None = None
        self.read_once = False
        self.taken = 0

    def roles(self) -> dict[str, FolderRole]:
        """The folders to read and what each is to the desk."""
        inbox = self.parts.config.file.inbox
        roles = dict.fromkeys(inbox.folders, FolderRole.INBOX)
        if inbox.junk:
            roles[inbox.junk] = FolderRole.JUNK
        if inbox.sent:
            roles[inbox.sent] = FolderRole.SENT
        return roles

    async def round(self) -> None:
        """Handle what was left, then read every folder to its end. ``TemporaryError`` when one cannot be."""
        if self.blind_since is None:
            self.blind_since = self.parts.now()
        await self.handle_kept()
        try:
            await self.read_all()
        except TemporaryError:
            self.down_since = self.down_since or self.blind_since
            raise
        self.blind_since, self.down_since, self.read_once = None, None, True

    async def read_all(self) -> None:
        """Every folder to its end."""
        await self.mailbox.call(Mailbox.connect, deadline=CALL_DEADLINE)
        for name, role in self.roles().items():
            await self.read(name, role)

    async def read(self, name: str, role: FolderRole) -> None:
        """Read one folder to its end and mark what was handled."""
        state = await self.mailbox.call(Mailbox.select, name, deadline=CALL_DEADLINE)
        position = await self.parts.database.run(folders.position, name)
        if position is None:
            await self.first_reading(name, state)
        elif position.uidvalidity != state.uidvalidity:
            await self.renumber(name, state)
        await self.take_new(name, role, state)
        await self.mark(name, state)
        await self.parts.database.run(folders.read, name, self.parts.now())

    async def first_reading(self, name: str, state: FolderState) -> None:
        """What stood in a folder before maild ever ran is backlog, answered to nobody (ruling 26)."""
        uids = await self.mailbox.call(Mailbox.uids_from, 1, deadline=CALL_DEADLINE)
        found = await self.mailbox.call(Mailbox.describe, uids, deadline=CALL_DEADLINE)
        upto = max([state.uidnext, *(uid + 1 for uid in uids)])
        await self.parts.database.run(folders.baseline, name, state.uidvalidity, found, upto)
        log.baseline(name, len(found))

    async def renumber(self, name: str, state: FolderState) -> None:
        """A new UIDVALIDITY: everything is read again; what is known is recognised, backlog stays backlog."""
        uids = await self.mailbox.call(Mailbox.uids_from, 1, deadline=CALL_DEADLINE)
        found = await self.mailbox.call(Mailbox.describe, uids, deadline=CALL_DEADLINE)
        await self.parts.database.run(folders.renumber, name, state.uidvalidity, found)
        log.renumbered(name)

    async def take_new(self, name: str, role: FolderRole, state: FolderState) -> None:
        """Keep and handle the folder's new mail and whatever of its backlog an operator wants."""
        run, place = self.parts.database.run, Place(name, role, state.uidvalidity)
        position = await run(folders.position, name)
        wanted = await run(folders.backlog_uids, name, state.uidvalidity, wanted=True)
        left = await run(folders.backlog_uids, name, state.uidvalidity, wanted=False)
        start = position.next_uid if position else 1
        new = await self.mailbox.call(Mailbox.uids_from, start, deadline=CALL_DEADLINE)
        uids = sorted({*wanted, *new} - set(left))
        while uids:
            batch, rest = uids[:BATCH], uids[BATCH:]
            cap = self.parts.config.file.inbox.max_size
            mails, undone = await self.mailbox.call(
                Mailbox.take, batch, cap, BATCH_BYTES, deadline=10 * CALL_DEADLINE
            )
            done = [uid for uid in batch if uid not in undone]
            await self.handle(await run(self.keep, place, mails, done, set(wanted)))
            uids = [*undone, *rest]

    def keep(
        self, connection: Connection, place: Place, mails: list[Fetched], done: list[int], wanted: set[int]
    ) -> list[int]:
        """Keep a batch in one transaction; the ids of those to be handled. *done* are the UIDs it settles."""
        now = self.parts.now()
        position = folders.position(connection, place.folder)
        read_at = position.read_at if position else None
        received = [
            replace(
                self.received(mail, place, None if mail.uid in wanted else read_at, now),
                doubt=doubt(mail, folders.doubtful(connection, mail.internal_date)),
            )
            for mail in mails
        ]
        found = [envelopes.keep(connection, mail, now) for mail in received]
        for uid in done:
            folders.adopted(connection, place.folder, place.uidvalidity, uid)
        next_uid = max([position.next_uid if position else 1, *(uid + 1 for uid in done)])
        folders.advance(connection, place.folder, place.uidvalidity, next_uid)
        if mails:
            log.kept(place.folder, len(mails))
        return [one for one in dict.fromkeys(found) if one is not None]

    def received(self, mail: Fetched, place: Place, read_at: datetime | None, now: datetime) -> Received:
        """A fetched mail as it is kept; promises count from INTERNALDATE or now, the earlier (ruling 8).

        One that seems to have arrived before the folder was last read is odd, and flagged.
        """
        arrived = min(mail.internal_date, now)
        return Received(
            folder=place.folder,
            uidvalidity=place.uidvalidity,
            uid=mail.uid,
            role=place.role.value,
            at=arrived,
            odd=read_at is not None and arrived < read_at - timedelta(minutes=5),
            size=mail.size,
            truncated=mail.truncated,
            sha256=hashlib.sha256(mail.raw).hexdigest(),
            identity=identity(parse(mail.raw), self.parts.policy.desk.secret),
            content=mail.raw,
        )

    async def handle_kept(self) -> None:
        """Whatever a crash or trouble left kept but not handled comes first."""
        database = self.parts.database
        await self.handle(await database.run(envelopes.unhandled, envelopes.KEPT, self.parts.now()))

    async def handle(self, ids: list[int]) -> None:
        """Each envelope through the handler; one that meets a bug is set aside and the next goes on."""
        for envelope in ids:
            try:
                arrived = await self.parts.database.run(
                    handle_arrival, envelope, self.parts.policy, self.parts.now()
                )
            except TemporaryError:
                raise
            except Exception as error:  # noqa: BLE001 - a bug must not stop the queue: shunt
                await set_aside(self.parts, envelope, fingerprint(error))
            else:
                self.taken += 1
                self.parts.owed.set()
                if arrived.kept:
                    log.handled(envelope, arrived.kept.verdict, arrived.kept.case_id)
                if arrived.closed:
                    self.to_open.set()

    async def mark_all(self) -> None:
        """Mark what was handled since the folders were read."""
        for name in self.roles():
            await self.mark(name, await self.mailbox.call(Mailbox.select, name, deadline=CALL_DEADLINE))

    async def mark(self, name: str, state: FolderState) -> None:
        """Show people in the mailbox what became of their mail; nothing depends on it."""
        owed = await self.parts.database.run(folders.marks_owed, name, state.uidvalidity)
        for verdict, uids in owed.items():
            if state.keywords:
                keyword = MARKS.get(Verdict(verdict), SEEN)
                await self.mailbox.call(Mailbox.mark, uids, keyword, deadline=CALL_DEADLINE)
            elif verdict == Verdict.QUARANTINE and self.may_move():
                await self.set_aside(uids)
            await self.parts.database.run(folders.marked, name, state.uidvalidity, uids)

    def may_move(self) -> bool:
        """Whether held mail may be moved: only where maild is the list, into a folder that is configured."""
        file = self.parts.config.file
        return bool(file.screening.quarantine) and file.desk.mode is Mode.RELAY

    async def set_aside(self, uids: list[int]) -> None:
        """Where the server keeps no keywords, held mail is shown by the folder it lies in."""
        folder = self.parts.config.file.screening.quarantine
        await self.mailbox.call(Mailbox.create, folder, deadline=CALL_DEADLINE)
        try:
            await self.mailbox.call(Mailbox.move, uids, folder, deadline=CALL_DEADLINE)
        except PermanentError as error:  # neither keywords nor a safe move: the mailbox shows nothing
            log.trouble("ingress", str(error))

    async def run(self, beat: Beat) -> None:
        """Read for ever: at every poll, sooner when the server hints at mail, later after trouble."""
        failures = 0
        while True:
            try:
                await self.round()
                if failures:
                    log.recovered("ingress")
                failures = 0
                beat.turn()
                await self.wait()
            except TemporaryError as error:
                failures += 1
                if failures == 1:
                    log.trouble("ingress", str(error))
                beat.turn(well=False)
                await asyncio.sleep(backoff(failures, error.delay))

    async def wait(self) -> None:
        """Until the next poll, or until the server says that something arrived in the first folder."""
        poll = self.parts.config.file.inbox.poll.total_seconds()
        first = next(iter(self.roles()))
        await self.mailbox.call(Mailbox.select, first, deadline=CALL_DEADLINE)
        began = asyncio.get_running_loop().time()
        if not await self.mailbox.call(Mailbox.wait, poll, deadline=poll + CALL_DEADLINE):
            await asyncio.sleep(max(0.0, poll - (asyncio.get_running_loop().time() - began)))
