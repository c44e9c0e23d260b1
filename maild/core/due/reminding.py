"""The one reminder: what people hear of anything that has a date of its own, each step once."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from maild.core.change import Change
from maild.core.due.shape import Due
from maild.core.facts.change import SetFact
from maild.core.facts.record import MAILD
from maild.core.facts.table import PUBLISHED_LATE
from maild.core.letters import keys
from maild.core.letters.payloads import Detail
from maild.core.policy import Policy
from maild.core.promises import ladder
from maild.core.promises.forecast import Coming, Waiting, What, forecast
from maild.core.writing import notice


def remind(one: Due, policy: Policy, now: datetime) -> list[Change]:
    """What is told at *now*, without a word of a report: the last moment that has come, or an escalation."""
    if one.done:
        return []
    if one.escalates and now >= one.at:
        return _escalated(one, policy, now)
    come = [moment for moment in one.moments if moment.at <= now]
    return _told(one, come[-1].key, one.people, policy, now) if come else []


def _escalated(one: Due, policy: Policy, now: datetime) -> list[Change]:
    step = ladder.next_step(one.escalates, policy, now) if one.escalates else None
    if step is None:
        return []
    people = [person.contact for person in step.people]
    climbed = SetFact(one.case_id, PUBLISHED_LATE, str(step.rung), MAILD, one.item)
    return [*_told(one, f"rung-{step.rung}", people, policy, now), climbed]


def _told(one: Due, step: str, people: Iterable[str], policy: Policy, now: datetime) -> list[Change]:
    item = (one.item,) if one.item else ()
    key = keys.notice(one.about, one.case_id, *item, one.at.isoformat(), step)
    details: dict[str, Detail] = {**one.details, **({one.over: now >= one.at} if one.over else {})}
    return notice.to_people(key, one.case_id, one.about, people, policy, details)


def coming(one: Due, policy: Policy, now: datetime, until: datetime) -> Iterator[Coming]:
    """What of it will be told from *now* to *until* if nobody says another word."""
    if one.done:
        return
    people = tuple(member.name for member in policy.team.members if member.contact in one.people)
    for moment in one.moments:
        what = What.REMINDER if moment.at < one.at else What.DUE
        if now < moment.at <= until:
            yield Coming(moment.at, what, one.case_id, one.name, people)
    if one.escalates:
        steps = forecast((Waiting(one.escalates, one.at),), policy, now, until)
        yield from (step for step in steps if now < step.at)
