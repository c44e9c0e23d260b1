"""A real daemon whose mailbox stands behind a fault proxy, with an alert socket and a clock to put forward."""

import json
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from maild.app.check import check
from maild.config import load
from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.daemon import Daemon
from tests.support.dovecot import User
from tests.support.faultproxy import FaultProxy
from tests.support.ports import PATIENCE
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

LIMITS = "[limits]\nreceipts_per_address_day = 999\nreceipts_per_domain_hour = 999\nreceipts_per_hour = 999\n"


class Alerts:
    """The operator's end of the alert socket."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "alert.sock"
        self.heard: list[tuple[str, str]] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(str(self.path))
        self._socket.listen(64)
        self._socket.setblocking(False)

    def all(self) -> list[tuple[str, str]]:
        """Every alert so far: what happened, to what."""
        with suppress(BlockingIOError):
            while True:
                with self._socket.accept()[0] as one:
                    one.settimeout(5)
                    line = json.loads(one.makefile().read())
                    self.heard.append((line["event"], line["what"]))
        return self.heard

    def close(self) -> None:
        """Hear no more."""
        self._socket.close()


class Manager:
    """The service manager's end of the notify socket."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "notify.sock"
        self.heard: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self.path))
        self._socket.setblocking(False)

    def all(self) -> list[str]:
        """Everything that the daemon said so far, in order."""
        with suppress(BlockingIOError):
            while True:
                self.heard.append(self._socket.recv(4096).decode())
        return self.heard

    def fed(self) -> int:
        """How often the watchdog was fed so far."""
        return self.all().count("WATCHDOG=1")

    def close(self) -> None:
        """Hear no more."""
        self._socket.close()


class UnderFire:
    """The desk, its daemon and what surrounds it; ``seconds`` is how long a fault is held, in real time.

    *program* is what Python runs, and what it is told after the clock's file: a module that runs the daemon.
    *watchdog*: the microseconds within which the service manager wants to hear of it; 0 for no such wish.
    """

    def __init__(
        self,
        desk: RunningDesk,
        proxy: FaultProxy,
        folder: Path,
        seconds: float,
        program: Sequence[str],
        watchdog: int,
    ) -> None:
        self.desk, self.proxy, self.inbox, self.sink = desk, proxy, desk.inbox, desk.sink
        self.seconds, self.number, self.leaps = seconds, 0, 0
        self.alerts = Alerts(folder)
        self.manager = Manager(folder)
        self._clock, self._ahead = folder / "clock", timedelta(0)
        self._clock.write_text("0")
        text = desk.path.read_text().replace('timeout = "10s"', 'timeout = "2s"')
        desk.path.write_text(f'{text}\n[alert]\nsocket = "{self.alerts.path}"\n')
        environment = {"NOTIFY_SOCKET": str(self.manager.path)}
        environment |= {"WATCHDOG_USEC": str(watchdog)} if watchdog else {}
        self.daemon = Daemon(desk.path, environment, (program[0], str(self._clock), *program[1:]))
        self.daemon.await_log("started")

    def report(self, text: str = "", **about: str) -> str:
        """A report is delivered; the address it came from."""
        self.number += 1
        who = f"r{self.number}@reporter.example"
        subject = f"Overflow number {self.number} in the parser"
        text = text or "A crafted file makes the parser write past its buffer.\n"
        raw = mails.plain(subject=subject, text=text, sender=who, message_id=f"<{who}>", **about)
        self.inbox.deliver(raw)
        return who

    def later(self, length: timedelta) -> None:
        """The daemon's clocks go forward at once."""
        self._ahead += length
        self.leaps += 1
        new = self._clock.with_suffix(".new")  # in one step: an empty file would be no number
        new.write_text(f"{self._ahead.total_seconds()}")
        new.replace(self._clock)

    def hurried(
        self, ready: Callable[[], object], minutes: int = 1, pace: float = 0.4
    ) -> Callable[[], object]:
        """*ready*, with the daemon's clocks going on so many *minutes* at every *pace* (seconds) of waiting.

        A daemon that has said nothing since the last time is behind, on a machine that is busy: it gets more.
        """
        before, heard = time.monotonic(), len(self.manager.all())

        def look() -> object:
            nonlocal before, heard
            waited, said = time.monotonic() - before, len(self.manager.all())
            if waited > pace and (said > heard or waited > 10 * pace):
                before, heard = time.monotonic(), said
                self.later(timedelta(minutes=minutes))
            return ready()

        return look

    def troubles(self, room: str = "ingress") -> int:
        """How often the log speaks of trouble in a room."""
        return self.daemon.log.read_text().count(f'"room": "{room}", "why"')

    def calm(self) -> bool:
        """Whether the last that the log told of the mailbox is not trouble."""
        about = [line for line in self.daemon.log.read_text().splitlines() if '"room": "ingress"' in line]
        return not about or '"recovered"' in about[-1]

    def checked(self) -> str:
        """What ``maild check`` says of the database and what waits in it."""
        return "\n".join(line.text for line in check(load(self.desk.path), "database"))

    def answered(self, who: str) -> int:
        """How many letters went to an address."""
        return sum(one.recipients == (who,) for one in self.sink.letters)

    def await_(self, ready: Callable[[], object], seconds: float = PATIENCE) -> float:
        """Return as soon as *ready* says so; the seconds it took."""
        began = time.monotonic()
        self.daemon.await_(ready, seconds)
        return time.monotonic() - began

    def cpu(self) -> float:
        """Seconds of processor time that the daemon has used."""
        fields = Path(f"/proc/{self.daemon.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def under_fire(
    folder: Path,
    inbox: User,
    sink: SmtpSink,
    certificate: Certificate,
    seconds: float = 0.0,
    program: Sequence[str] = ("tests.support.leaping",),
    watchdog: int = 0,
) -> Iterator[UnderFire]:
    """A daemon that polls every second, until the end of the block."""
    short = Path(tempfile.mkdtemp(prefix="maild-"))  # a socket's path has to be short
    server = inbox.server
    with FaultProxy(server.certificate, server.imap).running() as proxy:
        desk = RunningDesk(folder, inbox, sink, certificate)
        desk.clock = datetime.now(UTC)  # noqa: TID251 - the daemon is a process and has no other clock
        desk.configure(inbox='poll = "1s"\n', more=LIMITS, imap=proxy.port)
        desk.run()
        made = UnderFire(desk, proxy, short, seconds, program, watchdog)
        try:
            yield made
        finally:
            made.daemon.close()
            made.alerts.close()
            made.manager.close()
            shutil.rmtree(short)
