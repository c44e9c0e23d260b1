"""What a decision about the team can have recorded."""

from dataclasses import dataclass, field
from datetime import date

from maild.core.journal import Detail, What
from maild.core.values.people import Known, Left


@dataclass(frozen=True, slots=True)
class MemberLeft:
    """Somebody is of the team no more, by his name and whatever addresses he had."""

    name: str
    addresses: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class MemberMoved:
    """A member has *old* addresses no more: what waits for them there goes to ``address`` or ``contact``."""

    old: tuple[str, ...] = field(repr=False)
    address: str = field(repr=False)
    contact: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RememberTeam:
    """The team of now, and who left it while the desk had the key that it has."""

    members: tuple[Known, ...] = field(repr=False)
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class DayTold:
    """The team had its letter of this day: the digest, or the list of held mail, as the journal calls it."""

    what: What
    day: date
    counted: Detail


TeamChange = MemberLeft | MemberMoved | RememberTeam | DayTold
