"""``python -m tests.support.leaping CLOCK …``: ``maild …`` whose clocks are ahead by the seconds in the file CLOCK.

The file may change at any time (in one step: write another and rename it). Only clocks that Python code asks are
ahead; what waits in the kernel waits its own time. Libfaketime does both from outside, but now and then it gives
one thread of several the time without its lead, and a loop that was told so sleeps for hours.
"""

import datetime
import runpy
import sys
import time
from pathlib import Path
from typing import Any


def lead(clock: Path) -> None:
    """From now on this process's clocks are ahead; to be called before anything else imports them."""
    real = datetime.datetime

    def ahead() -> float:
        return float(clock.read_text())

    class Kind(type):
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, real)

    class Ahead(real, metaclass=Kind):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            return real.now(tz) + datetime.timedelta(seconds=ahead())

    monotonic, gettime = time.monotonic, time.clock_gettime
    replaced: Any = datetime
    replaced.datetime = Ahead
    replaced = time
    replaced.monotonic = lambda: monotonic() + ahead()
    replaced.clock_gettime = lambda number: gettime(number) + ahead()


if __name__ == "__main__":
    lead(Path(sys.argv.pop(1)))
    runpy.run_module("maild", run_name="__main__", alter_sys=True)
