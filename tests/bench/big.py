"""What a mail of 25 MB costs: ``python tests/bench/big.py``.

A plain and a sealed mail about as long as is kept by default, each through a daemon of its own (observing). Prints the
seconds until it is done and its receipt is out, and the most memory seen: the shares (PSS) of the daemon and its
children added up at one moment, gpg-agent apart.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.ground import PATIENCE, Ground, asked, busy, daemon, database, ground, pss
from tests.openpgp.mails import pgp_mime
from tests.support import mails
from tests.support.sealing import entity, head

SIZE = 24_990_000
SEALED = 17_900_000
"""Bytes of text that cannot be made shorter, so that armor makes them about as many as are kept."""
DONE = "SELECT count(*) FROM envelope WHERE state = 'done' AND NOT truncated"


def main() -> int:
    """Print seconds and MiB of each."""
    with ground() as servers:
        for name in ("nothing", "plain", "sealed"):
            raw = _mail(servers, name)
            idle, seconds, peak = _once(servers, raw, sealed=name == "sealed")
            print(
                f"{name:<8}{len(raw):>12,} bytes {seconds:>6.1f} s, idle {idle:.0f} MiB, peak {peak:.0f} MiB; {busy()}"
            )
    return 0


def _mail(servers: Ground, name: str) -> bytes:
    if name == "sealed":
        words = _hard(SEALED)
        return pgp_mime(servers.kit.encrypt("-z", "0", text=entity(words)), head=head())
    return mails.of_size(SIZE) if name == "plain" else mails.plain()


def _hard(length: int) -> str:
    line = "A log that somebody attached to his report, line by line as it came out.\r\n"
    return line * (length // len(line))


def _once(servers: Ground, raw: bytes, *, sealed: bool) -> tuple[float, float, float]:
    """MiB at rest, seconds until all is done, MiB at the most."""
    desk = servers.desk(sealed=sealed)
    servers.sink.letters.clear()
    with daemon(desk) as (one, _):
        time.sleep(2)
        idle = peak = pss(one.process.pid)
        begin = time.monotonic()
        desk.inbox.deliver(raw)
        while not (asked(database(desk), DONE) and servers.sink.letters):
            assert time.monotonic() - begin < PATIENCE, (desk.folder / "daemon.log").read_text()[-2000:]
            peak = max(peak, pss(one.process.pid))
            time.sleep(0.005)
        return idle, time.monotonic() - begin, peak


if __name__ == "__main__":
    sys.exit(main())
