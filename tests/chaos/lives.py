"""The lives of the daemon as the harness begins and ends them: orders to a nursery, and what it tells."""

import json
import os
import select
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from tests.chaos.steps import Aim
from tests.support.daemon import ROOT


class Lives:
    """One nursery; one life at a time."""

    def __init__(self) -> None:
        self._nursery = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "tests.chaos.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT), "MAILD_LOG": "warning"},
        )

    def begin(
        self,
        config: Path,
        *words: str,
        aim: Aim | None = None,
        hours: float = 0.0,
        broken: str = "",
        environment: dict[str, str] | None = None,
    ) -> int:
        """``maild run`` with further *words*, its clock *hours* ahead; its pid."""
        order = {
            "arguments": ["--config", str(config), "run", *words],
            "log": str(config.with_name("log")),
            "aim": vars(aim or Aim("")),
            "broken": broken,
            "hours": hours,
            "environment": environment or {},
        }
        assert self._nursery.stdin
        self._nursery.stdin.write(json.dumps(order).encode() + b"\n")
        self._nursery.stdin.flush()
        return int(self._told(60)["pid"])

    def ended(self, seconds: float) -> int | None:
        """How the life ended, or ``None`` when it goes on after so many seconds."""
        return self._told(seconds).get("ended")

    def _told(self, seconds: float) -> dict[str, int]:
        assert self._nursery.stdout
        if not select.select([self._nursery.stdout], [], [], max(0.0, seconds))[0]:
            return {}
        line = self._nursery.stdout.readline()
        assert line, "the nursery died"
        told: dict[str, int] = json.loads(line)
        return told

    def close(self) -> None:
        """The nursery ends, and with it whatever lives."""
        self._nursery.kill()
        self._nursery.wait()
        for pipe in (self._nursery.stdin, self._nursery.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
