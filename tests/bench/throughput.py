"""How many mails a second go the full road, beside a bare script: ``python tests/bench/throughput.py``.

Mails of 10 kB lie in a real mailbox when the daemon is ready; the clock stops when each is a case, its letters
were taken by a real SMTP server over TLS, and it is marked. Then ``bare.py`` does the same work on another mailbox
with the same mails: as many rows, connections and letters (compared here, a difference is an error). Prints
mails a second, maild's as a part of the script's. Arguments: mails a run, runs, and which of the three roads.
"""

import json
import os
import random
import subprocess
import sys
import time
from base64 import encodebytes
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from maild.config.share import shipped
from maild.store.database import FILE, open_database
from tests.bench.ground import (
    PATIENCE,
    Ground,
    asked,
    busy,
    daemon,
    database,
    ground,
    processor,
    rows,
    spread,
)
from tests.openpgp.mails import pgp_mime
from tests.support import mails
from tests.support.daemon import ROOT
from tests.support.running import RunningDesk
from tests.support.sealing import entity, head

Taken = tuple[float, float]
"""Seconds by the wall clock, and seconds of the processor (children that ended included, servers not)."""
SIZE = 10_000
ROADS = {"plain": ("observe", False), "sealed": ("observe", True), "relay": ("relay", False)}
LATE = {"journal": 2, "letter_bytes": 1}
"""Rows a letter that is written down when it was taken, and not with the mail."""
KEPT = ("envelope", "raw", "location")
HANDED_IN = ("MAIL", "RCPT", "DATA")
LEFT = (
    "SELECT (SELECT count(*) FROM envelope WHERE state != 'done') + (SELECT count(*) FROM letter WHERE"
    " state != 'sent') + (SELECT count(*) FROM location WHERE NOT marked OR mark IS NULL)"
)


def main(count: int, runs: int, roads: list[str]) -> int:
    """Print the figures of each road."""
    with ground() as servers:
        for road in roads:
            mode, sealed = ROADS[road]
            many = [_mail(servers, number, sealed=sealed) for number in range(count)]
            pairs = [_pair(servers, mode, many, sealed=sealed) for _ in range(runs)]
            print(f"{road}: {count} mails, {runs} runs, least / median / most; {busy()}")
            for name, which in (("mails a second", 0), ("mails a second of CPU", 1)):
                ours, theirs = ([count / taken[which] for taken in side] for side in zip(*pairs, strict=True))
                ratio = [one / other for one, other in zip(ours, theirs, strict=True)]
                figures = f"maild {spread(ours, '.1f')}, bare {spread(theirs, '.1f')}, ratio {spread(ratio)}"
                print(f"  {name}: {figures}", flush=True)
    return 0


def _mail(servers: Ground, number: int, *, sealed: bool) -> bytes:
    """A report of about 10 kB by somebody new."""
    author = f"Rita Reporter <r{number}@reporter.example>"
    if not sealed:
        return mails.of_size(SIZE, sender=author, message_id=f"<{number}@reporter.example>")
    words = encodebytes(random.Random(number).randbytes(5_000)).decode()
    return pgp_mime(servers.kit.encrypt(text=entity(words)), head=head(number, author))


def _pair(servers: Ground, mode: str, many: list[bytes], *, sealed: bool) -> tuple[Taken, Taken]:
    """What maild takes, and what the bare script takes."""
    one = _filled(servers, mode, many, sealed=sealed)
    before = rows(database(one))
    seconds = _maild(one, len(many))
    done, letters = _did(servers), [letter.raw.decode() for letter in servers.sink.letters]
    written = {name: number - before[name] for name, number in rows(database(one)).items()}
    each = {name: number // len(many) for name, number in written.items() if number >= len(many)}
    other = _filled(servers, mode, many, sealed=sealed)
    job = _job(servers, other, len(many), letters[: each["letter"]], each)
    bare = _run(job)
    assert _did(servers) == done, (_did(servers), done)
    there = rows(Path(str(job["database"])))
    assert all(there[name] == number * len(many) for name, number in each.items()), (there, each)
    return seconds, bare


def _filled(servers: Ground, mode: str, many: list[bytes], *, sealed: bool) -> RunningDesk:
    """A desk whose mailbox holds the mails."""
    desk = servers.desk(mode, sealed=sealed)
    desk.inbox.append_many(many)
    desk.inbox.log_out()
    servers.sink.letters.clear()
    servers.sink.commands.clear()
    return desk


def _did(servers: Ground) -> Counter[str]:
    """How often each SMTP command that hands a letter in was said; how connections are kept is each one's own."""
    return Counter(one for one in servers.sink.commands if one in HANDED_IN)


def _maild(desk: RunningDesk, count: int) -> Taken:
    """From readiness to the last mail done."""
    file = database(desk)
    with daemon(desk) as (one, _):
        begin, before = time.perf_counter(), processor(one.process.pid)
        while asked(file, "SELECT count(*) FROM envelope") < count or asked(file, LEFT):
            assert time.perf_counter() - begin < PATIENCE, (desk.folder / "daemon.log").read_text()[-2000:]
            time.sleep(0.02)
        return time.perf_counter() - begin, processor(one.process.pid) - before


def _job(
    servers: Ground, desk: RunningDesk, count: int, letters: list[str], each: dict[str, int]
) -> dict[str, object]:
    """What the bare script is told: the same work on this desk's mailbox, with a database of its own."""
    folder = desk.folder / "bare"
    open_database(folder, shipped("migrations")).close()
    at_once = {
        name: number - LATE.get(name, 0) * len(letters) for name, number in each.items() if name not in KEPT
    }
    return {
        "mails": count,
        "imap": servers.dovecot.imaps,
        "imap_ca": str(servers.dovecot.certificate.cert),
        "user": desk.inbox.name,
        "smtp": servers.sink.port,
        "smtp_ca": str(servers.certificate.cert),
        "database": str(folder / FILE),
        "home": str(servers.kit.desk) if hasattr(desk, "kit") else "",
        "letters": letters,
        "rows": at_once,
    }


def _run(job: dict[str, object]) -> Taken:
    command = [sys.executable, str(Path(__file__).with_name("bare.py"))]
    settings = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command,
        input=json.dumps(job),
        capture_output=True,
        text=True,
        env=settings,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    seconds, cpu = done.stdout.split()
    return float(seconds), float(cpu)


if __name__ == "__main__":
    words = sys.argv[1:]
    numbers = [int(word) for word in words if word.isdigit()]
    chosen = [word for word in words if word in ROADS] or list(ROADS)
    sys.exit(main(*[*numbers, 300, 3][:2] if len(numbers) != 1 else (numbers[0], 3), chosen))
