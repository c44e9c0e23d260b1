"""Balancing the books: what was fed, what the database knows of it, and what the world was sent."""

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from maild.store import mails
from maild.store.database import FILE, open_read_only
from tests.chaos.feed import MARK, Fed
from tests.support.listed import unlisted
from tests.support.relaying import header, letter_text
from tests.support.smtpsink import Letter

READER = "bea@project.example"
CASES = ("plain", "sealed", "list", "gone")
VERDICTS = {"spam": "quarantine", "automatic": "automatic", "bounce": "bounce"}
NO_LETTER = ("spam", "automatic", "bounce", "list", "gone")
_MARKED = re.compile(rb"^X-Chaos: (\S+)\r?$", re.MULTILINE)
_REPORT = re.compile(r"^Report (\d{6}): ", re.MULTILINE)
_LAPSED = re.compile(r"(EX-\w+)[^\n]*\.\n\s+overdue: (\w+).*?, due (.*?) \(.*?step (\d+)", re.DOTALL)

_MORE = re.compile(r"^And (\d+) more overdue promises?:", re.MULTILINE)
_STEPS = """
    SELECT l.message_id, c.case_id, c.promise, e.rung + 1 AS step, c.met
    FROM escalation e JOIN clock c ON c.id = e.clock_id JOIN letter l ON l.id = e.letter_id
    WHERE c.case_id IS NOT NULL
"""
"""The steps that each letter is about: a letter lists twenty and counts the rest."""


@dataclass
class Books:
    """The balance: figures to print, and every fault found, as sentences. No faults: balanced."""

    figures: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"  {count:6d}  {what}" for what, count in self.figures.items()]
        end = self.faults[:40] or ["the books balance"]
        return "\n".join([*lines, *end])


def balance(fed: Sequence[Fed], state: Path, letters: Sequence[Letter], excused: Mapping[str, int]) -> Books:
    """Hold what was *fed* against the database in *state* and the *letters* that the world got.

    *excused*: by Message-ID, how many deaths and cuts fell between its claim and its settling.
    """
    books = Books()
    with closing(sqlite3.connect(f"file:{state}/maild.db?mode=ro", uri=True)) as raw:
        raw.row_factory = sqlite3.Row
        kept = _kept(raw)
        owed = list(raw.execute("SELECT * FROM letter LEFT JOIN letter_bytes ON letter_id = id"))
        for one in fed:
            books.figures[f"mails: {one.kind}"] += 1
            books.faults += _mail(one, kept.get(one.name, []), books)
        books.faults += _sound(raw)
        books.faults += _in_sight(raw, state, books)
        clocks = list(raw.execute("SELECT * FROM clock"))
        steps = list(raw.execute(_STEPS))
    books.faults += _letters(owed, letters, excused, books)
    books.faults += _receipts(fed, kept, owed, letters, books)
    books.faults += _copies(fed, kept, owed, letters, books)
    books.faults += _answers(fed, kept, owed, letters, books)
    books.faults += _escalations(clocks, steps, letters, books)
    return books


def _kept(raw: sqlite3.Connection) -> dict[str, list[sqlite3.Row]]:
    """The envelopes by the name that their mail carries."""
    found = defaultdict(list)
    for row in raw.execute("SELECT e.*, r.content FROM envelope e JOIN raw r ON r.envelope_id = e.id"):
        if match := _MARKED.search(row["content"]):
            found[match[1].decode()].append(row)
    return found


def _mail(one: Fed, rows: list[sqlite3.Row], books: Books) -> Iterator[str]:
    """Every mail is a case, in quarantine, kept as automatic, or shunted with a reason: once."""
    if len(rows) != 1:
        about = [f"{row['identity']} {row['role']} {row['verdict']} {row['size']}" for row in rows]
        yield "; ".join([f"mail {one.name} ({one.kind}) is kept {len(rows)} times", *about])
        return
    (row,) = rows
    if row["state"] == "shunted":
        books.figures["shunted with a reason"] += 1
        if not row["trouble"]:
            yield f"mail {one.name} is shunted without a reason"
        return
    if row["state"] != "done":
        yield f"mail {one.name} ({one.kind}) is left {row['state']}"
    books.figures[f"verdict: {row['verdict']}"] += 1
    if one.kind in CASES and not row["case_id"]:
        yield f"mail {one.name} ({one.kind}) is no case but {row['verdict']}"
    if one.kind in VERDICTS and (row["verdict"] != VERDICTS[one.kind] or row["case_id"]):
        yield f"mail {one.name} ({one.kind}) is {row['verdict']}, case {row['case_id']}"
    if not row["verdict"]:
        yield f"mail {one.name} ({one.kind}) has no verdict"


def _in_sight(raw: sqlite3.Connection, state: Path, books: Books) -> Iterator[str]:
    """Nothing kept is invisible: `maild mail --all` shows every message with a verdict and a reason."""
    states = {row["id"]: row["state"] for row in raw.execute("SELECT id, state FROM envelope")}
    with closing(open_read_only(state / FILE)) as database:
        rows = database.call(mails.listed, mails.Wanted(everything=True))
    books.figures["messages in `maild mail`"] += sum(row["id"] in states for row in rows)
    yield from unlisted(rows, states)


def _sound(raw: sqlite3.Connection) -> Iterator[str]:
    """The file is whole, and nothing of the mailbox is left unmarked."""
    if raw.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
        yield "the database is damaged"
    if raw.execute("PRAGMA foreign_key_check").fetchall():
        yield "the database has rows that hang in the air"
    unmarked = raw.execute("SELECT count(*) FROM location WHERE mark IS NOT NULL AND NOT marked")
    if number := unmarked.fetchone()[0]:
        yield f"{number} mails were not marked in the mailbox"


def _as_committed(row: sqlite3.Row, raw: bytes) -> bool:
    """Whether *raw* is the letter that was committed; of a copy that was sent its top is kept, or nothing."""
    if row["kind"] == "copy" and row["state"] in ("sent", "bounced"):
        return bytes(row["content"] or b"") in raw
    return raw.endswith(bytes(row["content"] or b"-"))


def _letters(
    owed: Sequence[sqlite3.Row], letters: Sequence[Letter], excused: Mapping[str, int], books: Books
) -> Iterator[str]:
    """What arrived is what was committed, byte by byte; again only where a death or a cut excuses it."""
    known = {row["message_id"]: row for row in owed}
    arrived: Counter[str] = Counter()
    for sent in letters:
        name = header(sent, "Message-ID")
        arrived[name] += 1
        if name not in known:
            yield f"letter {name} to {sent.recipients} was never owed"
        elif not _as_committed(known[name], sent.raw):
            yield f"letter {name} ({known[name]['kind']}) went out with other bytes than were committed"
    for name, count in arrived.items():
        books.figures["letters that arrived again after a death or a cut"] += count - 1
        if count > 1 + excused.get(name, 0):
            yield f"letter {name} arrived {count} times, excused are {excused.get(name, 0)} deaths or cuts"
    for row in owed:
        books.figures[f"letters: {row['kind']} {row['state']}"] += 1
        if row["state"] in ("owed", "sending"):
            yield f"letter {row['id']} ({row['kind']}) is left {row['state']}: {row['trouble']}"
        away = not row["kind"].startswith("canary")  # what it writes to itself does not leave its own server
        if row["state"] == "sent" and away and not arrived[row["message_id"]]:
            yield f"letter {row['id']} ({row['kind']}) counts as sent and never arrived"


def _receipts(
    fed: Sequence[Fed],
    kept: Mapping[str, list[sqlite3.Row]],
    owed: Sequence[sqlite3.Row],
    letters: Sequence[Letter],
    books: Books,
) -> Iterator[str]:
    """Every reporter owed a receipt has exactly one by distinct Message-ID; nobody else gets anything."""
    receipts = {row["message_id"] for row in owed if row["kind"] == "receipt"}
    got: defaultdict[str, set[str]] = defaultdict(set)
    for sent in letters:
        name = header(sent, "Message-ID")
        for recipient in sent.recipients:
            # a letter that nobody owed is a receipt too, for its reader
            if name in receipts or not recipient.endswith("@project.example"):
                got[recipient].add(name)
    answers = {row["message_id"] for row in owed if row["kind"] == "answer"}
    for one in fed:
        names = got[one.author] - answers
        shunted = any(row["state"] == "shunted" for row in kept.get(one.name, []))
        if one.kind in ("plain", "sealed") and not shunted:
            books.figures["reporters owed a receipt"] += 1
            if len(names) != 1:
                yield f"reporter {one.author} ({one.kind}) has {len(names)} receipts"
        if one.kind in NO_LETTER and names:
            yield f"{one.author} ({one.kind}) was written to"


def _copies(
    fed: Sequence[Fed],
    kept: Mapping[str, list[sqlite3.Row]],
    owed: Sequence[sqlite3.Row],
    letters: Sequence[Letter],
    books: Books,
) -> Iterator[str]:
    """The member who reads in clear has one copy of every plain report, by distinct Message-ID, or it is parked."""
    parked = {row["message_id"] for row in owed if row["kind"] == "copy" and row["state"] == "parked"}
    got: defaultdict[str, set[str]] = defaultdict(set)
    for sent in letters:
        if sent.recipients == (READER,):
            for name in _REPORT.findall(letter_text(sent))[:1]:
                got[name].add(header(sent, "Message-ID"))
    for one in fed:
        shunted = any(row["state"] == "shunted" for row in kept.get(one.name, []))
        if one.kind == "plain" and not shunted:
            books.figures["copies in clear"] += len(got[one.name])
            if len(got[one.name]) > 1 or not (got[one.name] or parked):
                yield f"mail {one.name} went to {READER} in {len(got[one.name])} copies"


def _answers(
    fed: Sequence[Fed],
    kept: Mapping[str, list[sqlite3.Row]],
    owed: Sequence[sqlite3.Row],
    letters: Sequence[Letter],
    books: Books,
) -> Iterator[str]:
    """A member's reply reaches its reporter once, or is parked for a person."""
    arrived: defaultdict[str, set[str]] = defaultdict(set)
    for sent in letters:
        text = letter_text(sent)
        if sent.recipients[0].endswith("reporter.example") or "ANSWER-" in text:
            for name in re.findall(r"ANSWER-(\d+)", text):
                if not sent.recipients[0].endswith("@project.example"):
                    arrived[name].add(header(sent, "Message-ID"))
    parked = Counter(row["recipient"] for row in owed if row["kind"] == "answer" and row["state"] == "parked")
    reporters = {one.name: one.author for one in fed}
    for one in fed:
        if one.kind != "answer" or any(row["state"] == "shunted" for row in kept.get(one.name, [])):
            continue
        number = len(arrived[one.name[1:]])
        waits = parked[reporters[one.name[1:]]]
        books.figures["replies parked for a person"] += waits
        if number > 1 or number + waits < 1:
            yield f"reply {one.name} reached its reporter {number} times ({waits} parked)"


def _whole(sent: Letter) -> str:
    """The text of a plain letter to its end: thousands of lapsed promises are more than maild reads of a mail."""
    found = message_from_bytes(sent.raw, policy=policy.default)
    return "" if found.is_multipart() else str(found.get_content()).replace("\r\n", "\n")


def _unlisted(text: str, listed: Counter[tuple[str, str, str]], about: Sequence[sqlite3.Row]) -> Counter:
    """The steps that a letter only counts; the number it gives is all that its reader learns of them.

    Of what was met before it left, nobody can say here whether it is counted.
    """
    steps = [((row["case_id"], row["promise"], str(row["step"])), row["met"]) for row in about]
    rest = Counter(step for step, _ in steps)
    rest.subtract(listed)
    counted = int(more[1]) if (more := _MORE.search(text)) else 0
    open_still = Counter(step for step, met in steps if met is None and rest[step] > 0)
    told = min(rest.values(), default=0) >= 0 and open_still.total() <= counted <= rest.total()
    return open_still if told else Counter()


def _escalations(
    clocks: Sequence[sqlite3.Row], about: Sequence[sqlite3.Row], letters: Sequence[Letter], books: Books
) -> Iterator[str]:
    """Every breach is told once a rung, to the right person."""
    told: Counter[tuple[str, str, str, str]] = Counter()
    steps: Counter[tuple[str, str, str]] = Counter()
    for name, sent in {header(one, "Message-ID"): one for one in letters}.items():
        text = _whole(sent)
        if "escalation list for" in text:
            to = sent.recipients[0].partition("@")[0]
            listed = _LAPSED.findall(text)
            told.update((*found, to) for found in listed)
            shown = Counter((case, promise, step) for case, promise, _, step in listed)
            steps += shown + _unlisted(text, shown, [row for row in about if row["message_id"] == name])
    for what, count in told.items():
        books.figures[f"escalations: {what[1]}, step {what[3]}"] += 1
        if count > 1:
            yield f"breach {what} was told {count} times"
    for row in clocks:
        if row["promise"] == "respond" and row["met"] is None and row["stopped"] is None:
            books.figures["reports never answered"] += 1
            got = [steps[row["case_id"], "respond", step] for step in ("1", "2")]
            if got != [1, 1]:
                yield f"case {row['case_id']} was never answered; its two steps were told {got} times"


def figures(books: Books) -> Mapping[str, Any]:
    """The figures alone."""
    return dict(books.figures)


__all__ = ["MARK", "Books", "balance", "figures"]
