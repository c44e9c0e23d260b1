"""Which of the mails in quarantine an operator means."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from maild.app.desk import Desk
from maild.core.change import Verdict
from maild.core.screening.fold import fold
from maild.errors import Refused
from maild.store import heldmail

PAGE = 50
_WORD = re.compile(r"[a-z0-9]+")


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

    @property
    def words(self) -> list[str]:
        """What a mail has to say somewhere in its head to be meant."""
        return _WORD.findall(f"{fold(self.sender)} {fold(self.subject)}")

    def means(self, row: Mapping[str, Any]) -> bool:
        """Whether it is about the mail in this row of the quarantine."""
        sender, subject = fold(self.sender) in fold(row["from"]), fold(self.subject) in fold(row["subject"])
        return sender and subject and (self.above is None or row["score"] > self.above)


def listed(desk: Desk, wanted: Wanted, likeliest: bool = False) -> Iterator[dict[str, Any]]:
    """The mail in quarantine that is *wanted*, oldest first, or the *likeliest* reports.

    A piece at a time is in memory, and no transaction is open while somebody looks at it.
    """
    every = desk.ask(heldmail.numbers, wanted.above, likeliest)
    for start in range(0, len(every), heldmail.PIECE):
        some = desk.ask(heldmail.rows, every[start : start + heldmail.PIECE], wanted.words)
        yield from (row for row in some if wanted.means(row))


def page(desk: Desk, wanted: Wanted, number: int) -> tuple[list[dict[str, Any]], int | None]:
    """A page (from 1 on) of what is *wanted*, the likeliest reports first, and how many there are in all.

    ``None``: more than these; of what a filter leaves nobody counts the rest.
    """
    first = (number - 1) * PAGE
    if not wanted:
        every = desk.ask(heldmail.numbers, None, True)
        return desk.ask(heldmail.rows, every[first : first + PAGE]), len(every)
    found = list(islice(listed(desk, wanted, likeliest=True), first, first + PAGE + 1))
    return found[:PAGE], None if len(found) > PAGE else first + len(found)


def numbers(desk: Desk, mails: Sequence[int], wanted: Wanted) -> list[int]:
    """The mails named by number, or else those in quarantine that are *wanted*; ``Refused`` for both.

    What claims to be the team's is never meant by a filter: it needs a look of its own.
    """
    if mails and wanted:
        raise Refused("give the numbers of messages, or --from, --subject, --score-above or --all, not both")
    if mails:
        return list(mails)
    return [row["mail"] for row in listed(desk, wanted) if row["kind"] == Verdict.QUARANTINE]
