"""What the database knows that may matter to a decision: loaded before it, in the same transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from maild.core.letters.kinds import LetterKind
from maild.core.mail.thread import Token
from maild.core.values.case import Case, Clock
from maild.core.values.people import Known, Left


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
class Alike:
    """A case that shares something with a mail; ``kinds`` says what: advisory, attachment, subject, name."""

    case_id: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A held mail that the word of a member, by his name, releases or else rejects."""

    envelope: int
    release: bool
    by: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A key that a mail of *address* in the case offered, and that nobody uses yet."""

    address: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What the escalation letter that a mail answers tells of: open cases, and clocks of held mail."""

    cases: tuple[Case, ...] = ()
    held: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MailCandidates:
    """For a mail: the cases its keys lead to, the case it already has, and what the author is to us.

    ``known_key`` is the fingerprint of the key remembered for the author's address, ``offered`` are the
    keys of the case that nobody uses yet, ``opens``: the mail opened its case; ``their_key`` is the one
    of their address whichever case it serves; ``named`` is the other case that a word names;
    ``replayed``: the signature was accepted from another mail before; ``held``: the clocks that run
    because this mail waits for a look; ``own_parked``: it is a letter of ours of which nobody knew
    whether it had gone out; ``canary``: the letter, when it is a canary that came back; ``told`` are the
    outsiders who may know of the case, ``gone``: the author's own time in it is over; ``features`` is
    what it may share with others (kind and keyed hash), ``alike`` are the other cases that do share it,
    ``chosen`` the held mails it has words for, ``listed`` is what the escalation letter that it answers
    tells of. ``correspondents`` are the reporters that an answer goes to, ``reporters`` all of them when
    the mail has words to maild on top. ``announced`` are the open cases whose CVE id it names, so that it
    may be a copy of the announcement; ``announcement`` is the case, and the reader, of the announcement
    of ours that has the mail's Message-ID; ``answered`` the case, and the kind, of the letter to
    outsiders that it answers; ``unreached`` the case of the newest letter to an address that a bounce
    names.
    ``shown`` is the text of the mail that a member's mail answers, where that came in clear.
    ``second``: it is a second copy of a mail of the case, and that led to it; ``by_own_id``: a mail of this
    case has the same Message-ID, and says something else.
    """

    fresh_case_id: str
    by_token: Token | None = None
    by_reference: Case | None = None
    by_tag: Case | None = None
    current: Case | None = None
    author_known: bool = False
    receipts: ReceiptCounts = ReceiptCounts()
    told_hour: int = 0
    bounced: SentLetter | None = None
    known_key: str = ""
    their_key: str = ""
    offered: tuple[Offer, ...] = ()
    opens: bool = False
    correspondents: tuple[Correspondent, ...] = ()
    reporters: tuple[Correspondent, ...] = ()
    guests: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    gone: bool = False
    named: Case | None = None
    replayed: bool = False
    features: tuple[tuple[str, str], ...] = ()
    alike: tuple[Alike, ...] = ()
    chosen: tuple[Chosen, ...] = ()
    held: tuple[Clock, ...] = ()
    listed: Listed | None = None
    own_parked: bool = False
    canary: int | None = None
    announced: tuple[Case, ...] = ()
    announcement: tuple[Case, str] | None = None
    answered: tuple[Case, LetterKind] | None = None
    unreached: Case | None = None
    shown: str = field(default="", repr=False)
    second: bool = False
    by_own_id: Case | None = None


@dataclass(frozen=True, slots=True)
class Climbed:
    """A rung already climbed: when its letter was accepted or failed; ``None`` while it is under way."""

    number: int
    settled: datetime | None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class DueClock:
    """A clock to be looked at, not met, with the rungs climbed for its due instant and its case's handler.

    Of a held mail: ``told`` says when each rung last heard of any held mail, ``reminded`` when handlers did.
    """

    clock: Clock
    rungs: tuple[Climbed, ...] = ()
    handler: str = ""
    told: Mapping[int, datetime] = field(default_factory=dict)
    reminded: datetime | None = None


@dataclass(frozen=True, slots=True)
class SweepCandidates:
    """Every clock that is to be looked at: a reminder is owed, or it is past due.

    ``embargoed``: the cases that have a date ahead of them, or a text for outsiders.
    """

    due: tuple[DueClock, ...]
    embargoed: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseCandidates:
    """For a word about one case, or a letter of it: the case, when there is one, and the other it names.

    ``people``: its reporters, where a word may write to them; ``guests`` get copies of it. ``announced``: the
    open cases whose CVE id stands in a text that is to be published. ``offered``: keys that nobody uses yet.
    """

    case: Case | None
    other: Case | None = None
    people: tuple[Correspondent, ...] = ()
    guests: tuple[str, ...] = ()
    announced: tuple[Case, ...] = ()
    offered: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldCandidates:
    """For a word about a held mail: its verdict, and the clocks that run because it waits for a look."""

    verdict: str
    held: tuple[Clock, ...] = ()


@dataclass(frozen=True, slots=True)
class LetterCandidates:
    """For a word about one letter: its state, case, reference and kind, when there is such a letter."""

    state: str = ""
    case_id: str = ""
    reference: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class EnvelopeCandidates:
    """For a word about one mail: its state, empty when there is no such mail."""

    state: str = ""


@dataclass(frozen=True, slots=True)
class Purgeable:
    """The closed cases, and the mail of no case, whose texts were kept long enough."""

    cases: tuple[str, ...]
    mails: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody outside the team: his cases, and his mail of no case."""

    closed: tuple[str, ...]
    open: tuple[str, ...]
    mails: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Flight:
    """The last canary (a letter by its number): when it was owed, sent and seen (aware UTC)."""

    letter: int
    owed: datetime
    sent: datetime | None = None
    seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class CanaryCandidates:
    """For the next canary: the last one, if there was one."""

    last: Flight | None = None


@dataclass(frozen=True, slots=True)
class TeamCandidates:
    """The team that was known last, and those who left while the desk had the key that it has."""

    members: tuple[Known, ...] = ()
    left: tuple[Left, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case as a digest names it; ``stirred``: when a person last wrote or said something about it."""

    case_id: str
    handler: str
    answered: bool
    severity: str = ""
    stirred: datetime | None = None


@dataclass(frozen=True, slots=True)
class HeldMail:
    """The mail held as probable spam, oldest first, and the last day whose letter listed it (ISO).

    ``kept``: the mail that was kept without a case since then, as a program wrote it.
    """

    mails: tuple[int, ...]
    told: str = ""
    kept: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DueToday:
    """A promise that falls due before the day ends, or has lapsed."""

    case_id: str
    promise: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """For the morning digest: the desk at a glance. ``told`` is the last day that had its digest (ISO).

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


Candidates = (
    MailCandidates
    | SweepCandidates
    | CaseCandidates
    | HeldCandidates
    | LetterCandidates
    | EnvelopeCandidates
    | CanaryCandidates
    | Purgeable
    | Person
    | Board
    | HeldMail
    | TeamCandidates
)
