"""Mail in: every folder read to its end, each mail kept before anything else, then handled, then marked."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from maild import log
from maild.core.mail.facts import FolderRole
from maild.engine import fetching, taking
from maild.engine.arriving import Arriving
from maild.engine.marking import CALL_DEADLINE, Marks
from maild.engine.moves import Moves
from maild.engine.parts import Parts, process
from maild.engine.progress import Progress, backoff
from maild.engine.special import Special
from maild.engine.taking import Asked, Named, Place
from maild.errors import StoreError, TemporaryError
from maild.gateways.imap import Batch, FolderState, LoginRefused, Mailbox, MailboxThread
from maild.store import envelopes, folders, unfetched


class Ingress:
    """Reads the desk's folders."""

    def __init__(self, parts: Parts, mailbox: MailboxThread, to_open: asyncio.Event) -> None:
        self.parts = parts
        self.mailbox = mailbox
        self.moves = Moves(parts, mailbox)
        self.arriving = Arriving(parts, to_open)
        self.blind_since: datetime | None = parts.now()
        self.down_since: datetime | None = None
        self.refused_since: datetime | None = None
        self.read_once = False
        self.special = Special(parts, mailbox)
        self.marks = Marks(parts, mailbox, self.moves)
        self.uidnext: dict[str, int] = {}

    def roles(self) -> dict[str, FolderRole]:
        """The folders to read and what each is to the desk."""
        inbox = self.parts.config.file.inbox
        roles = dict.fromkeys(inbox.folders, FolderRole.INBOX)
        more = ((self.special.junk, FolderRole.JUNK), (self.special.sent, FolderRole.SENT))
        roles |= {name: role for name, role in more if name}
        if self.moves.folder:
            roles.setdefault(self.moves.folder, FolderRole.JUNK)
        return roles

    async def round(self) -> None:
        """Handle what was left, then read every folder to its end. ``TemporaryError`` when one cannot be."""
        if self.blind_since is None:
            self.blind_since = self.parts.now()
        await self.handle_kept()
        try:
            await self.read_all()
        except StoreError:  # that is not the mailbox's trouble
            raise
        except TemporaryError as error:
            self.down_since = self.down_since or self.blind_since
            self.refused_since = self.down_since if isinstance(error, LoginRefused) else None
            raise
        self.blind_since, self.down_since, self.refused_since, self.read_once = None, None, None, True

    async def read_all(self) -> None:
        """Every folder to its end."""
        await self.mailbox.call(Mailbox.connect, deadline=CALL_DEADLINE)
        await self.moves.create()
        await self.special.look()
        if self.moves.folder and await self.parts.database.run(folders.position, self.moves.folder) is None:
            await self.read(self.moves.folder, FolderRole.JUNK)  # else our first move would be its backlog
        for name, role in self.roles().items():
            try:
                await self.read(name, role)
            except TemporaryError as error:
                await self.special.forgive(name, error)

    async def read(self, name: str, role: FolderRole) -> None:
        """Read one folder to its end and mark what was handled."""
        state = await self.mailbox.call(Mailbox.select, name, deadline=CALL_DEADLINE)
        self.uidnext[name] = state.uidnext
        position = await self.parts.database.run(folders.position, name)
        if position is None:
            await self.first_reading(name, state)
        elif position.uidvalidity != state.uidvalidity:
            await self.read_anew(name, state, folders.renumber)
        elif state.uidnext < position.next_uid:  # restored from a backup: UIDs are given a second time
            await self.read_anew(name, state, folders.rewound)
        await self.take_new(name, role, state)
        if name == self.moves.folder:
            await self.moves.look(state, self.parts.config.file.inbox.folders)
        await self.marks.show(name, state)
        await self.parts.database.run(folders.read, name, self.parts.now())

    async def first_reading(self, name: str, state: FolderState) -> None:
        """What stood in a folder before maild ever ran is backlog, answered to nobody (ruling 26)."""
        uids = await self.mailbox.call(Mailbox.uids_from, 1, deadline=CALL_DEADLINE)
        found = await self.mailbox.call(Mailbox.describe, uids, deadline=CALL_DEADLINE)
        upto = max([state.uidnext, *(uid + 1 for uid in uids)])
        await self.parts.database.run(folders.baseline, name, state.uidvalidity, found, upto)
        log.baseline(name, len(found))

    async def read_anew(self, name: str, state: FolderState, recognise: Callable[..., object]) -> None:
        """UIDs stand for other mail than they did: all is read again, what is known is recognised."""
        uids = await self.mailbox.call(Mailbox.uids_from, 1, deadline=CALL_DEADLINE)
        found = await self.mailbox.call(Mailbox.describe, uids, deadline=CALL_DEADLINE)
        await self.parts.database.run(recognise, name, state.uidvalidity, found)
        log.renumbered(name)

    async def take_new(self, name: str, role: FolderRole, state: FolderState) -> None:
        """Keep and handle the folder's new mail and whatever of its backlog an operator wants."""
        run, validity = self.parts.database.run, state.uidvalidity
        position = await run(folders.position, name)
        wanted = await run(folders.backlog_uids, name, validity, wanted=True)
        left = await run(folders.backlog_uids, name, validity, wanted=False)
        tried = await run(unfetched.of_folder, name, validity)
        place = Place(name, role, validity, tried)
        start = position.next_uid if position else 1
        new = await self.mailbox.call(Mailbox.uids_from, start, deadline=CALL_DEADLINE)
        uids = fetching.in_order({*wanted, *new, *tried} - set(left), tried, self.parts.now())
        while uids:
            batch = fetching.head(uids, tried)
            kept, later = await self.take(place, batch, set(wanted))
            await self.arriving.handle(kept)
            uids = [*later, *uids[len(batch) :]]

    async def take(self, place: Place, batch: list[int], wanted: set[int]) -> tuple[list[int], list[int]]:
        """Fetch and keep a batch, and let go of its bytes; the ids to be handled, and the UIDs left to do."""
        got = await self.fetch(place, batch)
        asked = Asked([uid for uid in batch if uid not in got.left], wanted)
        named = await asyncio.to_thread(taking.named, got.mails, place, self.parts, wanted)
        return await self.parts.database.run(self.keep, place, got, named, asked), got.left

    async def fetch(self, place: Place, batch: list[int]) -> Batch:
        """What became of one batch; trouble with the server is counted against every mail of it."""
        cap, tried = self.parts.config.file.inbox.max_size, place.tried
        try:
            return await self.mailbox.call(fetching.take, batch, cap, tried, deadline=10 * CALL_DEADLINE)
        except TemporaryError:
            failed = fetching.once_more(batch, tried, self.parts.now())
            await self.parts.database.run(unfetched.failed, place.folder, place.uidvalidity, failed)
            log.unfetched(place.folder, failed[batch[0]].tries, len(batch))
            raise

    def keep(
        self, connection: Connection, place: Place, got: Batch, named: Sequence[Named], asked: Asked
    ) -> list[int]:
        """Keep a batch in one transaction, its mails as they were *named*; the ids of those to be handled.

        What the server did not give is counted here too: from now on its row, not its UID, brings it back.
        """
        now = self.parts.now()
        position = folders.position(connection, place.folder)
        read_at = position.read_at if position else None
        until = folders.doubtful_until(connection)
        late = asked.wanted | set(place.tried)
        received = [
            taking.received(one, place, None if one.mail.uid in late else read_at, until, now)
            for one in named
        ]
        found = [envelopes.keep(connection, mail, now) for mail in received]
        done = [uid for uid in asked.uids if uid not in got.failed]
        for uid in asked.wanted.intersection(done):
            folders.adopted(connection, place.folder, place.uidvalidity, uid)
        next_uid = max([position.next_uid if position else 1, *(uid + 1 for uid in asked.uids)])
        folders.advance(connection, place.folder, place.uidvalidity, next_uid)
        if place.tried:
            unfetched.settled(connection, place.folder, place.uidvalidity, done)
        failed = fetching.once_more(got.failed, place.tried, now)
        unfetched.failed(connection, place.folder, place.uidvalidity, failed)
        _tell(place.folder, len(got.mails), len(failed), len(done) - len(got.mails))
        return [one for one in dict.fromkeys(found) if one is not None]

    async def handle_kept(self) -> None:
        """Whatever a crash or trouble left kept but not handled comes first."""
        run = self.parts.database.run
        waiting = await run(envelopes.unhandled, envelopes.KEPT, self.parts.now())
        suspects = set(await run(envelopes.suspected, envelopes.KEPT) if waiting else ())
        for one in waiting:
            if one in suspects:
                await run(envelopes.begin, one, process())
            await self.arriving.handle([one])

    async def mark_all(self) -> None:
        """Mark what was handled since the folders were read."""
        for name in self.roles():
            state = await self.mailbox.call(Mailbox.select, name, deadline=CALL_DEADLINE)
            await self.marks.show(name, state)

    async def run(self, progress: Progress) -> None:
        """Read for ever: at every poll, sooner when the server hints at mail, later after trouble."""
        self.arriving.progress = progress
        failures, told = 0, ""
        while True:
            try:
                await self.round()
                if failures:
                    log.recovered("ingress")
                failures, told = 0, ""
                progress.turn()
                await self.wait()
            except TemporaryError as error:
                failures += 1
                if str(error) != told:
                    log.trouble("ingress", str(error))
                told = str(error)
                progress.after(error)
                await asyncio.sleep(backoff(failures, error.delay))

    async def wait(self) -> None:
        """Until the next poll, or until the server says that something arrived in the first folder."""
        poll = self.parts.config.file.inbox.poll.total_seconds()
        first = next(iter(self.roles()))
        state = await self.mailbox.call(Mailbox.select, first, deadline=CALL_DEADLINE)
        if state.uidnext != self.uidnext.get(first):
            return  # it came while the other folders were read: no hint would tell
        began = asyncio.get_running_loop().time()
        if not await self.mailbox.call(Mailbox.wait, poll, deadline=poll + CALL_DEADLINE):
            await asyncio.sleep(max(0.0, poll - (asyncio.get_running_loop().time() - began)))


def _tell(folder: str, kept: int, failed: int, gone: int) -> None:
    """The log hears what became of the mail that was asked for."""
    for tell, count in ((log.kept, kept), (log.not_given, failed), (log.vanished, gone)):
        if count:
            tell(folder, count)
