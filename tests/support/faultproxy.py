r"""A proxy in front of a real IMAP server that breaks what passes through it, as networks and servers do.

The desk speaks TLS to it; between proxy and server the words are in clear, so that faults can be aimed:

    proxy.silence()                             every connection is half-open, new ones too: no byte passes
    proxy.cut()                                 every connection ends now, and new ones as soon as they are made
    proxy.on_command(rb"IDLE", b"* BYE\r\n" + DROP)   these words instead of what the server would answer
    proxy.on_answer(rb"FETCH .*\{\d+\}", STALL)       the server's words up to these, then nothing more
    proxy.rewrite(rb"UID \d+ ", b"")             whole answers, literals included, are changed like this
    proxy.mend()                                all is well; what was silenced or stalled stays dead

A rewritten answer that is empty is not passed on. In an answer ``{tag}`` is the tag of the command; DROP hangs up, STALL says nothing more. A callable is asked
instead and may change the command (``None`` passes it on unchanged).
"""

import asyncio
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.support.certificate import Certificate

DROP = b"<drop>"
STALL = b"<stall>"

Rule = tuple[re.Pattern[bytes], bytes | Callable[[bytes], bytes | None]]


@dataclass
class Faults:
    """What goes wrong now."""

    silent: bool = False
    closed: bool = False
    commands: list[Rule] = field(default_factory=list)
    answers: list[Rule] = field(default_factory=list)
    rewrites: list[tuple[re.Pattern[bytes], bytes]] = field(default_factory=list)


class FaultProxy:
    """Listens on a free port of 127.0.0.1; ``connections`` counts, ``commands`` holds what clients said."""

    def __init__(self, certificate: Certificate, target: int) -> None:
        self.target = target
        self.port = self.connections = 0
        self.commands: list[bytes] = []
        self.faults = Faults()
        self._context = certificate.server_context()
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()

    def present(self, certificate: Certificate) -> None:
        """Show this certificate to whoever connects from now on."""
        self._context.load_cert_chain(certificate.cert, certificate.key)

    def silence(self) -> None:
        """Half-open: the other side is gone and nobody was told."""
        self.faults.silent = True

    def cut(self) -> None:
        """The server is down."""
        self.faults.closed = True
        self.hang_up()

    def hang_up(self) -> None:
        """End every connection, without a word."""
        self._loop.call_soon_threadsafe(lambda: [one.transport.abort() for one in self._open])

    def on_command(self, words: bytes, answer: bytes | Callable[[bytes], bytes | None]) -> None:
        """A command that holds *words* is answered like this, and does not reach the server."""
        self.faults.commands.append((re.compile(words), answer))

    def on_answer(self, words: bytes, then: bytes) -> None:
        """What the server says is passed up to and including *words*; then this happens."""
        self.faults.answers.append((re.compile(words, re.DOTALL), then))

    def rewrite(self, words: bytes, instead: bytes) -> None:
        """In whatever the server says, *words* are replaced; an answer with literals is looked at as one."""
        self.faults.rewrites.append((re.compile(words, re.DOTALL), instead))

    def mend(self) -> None:
        """No faults from now on; but a connection that was silenced or stalled stays so."""
        self.faults = Faults()

    @contextmanager
    def running(self) -> Iterator["FaultProxy"]:
        """Listening, for as long as the block lasts."""
        ready = threading.Event()
        thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        thread.start()
        assert ready.wait(10)
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join(10)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        starting = asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context)
        server = self._loop.run_until_complete(starting)
        self._loop.set_exception_handler(
            lambda *_: None
        )  # broken handshakes and aborted streams are the point
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        for one in self._open:
            one.transport.abort()
        self._loop.run_until_complete(asyncio.gather(*tasks, asyncio.sleep(0.01), return_exceptions=True))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.faults.closed:
            writer.transport.abort()
            return
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self.target)
        ends = {writer, server_writer}
        self._open |= ends
        with suppress(OSError, ssl.SSLError):
            await asyncio.gather(
                self._commands(reader, writer, server_writer),
                self._answers(server_reader, writer),
            )
        self._open -= ends
        for one in ends:
            one.transport.abort()

    async def _commands(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server: asyncio.StreamWriter
    ) -> None:
        """What the client says, line by line."""
        while line := await reader.readline():
            await self._silenced()
            self.commands.append(line)
            instead = next((how for words, how in self.faults.commands if words.search(line)), None)
            if callable(instead):
                line, instead = await asyncio.to_thread(instead, line) or line, None
            if instead is None:
                server.write(line)
                await server.drain()
            else:
                await self._say(writer, instead.replace(b"{tag}", line.split()[0]))
        raise ConnectionAbortedError

    async def _answers(self, server: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """What the server says, piece by piece."""
        while piece := await server.read(65536):
            await self._silenced()
            if self.faults.rewrites:
                piece = self._rewritten(await whole(piece, server))
            for words, then in self.faults.answers:
                if found := words.search(piece):
                    assert isinstance(then, bytes)
                    await self._say(writer, piece[: found.end()] + then)
                    break
            else:
                writer.write(piece)
                await writer.drain()
        raise ConnectionAbortedError

    def _rewritten(self, said: bytes) -> bytes:
        """Whole answers with the changes of now."""
        found = answers(said)[0]
        for words, instead in self.faults.rewrites:
            found = [words.sub(instead, one) for one in found]
        return b"".join(one for one in found if one.strip())

    async def _say(self, writer: asyncio.StreamWriter, words: bytes) -> None:
        writer.write(words.replace(DROP, b"").replace(STALL, b""))
        await writer.drain()
        if words.endswith(STALL):
            await asyncio.sleep(3600)
        if words.endswith(DROP):
            writer.transport.close()
            raise ConnectionAbortedError

    async def _silenced(self) -> None:
        if self.faults.silent:
            await asyncio.sleep(3600)


async def whole(piece: bytes, server: asyncio.StreamReader) -> bytes:
    """*piece* and what follows it, up to the end of an answer."""
    while answers(piece)[1] and (more := await server.read(65536)):
        piece += more
    return piece


def answers(said: bytes) -> tuple[list[bytes], bytes]:
    """The answers in *said*, each with its literals (RFC 3501 §4.3), and the piece of one at its end."""
    found, start, end = [], 0, 0
    while (line := said.find(b"\r\n", end)) >= 0:
        literal = re.search(rb"\{(\d+)\}$", said[max(end, line - 20) : line])
        end = line + 2 + (int(literal[1]) if literal else 0)
        if end > len(said):
            break
        if not literal:
            found.append(said[start:end])
            start = end
    return found, said[start:]
