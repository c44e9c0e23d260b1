"""What a decision can have recorded of clocks: started, kept, moved, stopped, escalated."""

from dataclasses import dataclass, field
from datetime import datetime

from maild.core.values.rule import Happening


@dataclass(frozen=True, slots=True)
class StartClock:
    """A promise begins to run; ``look`` is when it has to be looked at first (a reminder, or its end).

    One about a held mail names the envelope in ``mail``, and no case. ``waits``: until when nobody is called
    although it is overdue. One that begins while its case is paused is ``paused`` until an instant, since
    another, when it would have been due at the third.
    """

    case_id: str
    promise: str
    reporter: str = field(repr=False)
    started: datetime
    due: datetime
    look: datetime
    letter: int | None = None
    mail: int | None = None
    waits: datetime | None = None
    paused: tuple[datetime, datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class MeetClock:
    """A promise was kept (perhaps late), by *what* somebody did; ``by`` is who it was."""

    clock: int
    case_id: str
    at: datetime
    by: str
    letter: int | None = None
    what: Happening = Happening.REPLY


@dataclass(frozen=True, slots=True)
class MoveClock:
    """A promise is paused to a later due instant, or (``paused_until`` is ``None``) runs again.

    ``since`` and ``before`` are when the pause began and what was due then; ``look`` is when to look next.
    """

    clock: int
    case_id: str
    due: datetime
    look: datetime
    paused_until: datetime | None
    since: datetime | None
    before: datetime | None
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class LookAgain:
    """A reminder of this clock is owed; it is looked at again at ``look``."""

    clock: int
    look: datetime


@dataclass(frozen=True, slots=True)
class TakeClocks:
    """Somebody has taken a case on himself, or single *clocks* (of held mail): their ladders wait."""

    case_id: str
    until: datetime
    by: str
    clocks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StopClock:
    """A promise runs no more though nobody met it: the case was closed."""

    clock: int
    case_id: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class RestoreClock:
    """What had met a promise turned out not to have arrived: it runs again to its original due instant."""

    clock: int
    case_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Escalate:
    """A rung of the ladder is climbed for this clock; unique on clock, due instant, rung and person.

    ``letter`` is the dedupe key of the letter that tells the person.
    """

    clock: int
    case_id: str
    due: datetime
    rung: int
    contact: str = field(repr=False)
    letter: str = field(repr=False)


PromiseChange = (
    StartClock | MeetClock | MoveClock | LookAgain | TakeClocks | StopClock | RestoreClock | Escalate
)
