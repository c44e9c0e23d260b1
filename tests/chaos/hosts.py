"""A storm over two daemons of one desk in PostgreSQL: ``python -m tests.chaos.hosts --rounds 60``.

In each round two reports come in, and whoever works is killed, stopped (and goes on when the other works), cut off
from the database, or ended. The lease is of three seconds. At the end the books are balanced, and the times from each
blow until somebody works again are printed as a distribution.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from maild.store import journal
from tests.support import mails, postgres
from tests.support.certificate import make_certificate
from tests.support.commanding import command
from tests.support.daemon import Daemon
from tests.support.dovecot import Dovecot
from tests.support.ports import await_that
from tests.support.postgres import Cluster
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink, running

BLOWS = ("kill", "stop", "cut", "end")
UNLIMITED = "[limits]\nreceipts_per_address_day = 99999\nreceipts_per_domain_hour = 99999\nreceipts_per_hour = 99999\n"
EACH = 2
PATIENCE = 600.0
LEASE = "SELECT value::json ->> 'term', value::json ->> 'holder' FROM setting WHERE name = 'lease'"
TERMS = "SELECT count(*) FROM (SELECT term, max(term) OVER (ORDER BY id) AS most FROM journal) AS t WHERE term < most"


class Storm:
    """A desk, its two daemons, and what befalls them."""

    def __init__(self, desk: RunningDesk, cluster: Cluster, name: str, chance: random.Random) -> None:
        self.desk, self.cluster, self.name, self.chance = desk, cluster, name, chance
        self.daemons: list[Daemon | None] = [None, None]
        self.blows: Counter[str] = Counter()
        self.took: dict[str, list[float]] = {blow: [] for blow in BLOWS}
        self.reports = self.ended = 0
        self.paths = [self._host(number) for number in range(2)]

    def _host(self, number: int) -> Path:
        """A host's own folder, with the desk's files."""
        folder = self.desk.folder / f"host{number}"
        folder.mkdir()
        for file in ("maild.toml", "imap-password", "smtp-password"):
            shutil.copy(self.desk.folder / file, folder / file)
        return folder / "maild.toml"

    def start(self) -> None:
        """Every daemon that does not run is started, as systemd does: one that lost its server ends by itself."""
        for number, path in enumerate(self.paths):
            daemon = self.daemons[number]
            if daemon and daemon.process.poll() is not None:
                self.ended += 1
                daemon.close()
                self.daemons[number] = None
            if self.daemons[number] is None:
                self.daemons[number] = Daemon(path, module=("tests.chaos.shortlease",))

    def lease(self) -> tuple[int, str]:
        """The term, and the process that has it."""
        term, holder = self.cluster.run(LEASE, self.name)[0]
        return int(str(term)), str(holder)

    def works(self) -> int | None:
        """Which daemon works, if one of them does."""
        self.start()
        holder = self.lease()[1]
        for number, daemon in enumerate(self.daemons):
            if daemon and f" {daemon.process.pid}-" in holder:
                return number
        return None

    def round(self) -> None:
        """Two reports, and a blow at a random instant; then somebody works again."""
        number = await_that(
            lambda: None if (found := self.works()) is None else [found], "one works", PATIENCE
        )[0]
        for _ in range(EACH):
            about = f"Overflow number {self.reports} in the parser"
            sender, message_id = f"r{self.reports}@reporter.example", f"<{self.reports}@reporter.example>"
            self.desk.inbox.deliver(mails.plain(subject=about, sender=sender, message_id=message_id))
            self.reports += 1
        time.sleep(self.chance.uniform(0.0, 3.0))
        term, blow = self.lease()[0], self.chance.choice(BLOWS)
        self.blows[blow] += 1
        began = time.monotonic()
        self.strike(number, blow)
        if blow != "cut":  # its holder goes on by itself
            await_that(
                lambda: self.lease()[0] > term and self.works() is not None, "somebody works again", PATIENCE
            )
            self.took[blow].append(time.monotonic() - began)
        daemon = self.daemons[number]
        if blow == "stop" and daemon:
            os.kill(daemon.process.pid, signal.SIGCONT)
        self.start()

    def strike(self, number: int, blow: str) -> None:
        """What befalls the daemon that works."""
        daemon = self.daemons[number]
        assert daemon
        if blow == "cut":
            self.cluster.end_connections(self.name)
        elif blow == "stop":
            os.kill(daemon.process.pid, signal.SIGSTOP)
        else:
            daemon.process.send_signal(signal.SIGKILL if blow == "kill" else signal.SIGTERM)
            daemon.process.wait(60)
            daemon.close()
            self.daemons[number] = None

    def count(self, query: str) -> int:
        """A count, read from outside."""
        return int(str(self.cluster.run(f"SELECT count(*) FROM {query}", self.name)[0][0]))

    def peace(self) -> None:
        """Everything owed is sent."""
        done = "letter WHERE state = 'sent' AND kind = 'receipt'"
        await_that(
            lambda: self.count(done) + self.count("letter WHERE state = 'parked'") >= self.reports,
            "all sent",
            PATIENCE,
        )
        for daemon in self.daemons:
            if daemon:
                daemon.end(seconds=60)
                daemon.close()

    def faults(self, sink: SmtpSink) -> list[str]:
        """What does not balance, as sentences."""
        found = []
        if (cases := self.count('"case"')) != self.reports:
            found.append(f"{self.reports} reports and {cases} cases")
        texts = {one.raw for one in sink.letters}
        people = {one.recipients for one in sink.letters}
        if len(texts) != len(people):
            found.append(f"{len(texts)} letters with different bytes for {len(people)} people")
        if len(people) != self.reports:
            found.append(f"{self.reports} reports, and {len(people)} people got a letter")
        if back := int(str(self.cluster.run(TERMS, self.name)[0][0])):
            found.append(f"{back} rows of the journal were written in a term that was over")
        with self.desk.desk() as opened:
            if (row := opened.ask(journal.broken_at)) is not None:
                found.append(f"the journal's chain is broken at row {row}")
        said = command(self.desk.path, "verify")
        return found if said.status == 0 else [*found, said.out + said.err]

    def report(self, sink: SmtpSink) -> str:
        """The figures."""
        again = len(sink.letters) - len({one.raw for one in sink.letters})
        lines = [
            f"{sum(self.blows.values())} blows {dict(self.blows)}, {self.reports} reports, {self.ended} ends by themselves, term {self.lease()[0]}"
        ]
        lines.append(f"letters: {len(sink.letters)}, of them the same again: {again}")
        for blow, times in self.took.items():
            if times:
                times.sort()
                parts = [times[min(int(len(times) * part), len(times) - 1)] for part in (0, 0.5, 0.9, 1)]
                lines.append(
                    f"{blow}: works again after {' / '.join(f'{one:.1f}' for one in parts)} s (least, median, 9 of 10, most)"
                )
        return "\n".join(lines)


def main() -> int:
    """Run the storm; exit status 1 when the books do not balance."""
    words = argparse.ArgumentParser(prog="python -m tests.chaos.hosts", description=__doc__)
    words.add_argument("--rounds", type=int, default=60)
    words.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    given = words.parse_args()
    print(f"seed {given.seed}", flush=True)
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="hosts", dir="/tmp"))
        stack.callback(shutil.rmtree, folder)
        dovecot = Dovecot()
        stack.callback(dovecot.remove)
        dovecot.start()
        certificate = make_certificate(folder)
        sink = stack.enter_context(running(SmtpSink(certificate, users={"desk": "sesame"})))
        cluster = stack.enter_context(postgres.running())
        name = cluster.ready()
        inbox = dovecot.user("desk")
        desk = RunningDesk(folder, inbox, sink, certificate)
        desk.clock = datetime.now(UTC)  # noqa: TID251 - the daemons are processes and have no other clock
        desk.configure(inbox='poll = "1s"\n', more=f'{UNLIMITED}\n[database]\nurl = "{cluster.url(name)}"\n')
        desk.run()
        sink.drip = 0.0005
        storm = Storm(desk, cluster, name, random.Random(given.seed))
        storm.start()
        for number in range(given.rounds):
            storm.round()
            if number % 10 == 9:
                print(storm.report(sink), flush=True)
        sink.drip = 0.0
        storm.peace()
        faults = storm.faults(sink)
        print(storm.report(sink))
        print("\n".join(faults) or "the books balance")
        inbox.log_out()
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
