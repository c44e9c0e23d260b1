"""What the database knows that may matter to a word about a case, a letter, a mail or a person."""

from dataclasses import dataclass, field

from maild.core.candidates.mail import Correspondent, Offer, Passed
from maild.core.values.case import Case, Clock


@dataclass(frozen=True, slots=True)
class CaseCandidates:
    """For a word about one case, or a letter of it: the case, when there is one, and the other it names.

    ``people``: its reporters, where a word may write to them; ``guests`` get copies of it, and
    ``other_guests`` of the other; ``told`` may know of it. ``announced``: the
    open cases whose CVE id stands in a text that is to be published. ``offered``: keys that nobody uses yet.
    ``mails``: the messages of the case; ``passed``: what the team's copies carried so far.
    """

    case: Case | None
    other: Case | None = None
    people: tuple[Correspondent, ...] = ()
    guests: tuple[str, ...] = ()
    other_guests: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    announced: tuple[Case, ...] = ()
    offered: tuple[Offer, ...] = ()
    mails: tuple[int, ...] = ()
    passed: tuple[Passed, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class MemberCandidates:
    """For a word about a member: the open cases that they handle."""

    handles: tuple[Case, ...] = ()


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
class Person:
    """What is known of somebody outside the team: his cases, and his mail of no case."""

    closed: tuple[str, ...]
    open: tuple[str, ...]
    mails: tuple[int, ...]
