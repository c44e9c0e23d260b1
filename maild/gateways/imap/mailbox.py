"""One mailbox over one connection, used by one thread.

Every method but ``wake`` and ``abandon`` blocks and belongs to the thread that called ``connect``. Raises
TemporaryError for any trouble with the server and drops the connection then: after an error imaplib's
place in the stream is unknown. The caller connects again when it likes.
"""

import select
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, IMAPClientReadOnlyError

from maild.errors import PermanentError, TemporaryError
from maild.gateways import tls
from maild.gateways.imap import asking
from maild.gateways.imap.account import Batch, Fetched, FolderState, ImapAccount
from maild.gateways.imap.asking import LISTED, Folders, ask, chunks, listed, still_there
from maild.gateways.imap.connection import TROUBLE, hang_up, heard_already, in_words, open_connection
from maild.gateways.imap.reading import complete, first_look, scrap

CHUNK = 50
LONGEST_IDLE = 25.0
"""Seconds. RFC 2177 allows 29 minutes, but only a word to the server shows that the line is dead.

With the time limit for its answer that makes a minute at the most.
"""
EMPTY_ROUNDS = 10


class Mailbox:
    """One account's mailbox. ``connect`` first; ``close`` at the end."""

    def __init__(self, account: ImapAccount) -> None:
        self._account = account
        self._client: IMAPClient | None = None
        self._abandoned = False
        self._folder = ""
        self._exists = self._uidnext = 0  # of the folder, at SELECT
        self._heard = 0  # announcements of new mail when we last looked
        self._next: dict[str, int] = {}  # by folder: the UID that nobody had when we last looked
        self._arrived = False  # since then, and before this SELECT
        self.capabilities: frozenset[str] = frozenset()
        self._bell, self._button = socket.socketpair()
        self._bell.setblocking(False)

    def connect(self) -> None:
        """Connect, encrypt and log in; nothing when connected already.

        Raises LoginRefused, UntrustedServer, TemporaryError, PermanentError (an unusable ca_file).
        """
        if self._client is None and not self._abandoned:
            self._client = open_connection(self._account)
        with self._server("asking what it can do") as client:
            self.capabilities = frozenset(item.decode("ascii", "replace") for item in client.capabilities())
            if self._abandoned:
                raise TemporaryError(f"{self._account.host}: abandoned in the meantime")

    def close(self) -> None:
        """Log out and hang up, for good; never raises."""
        if self._client is not None:
            with suppress(*TROUBLE):
                self._client.socket().settimeout(2)
                self._client.logout()
        self._drop()
        self._bell.close()
        self._button.close()

    def abandon(self) -> None:
        """Cut the connection from another thread, so that a call stuck in it fails; never raises."""
        self._abandoned = True
        client = self._client
        if client is not None:
            with suppress(*TROUBLE):
                # the plain socket's shutdown: the TLS one would tear down what the other thread is reading
                socket.socket.shutdown(client.socket(), socket.SHUT_RDWR)

    def wake(self) -> None:
        """End a ``wait`` in progress, or the next one, at once; from any thread."""
        with suppress(OSError):
            self._button.send(b"!")

    def certificate_end(self) -> datetime | None:
        """When the server's certificate expires (aware UTC); ``None`` without TLS."""
        with self._server("looking at its certificate") as client:
            return tls.certificate_end(client.socket())

    def clock(self, folder: str) -> datetime:
        """What time the server thinks it is (aware UTC), by a mail in *folder*, made for this and deleted."""
        with self._server("asking for the time") as client:
            return asking.clock(client, folder)

    def folders(self) -> Folders:
        """All folders that can be selected, and which of them the server names for a special use."""
        with self._server("listing folders") as client:
            return asking.folders(client)

    def select(self, folder: str, read_only: bool = False) -> FolderState:
        """Open a folder for what follows; EXAMINE when asked, or when the server allows no more."""
        with self._server("opening a folder") as client:
            try:
                said = client.select_folder(folder, readonly=read_only)
            except IMAPClientReadOnlyError:
                read_only, said = True, client.select_folder(folder, readonly=True)
            state = FolderState(
                uidvalidity=int(said[b"UIDVALIDITY"]),
                uidnext=int(said.get(b"UIDNEXT", 0)) or max(client.search("ALL"), default=0) + 1,
                keywords=not read_only and b"\\*" in said.get(b"PERMANENTFLAGS", ()),
                read_only=read_only,
            )
        self._folder, self._exists = folder, int(said.get(b"EXISTS", 0))
        self._heard = self._announcements()
        self._arrived = state.uidnext > self._next.get(folder, state.uidnext)
        self._uidnext = state.uidnext
        return state

    def uids_from(self, uid: int) -> list[int]:
        """UIDs of the selected folder from ``uid`` on, ascending."""
        with self._server("searching") as client:
            client.noop()  # else what arrived since the last command is noticed after this search only
            self._heard, self._arrived = self._announcements(), False
            found = asking.uids_from(client, uid, self._exists)
        self._next[self._folder] = max(self._uidnext, max(found, default=0) + 1)
        return found

    def describe(self, uids: Sequence[int]) -> dict[int, tuple[datetime, int]]:
        """INTERNALDATE (aware, UTC) and RFC822.SIZE of each UID that still exists.

        A mail that the server lists and does not describe has ``UNKNOWN_DATE`` and size 0.
        """
        described: dict[int, tuple[datetime, int]] = {}
        for chunk in chunks(uids, LISTED):
            with self._server("asking for dates and sizes") as client:
                described |= asking.describe(client, chunk)
        return described

    def there(self, uids: Sequence[int]) -> set[int]:
        """Those of *uids* that the server finds in the selected folder."""
        with self._server("looking whether mail is there") as client:
            return still_there(client, uids)

    def fetch(self, uid: int, cap: int) -> Fetched | None:
        """One mail of at most ``cap`` bytes, shortened when longer; None when it is no longer there.

        TemporaryError when the server lists it and does not give it.
        """
        found = self.take([uid], cap, cap)
        if found.failed:
            raise TemporaryError(f"{self._account.host}: a message is listed but was not delivered")
        return next(iter(found.mails), None)

    def take(self, uids: Sequence[int], cap: int, budget: int) -> Batch:
        """Mails from the head of ``uids`` until ``budget`` bytes are in hand, each shortened beyond ``cap``.

        Small mails come 50 to a round trip, of big ones one is in memory at a time.
        """
        mails, missing, length = [], [], 0
        for uid, mail in self._each(uids, cap):
            if mail is None:
                missing.append(uid)
                continue
            mails.append(mail)
            length += len(mail.raw)
            if length >= budget:
                return Batch(mails, self._listed(missing), list(uids[uids.index(uid) + 1 :]))
        return Batch(mails, self._listed(missing))

    def salvage(self, uid: int, heads: bool) -> Batch:
        """As much as can be had of a mail that was asked for in vain: its beginning, or its headers alone."""
        with self._server("fetching what can be had") as client:
            mail = scrap(client, uid, heads)
        return Batch([mail], []) if mail else Batch([], self._listed([uid]))

    def _each(self, uids: Sequence[int], cap: int) -> Iterator[tuple[int, Fetched | None]]:
        """Every mail in the order of *uids*, read as it is taken; None where the server gave too little."""
        for chunk in chunks(uids, CHUNK):
            with self._server("fetching") as client:
                items = ask(client, chunk, first_look(cap))
            for uid in chunk:
                with self._server("fetching") as client:
                    mail = complete(client, uid, items.pop(uid, {}), cap)
                yield uid, mail

    def _listed(self, missing: list[int]) -> list[int]:
        """Those of *missing* that are not gone: only a search that finds them no more says so (ruling 34)."""
        there = self.there(missing) if missing else set()
        return [uid for uid in missing if uid in there]

    def mark(self, uids: int | Sequence[int], keyword: str) -> None:
        """Set a keyword; only for folders whose state says ``keywords``. PermanentError when refused."""
        for chunk in chunks(listed(uids), LISTED):
            with self._refusable("marking") as client:
                client.add_flags(chunk, [keyword], silent=True)

    def move(self, uids: int | Sequence[int], target: str) -> None:
        """Move to another folder of the account; PermanentError where no safe way exists or it is refused.

        Without MOVE (RFC 6851) only UIDPLUS can expunge exactly these messages and no one else's.
        """
        if not self.capabilities & {"MOVE", "UIDPLUS"}:
            raise PermanentError(f"{self._account.host} can neither MOVE nor UIDPLUS: mail stays where it is")
        for chunk in chunks(listed(uids), LISTED):
            with self._refusable("moving") as client:
                if "MOVE" in self.capabilities:
                    client.move(chunk, target)
                else:
                    client.copy(chunk, target)
                    client.add_flags(chunk, [b"\\Deleted"], silent=True)
                    client.uid_expunge(chunk)

    def create(self, folder: str) -> None:
        """Make a folder, subscribed so that people's clients show it; nothing when it is there.

        PermanentError when it is refused.
        """
        with self._refusable("making a folder") as client:
            if not client.folder_exists(folder):
                client.create_folder(folder)
                client.subscribe_folder(folder)

    def wait(self, seconds: float) -> bool:
        """Wait for new mail in the selected folder; whether there may be some (IDLE, a hint and no more).

        False at once when the server has no IDLE: the caller polls. Also False after ``wake``. Mail that
        arrived since the last ``uids_from`` is not waited for.
        """
        if "IDLE" not in self.capabilities:
            return False
        end, empty = time.monotonic() + seconds, 0
        while not self._news():
            left = min(end - time.monotonic(), LONGEST_IDLE)
            if left <= 0 or self._woken():
                return False
            empty += self._idle(left)
            if empty > EMPTY_ROUNDS:
                self._drop()
                raise TemporaryError(f"{self._account.host}: waiting for mail ends at once every time")
        return True

    def _idle(self, seconds: float) -> bool:
        """One round of IDLE; whether the server stirred without saying anything."""
        with self._server("waiting for mail") as client:
            client.idle()
            poller = select.poll()
            poller.register(client.socket(), select.POLLIN)
            poller.register(self._bell, select.POLLIN)
            # What came in one packet with the answer to IDLE is in the library's buffer, where poll is blind.
            stirred = {fd for fd, _ in poller.poll(0 if heard_already(client) else seconds * 1000)}
            _, said = client.idle_done()
            return client.socket().fileno() in stirred and not said

    def _woken(self) -> bool:
        """Whether somebody rang; the bell is silent afterwards."""
        try:
            return bool(self._bell.recv(4096))
        except BlockingIOError:
            return False

    def _news(self) -> bool:
        return self._arrived or self._announcements() != self._heard

    def _announcements(self) -> int:
        """How often the server announced a new number of messages since SELECT, whatever we were doing."""
        with self._server("waiting for mail") as client:
            # the library has no public way to what it swallowed during other commands
            return len(client._imap.untagged_responses.get("EXISTS", ()))  # noqa: SLF001

    @contextmanager
    def _server(self, doing: str) -> Iterator[IMAPClient]:
        """The connection, for one exchange: trouble drops it and comes out in our words."""
        if self._client is None:
            raise TemporaryError(f"{self._account.host}: not connected")
        try:
            yield self._client
        except (*TROUBLE, TemporaryError, PermanentError) as error:
            self._drop()
            raise in_words(self._account.host, doing, error) from None

    @contextmanager
    def _refusable(self, doing: str) -> Iterator[IMAPClient]:
        """As ``_server``; but a server that only says no (full, read-only) keeps its connection."""
        said_no = False
        with self._server(doing) as client:
            try:
                yield client
            except IMAPClientAbortError:
                raise
            except IMAPClientError:
                client.noop()  # answered: no was all it said, and our place in the stream is known
                said_no = True
        if said_no:
            raise PermanentError(f"{self._account.host}: the server said no while {doing}")

    def _drop(self) -> None:
        client, self._client = self._client, None
        hang_up(client)
