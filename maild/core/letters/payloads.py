"""What a letter is about: one frozen value for each thing that a letter can say.

They rest in the database as JSON under the names of their fields, and templates see them under these
names too. So a field is added with a default (older rows lack it) and never renamed. Instants are ISO texts.
None holds a word of a report; drafts and notices hold people's words only of a case that came in clear.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from maild.core.letters import rows
from maild.core.letters.kinds import LetterKind
from maild.core.letters.rows import each

Detail = str | int | bool | Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """When a report was received, and by when a person answers it (empty: nobody has promised).

    ``seen``: a person has looked at the report before. By when somebody answers is told as it is when the
    letter leaves; ``next_due`` is what was so when it was owed. ``subject`` is the report's own, where it is
    known whose report it is and it came unencrypted.
    """

    received: str
    next_due: str = ""
    sealed: bool = False
    seen: bool = False
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """A mail, by its envelope, for a member; ``audience`` is where the member's reply goes.

    ``looked``: with what it quotes or forwards encrypted, as a member asked for. ``at``: when the others got
    theirs, where that is long ago.
    """

    envelope: int
    audience: str
    looked: bool = False
    at: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """A member's mail as their answer to a reporter; ``below``: only what stands below the words on top.

    ``encrypted``: the mail came so, and nothing but the answer itself is told unencrypted.
    """

    envelope: int
    by: str
    brief: bool = False
    below: bool = False
    encrypted: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer in maild's words: what it is ``about``, and what its template is filled with."""

    about: str
    reason: str = field(default="", repr=False)
    tracker: str = ""
    embargo: str = ""
    credit: str = field(default="", repr=False)
    links: tuple[str, ...] = ()
    cve: str = ""


@dataclass(frozen=True, slots=True)
class Sent(Draft):
    """A draft that a member sends to the reporter."""

    by: str = ""
    brief: bool = False


@dataclass(frozen=True, slots=True)
class SentCopy(Draft):
    """A draft that was sent, for the other members; ``at``: when they got it, where that is long ago."""

    by: str = ""
    audience: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Askkey:
    """A request for a key: it says nothing of the case."""


@dataclass(frozen=True, slots=True)
class Line:
    """A promise in a list; ``mail`` is a mail that waits in quarantine, where there is no case.

    ``clock`` is its clock by number; 0 in letters of older versions.
    """

    case: str
    mail: int | None
    promise: str
    started: str
    due: str
    clock: int = field(default=0, kw_only=True)


@dataclass(frozen=True, slots=True)
class Lapsed(Line):
    """A promise that has lapsed, the step of its escalation, and who looks after the case."""

    rung: int = 1
    handler: str = ""


@dataclass(frozen=True, slots=True)
class Escalation:
    """Promises that have lapsed; ``blind_since``: since when the mailbox cannot be read, if so.

    ``held_beside``: how many more about mail in quarantine have, too many to name.
    """

    lapsed: tuple[Lapsed, ...] = each(Lapsed)
    blind_since: str = ""
    held_beside: int = 0


@dataclass(frozen=True, slots=True)
class Reminder:
    """Promises that fall due soon."""

    coming: tuple[Line, ...] = each(Line)


@dataclass(frozen=True, slots=True)
class Named:
    """How many cases there are, the numbers of the first, and how many are not named."""

    count: int
    cases: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Due:
    """A promise, or another date of a case, that falls due today, or has lapsed."""

    case: str
    promise: str
    due: str
    lapsed: bool


@dataclass(frozen=True, slots=True)
class Digest:
    """The desk at a glance on one day."""

    day: str
    open: Named = each(Named)
    yours: Named = each(Named)
    waiting: Named = each(Named)
    stale: Named = each(Named)
    due: tuple[Due, ...] = each(Due)
    more_due: int = 0
    quarantined: int = 0
    held: int = 0
    letters: int = 0
    shunted: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """The mails, by number, that wait in quarantine on one day; what they say is looked up later.

    ``groups`` has for each of *mails* the others that its line stands for.
    ``kept`` are those that were kept without a case since the day before.
    """

    day: str
    mails: tuple[int, ...]
    more: int = 0
    kept: tuple[int, ...] = ()
    kept_more: int = 0
    groups: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice is ``about`` (``NoticeKind`` or ``Flag``), and the details that its template names."""

    about: str
    details: Mapping[str, Detail] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Canary:
    """When it was owed, and within how many minutes it should be back."""

    at: str
    within: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text for outsiders: its list, the digest that is approved, and the mail that holds it, if any.

    ``also``: list and digest of each other text that the same letter shows to whoever approves them.
    ``date``: the instant of the announcement that a letter to a list names, empty where it names none (rows
    that were owed before maild noted it have ``None``); ``why``: what became of the date that the list was
    told before (`core.disclosure.olddates`), where that is what the letter is about.
    """

    item: str
    digest: str
    envelope: int | None = None
    also: tuple[tuple[str, str], ...] = ()
    date: str | None = None
    why: str = ""

    @property
    def each(self) -> tuple["Prepared", ...]:
        """Every text of the letter by itself."""
        return (
            Prepared(self.item, self.digest, self.envelope),
            *(Prepared(item, digest) for item, digest in self.also),
        )


Payload = (
    Receipt
    | Copy
    | Reply
    | Draft
    | Sent
    | SentCopy
    | Askkey
    | Escalation
    | Reminder
    | Digest
    | Held
    | Notice
    | Canary
    | Prepared
)
_OF: Mapping[LetterKind, type[Payload]] = {
    LetterKind.RECEIPT: Receipt,
    LetterKind.ASKKEY: Askkey,
    LetterKind.ESCALATION: Escalation,
    LetterKind.REMINDER: Reminder,
    LetterKind.DIGEST: Digest,
    LetterKind.HELD: Held,
    LetterKind.CANARY: Canary,
    LetterKind.TAGGED: Canary,
    LetterKind.DRAFT: Draft,
    LetterKind.PREPARED: Prepared,
    LetterKind.PREDISCLOSURE: Prepared,
    LetterKind.ANNOUNCEMENT: Prepared,
}
"""Of the other kinds the row itself tells what it is."""


def fields(says: Payload) -> dict[str, Any]:
    """What *says* rests as, and what templates see: plain values under the names of its fields."""
    if isinstance(says, Notice):
        return {"about": says.about, **{name: rows.plain(value) for name, value in says.details.items()}}
    return {one.name: rows.plain(getattr(says, one.name)) for one in dataclasses.fields(says)}


def read(kind: str, row: rows.Row) -> Payload:
    """The payload of a letter of *kind* that rests as *row*; what an older row lacks has its default."""
    of_kind = LetterKind(kind)
    if of_kind is LetterKind.NOTICE:
        return Notice(str(row["about"]), {name: value for name, value in row.items() if name != "about"})
    if of_kind is LetterKind.COPY:
        return rows.read(Copy, row) if "envelope" in row else rows.read(SentCopy, row)
    if of_kind is LetterKind.ANSWER:
        return rows.read(Reply, row) if "envelope" in row else rows.read(Sent, row)
    return rows.read(_OF[of_kind], row)


def by(says: Payload) -> str:
    """The authority of whoever's answer it is; empty when it is nobody's."""
    return says.by if isinstance(says, Reply | Sent) else ""


def brief(says: Payload) -> bool:
    """Whether it is an answer that says too little to be one in detail."""
    return isinstance(says, Reply | Sent) and says.brief
