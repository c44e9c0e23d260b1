"""Which of the mails in quarantine an operator means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from maild.app.desk import Desk
from maild.core.change import Verdict
from maild.core.screening.fold import fold
from maild.errors import Refused
from maild.store import heldmail, views

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Mails by a part of their sender's address, a part of their subject, their score; or *everything*."""

    sender: str = ""
    subject: str = ""
    above: float | None = None
    everything: bool = False

    def __bool__(self) -> bool:
        """Whether it says anything at all."""
        return bool(self.sender or self.subject or self.everything) or self.above is not None

    def means(self, row: Mapping[str, Any]) -> bool:
        """Whether it is about the mail in this row of the quarantine."""
        sender, subject = fold(self.sender) in fold(row["from"]), fold(self.subject) in fold(row["subject"])
        return sender and subject and (self.above is None or row["score"] > self.above)


def listed(desk: Desk, wanted: Wanted) -> list[dict[str, Any]]:
    """The mail in quarantine that is *wanted*, oldest first."""
    return desk.ask(heldmail.meant, wanted.means) if wanted else desk.ask(views.quarantine)


def page(desk: Desk, number: int) -> tuple[list[dict[str, Any]], int]:
    """A page (from 1 on) of the whole quarantine, in the order of ``likeliest``, and how many wait in all."""
    return desk.ask(heldmail.likeliest, (number - 1) * PAGE, PAGE), desk.ask(heldmail.waiting)


def likeliest(rows: Sequence[dict[str, Any]], page: int) -> list[dict[str, Any]]:
    """One *page* (from 1 on) of *rows*: unproved mail of the team first, then the likeliest reports."""
    ordered = sorted(rows, key=lambda row: (row["kind"] == Verdict.QUARANTINE, row["score"], row["mail"]))
    return ordered[(page - 1) * PAGE : page * PAGE]


def numbers(desk: Desk, mails: Sequence[int], wanted: Wanted) -> list[int]:
    """The mails named by number, or else those in quarantine that are *wanted*; ``Refused`` for both.

    What claims to be the team's is never meant by a filter: it needs a look of its own.
    """
    if mails and wanted:
        raise Refused("give the numbers of messages, or --from, --subject, --score-above or --all, not both")
    if mails:
        return list(mails)
    return [row["mail"] for row in listed(desk, wanted) if row["kind"] == Verdict.QUARANTINE]
