"""What systemd hears."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from maild.gateways.systemd import Notifier, watchdog_seconds


@pytest.fixture(params=["file", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    address = str(tmp_path / "notify") if request.param == "file" else f"@maild-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(address.replace("@", "\0", 1))
        sock.settimeout(5)
        yield sock, address


def test_every_word_arrives(manager: tuple[socket.socket, str]) -> None:
    """READY, STATUS on one line, WATCHDOG and STOPPING reach the socket, a path or an abstract name."""
    sock, address = manager
    notifier = Notifier(address)
    notifier.ready()
    notifier.status("3 cases,\n1 letter owed")
    notifier.watchdog()
    notifier.stopping()
    heard = [sock.recv(4096) for _ in range(4)]
    assert heard == [b"READY=1", b"STATUS=3 cases, 1 letter owed", b"WATCHDOG=1", b"STOPPING=1"]


def test_a_manager_that_reads_nothing_holds_up_nobody(manager: tuple[socket.socket, str]) -> None:
    """The loop that says how the service is also sends its letters: it does not wait for a full queue."""
    _, address = manager
    notifier, began = Notifier(address), time.monotonic()
    for _ in range(60):
        notifier.watchdog()
        notifier.status("well")
    assert time.monotonic() - began < 60  # a second for each word would be more than a hundred


def test_without_systemd_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    """No NOTIFY_SOCKET, or one that nobody reads, is silence and no error."""
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    Notifier.from_environment().ready()
    Notifier("/nowhere/notify").status("text")


def test_no_child_inherits_the_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once read, the variable is gone from the environment."""
    monkeypatch.setenv("NOTIFY_SOCKET", "/nowhere/notify")
    Notifier.from_environment()
    assert "NOTIFY_SOCKET" not in os.environ


@pytest.mark.parametrize(
    ("usec", "pid", "seconds"),
    [
        ("30000000", None, 30.0),
        ("30000000", "1", 0.0),
        ("", None, 0.0),
        ("soon", None, 0.0),
        (None, None, 0.0),
    ],
)
def test_the_watchdog_s_period_is_read(
    monkeypatch: pytest.MonkeyPatch, usec: str | None, pid: str | None, seconds: float
) -> None:
    """WATCHDOG_USEC counts in seconds, and only when it is meant for this process."""
    for name, value in (("WATCHDOG_USEC", usec), ("WATCHDOG_PID", pid)):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)
    assert watchdog_seconds() == seconds
