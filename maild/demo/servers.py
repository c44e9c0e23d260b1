"""The demo's two mail servers on free loopback ports, in one thread with an event loop of its own."""

import asyncio
import threading
from argparse import Namespace
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes
from typing import Any

from aiosmtpd.smtp import SMTP
from imapclient import IMAPClient
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Login
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.user import Passwords, UserMetadata

from maild.errors import PermanentError, TemporaryError

HOST = "127.0.0.1"
USER = "security"
PATIENCE = 120
"""Seconds that each single answer of the demo's servers may take: a machine that is busy needs many."""
PASSWORD = "only-for-the-demo"  # noqa: S105 - opens a mailbox that lives for seconds


@dataclass(frozen=True, slots=True)
class Handed:
    """A letter that maild handed in: who gets it, and its bytes."""

    recipients: tuple[str, ...]
    raw: bytes


class _Settings(Config):
    """The settings of the IMAP server."""

    @property
    def greeting(self) -> bytes:
        """The first line; the usual one would ask a name server who we are."""
        return b"Server ready"


class Servers:
    """An IMAP server with one mailbox (INBOX, Sent), and an SMTP server that keeps what it is given."""

    def __init__(self) -> None:
        self.letters: list[Handed] = []
        self.imap_port = self.smtp_port = 0
        self._loop = asyncio.new_event_loop()
        self._listening: Future[None] = Future()
        self._post: IMAPClient | None = None
        self._thread = threading.Thread(target=self._run, name="demo servers", daemon=True)

    def deliver(self, raw: bytes, folder: str, at: datetime) -> None:
        """Put a mail into *folder*, as the mail system would at the instant *at* (its INTERNALDATE)."""
        assert self._post is not None
        with _in_time("to take a message"):
            self._post.append(folder, raw, msg_time=at)

    async def handle_DATA(self, _server: SMTP, _session: object, envelope: Any) -> str:  # noqa: N802 - the library's name
        """A letter is here."""
        self.letters.append(Handed(tuple(envelope.rcpt_tos), envelope.original_content))
        return "250 2.0.0 kept"

    def start(self) -> None:
        """Start both servers; returns when they listen. ``MaildError`` says why they do not."""
        self._thread.start()
        try:
            with _in_time("to start"):
                self._listening.result(PATIENCE)
        except OSError as error:
            why = f"{error.strerror or error}; is the loopback interface up?"
            raise PermanentError(f"the demo's mail servers cannot listen on {HOST}: {why}") from None
        self._post = self.open_mailbox()
        self._post.create_folder("Sent")

    def open_mailbox(self) -> IMAPClient:
        """A new connection to the mailbox, logged in."""
        with _in_time("to open its mailbox"):
            client = IMAPClient(HOST, self.imap_port, ssl=False, timeout=PATIENCE)
            with ExitStack() as unless_open:
                unless_open.callback(client.shutdown)
                client.login(USER, PASSWORD)
                unless_open.pop_all()
        return client

    def stop(self) -> None:
        """Stop both, whatever connections are open."""
        if self._post is not None:
            self._post.shutdown()
        with suppress(RuntimeError):  # the loop is closed already when the servers could not listen
            self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._serve()
        finally:
            self._loop.close()

    def _serve(self) -> None:
        try:
            started = self._loop.run_until_complete(self._listen())
        except OSError as error:
            self._listening.set_exception(error)
            return
        self._listening.set_result(None)
        self._loop.run_forever()
        for server in started:
            server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))

    async def _listen(self) -> tuple[asyncio.Server, asyncio.Server]:
        imap = await asyncio.start_server(await _mailbox(), HOST, 0)
        smtp = await self._loop.create_server(self._receive, HOST, 0)
        self.imap_port, self.smtp_port = (server.sockets[0].getsockname()[1] for server in (imap, smtp))
        return imap, smtp

    def _receive(self) -> SMTP:
        return SMTP(self, hostname="mail.heron.example", enable_SMTPUTF8=True, loop=self._loop)


async def _mailbox() -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """What serves one IMAP connection: pymap with one user, whose mail lives in memory.

    pymap's own start-up puts proxy-protocol's reader in front, which starts a task for each connection and
    keeps no reference to it: the garbage collector may take a connection that waits for its next command.
    asyncio itself keeps the task of a callback that it is given, so the connection is served in that task.
    """
    config = _Settings(
        Namespace(passlib_cfg=None, proxy_protocol=None),
        host=HOST,
        port=0,
        tls_enabled=False,
        cpu_subsystem=Subsystem.for_asyncio(),
        demo_data=False,
        demo_user=USER,
        demo_password=PASSWORD,
    )
    config.apply_context()
    login = Login(config)
    hashed = await Passwords(config).hash_password(PASSWORD)
    await login.demo_user_identity.set(UserMetadata(config, USER, password=hashed))
    serve = IMAPServer(login, config)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await serve(reader, writer, SocketInfo.get(writer, None, unique_id=token_bytes(16)))

    return connected


@contextmanager
def _in_time(to_do: str) -> Iterator[None]:
    """``TemporaryError`` with what was waited for instead of a bare *timed out*."""
    try:
        yield
    except TimeoutError:
        raise TemporaryError(
            f"the demo's mail server took longer than {PATIENCE} seconds {to_do}; this machine is very busy"
        ) from None


@contextmanager
def serving() -> Iterator[Servers]:
    """Both servers, listening, for as long as the block lasts."""
    servers = Servers()
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()
