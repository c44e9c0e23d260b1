"""Five thousand forged senders in a minute against the real daemon: ``python tests/bench/flood.py [COUNT [MODE]]``.

Prints how long until every mail is a case, how many letters left beside what an hour allows and how many wait
for their turn, the longest silence between two heartbeats, what ``maild status`` took meanwhile at the worst,
and the daemon's memory.
"""

import shutil
import socket
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing, suppress
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from maild.core.letters import budget
from maild.core.policy import Limits
from tests.engine.test_loops import forged
from tests.support.certificate import make_certificate
from tests.support.commanding import command
from tests.support.daemon import Daemon
from tests.support.dovecot import Dovecot
from tests.support.measured import _high_water
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink, running

HEART = 5.0


def main(count: int = 5000, mode: str = "relay") -> int:
    """Exit status 1 when a mail or its receipt is missing, a limit was passed or the heart stood still."""
    folder, server = Path(tempfile.mkdtemp(prefix="flood-")), Dovecot()
    try:
        server.start()
        certificate = make_certificate(folder)
        with running(SmtpSink(certificate, users={"desk": "sesame"})) as sink:
            desk = RunningDesk(folder, server.user(), sink, certificate)
            return flood(desk, folder, count, mode)
    finally:
        server.remove()
        shutil.rmtree(folder)


def flood(desk: RunningDesk, folder: Path, count: int, mode: str) -> int:
    """One flood."""
    desk.clock = datetime.now(UTC)  # noqa: TID251 - the daemon is a process and has no other clock
    desk.configure(f'mode = "{mode}"\n', 'poll = "1s"\n')
    desk.run()
    heart = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    heart.bind(str(folder / "n"))
    heart.setblocking(False)
    daemon = Daemon(desk.path, {"NOTIFY_SOCKET": str(folder / "n")})
    daemon.await_log("started")
    began, beats, slowest, refused = time.monotonic(), [time.monotonic()], 0.0, []
    try:
        mails = [forged(number) for number in range(count)]
        for start in range(0, count, 500):
            desk.inbox.append_many(mails[start : start + 500])
        fed = time.monotonic() - began
        while rows(desk, "envelope", "state = 'done'") < count:
            assert daemon.process.poll() is None, daemon.log.read_text()[-2000:]
            beats += heard(heart)
            asked = time.monotonic()
            said = command(desk.path, "status")
            refused += [said.err.strip()] if said.status else []
            slowest = max(slowest, time.monotonic() - asked)
            time.sleep(0.5)
        took = time.monotonic() - began
        time.sleep(HEART + 1)
        beats += heard(heart)
        pause = max(b - a for a, b in pairwise(beats))
        memory = _high_water(daemon.process.pid) / 1024
    finally:
        daemon.close()
    letters = desk.view("outbox", True)
    sent = Counter(row["kind"] for row in letters if row["state"] == "sent")
    waiting = Counter(row["kind"] for row in letters if row["state"] in ("owed", "sending"))
    cases, by_hand = rows(desk, "case"), rows(desk, "flag", "flag = 'receipt-by-hand'")
    print(f"{mode}: {count} mails put into the mailbox in {fed:.0f} s, all handled after {took:.0f} s")
    print(f"cases {cases}, {by_hand} to be acknowledged by hand")
    print(f"letters that left {dict(sent)}, that wait {dict(waiting)}, handed in {len(desk.sink.letters)}")
    print(*sorted(set(refused)), sep="\n", end="\n" if refused else "")
    print(f"longest pause between heartbeats {pause:.1f} s (one every {HEART:.0f} s),", end=" ")
    print(f"slowest `maild status` {slowest:.2f} s ({len(refused)} refused), {memory:.0f} MiB at the most")
    hours, caps = int(took // 3600) + 1, Limits()
    kept = cases == count == sent["receipt"] + waiting["receipt"] and not by_hand
    fair = sent["receipt"] <= hours * budget.part(caps.per_hour, budget.Rank.LIKELY)
    fair = fair and sent["copy"] <= hours * budget.part(caps.team_hour, budget.Rank.LIKELY)
    good = kept and fair and pause < 4 * HEART and not refused
    print("good" if good else "WRONG")
    return 0 if good else 1


def rows(desk: RunningDesk, table: str, where: str = "1") -> int:
    """Rows, read from outside."""
    with closing(sqlite3.connect(f"file:{desk.folder}/state/maild.db?mode=ro", uri=True)) as raw:
        return int(raw.execute(f'SELECT count(*) FROM "{table}" WHERE {where}').fetchone()[0])


def heard(heart: socket.socket) -> list[float]:
    """The instants of the heartbeats since last asked, to the half second."""
    found = []
    with suppress(BlockingIOError):
        while True:
            if heart.recv(4096) == b"WATCHDOG=1":
                found.append(time.monotonic())
    return found


if __name__ == "__main__":
    words = sys.argv[1:]
    sys.exit(main(int(words[0]) if words else 5000, *words[1:2]))
