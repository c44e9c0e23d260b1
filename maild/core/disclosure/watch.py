"""All that is looked at in a case on its road, sweep by sweep, and what of it lies ahead."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from maild.core.cases import notice
from maild.core.cases.case import Case, CaseState
from maild.core.change import Change
from maild.core.disclosure import embargo, publication, regulatory, reporterdate
from maild.core.facts.table import EMBARGO, REGULATORY, REPORTER_DATE
from maild.core.policy import Policy
from maild.core.promises.forecast import Coming, Waiting, What, forecast


def look(cases: Iterable[Case], policy: Policy, now: datetime) -> list[Change]:
    """The reminders that are due at *now*, each once, without a word of the report."""
    found = tuple(cases)
    changes = embargo.remind(running(found), policy, now)
    for one in running(found):
        changes += reporterdate.remind(one, policy, now)
        changes += publication.remind(one, policy, now)
    for one in found:
        changes += regulatory.remind(one, policy, now)
    return changes


def running(cases: Iterable[Case]) -> list[Case]:
    """Those that are not closed."""
    return [one for one in cases if one.state is CaseState.OPEN]


def lines(case: Case, policy: Policy, now: datetime) -> list[str]:
    """The clocks of the announcement and of a law, for ``!status``."""
    return [*publication.lines(case, policy, now), *regulatory.lines(case, policy, now)]


def coming(case: Case, policy: Policy, now: datetime, until: datetime) -> list[Coming]:
    """What of all this will be told if nobody says another word."""
    found = _duties(case, policy)
    if case.state is CaseState.OPEN:
        found = [*found, *_dates(case, policy, now), *_publications(case, policy, now, until)]
    return [one for one in found if now < one.at <= until]


def _dates(case: Case, policy: Policy, now: datetime) -> Iterator[Coming]:
    people = _names(notice.concerned(case, "", policy), policy)
    end, own = case.record.embargo, reporterdate.reporter_date(case)
    dates = [(EMBARGO, end)] if end and embargo.runs(case) else []
    if own and own != end and reporterdate.waits(case, now):
        dates.append((REPORTER_DATE, own))
    for name, at in dates:
        for lead in embargo.LEADS:
            what = What.REMINDER if lead else What.DUE
            yield Coming(at - lead, what, case.id, name, people)


def _publications(case: Case, policy: Policy, now: datetime, until: datetime) -> Iterator[Coming]:
    people = _names(notice.concerned(case, "", policy), policy)
    for one in publication.publications(case, policy):
        if one.out is None:
            for at in one.reminders:
                yield Coming(at, What.REMINDER, case.id, publication.name(one), people)
            late = Waiting(publication.late(case, one), one.due)
            yield from forecast((late,), policy, now, until)


def _duties(case: Case, policy: Policy) -> list[Coming]:
    people = _names(regulatory.told(case, policy), policy)
    found = []
    for one in regulatory.duties(case, policy):
        name = f"{REGULATORY}: {one.step.name}"
        at = [(when, What.REMINDER) for when in one.reminders] + [(one.due, What.DUE)]
        found += [Coming(when, what, case.id, name, people) for when, what in at if not one.done]
    return found


def _names(contacts: Iterable[str], policy: Policy) -> tuple[str, ...]:
    there = set(contacts)
    return tuple(one.name for one in policy.team.members if one.contact in there)
