"""What a replay shows: figures by month, promises, who would have been told, what would have been held."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from maild.app import report
from maild.app.desk import Desk
from maild.app.suggest import suggested
from maild.core.change import Verdict
from maild.core.mail.text import harmless
from maild.store import ledger, mails, past
from maild.store.kept import Kept

HELD = (Verdict.QUARANTINE.value, Verdict.HELD.value, "set-aside")
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Played:
    """The desk after a replay, the names of the messages by their numbers, and those without a date."""

    desk: Desk
    names: Mapping[int, str]
    undated: tuple[str, ...] = ()


def figures(played: Played, since: datetime | None) -> dict[str, Any]:
    """Everything from *since* on (aware; none: all of it), as plain values; no word of a message."""
    desk, quiet = played.desk, played.desk.ask(past.quiet)
    messages = desk.ask(mails.listed, mails.Wanted(everything=True))
    seen = [row for row in messages if since is None or datetime.fromisoformat(row["at"]) >= since]
    promises = [row for row in _ledger(desk, since) if row["clock"] not in quiet]
    whole = report.figures(desk, since, quiet)
    opened = {row["case"]: played.names.get(row["id"], "") for row in messages if row["verdict"] == "report"}
    return {
        "since": whole["since"],
        "until": whole["until"],
        "messages": len(seen),
        "undated": list(map(harmless, played.undated)),
        "months": _months(seen),
        "times": whole["times"],
        "kept": _kept(desk, promises),
        "promises": whole["promises"],
        "missed": [_missed(row, opened) for row in promises if row["state"] == ledger.MISSED],
        "told": _told(desk, quiet, since),
        "held": [_held(row, played.names) for row in seen if row["verdict"] in HELD],
        "ledger": promises,
    }


def suggestions(played: Played) -> Rows:
    """The promised limits beside what the team kept in the archive."""
    quiet, desk = played.desk.ask(past.quiet), played.desk
    found: dict[str, Kept] = {}
    for row in _ledger(desk, None):
        if row["clock"] in quiet or row["state"] == ledger.STOPPED:
            continue
        one = found.setdefault(row["promise"], Kept())
        if row["met"]:
            one.times.append(datetime.fromisoformat(row["met"]) - datetime.fromisoformat(row["started"]))
            one.late += row["state"] == ledger.MISSED
        elif row["state"] == ledger.MISSED:
            one.overdue += 1
    return suggested(found, desk.policy.rules)


def _ledger(desk: Desk, since: datetime | None) -> Rows:
    """The promises to reporters; nobody can have looked at what is in quarantine here."""
    return [row for row in desk.ask(ledger.ledger, desk.clock(), since) if row["case"]]


def _months(seen: Iterable[Mapping[str, Any]]) -> Rows:
    """Messages, new cases, and what would have been held, by month."""
    found: dict[str, Counter[str]] = {}
    for row in seen:
        month = found.setdefault(row["at"][:7], Counter())
        month.update(("messages", row["verdict"]))
    return [
        {
            "month": month,
            "messages": counted["messages"],
            "reports": counted[Verdict.REPORT],
            "held": sum(counted[one] for one in HELD),
        }
        for month, counted in sorted(found.items())
    ]


def _kept(desk: Desk, promises: Rows) -> Rows:
    """How each promise did."""
    found: dict[str, Counter[str]] = {}
    for row in promises:
        found.setdefault(row["promise"], Counter())[row["state"]] += 1
    return [
        {
            "promise": rule.id,
            "promised": rule.words,
            "kept": counted[ledger.KEPT],
            "missed": counted[ledger.MISSED],
            "still_running": counted[ledger.RUNNING],
        }
        for rule in desk.policy.rules
        if (counted := found.get(rule.id, Counter()))
    ]


def _missed(row: Mapping[str, Any], opened: Mapping[str, str]) -> dict[str, Any]:
    """A promise that was missed, with the message that opened its case."""
    return {
        "due": row["due"],
        "promise": row["promise"],
        "late_hours": round(timedelta(seconds=row["late_seconds"]) / timedelta(hours=1), 1),
        "case": row["case"],
        "message": harmless(opened.get(row["case"], "")),
    }


def _told(desk: Desk, quiet: frozenset[int], since: datetime | None) -> Rows:
    """The steps of the escalations, the people of a step together."""
    names = {member.contact: member.name for member in desk.policy.team.members}
    found: dict[tuple[Any, ...], list[str]] = {}
    for row in desk.ask(past.told):
        if row["clock"] not in quiet and (since is None or datetime.fromisoformat(row["at"]) >= since):
            step = (row["at"], row["case"], row["promise"], row["step"])
            found.setdefault(step, []).append(names.get(row["contact"], row["contact"]))
    keys = ("at", "case", "promise", "step")
    return [{**dict(zip(keys, step, strict=True)), "people": people} for step, people in found.items()]


def _held(row: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "at": row["at"],
        "message": harmless(names.get(row["id"], "")),
        "verdict": row["verdict"],
        "reasons": row["reasons"],
    }
