"""A desk of 100,000 messages moved into PostgreSQL and back: ``python tests/bench/moving.py [MESSAGES]``.

The desk is as years of use leave it (``filled.py``), and some of its messages are large. Prints the seconds, the most
memory of the command (MiB) and rows a second of each way, and a digest over the digests of every table. Fails when one
of them differs on the way, or when the command needs more than 250 MiB.
"""

import json
import os
import resource
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import Connection, select, update

from maild.app.desk import open_desk
from maild.config import load
from maild.store import transfer
from maild.store.database import FILE, open_read_only
from maild.store.schema import raw
from maild.store.transfer import Sum
from tests.bench.filled import fill
from tests.support import mails, postgres
from tests.support.desk import GOOD_CONFIG
from tests.support.measured import measured

LARGE = 24_000_000
MOST = 250.0
ROOT = Path(__file__).parents[2]


def main(count: int) -> int:
    """Print what each way costs; the number of what went wrong."""
    with (
        postgres.running(flushed=True) as cluster,
        tempfile.TemporaryDirectory(prefix="maild-moving-") as folder,
    ):
        url = cluster.url(cluster.database())
        here, back = _place(Path(folder), "here", ""), _place(Path(folder), "back", url)
        began = time.monotonic()
        with open_desk(load(here)) as desk:
            desk.ask(fill, count)
            desk.ask(_some_are_large)
        size = (here.parent / "state" / FILE).stat().st_size / 1e6
        print(f"{count:,} messages, {size:.0f} MB, made in {time.monotonic() - began:.0f} s", flush=True)
        wrong = _moved(here, url)
        wrong += _moved(back, "sqlite:")
        sums = [_sums(config) for config in (here, back)]
        for one, other in zip(*sums, strict=True):
            print(f"  {one.table:<16}{one.rows:>10,} rows  {one.digest[:16]}  {other.digest[:16]}")
        equal = sums[0] == sums[1]
        print("every table has equal digests" if equal else "tables differ")
    return wrong + (not equal)


def _place(folder: Path, name: str, url: str) -> Path:
    """A desk's configuration in a folder of its own."""
    there = folder / name
    there.mkdir()
    (there / "secret").write_text("x\n")
    (there / "secret").chmod(0o600)
    config = there / "maild.toml"
    config.write_text(GOOD_CONFIG + (f'\n[database]\nurl = "{url}"\n' if url else ""))
    return config


def _some_are_large(connection: Connection) -> None:
    """Ten messages as long as are kept by default, one after the other."""
    numbers = connection.execute(select(raw.c.envelope_id).limit(200)).scalars().all()
    for number in (*numbers[:5], *numbers[-5:]):
        large = update(raw).where(raw.c.envelope_id == number).values(content=mails.of_size(LARGE))
        connection.execute(large)


def _moved(config: Path, target: str) -> int:
    """One way; 1 when the command failed or took too much memory."""
    words = [sys.executable, "-m", "maild", "--config", str(config), "migrate-database", "--json", target]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = measured(words, config.parent, {**os.environ, "PYTHONPATH": str(ROOT)})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if found.code:
        print(found.said)
        return 1
    rows = sum(table["rows"] for table in json.loads(found.said))
    print(
        f"to {'PostgreSQL' if 'postgres' in target else 'SQLite'}: {found.seconds:.0f} s ({cpu:.0f} s CPU), "
        f"{found.peak:.0f} MiB, {rows:,} rows, {rows / found.seconds:.0f} a second",
        flush=True,
    )
    return int(found.peak > MOST)


def _sums(config: Path) -> list[Sum]:
    """The digests of the file beside a configuration."""
    with closing(open_read_only(config.parent / "state" / FILE)) as database:
        return database.call(lambda connection: list(transfer.sums(connection)))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 100_000))
