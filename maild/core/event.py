"""Everything that can happen to a desk. All of it goes through ``decide``."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from maild.core.candidates.mail import MailCandidates
from maild.core.candidates.said import (
    CaseCandidates,
    EnvelopeCandidates,
    HeldCandidates,
    LetterCandidates,
    MemberCandidates,
    Person,
)
from maild.core.candidates.times import (
    Board,
    CanaryCandidates,
    HeldMail,
    Purgeable,
    SweepCandidates,
    TeamCandidates,
)
from maild.core.mail.facts import Facts
from maild.core.mail.offered import OfferedKey
from maild.core.mail.opened import Opened
from maild.core.values.key import KeyInUse
from maild.core.words.reading import Word

Known = TypeVar("Known")


class Asks(Generic[Known]):
    """An event that is decided with a *Known* of the database: the same is loaded for it, or mypy objects."""

    __slots__ = ()


class Doubt(StrEnum):
    """Whether what a restore lost may have answered a mail; ``proved``: the mailbox shows that it did."""

    NONE = ""
    OPEN = "open"
    PROVED = "proved"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where and when a mail came in. ``at`` is the instant promises count from (ruling 8)."""

    envelope: int
    identity: str
    at: datetime
    odd: bool = False
    truncated: bool = False
    doubt: Doubt = Doubt.NONE


@dataclass(frozen=True, slots=True)
class MailArrived(Asks[MailCandidates]):
    """A mail stands in a folder of the desk; ``opened`` is there when nothing is left to open.

    ``released``: a person said that it is no spam, so no screening.
    """

    arrival: Arrival
    facts: Facts
    opened: Opened | None = None
    released: bool = False


@dataclass(frozen=True, slots=True)
class MailOpened(Asks[MailCandidates]):
    """A sealed or signed mail that had arrived before was opened, as far as it could be."""

    arrival: Arrival
    facts: Facts
    opened: Opened
    keys: tuple[OfferedKey, ...] = ()
    released: bool = False


@dataclass(frozen=True, slots=True)
class OpeningDelayed(Asks[CaseCandidates]):
    """A sealed mail cannot be opened for now (gpg is missing, its agent dead, the disk full); told once."""

    arrival: Arrival


@dataclass(frozen=True, slots=True)
class TokenRefused(Asks[None]):
    """Since when the provider or a server refuses the OAuth token, and when the token ends, if known."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class KeysSeen(Asks[None]):
    """The keys in use were listed: for each its fingerprint, whose it is, and when it expires."""

    keys: tuple[KeyInUse, ...]


class Delivery(StrEnum):
    """What became of a letter. ``unsealed``: it has to be sealed and there is no usable key for its reader.

    ``late``: the server has put it off several times; it is tried on. ``overdue``: it was bound to an instant
    over which nothing ran, and waits for a person. ``barred``: what it was owed for is not so any more.
    ``stopped``: the last look found something in it, or about it, that a person has to look at.
    ``nobody``: it was refused, as was every other member's copy of the same message.
    """

    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    UNSEALED = "unsealed"
    LATE = "late"
    OVERDUE = "overdue"
    BARRED = "barred"
    STOPPED = "stopped"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class LetterSettled(Asks[CaseCandidates]):
    """The SMTP server accepted a letter, refused it for good, left us not knowing, or lets us wait.

    ``by`` is whose answer the letter carries, when it carries one; a ``brief`` one has hardly any words.
    ``at`` is when, if not now. ``mail`` is the envelope that it carries on; ``size`` how many bytes it has,
    where it was refused for that. ``why`` and ``line``: what the last look has stopped it for.
    """

    letter: int
    kind: str
    case_id: str
    reporter: str
    delivery: Delivery
    sealed: bool = False
    by: str = ""
    brief: bool = False
    recipient: str = field(default="", repr=False)
    at: datetime | None = None
    mail: int = 0
    size: int = 0
    why: str = ""
    line: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SweepDue(Asks[SweepCandidates]):
    """It is time to look for deadlines; ``blind_since`` says since when the mailbox could not be read.

    ``first``: under this configuration, so that all that is late is looked at (its ladder may be longer now).
    ``clock_set``: the machine's clock was set forward a moment ago, and nobody knows whether it is right.
    """

    blind_since: datetime | None = None
    first: bool = False
    clock_set: bool = False


@dataclass(frozen=True, slots=True)
class DigestDue(Asks[Board]):
    """The hour of the morning digest has come (or passed while nothing ran)."""


@dataclass(frozen=True, slots=True)
class HeldDigestDue(Asks[HeldMail]):
    """The hour has come of the letter that lists held mail."""


@dataclass(frozen=True, slots=True)
class CanaryDue(Asks[CanaryCandidates]):
    """It is time to see whether a canary is due or missing; ``blind``: the mailbox cannot be read."""

    blind: bool = False


@dataclass(frozen=True, slots=True)
class OperatorSaid(Asks[CaseCandidates]):
    """The same words as in a member's mail, on the command line: about *case_id*, by *by*."""

    case_id: str
    word: Word
    by: str


@dataclass(frozen=True, slots=True)
class TextPrepared(Asks[CaseCandidates]):
    """An operator hands in a text for outsiders: for a list by its id, or for the announcement.

    ``rests`` is the text as it is to be kept: sealed to the desk where the desk has a key.
    """

    case_id: str
    item: str
    text: str = field(repr=False)
    rests: str = field(repr=False)
    by: str


@dataclass(frozen=True, slots=True)
class MemberSaid(Asks[MemberCandidates]):
    """An operator says for a *member* that he is away, or back."""

    member: str
    word: Word
    by: str


@dataclass(frozen=True, slots=True)
class LetLetterGo(Asks[LetterCandidates]):
    """A person lets a held or parked letter go, ``in_clear`` if so said; ``was_sent``: it had gone before."""

    letter: int
    in_clear: bool
    by: str
    was_sent: bool = False


@dataclass(frozen=True, slots=True)
class RejectMail(Asks[HeldCandidates]):
    """A person looked at a quarantined mail and says that it is spam."""

    envelope: int
    by: str


@dataclass(frozen=True, slots=True)
class MailPutAside(Asks[CaseCandidates]):
    """Somebody has moved a mail of a case into the folder of the quarantine."""

    envelope: int


@dataclass(frozen=True, slots=True)
class MailShunted(Asks[None]):
    """A mail met a bug, or killed the process again and again; *fingerprint* holds no word of it."""

    envelope: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class RetryMail(Asks[EnvelopeCandidates]):
    """A person wants a mail that was set aside handled once more."""

    envelope: int
    by: str


@dataclass(frozen=True, slots=True)
class DatabaseRestored(Asks[None]):
    """The database is as it was at *taken*, if known; ``moved``: still since; ``unasked``: nobody said so."""

    taken: datetime | None
    by: str
    moved: bool = False
    unasked: bool = False


@dataclass(frozen=True, slots=True)
class PurgeDue(Asks[Purgeable]):
    """It is time to give up the texts that were kept long enough."""


@dataclass(frozen=True, slots=True)
class ForgetPerson(Asks[Person]):
    """Somebody asked that nothing of him is kept; without ``sure`` it is only told what would go."""

    address: str = field(repr=False)
    by: str
    sure: bool


@dataclass(frozen=True, slots=True)
class TeamSeen(Asks[TeamCandidates]):
    """The desk starts, or goes on with another configuration: its team may be another."""


@dataclass(frozen=True, slots=True)
class CaseExported(Asks[None]):
    """A case was written out, sealed to the key *to* or in clear; ``anyway``: its owner may not know."""

    case_id: str
    to: str
    by: str
    anyway: bool = False


MailEvent = MailArrived | MailOpened | OpeningDelayed | MailPutAside | MailShunted | RetryMail | RejectMail
TimeEvent = SweepDue | DigestDue | HeldDigestDue | CanaryDue | PurgeDue | KeysSeen | TokenRefused | TeamSeen
SaidEvent = OperatorSaid | TextPrepared | MemberSaid | LetLetterGo
KeepingEvent = DatabaseRestored | ForgetPerson | CaseExported
Event = MailEvent | TimeEvent | SaidEvent | KeepingEvent | LetterSettled
"""Whoever adds an event adds it to its family; ``decide`` then does not type-check until it is decided."""
