"""What a decision about kept mail and letters can have recorded."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SetAside:
    """A mail that maild cannot handle is shunted: kept whole, with the *fingerprint* of what went wrong."""

    envelope: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class TryAgain:
    """A person has a mail that was set aside handled once more, from where it stopped."""

    envelope: int
    by: str


@dataclass(frozen=True, slots=True)
class DoubtUntil:
    """The database is older than the mailbox: what arrived before *until* may have been answered already.

    Letters that it owes to outsiders, by their kinds, and to guests are parked for the reason *why*; and no
    approval of a text for outsiders counts: what was approved may have gone out, at an instant that was
    moved since.
    """

    until: datetime
    kinds: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class LetterWasSent:
    """A parked letter, named by its reference, turned out to have gone out at *at*; *how* is known of it."""

    reference: str
    at: datetime
    how: str


@dataclass(frozen=True, slots=True)
class PurgeCase:
    """The texts of a closed case are given up; what was done stays."""

    case_id: str


@dataclass(frozen=True, slots=True)
class PurgeMail:
    """The text of a mail is given up; the name that it is known by stays."""

    envelope: int


@dataclass(frozen=True, slots=True)
class Forget:
    """An address goes out of the closed *cases*; *name* stands in its place. ``whole``: his key goes too.

    ``author`` is the keyed hash by which they are known again as an author.
    """

    address: str = field(repr=False)
    name: str
    cases: tuple[str, ...]
    whole: bool
    author: str = ""


KeepingChange = SetAside | TryAgain | DoubtUntil | LetterWasSent | PurgeCase | PurgeMail | Forget
