"""What maild did since one last looked, read from where an operator would look: the views and the log."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TextIO

from maild.app.desk import Desk
from maild.core.decision import Verdict
from maild.core.policy import Promise
from maild.store import views

BAD = ("mail shunted", "opening waits", "letter waits", "trouble", "sweep held", "died")
"""Events of the log that have no place in the demo."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class News:
    """One line of the timeline; ``weight`` is quiet, done or alarm."""

    text: str
    weight: str = "done"


class Watch:
    """Looks at an open desk and at the operator's log (JSON lines, open for reading)."""

    def __init__(self, desk: Desk, log: TextIO) -> None:
        self.desk = desk
        self.log = log
        self.troubles: list[str] = []
        self.opened: list[Row] = []
        self._journal: dict[str, int] = {}
        self._mail: dict[str, int] = {}
        self._sent: set[int] = set()
        self._names = {
            member.contact or member.addresses[0]: f"{member.name}, {', '.join(member.roles)}"
            for member in desk.config.file.team
        }

    def news(self) -> list[News]:
        """What is new, in the order it happened."""
        logged, verdicts = self._logged(), self._verdicts()
        cases, letters = list(self._cases()), list(self._letters())
        return [*verdicts, *logged, *cases, *letters]

    def _verdicts(self) -> list[News]:
        """What the mail of this hour turned out to be, where no case tells it."""
        before, self._mail = self._mail, self.desk.ask(views.status, self.desk.clock())["mail"]
        found = []
        if self._mail.get(Verdict.QUARANTINE, 0) > before.get(Verdict.QUARANTINE, 0):
            held = self.desk.ask(views.quarantine)[-1]
            reasons = ", ".join(held["reasons"][:3])
            found.append(News(f"holds it in quarantine ({reasons}): no case, no answer", "quiet"))
        if self._mail.get(Verdict.AUTOMATIC, 0) > before.get(Verdict.AUTOMATIC, 0):
            found.append(News("knows automatic mail: kept, no case, no answer, stops no clock", "quiet"))
        return found

    def _logged(self) -> list[News]:
        events = [json.loads(line) for line in self.log]
        self.troubles += [str(event["event"]) for event in events if event["event"] in BAD]
        self.opened += [event for event in events if event["event"] == "mail opened"]
        return [line for event in events for line in _from_log(event)]

    def _cases(self) -> Iterator[News]:
        for row in sorted(self.desk.ask(views.cases, everything=True), key=lambda row: str(row["opened"])):
            case = self.desk.ask(views.show, row["case"])
            assert case is not None
            done = self._journal.get(row["case"], 0)
            self._journal[row["case"]] = len(case["journal"])
            for entry in case["journal"][done:]:
                yield from _from_journal(case, entry)

    def _letters(self) -> Iterator[News]:
        for letter in self.desk.ask(views.outbox, everything=True):
            if letter["state"] == "sent" and letter["letter"] not in self._sent:
                self._sent.add(letter["letter"])
                who = self._names.get(letter["to"], letter["to"])
                yield News(f"{letter['case']}: sends the {letter['kind']} to {who}")


def _from_log(event: Row) -> Iterator[News]:
    match event["event"]:
        case "baseline" if event["backlog"]:
            yield News(
                f"leaves the {event['backlog']} old mail in {event['folder']} alone (backlog)", "quiet"
            )
        case "mail opened":
            signed = "" if event["signature"] == "none" else f", signature {event['signature']}"
            yield News(f"opens the encrypted mail: decryption {event['decryption']}{signed}")


def _from_journal(case: Row, entry: Row) -> Iterator[News]:
    """A row of the journal as a sentence; rows that only repeat another say nothing."""
    name = case["case"]
    match entry["what"]:
        case "opened":
            yield News(f"{name}: opens the case, shown as “{case['subject']}”")
        case "promise":
            yield News(f"{name}: promises to {entry['promise']} by {clock_face(entry['due'])}", "quiet")
        case "kept" | "kept late":
            yield News(f"{name}: promise to {entry['promise']} {entry['what']}, by {entry['by']}")
        case "handler":
            yield News(f"{name}: {entry['handler']} is its handler now", "quiet")
        case "flag":
            yield News(f"{name}: flags it {entry['flag']}", "alarm")
        case "escalated":
            again = "the coordinator was told, and still" if entry["rung"] else "the promise has lapsed:"
            yield News(f"{name}: {again} nobody did {_promise(case, entry['due'])}", "alarm")


def _promise(case: Row, due: str) -> str:
    """The name of the promise that was *due* at an instant."""
    found = (row["promise"] for row in case["promises"] if row["due"] == due)
    return str(next(found, Promise.RESPOND))


def clock_face(instant: str | datetime) -> str:
    """An instant for people: day and minute, UTC."""
    at = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return f"{at:%a %d %b %H:%M}"
