"""The daemon as a process of its own, on the machine's clock."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from maild.app.desk import open_desk
from maild.app.operator import handled
from maild.config import load
from maild.core.event import TeamSeen
from maild.errors import MaildError
from tests.support.cleanlog import assert_clean
from tests.support.ports import PATIENCE
from tests.support.umask import own_umask

ROOT = Path(__file__).parents[2]


def team_is_known(config: Path) -> None:
    """The desk of *config*, which a process of its own will run, is not new to its team."""
    with suppress(MaildError), own_umask(), open_desk(load(config)) as desk:
        handled(desk, TeamSeen())


class Daemon:
    """``maild run`` with a configuration; all that it says goes to a file beside it."""

    def __init__(
        self,
        config: Path,
        environment: Mapping[str, str] | None = None,
        module: Sequence[str] = ("maild",),
    ) -> None:
        """*module* is what Python runs, with arguments that come before maild's own."""
        team_is_known(config)
        self.log = config.with_name("daemon.log")
        self._log = self.log.open("ab")
        command = [sys.executable, "-m", *module, "--config", str(config), "run"]
        settings = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
        self.process = subprocess.Popen(
            command,
            cwd=config.parent,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            env=settings,
        )

    def await_(self, ready: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Return as soon as *ready* says so; fail when the daemon ends or the time is over."""
        end = time.monotonic() + seconds
        while not ready():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.01)

    def await_log(self, word: str) -> None:
        """Return as soon as the log tells this event."""
        self.await_(lambda: f'"event": "{word}"' in self.log.read_text())

    def kill(self) -> None:
        """End it as a power failure does."""
        self.process.kill()
        self.process.wait(10)

    def end(self, number: int = signal.SIGTERM, seconds: float = 15) -> int:
        """Ask it to end; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(seconds)

    def close(self) -> None:
        """Whatever happened, it does not outlive the test."""
        with suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self._log.close()
        assert_clean(self.log.read_text())
