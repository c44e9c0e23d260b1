"""The bounded gpg runner: one run of gpg, with every limit on it.

Hostile input meets gpg only here. The status lines come through a pipe of their own, never mixed with
text for people; output is counted and the process group killed when there is too much; a wall clock
bounds every run (the agent does the costly work, so a limit on CPU time would not). What is to be read
goes through pipes and anonymous memory, so that no plaintext ever is a file.
"""

import asyncio
import contextlib
import io
import os
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, TypedDict

from maild.errors import TemporaryError

DEFAULT_TIMEOUT = 20.0
"""Seconds of wall clock for one run."""
DEFAULT_CAP = 40 * 1024 * 1024
"""Bytes of output taken from one run: more than a mail may have, and two at once are no strain."""
STATUS_CAP = 512 * 1024
MAX_RECIPIENT_LINES = 40
"""Recipients announced by one run: more than the look from outside allows are hidden further inside."""
AT_ONCE = 2

_ENDED = {-one for one in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)}
"""Exit codes of a run that was ended from outside. What crashes by itself (``SIGSEGV``) may do so whenever it
reads that mail, and is a verdict on it."""

Kill = Callable[[str], None]

_CHUNK = 64 * 1024
_BASE = (
    *("--no-options", "--batch", "--no-tty", "--no-verbose", "--enable-special-filenames"),
    *("--no-auto-key-retrieve", "--no-auto-key-locate", "--no-auto-key-import", "--disable-dirmngr"),
    *("--no-auto-check-trustdb", "--trust-model", "always", "--require-cross-certification"),
)
"""No ``--weak-digest``: it also rejects the signatures by which a key of our own or a member's holds
together. Weak signatures on mail are refused where the status is read (``VALIDSIG``, ``ERRSIG``)."""


Feed = bytes | Sequence[bytes | memoryview]
"""What a run reads from its standard input: at once, or in pieces that nobody need join."""


Into = Callable[[], io.BytesIO]
"""Makes what the output is written to as it comes; what that holds in the end is what the run gave."""


class Streams(TypedDict, total=False):
    """What goes into a run and where its output goes, as ``Runner.run`` takes it."""

    feed: Feed
    descriptors: Sequence[int]
    pinentry: str
    into: Into


@dataclass(frozen=True, slots=True)
class Finished:
    """What a run gave: its output, its status bytes, its exit code (never a verdict), why it was killed.

    ``killed`` is empty, ``output`` or ``status`` (more than the cap, or too many recipients); what was too
    much is then left out.
    """

    output: bytes = field(repr=False)
    status: bytes = field(repr=False)
    code: int = 0
    killed: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a run: seconds of wall clock, bytes of output."""

    timeout: float = DEFAULT_TIMEOUT
    output: int = DEFAULT_CAP


class Runner:
    """Starts gpg, at most two at a time. Trouble outside is a ``TemporaryError``; its text names no input."""

    def __init__(
        self, program: str = "gpg", limits: Limits | None = None, scratch: Path | None = None
    ) -> None:
        """*program* is gpg; *scratch* is where short-lived key folders go (else the temporary folder)."""
        self.program = program
        self.scratch = scratch
        self.limits = limits or Limits()
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def run(
        self,
        home: Path,
        *arguments: str,
        feed: Feed = b"",
        descriptors: Sequence[int] = (),
        pinentry: str = "error",
        into: Into = io.BytesIO,
    ) -> Finished:
        """One run in the key folder *home*, whose output is written to what *into* makes.

        *feed* is its standard input, *descriptors* it inherits.

        Raises ``TemporaryError`` when gpg cannot be started, was ended by somebody else (by the kernel where
        memory is short), gave up before it read anything, or has not ended in time.
        """
        command = [self.program, *_BASE, "--homedir", str(home), "--pinentry-mode", pinentry]
        async with self._gate:
            with _pipe() as (reading, writing):
                command += ["--status-fd", str(writing.fileno()), *arguments]
                process = await _start(command, (writing.fileno(), *descriptors))
                async with _reaped(process, home):
                    writing.close()
                    return await self._talk(process, reading, feed, into())

    async def _talk(self, process: Process, reading: BinaryIO, feed: Feed, found: io.BytesIO) -> Finished:
        assert process.stdin is not None
        assert process.stdout is not None
        killed: list[str] = []

        def kill(reason: str) -> None:
            killed.append(reason)
            _kill(process)

        try:
            async with asyncio.timeout(self.limits.timeout):
                status, output, _ = await asyncio.gather(
                    _read_status(reading, kill),
                    _read(process.stdout, found, self.limits.output, kill, "output"),
                    _feed(process.stdin, feed),
                )
                code = await process.wait()
        except TimeoutError:
            raise TemporaryError("gpg did not finish in time") from None
        if killed:
            return Finished(output, status, code, killed[0])
        if code in _ENDED:
            raise TemporaryError("gpg was ended from outside")
        if code and feed and not status:
            raise TemporaryError("gpg gave up before it began")
        return Finished(output, status, code)


@contextlib.contextmanager
def memory_file(content: bytes) -> Iterator[int]:
    """*content* as an anonymous file in memory, for a run that needs a second input; its descriptor.

    gpg opens it as ``-&N``. Raises ``TemporaryError`` when there is no memory or descriptor left.
    """
    with contextlib.ExitStack() as held:
        try:
            file = held.enter_context(_nameless())
            file.write(content)
            file.flush()
            file.seek(0)
        except OSError as error:
            raise TemporaryError(f"no anonymous memory: {os.strerror(error.errno or 0)}") from None
        yield file.fileno()


def _nameless() -> BinaryIO:
    """An empty file in memory without a name.

    The sandbox of the service forbids memfd_create(2), whose files can be executed whatever the mounts say;
    its run folder is memory too (a tmpfs), and O_TMPFILE leaves no name there.
    """
    try:
        return os.fdopen(os.memfd_create("maild", os.MFD_CLOEXEC), "w+b")
    except PermissionError:
        folder = os.environ.get("RUNTIME_DIRECTORY")
        if not folder:
            raise
        descriptor = os.open(folder, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600)
        return os.fdopen(descriptor, "w+b")


@contextlib.contextmanager
def _pipe() -> Iterator[tuple[BinaryIO, BinaryIO]]:
    try:
        reading, writing = os.pipe()
    except OSError as error:
        raise TemporaryError(f"no pipe for gpg: {os.strerror(error.errno or 0)}") from None
    with os.fdopen(reading, "rb", buffering=0) as first, os.fdopen(writing, "wb", buffering=0) as second:
        yield first, second


async def _start(command: Sequence[str], descriptors: Sequence[int]) -> Process:
    """Starts gpg in a process group of its own, with an environment that says nothing.

    It dumps no core, as nothing of maild does (``cli.main``). To set its limit from here, while it sets it
    itself, would make it give up.
    """
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
    pipe = asyncio.subprocess.PIPE
    try:
        return await asyncio.create_subprocess_exec(
            *command,
            stdin=pipe,
            stdout=pipe,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment,
            pass_fds=tuple(descriptors),
            start_new_session=True,
        )
    except OSError as error:
        raise TemporaryError(f"gpg cannot be started: {os.strerror(error.errno or 0)}") from None


@contextlib.asynccontextmanager
async def _reaped(process: Process, home: Path) -> AsyncIterator[None]:
    """Whatever happens inside, the process group is gone afterwards, and so are the locks it held."""
    try:
        yield
    finally:
        if process.returncode is None:
            _kill(process)
            await asyncio.shield(process.wait())
        if process.returncode:
            _sweep_locks(home, process.pid)


def _sweep_locks(home: Path, pid: int) -> None:
    """Removes the lock files of a run that was killed; others would wait for it."""
    for lock in home.glob(f".#lk*.{pid}"):
        lock.unlink(missing_ok=True)


def _kill(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


async def _read_status(reading: BinaryIO, kill: Kill) -> bytes:
    """The status lines; too many of them, or too many recipients, end the run."""
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, reading)
    try:
        return await _read(reader, io.BytesIO(), STATUS_CAP, kill, "status", _too_many_recipients)
    finally:
        transport.close()


def _too_many_recipients(status: io.BytesIO) -> bool:
    return status.getvalue().count(b"\n[GNUPG:] ENC_TO ") > MAX_RECIPIENT_LINES


async def _read(
    reader: asyncio.StreamReader,
    found: io.BytesIO,
    cap: int,
    kill: Kill,
    reason: str,
    refused: Callable[[io.BytesIO], bool] = lambda _: False,
) -> bytes:
    """All that *reader* gives, as *found* holds it: without a second copy.

    More than *cap* bytes kill the run for *reason*, and nothing of them is kept.
    """
    while chunk := await reader.read(_CHUNK):
        found.write(chunk)
        if found.tell() > cap or refused(found):
            kill(reason)
            return b""
    return found.getvalue()


async def _feed(writer: asyncio.StreamWriter, feed: Feed) -> None:
    """*feed* into standard input; a gpg that has seen enough and closes it is no fault."""
    try:
        for piece in (feed,) if isinstance(feed, bytes) else feed:
            for start in range(0, len(piece), _CHUNK):
                writer.write(piece[start : start + _CHUNK])
                await writer.drain()
        writer.close()
        await writer.wait_closed()
    except (BrokenPipeError, ConnectionResetError):
        return
