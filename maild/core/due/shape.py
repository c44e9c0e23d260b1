"""The one shape of whatever has a date of its own in a case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from maild.core.candidates.times import DueClock
from maild.core.letters.payloads import Detail
from maild.core.values.noticekind import NoticeKind


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (aware UTC) from which on people are told, once under its key."""

    at: datetime
    key: str


_CALLED = {
    NoticeKind.EMBARGO: "announcement",
    NoticeKind.REPORTER_DATE: "publication by the reporter",
    NoticeKind.REPORTER_FIRST: "publication by the reporter",
    NoticeKind.PUBLICATION: 'publication at "{item}"',
    NoticeKind.REGULATORY: "regulatory: {item}",
}


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is due at an instant (aware UTC): who hears of it, when, and what the notice says.

    ``item`` tells dates of one kind apart; ``name`` is what lists call it. ``moments`` stand in order of
    time, the instant itself among them when people are told then. ``over`` names the detail that says
    whether the instant has come. ``escalates``: once missed it climbs the ladder as this clock.
    """

    case_id: str
    about: NoticeKind
    name: str
    at: datetime
    moments: tuple[Moment, ...]
    people: tuple[str, ...]
    details: Mapping[str, Detail] = field(default_factory=dict, repr=False)
    item: str = ""
    over: str = ""
    done: datetime | None = None
    escalates: DueClock | None = None

    @property
    def called(self) -> str:
        """What a letter calls it."""
        return _CALLED.get(self.about, "{name}").format(name=self.name, item=self.item)

    def stands(self, now: datetime, done: str, missed: str, ahead: str) -> str:
        """Where it stands at *now*, for a list, in the given words."""
        if self.done:
            return f"{done} {self.done:%Y-%m-%d %H:%M} UTC{' (late)' if self.done > self.at else ''}"
        return missed if now >= self.at else ahead
