"""Promises as data: what starts one, what keeps it, how long it may take, and who hears when it slips."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from maild.core.values.calendar import WALL, Calendar, due, later, part
from maild.core.values.duration import Length, words


class Happening(StrEnum):
    """What can start or keep a promise. The last two are about held mail, which has no case.

    ``VERDICT`` to ``CLOSED`` are steps of the case itself, said by a member or seen: what the report is, the
    fix on every branch that gets one, the announcement, and the end.
    """

    REPORT = "report"
    RECEIPT = "receipt"
    REPLY = "reply"
    QUESTION = "question"
    HUMAN = "human"
    HANDLER = "handler"
    VERDICT = "verdict"
    FIXED = "fixed"
    ANNOUNCED = "announced"
    CLOSED = "closed"
    HELD = "held"
    LOOKED = "looked"


Closed = tuple[tuple[datetime, datetime], ...]
"""When the intake is closed: from an instant until another (aware UTC)."""


def reopens(closed: Closed, at: datetime) -> datetime | None:
    """When the intake opens again that is closed at the instant *at*; ``None`` where it is open."""
    return max((end for start, end in closed if start <= at < end), default=None)


@dataclass(frozen=True, slots=True)
class Rule:
    """One promise of the policy.

    ``every``: it runs anew at each start event (updates). ``warn_at`` are shares of the limit at which the
    handler is reminded. ``public``: it appears in the published page and in the receipt. It is paused for a
    reason that has a word of ``pause_on`` (``any``: whatever it says), ``max_pause`` in all at most. With
    ``severities`` or ``stages`` it applies to cases of these only, from the word that makes a case one.
    What begins while the intake is ``closed`` counts from when that ends.
    """

    id: str
    limit: Length
    starts: Happening
    met_by: frozenset[Happening]
    every: bool = False
    calendar: Calendar = WALL
    warn_at: tuple[float, ...] = ()
    ladder: str = "default"
    public: bool = True
    max_pause: timedelta = timedelta(days=30)
    pause_on: tuple[str, ...] = ("any",)
    severities: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    closed: Closed = ()

    @property
    def conditional(self) -> bool:
        """Whether it is about some cases only."""
        return bool(self.severities or self.stages) and self.starts is not Happening.HELD

    @property
    def first_answer(self) -> bool:
        """Whether only the first answer of a person keeps it."""
        return self.starts is Happening.REPORT and self.met_by == {Happening.REPLY}

    @property
    def automatic(self) -> bool:
        """Whether the automatic acknowledgement keeps it."""
        return Happening.RECEIPT in self.met_by

    def fits(self, severity: str, stage: str) -> bool:
        """Whether it applies to a case of this severity at this stage; without a condition, to every case."""
        return (not self.severities or severity in self.severities) and (
            not self.stages or stage in self.stages
        )

    def due(self, started: datetime) -> datetime:
        """When the promise falls due if it starts at *started* (both aware UTC)."""
        return due(self.counts_from(started), self.limit, self.calendar)

    def wait(self, started: datetime) -> timedelta:
        """How long it takes by the wall clock, from when it counts."""
        return self.due(started) - self.counts_from(started)

    def counts_from(self, started: datetime) -> datetime:
        """From when a promise that starts at *started* counts."""
        return reopens(self.closed, started) or started

    def reminders(self, started: datetime, due_at: datetime) -> tuple[datetime, ...]:
        """The instants at which the handler is reminded, in order; a pause moves them as it did *due_at*.

        A promise that began with a shorter limit than today's keeps its own: they are shares of that.
        """
        moved = (self.due(started), due_at)
        span = (self.counts_from(started), min(moved))
        shares = (part(span, self.limit, self.calendar, share) for share in sorted(self.warn_at))
        return tuple(later(at, moved, self.limit, self.calendar) for at in shares)

    def next_look(self, started: datetime, due_at: datetime, after: datetime) -> datetime:
        """When the clock is to be looked at next after *after*: at a reminder, else at *due_at*."""
        return min((r for r in self.reminders(started, due_at) if after < r < due_at), default=due_at)

    def pauses(self, reason: str) -> bool:
        """Whether a pause for this *reason* holds for the promise."""
        said = set(re.findall(r"[\w-]+", reason.lower()))
        return "any" in self.pause_on or not said.isdisjoint(self.pause_on)

    def paused(self, due_at: datetime, pause: tuple[datetime, datetime]) -> datetime:
        """Where *due_at* moves by a pause from one instant to another: by the time that counts."""
        return later(due_at, pause, self.limit, self.calendar)

    @property
    def words(self) -> str:
        """The limit for a reader: ``48 hours``, ``3 working days``."""
        return words(self.limit)


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of a ladder: who is told (names or roles), how long after the step before.

    ``everybody``: all of them, else the first who is not away. ``repeat_every``: the last rung goes on.
    ``quiet``: hours of the desk's zone in which this rung waits.
    """

    who: tuple[str, ...]
    after: timedelta = timedelta(0)
    everybody: bool = True
    repeat_every: timedelta | None = None
    quiet: tuple[time, time] | None = None


Ladder = tuple[Rung, ...]


HELD_MAIL = Rule(
    "quarantine",
    Length(12, "h"),
    Happening.HELD,
    frozenset({Happening.LOOKED}),
    warn_at=(0.5,),
    public=False,
)
"""The look at held mail, as every preset has it."""


def seed(acknowledge: Length, respond: Length, update: Length) -> tuple[Rule, ...]:
    """The three promises of the policy that maild was made for."""
    return (
        Rule("acknowledge", acknowledge, Happening.REPORT, frozenset({Happening.RECEIPT, Happening.REPLY})),
        Rule("respond", respond, Happening.REPORT, frozenset({Happening.REPLY}), warn_at=(0.5, 0.8)),
        Rule("update", update, Happening.REPLY, frozenset({Happening.REPLY}), every=True, warn_at=(0.8,)),
    )
