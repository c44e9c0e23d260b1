"""Start-up and memory on a big database: ``python tests/bench/startup.py [MESSAGES] [RUNS]``.

The daemon starts on an empty database and on one of 100,000 messages (``filled.py``). Prints the seconds from the
start of the process to READY=1 and those of the processor in them (gpg included), and the memory at rest: the shares
(PSS) of the daemon and its children added up after every folder was read and a sweep was made, gpg-agent apart.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.filled import fill
from tests.bench.ground import busy, daemon, database, ground, processor, pss, spread
from tests.support.running import RunningDesk

REST = 25.0
"""Seconds until the first sweep is over."""


def main(count: int, runs: int) -> int:
    """Print both for each database."""
    with ground() as servers:
        for messages in (0, count):
            one = servers.desk(sealed=True)
            begin = time.monotonic()
            with one.desk() as desk:
                desk.ask(fill, messages)
            size = database(one).stat().st_size / 1e6
            print(
                f"{messages:,} messages, {size:.0f} MB, made in {time.monotonic() - begin:.0f} s", flush=True
            )
            ready, busy_for = zip(*[_start(one) for _ in range(runs)], strict=True)
            print(f"  ready after (least / median / most): {spread(list(ready))} s; {busy()}")
            print(f"  of the processor: {spread(list(busy_for))} s", flush=True)
            print(f"  at rest {_rest(one):.0f} MiB", flush=True)
    return 0


def _start(desk: RunningDesk) -> tuple[float, float]:
    """Seconds until it was ready, by the clock and of the processor."""
    with daemon(desk) as (one, seconds):
        return seconds, processor(one.process.pid)


def _rest(desk: RunningDesk) -> float:
    """MiB of a daemon that has nothing to do."""
    with daemon(desk) as (one, _):
        time.sleep(REST)
        assert one.process.poll() is None, (desk.folder / "daemon.log").read_text()[-2000:]
        return pss(one.process.pid)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:3]]
    sys.exit(main(*[*numbers, 100_000, 5][:2] if len(numbers) != 1 else (numbers[0], 5)))
