"""Until a list that holds an old date was told otherwise, the team is reminded: daily, later every week."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from maild.core.disclosure.olddates import Old, old
from maild.core.disclosure.outward import unsent
from maild.core.due.shape import Due, Moment
from maild.core.facts.change import SetFact
from maild.core.facts.table import FOLLOWUP, HOLDS, PREPARED
from maild.core.letters.payloads import Detail
from maild.core.policy import Policy
from maild.core.values.case import Case, CaseState
from maild.core.values.noticekind import NoticeKind
from maild.core.words.command import Command, Obeyed
from maild.core.writing import notice

DAYS = (*range(30), *range(30, 730, 7))
"""On which days after the date became old the team is reminded: for two years, if nobody says a word."""


def dates(case: Case, policy: Policy) -> Iterator[Due]:
    """One for each list that holds an old date, in a closed case as well."""
    for one in old(case):
        yield _due(case, one, policy)


def _due(case: Case, one: Old, policy: Policy) -> Due:
    listed = policy.targets.listed(one.item)
    new = one.now.isoformat() if one.now else ""
    moments = tuple(Moment(one.since + timedelta(days=n), f"{one.why}:{new}:{n}") for n in DAYS)
    ready = case.record.value(FOLLOWUP, one.item) == one.mark and unsent(case, one.item)
    details: dict[str, Detail] = {
        "list": one.item,
        "to": listed.to if listed else "",
        "told": one.told.isoformat(),
        "date": new,
        "why": one.why,
        "digest": case.record.value(PREPARED, one.item) if ready else "",
    }
    people = tuple(notice.concerned(case, "", policy))
    name = f"{HOLDS}: {one.item}"
    return Due(case.id, NoticeKind.OLD_DATE, name, one.told, moments, people, details, item=one.item)


def told(command: Command) -> Obeyed:
    """``!told LIST``: a list that holds an old date was told otherwise, by a person."""
    given, held = (
        command.word.rest.replace(command.case.id, " ").strip().lower(),
        command.case.record.items(HOLDS),
    )
    if given not in {one for one, value in held.items() if value}:
        known = ", ".join(one for one, value in held.items() if value)
        none = f"no list was told a date of {command.case.id}"
        return Obeyed(f"!told: {f'give one of {known}' if known else none}")
    gone = SetFact(command.case.id, HOLDS, "", command.by, given)
    return Obeyed(f"{given} is recorded as told; nobody is reminded of its old date any more.", (gone,))


def ended(command: Command) -> tuple[SetFact, ...]:
    """What a closing forgets: dates that lists hold and that were kept."""
    stale = {one.item for one in old(replace(command.case, state=CaseState.CLOSED))}
    held = command.case.record.items(HOLDS)
    return tuple(SetFact(command.case.id, HOLDS, "", command.by, one) for one in held if one not in stale)


DOES = {"told": told}
"""The function of each command here (`core.words.table`)."""
