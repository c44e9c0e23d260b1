"""What maild did since one last looked, read from where an operator would look: the views and the log."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TextIO

from maild.app.desk import Desk
from maild.app.story import LETTERS
from maild.core.change import Verdict
from maild.store import views

BAD = ("mail shunted", "opening waits", "letter waits", "trouble", "sweep held", "died")
"""Events of the log that have no place in the demo."""

AT_ONCE, OPENED, BECAUSE, SENT, AFTER = range(5)
"""The order within an hour: a mail is taken in, opened, acted on; letters go out, and what they change."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class News:
    """One line of the timeline; ``weight`` is quiet, done or alarm, ``rank`` its place within an hour."""

    text: str
    weight: str = "done"
    rank: int = BECAUSE


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
        lines = [*self._verdicts(), *self._cases(), *self._logged(), *self._letters()]
        return sorted(lines, key=lambda line: line.rank)

    def _verdicts(self) -> list[News]:
        """What the mail of this hour turned out to be, where no case tells it."""
        before, self._mail = self._mail, self.desk.ask(views.status, self.desk.clock())["mail"]
        found = []
        if self._mail.get(Verdict.QUARANTINE, 0) > before.get(Verdict.QUARANTINE, 0):
            found.append(News("takes it for spam, into the quarantine: no case, no answer", "quiet"))
        if self._mail.get(Verdict.AUTOMATIC, 0) > before.get(Verdict.AUTOMATIC, 0):
            found.append(
                News("takes it for an automatic answer: no case, no answer, no promise kept by it", "quiet")
            )
        return found

    def _logged(self) -> list[News]:
        events = [json.loads(line) for line in self.log]
        self.troubles += [_trouble(event) for event in events if event["event"] in BAD]
        self.opened += [event for event in events if event["event"] == "mail opened"]
        return [line for event in events for line in _from_log(event)]

    def _cases(self) -> Iterator[News]:
        for row in sorted(self.desk.ask(views.cases, everything=True), key=lambda row: str(row["opened"])):
            case = self.desk.ask(views.show, row["case"])
            assert case is not None
            done = self._journal.get(row["case"], 0)
            self._journal[row["case"]] = len(case["journal"])
            new = case["journal"][done:]
            for entry in new:
                yield from _from_journal(case, entry, opening=not done)

    def _letters(self) -> Iterator[News]:
        for letter in self.desk.ask(views.outbox, everything=True):
            if letter["state"] == "sent" and letter["letter"] not in self._sent:
                self._sent.add(letter["letter"])
                who = self._names.get(letter["to"], letter["to"])
                what = f"{letter['case']}: sends the {LETTERS.get(letter['kind'], letter['kind'])}"
                # without a case: nobody joins or leaves the demo's team, or loses mail of no case
                yield News(f"{what if letter['case'] else 'sends the page for members'} to {who}", rank=SENT)


def _trouble(event: Row) -> str:
    """What went wrong and why; the log holds no word of a mail."""
    why = event.get("why") or event.get("fingerprint") or "no reason given"
    return f"{event.get('room', event['event'])}: {why}"


def _from_log(event: Row) -> Iterator[News]:
    match event["event"]:
        case "baseline" if event["backlog"]:
            text = f"answers nothing that was in {event['folder']} before (backlog: {event['backlog']})"
            yield News(text, "quiet")
        case "mail opened":
            signed = "" if event["signature"] == "none" else f", signature {event['signature']}"
            yield News(f"decrypts the message: {event['decryption']}{signed}", rank=OPENED)


def _from_journal(case: Row, entry: Row, opening: bool) -> Iterator[News]:
    """A row of the journal as a sentence; rows that only repeat another say nothing."""
    name, rank = case["case"], AT_ONCE if opening else BECAUSE
    match entry["what"]:
        case "opened":
            yield News(f"{name}: opens a case, shown as “{_subject(case)}”", rank=rank)
        case "promise":
            text = f"{name}: promises to {entry['promise']} by {clock_face(entry['due'])}"
            yield News(text, "quiet", rank)
        case "kept" | "kept late":
            rank = AFTER if entry["by"] == "receipt" else rank
            by = keeper(entry["by"])
            yield News(f"{name}: promise to {entry['promise']} {entry['what']}, by {by}", rank=rank)
        case "handler":
            yield News(f"{name}: {entry['handler']} handles the case now", "quiet", rank)
        case "flag":
            yield News(f"{name}: flags it {entry['flag']}", "alarm", rank)
        case "escalated":
            still = ", and a day later still no word" if entry["rung"] else ""
            text = f"{name}: the promise to {_promise(case, entry['due'])} is overdue{still}"
            yield News(text, "alarm", rank)


def keeper(by: str) -> str:
    """Who kept a promise, as people are told."""
    return {"receipt": "the acknowledgement", "team:desk": "the team"}.get(by, by.removeprefix("team:"))


def _subject(case: Row) -> str:
    return "(encrypted)" if case["subject"] == "(sealed)" else str(case["subject"])


def _promise(case: Row, due: str) -> str:
    """The name of the promise that was *due* at an instant."""
    return next((str(row["promise"]) for row in case["promises"] if row["due"] == due), "?")


def clock_face(instant: str | datetime) -> str:
    """An instant for people: day and minute, UTC."""
    at = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return f"{at:%a %d %b %H:%M}"
