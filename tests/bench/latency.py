"""How long from delivery to the receipt: ``python tests/bench/latency.py [MAILS]``.

Each mail is handed to a real Dovecot by LMTP while the daemon waits in IDLE; the clock runs from the first word of
that delivery until the SMTP server has the receipt. One at a time, at moments that follow no rhythm.
"""

import random
import sys
import time
from pathlib import Path
from statistics import quantiles

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.ground import PATIENCE, busy, daemon, ground, spread
from tests.support import mails
from tests.support.running import RunningDesk


def main(count: int) -> int:
    """Print the spread of the seconds."""
    with ground() as servers:
        desk = servers.desk()
        with daemon(desk):
            _once(desk, 0)  # what is loaded at the first mail is loaded now
            taken = [_once(desk, number) for number in range(1, count + 1)]
    cuts = quantiles(taken, n=100, method="inclusive")
    print(f"{count} mails, seconds from delivery to receipt (least / median / most): {spread(taken, '.3f')}")
    print(f"p50 {cuts[49]:.3f}, p95 {cuts[94]:.3f}; {busy()}")
    return 0


def _once(desk: RunningDesk, number: int) -> float:
    """Seconds of one mail."""
    time.sleep(random.uniform(0.2, 1.2))
    before = len(desk.sink.letters)
    raw = mails.plain(sender=f"r{number}@reporter.example", message_id=f"<{number}@reporter.example>")
    begin = time.monotonic()
    desk.inbox.deliver(raw)
    desk.sink.await_letters(before + 1, PATIENCE)
    return time.monotonic() - begin


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 60))
