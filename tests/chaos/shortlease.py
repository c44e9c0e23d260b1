"""``maild`` for storms over two hosts: a lease of three seconds, a sweep a second, and what the storm says to it.

The environment names two files, which the storm writes: by how many hours every clock is ahead (that of the database
too, as hosts and servers agree in peace), and at which step what befalls this process.
"""

import os
import signal
import time
from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from sqlalchemy import Connection

from maild.app import desk
from maild.engine import sweeptimes
from maild.store import lease
from tests.chaos import steps

CLOCK, AIM = "STORM_CLOCK", "STORM_AIM"
HELD = ".held"
"""How the file ends that a process makes, beside its aim, while it waits to be cut off."""
LENGTH = timedelta(seconds=3)


class Told(steps.Aim):
    """An aim that may change: its file says ``step|kill``, ``step|stop`` or ``step|cut``, and is gone when reached."""

    def __init__(self, file: Path) -> None:
        super().__init__("")
        self.file = file

    def reach(self, point: str) -> None:
        """A step was reached."""
        with suppress(OSError, ValueError):
            wanted, what = self.file.read_text().split("|")
            if point == wanted:
                self.file.rename(self.file.with_suffix(HELD))
                self.befall(what)

    def befall(self, what: str) -> None:
        """Die, stop until somebody continues us, or wait until our connections are cut."""
        if what == "cut":
            until = time.monotonic() + 5
            while self.file.with_suffix(HELD).exists() and time.monotonic() < until:
                time.sleep(0.005)
        else:
            os.kill(os.getpid(), signal.SIGKILL if what == "kill" else signal.SIGSTOP)


def lead(file: Path) -> None:
    """From now on all clocks are ahead by the hours in *file*."""
    real, uptime, theirs = datetime, desk.uptime, lease.clock

    def ahead() -> timedelta:
        return timedelta(hours=float(file.read_text()))

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return real.now(tz) + ahead()

    def clock(connection: Connection) -> datetime:
        return theirs(connection) + ahead()

    desk.datetime = Ahead
    desk.uptime = lambda: uptime() + ahead().total_seconds()
    lease.clock = clock


def become() -> None:
    """This process is ``maild`` from now on. Whoever imports this file for its names stays as they are."""
    lease.LENGTH, sweeptimes.TICK = LENGTH, 1
    if CLOCK in os.environ:
        lead(Path(os.environ[CLOCK]))
    from maild.cli.main import main  # what it loads takes the length and the clocks over

    if AIM in os.environ:
        steps.arm(Told(Path(os.environ[AIM])))
    main()


if __name__ == "__main__":
    become()
