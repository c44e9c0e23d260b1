"""A case as decisions see it: who takes part, which clocks run, what is flagged."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from maild.core.facts.record import Disclosure


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    CLOSED = "closed"


class Flag(StrEnum):
    """Something about a case that people should know."""

    UNREADABLE = "unreadable"
    NOT_OPENED_YET = "not-opened-yet"
    UNVERIFIED_MEMBER = "unverified-member"
    RECEIPT_BY_HAND = "receipt-by-hand"
    REPORTER_UNREACHABLE = "reporter-unreachable"
    ODD_ARRIVAL = "odd-arrival"
    POSSIBLY_RELATED = "possibly-related"
    BUNDLE = "bundle"
    PUT_ASIDE = "put-aside"
    TRUNCATED = "truncated"
    READ_IN_PART = "read-in-part"
    SMIME = "smime"
    KEY_CHANGED = "key-changed"
    KEY_OFFERED = "key-offered"
    KEY_REFUSED = "key-refused"
    KEY_REVOKED = "key-revoked"
    LEAKED_KEY = "leaked-key"
    OTHER_AUTHOR_INSIDE = "other-author-inside"
    UNSEALABLE = "unsealable"
    FORWARDED = "forwarded"
    NOT_CARRIED = "not-carried"
    OUTSIDER = "outsider-in-copy"
    TIME_OVER = "time-over"
    FROM_DESK = "from-desk"


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise running on one case for one reporter, or (``mail``) on a held mail without a case.

    Instants are aware UTC. ``met_letter`` and ``start_letter``: the letter of ours whose acceptance met it,
    or started it; ``met_by``: whose authority did. ``paused_since`` and ``paused_due``: when the last pause
    began, and what was due then. ``look``: when a sweep looks at it next, at a reminder or at its end.
    """

    id: int
    case_id: str
    promise: str
    reporter: str
    started: datetime
    due: datetime
    met: datetime | None = None
    met_letter: int | None = None
    start_letter: int | None = None
    paused_until: datetime | None = None
    taken_until: datetime | None = None
    mail: int | None = None
    paused_since: datetime | None = None
    paused_due: datetime | None = None
    met_by: str = ""
    look: datetime | None = None

    def waits(self, at: datetime) -> bool:
        """Whether it is paused at the instant *at*."""
        return self.paused_until is not None and at < self.paused_until


@dataclass(frozen=True, slots=True)
class Case:
    """A case with its open clocks, and what was recorded on its road to disclosure.

    ``joined_to``: the case in which it goes on, if it was joined to another.
    """

    id: str
    state: CaseState
    opened: datetime
    sealed: bool
    reporters: tuple[str, ...]
    handler: str = ""
    clocks: tuple[Clock, ...] = ()
    flags: frozenset[Flag] = frozenset()
    answered: bool = False
    record: Disclosure = Disclosure()
    joined_to: str = ""

    @property
    def gone_on(self) -> str:
        """Of a case that was joined to another: that nothing is done in it any more, and where instead."""
        where = f"{self.joined_to}, where its reporters and messages are"
        return f"{self.id} was joined to {where}. Name {self.joined_to} instead."

    def running(self, *promises: str, reporter: str = "") -> tuple[Clock, ...]:
        """The clocks not yet met: of the *promises* named (none: all) and of *reporter* (empty: all)."""
        return tuple(
            clock
            for clock in self.clocks
            if clock.met is None
            and (not promises or clock.promise in promises)
            and (not reporter or clock.reporter == reporter)
        )
