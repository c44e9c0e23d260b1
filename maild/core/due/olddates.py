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
    """One for all the lists that hold an old date for the same reason, in a closed case as well."""
    found: dict[str, list[Old]] = {}
    for one in old(case):
        found.setdefault(one.mark, []).append(one)
    yield from (_due(case, several, policy) for several in found.values())


def _due(case: Case, lists: list[Old], policy: Policy) -> Due:
    first, names = lists[0], [one.item for one in lists]
    since = min(one.since for one in lists)
    moments = tuple(Moment(since + timedelta(days=n), f"{first.mark}:{n}") for n in DAYS)
    listed = [policy.targets.listed(one) for one in names]
    details: dict[str, Detail] = {
        "lists": names,
        "to": [one.to if one else "" for one in listed],
        "told": [one.told.isoformat() for one in lists],
        "date": first.now.isoformat() if first.now else "",
        "why": first.why,
        "digests": [_ready(case, one) for one in lists],
    }
    people, name = tuple(notice.concerned(case, "", policy)), f"old date: {', '.join(names)}"
    return Due(case.id, NoticeKind.OLD_DATE, name, since, moments, people, details)


def _ready(case: Case, one: Old) -> str:
    """The digest of the prepared letter that tells the list so; empty where there is none."""
    ready = case.record.value(FOLLOWUP, one.item) == one.mark and unsent(case, one.item)
    return case.record.value(PREPARED, one.item) if ready else ""


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
