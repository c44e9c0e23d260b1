"""``maild status`` for eyes: what needs a person first, then how the desk is."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from rich.text import Text

from maild.cli import listing
from maild.cli.times import instant, minute, since, until
from maild.core.screening.said import sentence

Found = Mapping[str, Any]
BLIND = timedelta(minutes=15)
MOST_REASONS = 5
KINDS = {
    "report": "that opened a case",
    "own": "from the desk itself",
    "held": "waiting for proof",
    "quarantine": "in quarantine",
}
"""What was made of messages, where another word says it better than the one that is stored."""
WAITING = (
    ("promises_overdue", "promise overdue", "promises overdue", "maild cases"),
    (
        "unanswered",
        "report without an answer from a person",
        "reports without an answer from a person",
        "maild cases",
    ),
    ("quarantine", "message in quarantine", "messages in quarantine", "maild quarantine"),
    (
        "held_mail",
        "message waiting for proof",
        "messages waiting for proof",
        "maild quarantine",
    ),
    ("waiting_letters", "letter waiting for a person", "letters waiting for a person", "maild outbox"),
    ("shunted", "message set aside", "messages set aside", "maild shunted"),
    (
        "unfetched",
        "message that the server holds back",
        "messages that the server holds back",
        "maild mail",
    ),
)
"""What waits for a person: its count, its words, and the command that lists it."""


def page(found: Found, at: datetime) -> list[Text]:
    """The desk in sentences, at *at* (aware UTC)."""
    needs = list(_needs(found))
    head = Text("What needs a person", "bold") if needs else Text("Nothing needs a person now.", "green")
    return [head, *needs, Text(), Text("The desk", "bold"), *_desk(found, at)]


def _needs(found: Found) -> Iterator[Text]:
    mail, letters = found["mail"], found["letters"]
    counts = {
        **found,
        "quarantine": mail.get("quarantine", 0),
        "held_mail": mail.get("held", 0),
        "waiting_letters": letters.get("held", 0) + letters.get("parked", 0),
    }
    for key, one, several, command in WAITING:
        number = counts[key]
        if number:
            words = f"{number} {one if number == 1 else several}"
            style = "bold red" if key == "promises_overdue" else "yellow"
            yield Text.assemble("  ", (f"{words:<44}", style), f"  {command}")


def _desk(found: Found, at: datetime) -> Iterator[Text]:
    due = instant(found["next_due"])
    rows = [
        ("cases", _counts(found["cases"])),
        ("messages", _counts({KINDS.get(kind, kind): count for kind, count in found["mail"].items()})),
        ("quarantined because", _because(found["held_for"])),
        ("being handled", found["unhandled"]),
        ("letters", _counts(found["letters"])),
        ("promises running", found["promises_running"]),
        ("next deadline", f"{until(due, at)} ({minute(due)})" if due else ""),
        ("backlog", f"{found['backlog']} (maild adopt)" if found["backlog"] else ""),
    ]
    for name, value in rows:
        if value:
            yield from _folded(f"{name}: {value}")
    yield from _read(found["folders_read"], at)
    if canary := instant(found["canary_seen"]):
        yield Text(f"  test message last seen: {since(canary, at)} ({minute(canary)})")


def _folded(text: str) -> Iterator[Text]:
    for number, line in enumerate(listing.folded(Text(text), listing.width() - 4)):
        yield Text("    " if number else "  ").append_text(line)


def _read(folders: Mapping[str, str | None], at: datetime) -> Iterator[Text]:
    """When each folder was read, in red where that is too long ago."""
    if not folders:
        yield Text("  no mailbox was read yet: start the service, or `maild run`", "yellow")
    for name, value in folders.items():
        then = instant(value)
        told = f"{since(then, at)} ({minute(then)})" if then else "never"
        blind = then is None or at - then > BLIND
        yield Text.assemble(f"  {name} read: ", (told, "bold red" if blind else "green"))


def _because(counted: Mapping[str, int]) -> str:
    """The reasons that held most messages, as people read them; a reason may be one among several."""
    most = list(counted.items())[:MOST_REASONS]
    return "; ".join(f"{sentence(name).rstrip('.')} ({number})" for name, number in most)


def _counts(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name.replace('-', ' ')}" for name, number in counted.items())
