"""Starts the daemon again and again: a process that has loaded maild once and forks a new life at each order.

    python -m tests.chaos.nursery

An order is a line of JSON on standard input: the arguments of ``maild``, the file of the log, by how many hours
its clock is ahead, perhaps an aim (see steps.py) and the name of a broken build (see broken.py). Its pid is told
on standard output, and later how it ended. Each life is ``maild run`` as it is, but that it sweeps every second
instead of every twenty: it will not live that long.
"""

import ctypes
import json
import os
import signal
import sys
import traceback
from datetime import datetime, timedelta, tzinfo
from typing import Any

import alembic.command
import alembic.config

from maild.app import desk
from maild.cli.main import main
from maild.engine import sweeptimes
from tests.chaos import broken, steps

__all__ = ["alembic", "serve"]
PR_SET_PDEATHSIG = 1


def serve() -> None:
    """One life after the other, until standard input ends."""
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if not pid:
            _live(order)
        print(json.dumps({"pid": pid}), flush=True)
        _, status = os.waitpid(pid, 0)
        print(json.dumps({"ended": os.waitstatus_to_exitcode(status)}), flush=True)


def _clock(ahead: timedelta) -> type[datetime]:
    """What the one place that reads the clock reads."""

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + ahead  # noqa: TID251 - stands in for the one place

    return Ahead


def _live(order: dict[str, Any]) -> None:
    """The new process: becomes ``maild`` and never returns."""
    code = os.EX_SOFTWARE
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        null = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((null, 0), (log, 1), (log, 2)):
            os.dup2(source, target)
        os.environ.update(order["environment"])
        sweeptimes.TICK = 1
        desk.datetime = _clock(timedelta(hours=order["hours"]))
        if order["broken"]:
            broken.BUILDS[order["broken"]]()
        steps.arm(steps.Aim(**order["aim"]))
        sys.argv = ["maild", *order["arguments"]]
        main()
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 1
    except BaseException:  # noqa: BLE001 - whatever it is, this copy must not go on as a nursery
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve()
