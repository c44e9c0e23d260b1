"""What the database knows that may matter when it is time: deadlines, digests, canaries, retention."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from maild.core.values.case import Case, Clock
from maild.core.values.people import Known, Left


@dataclass(frozen=True, slots=True)
class Climbed:
    """A rung already climbed: when its letter was accepted or failed; ``None`` while it is under way."""

    number: int
    settled: datetime | None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class DueClock:
    """A clock to be looked at, not met, with the rungs climbed for its due instant and its case's handler.

    ``works``: the member who last wrote about the case. Of a held mail: ``told`` says when each rung last
    heard of any held mail, ``reminded`` when handlers did, ``score`` how surely it is spam.
    """

    clock: Clock
    rungs: tuple[Climbed, ...] = ()
    handler: str = ""
    told: Mapping[int, datetime] = field(default_factory=dict)
    reminded: datetime | None = None
    score: float = 0.0
    works: str = ""


@dataclass(frozen=True, slots=True)
class SweepCandidates:
    """Every clock that is to be looked at: a reminder is owed, or it is past due.

    ``embargoed``: the cases that have a date ahead of them, or a text for outsiders. ``carried_later``: those
    whose copies wait for the next hour, the likeliest reports first. ``held_beside``: how many more clocks of
    held mail are past due, too many for one sweep.
    """

    due: tuple[DueClock, ...]
    embargoed: tuple[Case, ...] = ()
    carried_later: tuple[str, ...] = ()
    held_beside: int = 0


@dataclass(frozen=True, slots=True)
class Flight:
    """The last canary (a letter by its number): when it was owed, sent and seen (aware UTC).

    ``refused``: the server would not take it.
    """

    letter: int
    owed: datetime
    sent: datetime | None = None
    seen: datetime | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class CanaryCandidates:
    """For the next canary: the last one, if there was one, and the last to an address with a tag."""

    last: Flight | None = None
    tagged: Flight | None = None


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case as a digest names it.

    ``stirred``: when a person, the reporter too, last wrote or said something about it; ``worked``: when the
    team last did.
    """

    case_id: str
    handler: str
    answered: bool
    severity: str = ""
    stirred: datetime | None = None
    worked: datetime | None = None


@dataclass(frozen=True, slots=True)
class DueToday:
    """A promise, or another date of a case, that falls due before the day ends, or has lapsed."""

    case_id: str
    promise: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """For the morning digest: the desk at a glance. ``told`` is the last day that had its digest (ISO).

    ``begun`` is when the first thing happened on the desk; ``dated``: the cases that have dates of their own.

    ``quarantined``, ``held`` and ``shunted`` count mail, ``letters`` the letters that wait for a person;
    ``kept`` counts the mail that was kept without a case since the last digest.
    """

    open: tuple[OpenCase, ...] = ()
    due: tuple[DueToday, ...] = ()
    quarantined: int = 0
    held: int = 0
    letters: int = 0
    shunted: int = 0
    told: str = ""
    kept: int = 0
    begun: datetime | None = None
    dated: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldOne:
    """A mail held as probable spam, how sure that is (*score*), and how many daily letters listed it."""

    mail: int
    score: float = 0.0
    sender: str = field(default="", repr=False)
    subject: str = field(default="", repr=False)
    times: int = 0


@dataclass(frozen=True, slots=True)
class HeldMail:
    """The mail held as probable spam, and the last day whose letter listed it (ISO).

    ``kept``: the mail that was kept without a case since then, as a program wrote it; ``more``: how many are
    held beside *mails*.
    """

    mails: tuple[HeldOne, ...]
    told: str = ""
    kept: tuple[int, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Purgeable:
    """The closed cases, and the mail of no case, whose texts were kept long enough."""

    cases: tuple[str, ...]
    mails: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TeamCandidates:
    """The team that was known last, and those who left while the desk had the key that it has.

    ``begins``: the desk has never had a message, so that its first team is new to it.
    """

    members: tuple[Known, ...] = ()
    left: tuple[Left, ...] = ()
    begins: bool = False
