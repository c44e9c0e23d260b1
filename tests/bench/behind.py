"""A report behind ninety mails made to be slow: ``python tests/bench/behind.py [MAILS]``.

Each of them is legal, 4 kB long, and has four lines ``Cc: x <`` with 960 blanks behind it; they cost half a
minute of the processor each once. All are delivered to a real Dovecot while the daemon waits in IDLE, the report
last. Prints the seconds from that delivery until every other receipt and until the report's own, and the seconds
of the processor that the daemon used.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.ground import PATIENCE, busy, daemon, ground, processor
from tests.support import mails

LINES = "".join(f"Cc: x <{' ' * 960}\r\n" for _ in range(4)).encode()


def main(count: int) -> int:
    """Print the figures."""
    with ground() as servers:
        desk = servers.desk()
        with daemon(desk) as (one, _):
            desk.inbox.deliver(
                mails.plain(sender="first@reporter.example", message_id="<first@reporter.example>")
            )
            desk.sink.await_letters(1, PATIENCE)  # what is loaded at the first mail is loaded now
            before = processor(one.process.pid)
            for number in range(count):
                sender = f"r{number}@reporter.example"
                desk.inbox.deliver(
                    LINES + mails.plain(sender=sender, message_id=f"<{number}@reporter.example>")
                )
            begin = time.monotonic()
            desk.inbox.deliver(
                mails.plain(sender="last@reporter.example", message_id="<last@reporter.example>")
            )
            desk.sink.await_letters(count + 2, PATIENCE)
            taken, used = time.monotonic() - begin, processor(one.process.pid) - before
    print(f"{count} mails and one report behind them; {busy()}")
    print(f"all acknowledged {taken:.2f} s after the report's delivery; {used:.2f} s of the processor in all")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 90))
