"""What the database knows that may matter to a decision: loaded before it, in the same transaction."""

from dataclasses import dataclass, field
from datetime import datetime

from maild.core.cases.case import Case, Clock
from maild.core.cases.thread import Token
from maild.core.change import LetterKind


@dataclass(frozen=True, slots=True)
class ReceiptCounts:
    """Automatic receipts owed lately: to this address in a day, to its domain and to all in an hour."""

    address_day: int = 0
    domain_hour: int = 0
    hour: int = 0


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter of ours that a bounce names.

    ``doubtful`` is the envelope of the case's only mail when nothing in it spoke for a report; ``by`` is
    whose answer it carried.
    """

    id: int
    kind: LetterKind
    case: Case | None
    reporter: str
    doubtful: int | None = None
    by: str = ""
    recipient: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Correspondent:
    """A reporter of the case as answers need him: what he wrote last, and whether he can be sealed to.

    ``seals``: his key is to be used even where the case came in clear.
    """

    address: str
    last_id: str = ""
    has_key: bool = False
    seals: bool = False


@dataclass(frozen=True, slots=True)
class MailCandidates:
    """For a mail: the cases its keys lead to, the case it already has, and what the author is to us.

    ``known_key`` is the fingerprint of the key remembered for the author's address; ``named`` the other case
    that a word names; ``replayed``: the signature was accepted from another mail before.
    """

    fresh_case_id: str
    by_token: Token | None = None
    by_reference: Case | None = None
    by_tag: Case | None = None
    current: Case | None = None
    author_known: bool = False
    receipts: ReceiptCounts = ReceiptCounts()
    bounced: SentLetter | None = None
    known_key: str = ""
    correspondents: tuple[Correspondent, ...] = ()
    guests: tuple[str, ...] = ()
    named: Case | None = None
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Climbed:
    """A rung already climbed: when its letter was accepted or failed; ``None`` while it is under way."""

    number: int
    settled: datetime | None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class DueClock:
    """A clock to be looked at, not met, with the rungs climbed for its due instant and its case's handler."""

    clock: Clock
    rungs: tuple[Climbed, ...] = ()
    handler: str = ""


@dataclass(frozen=True, slots=True)
class SweepCandidates:
    """Every clock that is to be looked at: a reminder is owed, or it is past due."""

    due: tuple[DueClock, ...]


@dataclass(frozen=True, slots=True)
class CaseCandidates:
    """For a word about one case, or a letter of it: the case, when there is one, and the other it names.

    ``people``: its reporters, where a word may write to them.
    """

    case: Case | None
    other: Case | None = None
    people: tuple[Correspondent, ...] = ()


@dataclass(frozen=True, slots=True)
class LetterCandidates:
    """For a word about one letter: its state and case, when there is such a letter."""

    state: str = ""
    case_id: str = ""


@dataclass(frozen=True, slots=True)
class EnvelopeCandidates:
    """For a word about one mail: its state, empty when there is no such mail."""

    state: str = ""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case as a digest names it."""

    case_id: str
    handler: str
    answered: bool


@dataclass(frozen=True, slots=True)
class DueToday:
    """A promise that falls due before the day ends, or has lapsed."""

    case_id: str
    promise: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """For the morning digest: the desk at a glance. ``told`` is the last day that had its digest (ISO).

    ``quarantined``, ``held`` and ``shunted`` count mail, ``letters`` the letters that wait for a person.
    """

    open: tuple[OpenCase, ...] = ()
    due: tuple[DueToday, ...] = ()
    quarantined: int = 0
    held: int = 0
    letters: int = 0
    shunted: int = 0
    told: str = ""


Candidates = MailCandidates | SweepCandidates | CaseCandidates | LetterCandidates | EnvelopeCandidates | Board
