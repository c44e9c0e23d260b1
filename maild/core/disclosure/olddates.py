"""Lists that were told a date which is no longer true: moved, withdrawn, or overtaken by an early release."""

from dataclasses import dataclass
from datetime import datetime

from maild.core.facts.table import EMBARGO, ENDED, HOLDS, OPEN, STAGE
from maild.core.values.case import Case, CaseState

MOVED, WITHDRAWN, RELEASED = "moved", "withdrawn", "released"


@dataclass(frozen=True, slots=True)
class Old:
    """A list (by its id) that was ``told`` a date; ``why`` it is old, since when, and the date ``now``."""

    item: str
    told: datetime
    why: str
    since: datetime
    now: datetime | None = None

    @property
    def mark(self) -> str:
        """What tells this from any other reason for which the list's date is old."""
        return f"{self.why}:{self.now.isoformat() if self.now else ''}"


def old(case: Case) -> list[Old]:
    """The lists that hold a date which is not, or will not have been, that of the announcement."""
    found = ((one.item, one.at, one.value) for one in case.record.facts if one.name == HOLDS and one.value)
    return [made for item, at, text in found if (made := _old(case, item, datetime.fromisoformat(text), at))]


def _old(case: Case, item: str, told: datetime, at: datetime) -> Old | None:
    opened = case.record.fact(OPEN)
    if opened:
        return Old(item, told, RELEASED, opened.at, opened.at) if opened.at < told else None
    end, stage, ended = case.record.embargo, case.record.fact(STAGE), case.record.fact(ENDED)
    if stage and stage.value == "announced":
        return Old(item, told, RELEASED, stage.at, stage.at) if stage.at < told else None
    if ended and ended.value:
        return Old(item, told, RELEASED, ended.at, end) if end and end < told else None
    if case.state is CaseState.CLOSED or end is None:
        return Old(item, told, WITHDRAWN, at)
    moved = case.record.fact(EMBARGO)
    return Old(item, told, MOVED, moved.at if moved else at, end) if end != told else None
