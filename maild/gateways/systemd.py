"""Telling systemd how the service is (sd_notify(3)): datagrams to the socket it names, else nothing."""

import os
import socket
import time
from contextlib import suppress
from pathlib import Path

TIMESYNC = Path("/run/systemd/timesync")
"""Where systemd-timesyncd says what it knows."""


class Notifier:
    """Speaks to the service manager. ``address`` is $NOTIFY_SOCKET; empty makes every word a no-op."""

    def __init__(self, address: str) -> None:
        # a leading "@" stands for the NUL of an abstract socket (unix(7))
        self._address = "\0" + address[1:] if address.startswith("@") else address

    @classmethod
    def from_environment(cls) -> "Notifier":
        """As systemd asks for it; the variable is taken away, so that no child speaks for us."""
        return cls(os.environ.pop("NOTIFY_SOCKET", ""))

    def ready(self) -> None:
        """Start-up is done."""
        self._tell("READY=1")

    def status(self, text: str) -> None:
        """One line for ``systemctl status``."""
        self._tell("STATUS=" + " ".join(text.split()), patience=0)

    def watchdog(self) -> None:
        """Still alive; to be said at least every half ``watchdog_seconds``."""
        self._tell("WATCHDOG=1", patience=0)

    def reloading(self) -> None:
        """The configuration is taken in anew; ``ready`` ends it (sd_notify(3), Type=notify-reload)."""
        now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self._tell(f"RELOADING=1\nMONOTONIC_USEC={now}")

    def stopping(self) -> None:
        """The end has begun."""
        self._tell("STOPPING=1")

    def _tell(self, state: str, patience: float = 1) -> None:
        # A manager that does not listen is no reason to fail, nor, for what is soon said again, to wait.
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            if self._address:
                sock.settimeout(patience)
                sock.sendto(state.encode("utf-8", "replace"), self._address)


def synchronised(folder: Path = TIMESYNC) -> bool | None:
    """Whether systemd-timesyncd has set the clock since it started; ``None`` where it does not run.

    systemd-timesyncd.service(8): the file is touched at each synchronisation. The kernel itself is not asked,
    for the service's sandbox forbids its clock calls (``ProtectClock=``).
    """
    if not folder.is_dir():
        return None
    return (folder / "synchronized").exists()


def watchdog_seconds() -> float:
    """How often systemd wants ``watchdog``, in seconds; 0 when it does not (sd_watchdog_enabled(3))."""
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return 0.0
    usec = os.environ.get("WATCHDOG_USEC", "")
    return int(usec) / 1_000_000 if usec.isascii() and usec.isdigit() else 0.0
