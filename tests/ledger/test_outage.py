"""When mail itself is down: one line to a real unix socket, one more at the end, over restarts."""

import json
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from maild.config.share import shipped
from maild.engine import outcomes
from maild.engine.outage import Outages
from maild.gateways.alert import Alert, AlertSocket
from maild.gateways.smtp import Outcome
from maild.store.database import Database
from tests.support.desk import NOW, POLICY

MINUTE = timedelta(minutes=1)


class Listener:
    """The operator's end of the socket."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.bind(str(path))
        self.socket.listen(8)
        self.socket.settimeout(0.2)

    def lines(self) -> list[dict[str, str]]:
        """What was said since the last call."""
        found = []
        while True:
            try:
                with self.socket.accept()[0] as one:
                    found.append(json.loads(one.makefile().read()))
            except TimeoutError:
                return found


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A listener on a short path: a socket's name holds a hundred characters at the most."""
    folder = Path(tempfile.mkdtemp(prefix="maild-", dir="/tmp"))
    made = Listener(folder / "alert.sock")
    yield made
    made.socket.close()
    shutil.rmtree(folder)


class Watched:
    """Outages under a clock of the test's; each ``again`` is a new process on the same database."""

    def __init__(self, database: Database, path: Path | None) -> None:
        self.database, self.path, self.now = database, path, NOW
        self.again()

    def again(self) -> None:
        """A restart."""
        parts: Any = SimpleNamespace(database=self.database, policy=POLICY, now=lambda: self.now)
        self.outages = Outages(parts, AlertSocket(self.path))

    async def look(self, minutes: int, smtp: datetime | None, escalated: bool = False) -> None:
        """So many minutes later, with SMTP failing since then."""
        self.now += minutes * MINUTE
        await self.outages.look({"mailbox": None, "smtp": smtp}, escalated)


async def test_fifteen_minutes_are_one_alert_and_one_recovery(database: Database, listener: Listener) -> None:
    """Nothing before a quarter of an hour, one line then however long it lasts, one more at the end."""
    desk = Watched(database, listener.path)
    await desk.look(14, smtp=NOW)
    assert listener.lines() == []
    await desk.look(1, smtp=NOW)
    told = listener.lines()
    for _ in range(5):
        await desk.look(1, smtp=NOW)
    down = {"event": "mail-down", "what": "smtp", "since": NOW.isoformat(), "desk": "EX"}
    assert (told, listener.lines()) == ([down], [])
    for _ in range(3):
        await desk.look(1, smtp=None)
    assert listener.lines() == [{**down, "event": "mail-up"}]


async def test_an_escalation_while_mail_is_down_is_told_at_once(
    database: Database, listener: Listener
) -> None:
    """A promise that slips needs mail now; one that slipped just before it went down as well."""
    desk = Watched(database, listener.path)
    await desk.look(1, smtp=NOW, escalated=True)
    assert [line["event"] for line in listener.lines()] == ["mail-down"]
    await desk.look(1, smtp=None, escalated=True)
    assert [line["event"] for line in listener.lines()] == ["mail-up"]
    await desk.look(1, smtp=desk.now)
    assert [line["event"] for line in listener.lines()] == ["mail-down"]


def test_the_log_says_only_what_was_handed_over(database: Database, listener: Listener) -> None:
    """Nobody listens: no line says that the operator was told."""
    for path, lines in ((listener.path.with_name("none.sock"), 0), (listener.path, 1)):
        with capture_logs() as logged:
            Watched(database, path).outages.once("went-back", "database", NOW)
        assert [line["alert"] for line in logged] == ["went-back"] * lines


async def test_an_escalation_while_mail_works_tells_nothing(database: Database, listener: Listener) -> None:
    """Escalations have their own letters."""
    await Watched(database, listener.path).look(1, smtp=None, escalated=True)
    assert listener.lines() == []


async def test_a_restart_forgets_nothing(database: Database, listener: Listener) -> None:
    """A new process in the same outage tells nothing twice, and the recovery all the same."""
    desk = Watched(database, listener.path)
    await desk.look(20, smtp=NOW)
    assert len(listener.lines()) == 1
    desk.again()
    await desk.look(20, smtp=NOW + 20 * MINUTE)
    assert listener.lines() == []
    await desk.look(1, smtp=None)
    assert [(line["event"], line["since"]) for line in listener.lines()] == [("mail-up", NOW.isoformat())]


async def test_what_nobody_heard_is_said_again(database: Database, listener: Listener) -> None:
    """Nobody listens at first: the alert is tried at every look until somebody does."""
    desk = Watched(database, listener.path.with_name("later.sock"))
    await desk.look(20, smtp=NOW)
    late = Listener(listener.path.with_name("later.sock"))
    await desk.look(1, smtp=NOW)
    await desk.look(1, smtp=NOW)
    assert len(late.lines()) == 1
    late.socket.close()


@pytest.mark.parametrize("path", ["/nowhere/alert.sock", "/dev/null", "/tmp/" + "x" * 200, "/tmp/a\0b"])
def test_a_socket_that_cannot_be_is_no_error(path: str) -> None:
    """Missing, no socket, too long, no path at all: it was not told, and nothing is raised."""
    assert not AlertSocket(Path(path)).tell(Alert("mail-down", "smtp", NOW, "EX"))


def test_a_listener_that_never_answers_is_not_waited_for(listener: Listener) -> None:
    """With every place in the queue taken the alert is given up at once, to be tried later."""
    sockets = AlertSocket(listener.path)
    assert [sockets.tell(Alert("mail-down", "smtp", NOW, "EX")) for _ in range(200)][-1] is False


@pytest.mark.parametrize(
    ("outcome", "down"),
    [
        (Outcome("sent", "data", 250, ""), False),
        (Outcome("permanent", "rcpt", 550, ""), False),
        (Outcome("temporary", "rcpt", 451, ""), False),
        (Outcome("temporary", "connect", 0, ""), True),
        (Outcome("temporary", "login", 535, ""), True),
        (Outcome("temporary", "mail", 451, ""), True),
        (Outcome("temporary", "data", 421, ""), True),
        (Outcome("temporary", "data", 451, ""), False),
        (Outcome("temporary", "data", 0, ""), True),
        (Outcome("permanent", "mail", 550, ""), False),
        (Outcome("unknown", "data", 0, ""), True),
    ],
)
def test_what_counts_as_smtp_being_down(outcome: Outcome, down: bool) -> None:
    """A server that wants one letter later (greylisting) is up; one that nothing can be handed to is down."""
    assert outcomes.down(outcome) is down


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """``systemd-analyze verify`` has nothing to say about the socket and its service."""
    for name in ("maild-alert.socket", "maild-alert@.service"):
        shutil.copy(shipped("config") / name, tmp_path)
    words = ["systemd-analyze", "verify", "./maild-alert.socket", "./maild-alert@1.service"]
    done = subprocess.run(words, check=False, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    about = [line for line in done.stderr.splitlines() if "maild-alert" in line]
    assert (done.returncode, about) == (0, [])
