"""A quarantine of 100,000: ``python tests/bench/held.py [MAILS]``.

Spam of as many senders as a flood has, kept as the road keeps it, with its promises and its journal. Prints what people
and the daemon do with it: seconds, seconds of the processor, and the most memory of a process that does just that. The
first line is a process that does nothing; ``reject --all`` and the end of retention are for all of it.
"""

import asyncio
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import Connection, Table, insert, select, update

from maild.app.desk import Desk, open_desk
from maild.app.run import engine
from maild.config import load
from maild.core.change import Verdict
from maild.core.event import HeldDigestDue, PurgeDue, SweepDue
from maild.core.letters.kinds import LetterKind
from maild.core.mail.facts import FolderRole, identity
from maild.core.mail.mime import parse
from maild.core.policy import Policy
from maild.engine.handler import handle, handle_arrival
from maild.store import envelopes, heldmail, letters, situation
from maild.store.envelopes import Received
from maild.store.journal import link
from maild.store.schema import clock, envelope, journal, letter, location, raw
from tests.support import mails
from tests.support.desk import GOOD_CONFIG, NOW
from tests.support.measured import measured

SUBJECTS = 5000
"""How many different subjects there are; each stands in many a mail."""
TEXT = "CHEAP PILLS 80% OFF. Click here now, limited offer, act now.\n" * 30
NUMBERS = ("envelope", "mail", "clock")
"""What the journal names by numbers: here all of a mail have its own."""
AT_ONCE = 1000
ROOT = Path(__file__).parents[2]


def main(count: int) -> int:
    """Print what each step costs."""
    with tempfile.TemporaryDirectory(prefix="maild-held-") as folder:
        config = Path(folder) / "maild.toml"
        config.write_text(GOOD_CONFIG)
        (Path(folder) / "secret").write_text("x\n")
        (Path(folder) / "secret").chmod(0o600)
        began = time.monotonic()
        with _desk(config, NOW) as desk:
            desk.ask(fill, count, desk.policy)
        size = (Path(folder) / "state" / "maild.db").stat().st_size / 1e6
        print(f"{count:,} held, {size:.0f} MB, made in {time.monotonic() - began:.0f} s", flush=True)
        for name in [one for one in STEPS if one != LAST]:
            _print(name, config, ["-m", "tests.bench.held", "--step", name, str(config)])
        for words in COMMANDS:
            _print(f"maild {words}", config, ["-m", "maild", "--config", str(config), *words.split()])
        _print(LAST, config, ["-m", "tests.bench.held", "--step", LAST, str(config)])
    return 0


def _print(name: str, config: Path, words: list[str]) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = measured([sys.executable, *words], config.parent, {**os.environ, "PYTHONPATH": str(ROOT)})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    lines = found.said.strip().splitlines()
    said = (lines[-1] if lines else "")[:60]
    print(f"{name:<44}{found.seconds:>7.1f} s {cpu:>7.1f} s CPU {found.peak:>6.0f} MiB  {said}", flush=True)


def _desk(config: Path, at: datetime) -> AbstractContextManager[Desk]:
    return open_desk(load(config), lambda: at)


def fill(connection: Connection, count: int, policy: Policy) -> None:
    """One mail as the road keeps it, and so many like it."""
    content = _spam(1)
    first = envelopes.keep(connection, _received(content, policy), NOW)
    assert first == 1
    handle_arrival(connection, first, policy, NOW)
    kept = {table: _rows(connection, table) for table in (envelope, raw, clock, journal)}
    assert len(kept[clock]) == 1, "one promise is about held mail"
    chain = kept[journal][-1]["chain"]
    for start in range(2, count + 1, AT_ONCE):
        rows: dict[Table, list[dict[str, Any]]] = {table: [] for table in (*kept, location)}
        for number in range(start, min(start + AT_ONCE, count + 1)):
            chain = _like(rows, kept, number, chain)
        for table, many in rows.items():
            connection.execute(insert(table), many)


def _rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(select(table))]


def _like(
    rows: dict[Table, list[dict[str, Any]]], kept: dict[Table, list[dict[str, Any]]], number: int, chain: str
) -> str:
    """The rows of another mail like the first; the journal's chain goes on."""
    own = {"identity": f"{number:064x}", "sha256": f"{number:064x}", "score": 3.0 + number % 97 / 10}
    rows[envelope] += [one | {"id": number} | own for one in kept[envelope]]
    rows[raw].append({"envelope_id": number, "content": _spam(number)})
    place = {"folder": "INBOX", "uidvalidity": 1, "uid": number}
    rows[location].append(place | {"envelope_id": number, "mark": "quarantine", "marked": True})
    rows[clock] += [{**one, "id": number, "mail": number} for one in kept[clock]]
    for one in kept[journal]:
        row = {name: one[name] for name in ("at", "case_id", "what")}
        row["detail"] = {k: number if k in NUMBERS else v for k, v in one["detail"].items()}
        chain = link(chain, row)
        rows[journal].append(row | {"chain": chain})
    return chain


def _spam(number: int) -> bytes:
    who = f"w{number}@spam{number % 70_000}.example"
    subject = f"CHEAP PILLS number {number % SUBJECTS} 80% OFF!!! CLICK NOW"
    return mails.plain(subject=subject, sender=who, message_id=f"<{number}@{who}>", text=TEXT)


def _received(content: bytes, policy: Policy) -> Received:
    name = identity(parse(content), policy.desk.secret)
    return Received(
        "INBOX",
        1,
        1,
        FolderRole.INBOX.value,
        NOW,
        False,
        len(content),
        False,
        "0" * 64,
        name,
        content,
        date=NOW,
    )


def _event(event: Any, later: timedelta) -> Callable[[Path], str]:
    def step(config: Path) -> str:
        now = NOW + later
        with _desk(config, now) as desk:
            decision = desk.ask(handle, event, desk.policy, now)
        return f"{len(decision.changes)} changes"

    return step


def _answer(config: Path, senders: bool) -> str:
    """What is looked up for a member's answer to the daily list, with an order about senders or without."""
    with _desk(config, NOW) as desk:
        names = desk.ask(
            lambda c: c.execute(
                select(letter.c.message_id, letter.c.recipient).where(letter.c.kind == LetterKind.HELD)
            ).all()
        )
        found = desk.ask(heldmail.answered, [names[0].message_id], names[0].recipient, senders)
        words = desk.ask(heldmail.releasable)
    assert found
    return f"{len(found.lines)} lines, {len(found.senders)} senders, {len(words)} words"


def _letter(config: Path) -> str:
    with _desk(config, NOW + timedelta(days=1)) as desk:
        (due,) = desk.ask(letters.claim, desk.clock(), 1, desk.policy.limits)
        so = desk.ask(situation.of, due)

        async def compose() -> int:
            async with engine(desk) as supervisor:
                return len((await supervisor.dispatcher.composer.compose(due, so)).final)

        return f"{asyncio.run(compose())} bytes"


def _purged(config: Path) -> str:
    """Everything is rejected, and kept long enough: the sweep of retention, in the daemon's batches."""
    now, batches, longest = NOW + timedelta(days=4000), 0, 0.0
    with _desk(config, now) as desk:
        rejected = update(envelope).values(verdict=Verdict.REJECTED, judged=NOW)
        desk.ask(lambda c: c.execute(rejected.where(envelope.c.verdict == Verdict.QUARANTINE)).rowcount)
        while True:
            began = time.monotonic()
            if not desk.ask(handle, PurgeDue(), desk.policy, now).changes:
                return f"{batches} batches, the longest {longest:.2f} s"
            batches, longest = batches + 1, max(longest, time.monotonic() - began)


def _nothing(config: Path) -> str:
    with _desk(config, NOW) as desk:
        return desk.policy.desk.name[:0]


LAST = "retention"
STEPS: dict[str, Callable[[Path], str]] = {
    "nothing": _nothing,
    "a sweep with nothing due": _event(SweepDue(None), timedelta(0)),
    "the daily list is owed": _event(HeldDigestDue(), timedelta(days=1)),
    "the daily list is composed": _letter,
    "the next day's list is owed": _event(HeldDigestDue(), timedelta(days=2)),
    "an answer to the list is looked up": lambda config: _answer(config, False),
    "an answer that names senders": lambda config: _answer(config, True),
    "a sweep with all of it due": _event(SweepDue(None, first=False), timedelta(days=30)),
    LAST: _purged,
    "the next sweep": _event(SweepDue(None), timedelta(days=30, minutes=1)),
}
COMMANDS = (
    "quarantine",
    "quarantine --page 1000",
    "quarantine --from w77@",
    "quarantine --subject number",
    "quarantine --json",
    "status",
    "release 5",
    "reject 6 7 8",
    "reject --from w99@",
    "ledger verify",
    "statistics",
)

if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        print(STEPS[sys.argv[2]](Path(sys.argv[3])))
        sys.exit(0)
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 100_000))
