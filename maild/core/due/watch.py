"""All that has a date of its own in a case, sweep by sweep, and what of it lies ahead."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from maild.core.change import Change
from maild.core.due import embargo, law, olddates, publication, reminding, reporterdate
from maild.core.due.shape import Due
from maild.core.policy import Policy
from maild.core.promises.forecast import Coming
from maild.core.values.case import Case, CaseState


def dates(case: Case, policy: Policy, now: datetime) -> Iterator[Due]:
    """Everything with a date in *case*. Those of a law and what lists hold do not end with the case."""
    if case.state is CaseState.OPEN:
        yield from embargo.dates(case, policy)
        yield from reporterdate.dates(case, policy, now)
        yield from publication.dates(case, policy)
    yield from law.dates(case, policy)
    yield from olddates.dates(case, policy)


def look(cases: Iterable[Case], policy: Policy, now: datetime) -> list[Change]:
    """The reminders that are due at *now*, each once, without a word of the report."""
    found = (one for case in cases for one in dates(case, policy, now))
    return [change for one in found for change in reminding.remind(one, policy, now)]


def running(cases: Iterable[Case]) -> list[Case]:
    """Those that are not closed."""
    return [one for one in cases if one.state is CaseState.OPEN]


def lines(case: Case, policy: Policy, now: datetime) -> list[str]:
    """The deadlines of the announcement and of a law, for ``!status``."""
    return [*publication.lines(case, policy, now), *law.lines(case, policy, now)]


def coming(case: Case, policy: Policy, now: datetime, until: datetime) -> list[Coming]:
    """What of all this will be told if nobody says another word."""
    return [step for one in dates(case, policy, now) for step in reminding.coming(one, policy, now, until)]
