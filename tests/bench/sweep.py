"""What a sweep costs, and a year in the life of a desk: ``python tests/bench/sweep.py``.

First ten thousand open cases with four clocks each, of which none, ten and a hundred are due: a sweep has to
cost what is due, not what is open. Then a year of simulated time with a case an hour, answered as people do,
some of them late and some never.
"""

import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import Connection, event, func, insert, select

from maild.config.share import shipped
from maild.core.event import Arrival, Delivery, LetterSettled, MailArrived, SweepDue
from maild.core.mail.facts import FolderRole, identity, read_facts
from maild.core.mail.mime import parse
from maild.core.mail.opened import Opened
from maild.core.policy import Limits
from maild.engine.handler import handle
from maild.store import envelopes, letters
from maild.store.database import Database, open_database
from maild.store.schema import case, clock, escalation, letter
from tests.support import mails
from tests.support.desk import NOW, POLICY, SECRET

CASES, CLOCKS = 10_000, 4
HOUR, YEAR = timedelta(hours=1), 365 * 24
UNLIMITED = replace(POLICY, limits=Limits(10**9, 10**9, 10**9))
WORST = 20
"""A sweep with nothing due among all that is open may cost so many times one of an empty desk, at most."""


def main(hours: int = YEAR) -> int:
    """Print what both cost; fails when a sweep costs what is open, or the year was not kept as it should."""
    with tempfile.TemporaryDirectory(prefix="maild-bench-") as folder:
        with closing(open_database(Path(folder) / "sweep", shipped("migrations"))) as database:
            even = sweeps(database)
        with closing(open_database(Path(folder) / "year", shipped("migrations"))) as database:
            whole = year(database, hours)
    return 0 if even and whole else 1


def sweeps(database: Database) -> bool:
    """The cost of one sweep with so many clocks due, on an empty desk and among ten thousand cases."""
    empty = _timed(database, NOW)
    database.call(_fill, CASES)
    costs = {0: _timed(database, NOW)}
    for number, due in enumerate((10, 100), start=1):
        at = NOW + timedelta(days=number)
        database.call(_fill, due, f"D{number}", at)
        costs[due] = _first(database, at)
    print(f"a sweep of an empty desk: {empty * 1000:.2f} ms")
    for due, seconds in costs.items():
        each = f", {(seconds - costs[0]) * 1000 / due:.2f} ms each" if due else ""
        print(f"{CASES:,} open cases, {CASES * CLOCKS:,} clocks, {due:3} due: {seconds * 1000:.2f} ms{each}")
    return costs[0] < WORST * empty and costs[100] < 3 * WORST * costs[10]


def _fill(connection: Connection, count: int, name: str = "C", due: datetime | None = None) -> None:
    """Open cases with four running clocks each, far from due; with *due* one clock of each is due then."""
    numbers = range(count)
    base = {"state": "open", "opened": NOW, "sealed": False, "subject": "", "handler": "", "answered": False}
    connection.execute(insert(case), [base | {"id": f"{name}-{n}"} for n in numbers])
    far = NOW + timedelta(days=400)
    rows = [
        {
            "case_id": f"{name}-{n}",
            "promise": ("respond", "update", "acknowledge", "look")[which],
            "reporter": f"r{n}@reporter.example",
            "started": NOW - timedelta(days=30),
            "due": end,
            "look": end,
        }
        for n in numbers
        for which in range(CLOCKS)
        for end in [due if due and which == 0 else far + timedelta(seconds=n)]
    ]
    connection.execute(insert(clock), rows)


def _timed(database: Database, at: datetime) -> float:
    """The median cost of a sweep that finds nothing, in seconds."""
    return median(_first(database, at) for _ in range(9))


def _first(database: Database, at: datetime) -> float:
    """The cost of one sweep, in seconds."""
    before = time.perf_counter()
    database.call(handle, SweepDue(), UNLIMITED, at)
    return time.perf_counter() - before


class Year:
    """A desk that gets a report an hour. A seeded chance decides who answers when."""

    def __init__(self, database: Database) -> None:
        self.database, self.now = database, NOW
        self.chance = random.Random(5)
        self.answers: dict[int, list[str]] = {}

    def hour(self, number: int) -> None:
        """A report comes, answers fall due, promises are looked at, letters go out."""
        self.now += HOUR
        self.arrive(f"r{number}@reporter.example", f"<{number}@reports.example>")
        for name in self.answers.pop(number, []):
            self.answer(name)
        wait = self.chance.choices([6, 40, 60, 0], [50, 30, 10, 10])[0]  # hours; 0: never
        if wait:
            self.answers.setdefault(number + wait, []).append(f"<{number}@reports.example>")
        self.database.call(handle, SweepDue(), UNLIMITED, self.now)
        self.send()

    def arrive(self, sender: str, name: str, role: FolderRole = FolderRole.INBOX, **about: str) -> None:
        """A mail is kept and handled."""
        raw = mails.plain(
            sender=sender, message_id=name, text=f"{name}: a crafted file crashes it.\n", **about
        )
        tree = parse(raw)
        known = identity(tree, SECRET)
        mail = envelopes.Received(role, 1, _uid(name), role, self.now, False, len(raw), False, "", known, raw)
        number = self.database.call(envelopes.keep, mail, self.now)
        assert number is not None
        arrived = MailArrived(
            Arrival(number, known, self.now), read_facts(tree, UNLIMITED, role), Opened(tree)
        )
        self.database.call(handle, arrived, UNLIMITED, self.now)

    def answer(self, name: str) -> None:
        """A person answers from the desk's account."""
        who = f"r{name[1:].partition('@')[0]}@reporter.example"
        about = {"to": who, "In_Reply_To": name}
        self.arrive("security@project.example", f"<a{name[1:]}", FolderRole.SENT, **about)

    def send(self) -> None:
        """Every letter is accepted."""
        for one in self.database.call(letters.claim, self.now, 1000):
            self.database.call(letters.settle, one.id, letters.SENT, self.now)
            settled = LetterSettled(one.id, one.kind, one.case_id, one.reporter, Delivery.SENT)
            self.database.call(handle, settled, UNLIMITED, self.now)


def _uid(name: str) -> int:
    number = int(name.strip("<a").partition("@")[0])
    return number * 2 + name.startswith("<a") + 1


def year(database: Database, hours: int) -> bool:
    """So many hours with a report each: how long it takes, and that every slip was told once a rung."""
    # What a year of decisions costs is asked here, not how long the disk takes for each of its commits.
    event.listen(database.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    database.engine.dispose()
    desk, before = Year(database), time.perf_counter()
    for number in range(hours):
        desk.hour(number)
        if number % (30 * 24) == 0:
            print(f"  day {number // 24:3}: {time.perf_counter() - before:6.1f} s", flush=True)
    taken = time.perf_counter() - before
    kinds = database.call(
        lambda c: c.execute(select(letter.c.kind, func.count()).group_by(letter.c.kind)).all()
    )
    rungs = database.call(lambda c: c.execute(select(escalation)).all())
    rows = database.call(lambda c: c.execute(select(clock)).all())
    slipped = {r.id for r in rows if r.due <= desk.now and (r.met is None or r.met > r.due)}
    print(
        f"{hours:,} cases, one an hour, in {taken:.0f} s: {', '.join(f'{n:,} {kind}' for kind, n in kinds)}"
    )
    steps = Counter((row.clock_id, row.due, row.rung) for row in rungs)
    told = {row.clock_id for row in rungs}
    print(f"{len(slipped):,} promises slipped, {len(told):,} told, {len(steps):,} steps in all")
    return slipped <= told and max(steps.values()) == 1


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:2])))
