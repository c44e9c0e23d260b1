"""SQLite and PostgreSQL beside each other: ``python tests/bench/engines.py [mails]``.

The same mails of 10 kB lie in a mailbox for each; the clock runs from readiness until each is a case, its letter was
taken and it is marked. PostgreSQL is measured twice: as the tests run it (nothing is flushed to the disk) and as a
desk has it. Prints milliseconds a mail by the wall clock, of the daemon's processor, and transactions a mail.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.ground import PATIENCE, Ground, asked, busy, daemon, database, ground, processor
from tests.bench.throughput import LEFT, SIZE
from tests.support import mails, postgres
from tests.support.running import RunningDesk

COMMITS = "SELECT xact_commit, xact_rollback FROM pg_stat_database WHERE datname = '{}'"


def main(count: int) -> int:
    """Print a line for each."""
    with ground() as servers:
        desk = _filled(servers, count)
        _print("sqlite", count, *_run(desk, count, lambda question: asked(database(desk), question)), "")
        for flushed in (False, True):
            with postgres.running(flushed=flushed) as cluster:
                name = cluster.ready()
                desk = _filled(servers, count, f'\n[database]\nurl = "{cluster.url(name)}"\n')
                before = cluster.run(COMMITS.format(name))[0]
                took = _run(
                    desk, count, lambda question, name=name: int(str(cluster.run(question, name)[0][0]))
                )
                ended = [
                    int(str(new)) - int(str(old))
                    for new, old in zip(cluster.run(COMMITS.format(name))[0], before, strict=True)
                ]
                many = (
                    f", {ended[0] / count:.1f} committed and {ended[1] / count:.1f} ended transactions a mail"
                )
                _print(f"postgresql{', flushed' if flushed else ''}", count, *took, many)
    return 0


def _filled(servers: Ground, count: int, more: str = "") -> RunningDesk:
    desk = servers.desk()
    if more:
        desk.path.write_text(desk.path.read_text() + more)
        desk.run()
    author = "Rita Reporter <r{}@reporter.example>"
    desk.inbox.append_many(
        [
            mails.of_size(SIZE, sender=author.format(n), message_id=f"<{n}@reporter.example>")
            for n in range(count)
        ]
    )
    desk.inbox.log_out()
    return desk


def _run(desk: RunningDesk, count: int, ask: Callable[[str], int]) -> tuple[float, float]:
    with daemon(desk) as (one, _):
        one.await_log("started")
        begin, before = time.perf_counter(), processor(one.process.pid)
        while ask("SELECT count(*) FROM envelope") < count or ask(LEFT):
            assert time.perf_counter() - begin < PATIENCE, one.log.read_text()[-2000:]
            time.sleep(0.1)
        return time.perf_counter() - begin, processor(one.process.pid) - before


def _print(name: str, count: int, wall: float, cpu: float, more: str) -> None:
    print(
        f"{name}: {wall / count * 1000:.1f} ms a mail, {cpu / count * 1000:.1f} ms of CPU{more}; {busy()}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main(*[int(word) for word in sys.argv[1:]] or [200]))
