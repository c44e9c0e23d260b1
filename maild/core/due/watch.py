"""All that has a date of its own in a case, sweep by sweep, and what of it lies ahead."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from maild.core.candidates.times import Board, DueToday
from maild.core.change import Change
from maild.core.due import embargo, law, olddates, publication, reminding, reporterdate
from maild.core.due.shape import Due
from maild.core.policy import Policy
from maild.core.promises import digest
from maild.core.promises.forecast import Coming
from maild.core.values.case import Case, CaseState
from maild.core.values.noticekind import NoticeKind


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


def dated(board: Board, policy: Policy, now: datetime) -> Board:
    """*board* with the dates of its cases that come before the day ends, or have passed, among what is due.

    Not what lists hold: the team hears of that every day by a letter of its own.
    """
    end = digest.end_of_day(policy, now)
    found = [one for case in board.dated for one in dates(case, policy, now) if _waited_for(one, now)]
    more = {DueToday(one.case_id, one.called, one.at) for one in found if one.at < end}
    return replace(board, due=tuple(sorted((*board.due, *more), key=lambda one: (one.due, one.case_id))))


def _waited_for(one: Due, now: datetime) -> bool:
    """Whether it is still to be done; what the reporter publishes is not the team's to do once it is time."""
    theirs = one.about in (NoticeKind.REPORTER_DATE, NoticeKind.REPORTER_FIRST)
    return one.done is None and one.about != NoticeKind.OLD_DATE and not (theirs and one.at <= now)


def running(cases: Iterable[Case]) -> list[Case]:
    """Those that are not closed."""
    return [one for one in cases if one.state is CaseState.OPEN]


def lines(case: Case, policy: Policy, now: datetime) -> list[str]:
    """The deadlines of the announcement and of a law, for ``!status``."""
    return [*publication.lines(case, policy, now), *law.lines(case, policy, now)]


def coming(case: Case, policy: Policy, now: datetime, until: datetime) -> list[Coming]:
    """What of all this will be told if nobody says another word."""
    return [step for one in dates(case, policy, now) for step in reminding.coming(one, policy, now, until)]
