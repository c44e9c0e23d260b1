"""Duties that a law lays on some projects, as data: which steps, how long after what. maild files nothing."""

from dataclasses import dataclass
from datetime import timedelta

START, FIXED = "start", "fixed"
"""What a person says has happened: the duty began; a fix or mitigation is available."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: *after* how long it is due, by the wall clock, since ``START``, ``FIXED`` or a step done.

    ``warn_at`` are shares of that time at which the team is reminded; ``what`` is the step in words.
    """

    name: str
    after: timedelta
    since: str
    what: str
    warn_at: tuple[float, ...] = (0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Duties:
    """The steps in force (none: the project has no such duty), and what people should bear in mind."""

    steps: tuple[Step, ...] = ()
    note: str = ""
