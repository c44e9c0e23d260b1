"""One fact that may be recorded about a case, as the table has it."""

from dataclasses import dataclass
from enum import Enum, auto


class Then(Enum):
    """What becomes of a value when the case becomes encrypted, or the time of its texts is over."""

    STAYS = auto()
    """It is a decision, a name or an instant; nothing has to go."""
    MARKED = auto()
    """A mark takes its place: what is decided later may ask whether something was recorded."""
    CUT = auto()
    """The reason after the colon goes, the decision before it stays."""
    DELETED = auto()


class Joined(Enum):
    """What becomes of a fact when its case is joined to another."""

    STAYS = auto()
    """It is about the joined case only."""
    CARRIED = auto()
    """It goes on in the other case, unless that has one of its own."""
    EARLIER = auto()
    """Of two dates the earlier one goes on in the other case."""
    WITHOUT_EMBARGO = auto()
    """It goes on in the other case, unless that has an embargo."""
    WITH_PERSON = auto()
    """It is about somebody outside, and goes on under the name that they have in the other case."""
    WITH_REPORTER = auto()
    """It is about one reporter, and goes on as theirs: with several, each has their own."""


class Watched(Enum):
    """Whether a fact makes a sweep look at its case."""

    NO = auto()
    OPEN = auto()
    """While the case is open."""
    ALWAYS = auto()
    """In a closed case as well."""


class Public(Enum):
    """When a text for people outside may say it."""

    NEVER = auto()
    ANNOUNCED = auto()
    """Once the case is announced."""
    EARLY = auto()
    """Before that too, to those who are told under the embargo."""


class Shown(Enum):
    """How a list shows a value."""

    VALUE = auto()
    TEXT = auto()
    """It is a whole text; the list says that there is one."""
    ADDRESS = auto()
    """It is an address; a timeline, which is passed on, leaves it out."""


@dataclass(frozen=True, slots=True)
class Row:
    """A fact: its name, and what holds for every value recorded under it.

    ``item``: the row is about this item of the name only; the row of the name itself is about all others.
    ``inside``: the team worded it for itself, so that no letter to outsiders may say it.
    """

    name: str
    item: str = ""
    encrypted: Then = Then.STAYS
    given_up: Then = Then.STAYS
    joined: Joined = Joined.STAYS
    watched: Watched = Watched.NO
    public: Public = Public.NEVER
    shown: Shown = Shown.VALUE
    inside: bool = False

    @property
    def free_text(self) -> bool:
        """Whether people word it, so that no unencrypted text may hold it once the case is encrypted."""
        return self.encrypted in (Then.MARKED, Then.DELETED)
