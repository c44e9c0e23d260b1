"""Everything that a decision can have recorded: one frozen value a change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from maild.core.changes.keeping import KeepingChange
from maild.core.changes.keys import KeyChange
from maild.core.changes.promises import PromiseChange
from maild.core.changes.team import TeamChange
from maild.core.facts.change import SetFact
from maild.core.journal import Detail, What
from maild.core.letters.budget import Rank
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Payload, fields
from maild.core.values.case import Flag
from maild.core.values.people import Audience, Side


class Verdict(StrEnum):
    """What a mail is. The first four are the words of ``explain``; ``held`` waits for a person's word."""

    REPORT = "report"
    QUARANTINE = "quarantine"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    OWN = "own"
    CORRESPONDENCE = "correspondence"
    WAITING = "waiting"
    HELD = "held"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Keep:
    """The verdict on an envelope, with the names of its reasons, and the case it belongs to."""

    envelope: int
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    case_id: str = ""
    score: float = 0.0


RELEASED = "released by a person"
"""The reason on a mail that a person let in."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A new case. ``subject`` is empty for sealed mail: nothing of it rests in clear columns (ruling 24)."""

    case_id: str
    opened: datetime
    sealed: bool
    subject: str = field(repr=False)
    related: str = ""


@dataclass(frozen=True, slots=True)
class AddParticipant:
    """Somebody takes part in a case from now on, under a token of his own for each audience."""

    case_id: str
    address: str = field(repr=False)
    side: Side
    audience: Audience
    token: str = field(repr=False)
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class MoveReporter:
    """A reporter of a case is answered at another address from now on; no *old*: there was none."""

    case_id: str
    old: str = field(repr=False)
    new: str = field(repr=False)
    token: str = field(repr=False)
    by: str


@dataclass(frozen=True, slots=True)
class AddMessage:
    """A mail belongs to a case; its Message-ID is known from now on. ``proved``: what proved its author."""

    case_id: str
    envelope: int
    message_id: str = field(repr=False)
    author: str = field(repr=False)
    authority: str
    at: datetime
    proved: str = ""


@dataclass(frozen=True, slots=True)
class AddFeatures:
    """What a case may share with others: kind and keyed hash of each, never the thing itself."""

    case_id: str
    features: tuple[tuple[str, str], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class MergeCase:
    """A case was the same as another: its reporters, mails and running promises go on there."""

    case_id: str
    into: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class SealCase:
    """A mail of the case came sealed: from now on nothing of it goes out in clear."""

    case_id: str


@dataclass(frozen=True, slots=True)
class UseSignature:
    """Signatures, by name, were accepted from this mail: none of them counts on another."""

    signatures: tuple[str, ...]
    envelope: int


@dataclass(frozen=True, slots=True)
class SetFlag:
    """Something about a case that people should know."""

    case_id: str
    flag: Flag


@dataclass(frozen=True, slots=True)
class ClearFlag:
    """What a flag said is no longer so."""

    case_id: str
    flag: Flag


@dataclass(frozen=True, slots=True)
class SetHandler:
    """Who looks after a case."""

    case_id: str
    handler: str


@dataclass(frozen=True, slots=True)
class SetAway:
    """A member is away from *since* to *until*, as was said by word; no length: he is back."""

    member: str
    since: datetime
    until: datetime
    by: str


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """The case ends."""

    case_id: str
    at: datetime
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class CaseReopened:
    """The case goes on."""

    case_id: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class OweLetter:
    """A letter is owed. ``dedupe`` is unique for ever: the same letter is never owed twice.

    ``reporter`` is the one whose promise the letter keeps, when it keeps one. A ``sealed`` letter is never
    sent in clear: without a usable key it fails, and the team is told. One that is ``held`` or ``parked``
    waits for a person, for the reason named; a parked one may have gone out before.
    ``says`` is what the letter is about.
    ``pace``: its rank when it waits for its turn within an hour's limit (``None``: it goes at once), as one
    letter of the domain ``share``; ``after``: it is not sent before that instant.
    ``internal``: its reader is of the team, and their answer to it goes to the team. There is no default:
    whoever makes a letter says it.
    """

    dedupe: str
    kind: LetterKind
    case_id: str
    recipient: str = field(repr=False)
    token: str = field(repr=False)
    says: Payload = field(repr=False)
    sealed: bool = False
    held: str = ""
    parked: str = ""
    reporter: str = field(default="", repr=False)
    in_reply_to: str = field(default="", repr=False)
    references: tuple[str, ...] = field(default=(), repr=False)
    pace: Rank | None = None
    share: str = field(default="", repr=False)
    after: datetime | None = None
    internal: bool = field(kw_only=True)

    @property
    def facts(self) -> Mapping[str, Any]:
        """What it says, under the names that templates know."""
        return fields(self.says)


@dataclass(frozen=True, slots=True)
class FreeLetter:
    """A person lets a held or parked letter go; ``in_clear`` takes the seal off it, on his word."""

    letter: int
    case_id: str
    in_clear: bool
    by: str


@dataclass(frozen=True, slots=True)
class BounceLetter:
    """A letter that had been sent came back."""

    letter: int
    case_id: str


@dataclass(frozen=True, slots=True)
class SeeCanary:
    """A canary, the letter of this number, came back as this envelope."""

    letter: int
    envelope: int


@dataclass(frozen=True, slots=True)
class Note:
    """A line of the journal beside those that the other changes write by themselves."""

    case_id: str
    what: What
    detail: Detail = field(default_factory=dict)


CaseChange = (
    OpenCase
    | AddParticipant
    | MoveReporter
    | AddMessage
    | AddFeatures
    | MergeCase
    | SealCase
    | UseSignature
    | SetFlag
    | ClearFlag
    | SetHandler
    | CaseClosed
    | CaseReopened
    | SetFact
    | Note
)
LetterChange = OweLetter | FreeLetter | BounceLetter | SeeCanary
Change = Keep | CaseChange | KeyChange | LetterChange | SetAway | TeamChange | PromiseChange | KeepingChange
"""Whoever adds a change adds it to its family; ``store`` then does not type-check until it records it."""
