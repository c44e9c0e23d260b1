"""The embargo: an instant with a zone, agreed with the reporter, capped, reminded of, ended by trouble."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from maild.core.disclosure import stages
from maild.core.disclosure.drafts import draft, where
from maild.core.disclosure.listed import beyond
from maild.core.disclosure.outward import for_this_instant, outdated, unapproved
from maild.core.disclosure.sending import on_the_ladder
from maild.core.due.instant import instant_and_rest
from maild.core.due.shape import Due, Moment
from maild.core.facts.change import SetFact
from maild.core.facts.record import Fact
from maild.core.facts.table import (
    ANNOUNCED_AT,
    ANNOUNCING,
    BRANCH,
    EMBARGO,
    ENDED,
    HOLDS,
    PREPARED,
    SEVERITY,
    STAGE,
)
from maild.core.letters import keys
from maild.core.letters.payloads import Detail, Draft
from maild.core.policy import Policy
from maild.core.values.case import Case
from maild.core.values.noticekind import NoticeKind
from maild.core.values.process import Process
from maild.core.values.targets import ANNOUNCEMENT
from maild.core.words.command import Command, Obeyed
from maild.core.writing import notice

LEADS = (timedelta(days=7), timedelta(hours=72), timedelta(hours=24), timedelta(hours=1), timedelta(0))
"""How long before the instant the team is reminded; the last is the instant itself."""
MOST_NAMED = 10
"""People outside the team whom the answer to a command names."""


def agreed(command: Command) -> Obeyed:
    """``!embargo INSTANT``, and ``!embargo INSTANT REASON`` to move it later; the reporter gets a draft."""
    given = instant_and_rest(command.word.rest)
    if given is None:
        return Obeyed("!embargo: give a date, time and zone: !embargo 2026-12-01 16:00 UTC")
    at, reason = given
    if why := _refused(command, at, reason):
        return Obeyed(f"!embargo: not done; {why}")
    before = command.case.record.embargo
    about = "embargo-moved" if before else "embargo"
    told = draft(command, Draft(about, reason, embargo=at.isoformat()))
    said = f"{command.case.id} is to be announced on {at:%Y-%m-%d %H:%M} UTC."
    said += f" A draft for the reporter {where(command, reason)}; !send sends it."
    lists = [one for one, date in command.case.record.items(HOLDS).items() if date and date != at.isoformat()]
    said += _lists(lists)
    said += _outside(command, "may know the old date") if before and before != at else ""
    said += _prepared_for_another(command, at)
    anew = [SetFact(command.case.id, ENDED, "", command.by)] if command.case.record.value(ENDED) else []
    return Obeyed(said, (SetFact(command.case.id, EMBARGO, at.isoformat(), command.by), *anew, *told))


def _lists(names: list[str]) -> str:
    """Which lists were told another date, and what is done about it."""
    if not names:
        return ""
    one = len(names) == 1
    were = f"The list {names[0]} was" if one else f"The lists {', '.join(names)} were"
    letters = "A letter with the new date waits" if one else "Letters with the new date wait"
    return f" {were} told another date. {letters} for the approval of two members, who get the text now."


def _outside(command: Command, why: str) -> str:
    """Who else has to hear of it, and from people: they were told by whoever let them in."""
    names = [*command.guests, *command.told]
    if not names:
        return ""
    more = f" and {len(names) - MOST_NAMED} more (maild access)" if len(names) > MOST_NAMED else ""
    return f" Outside the team, these {why}, so please tell them: {', '.join(names[:MOST_NAMED])}{more}."


def _prepared_for_another(command: Command, at: datetime) -> str:
    """What its author should know when the announcement was prepared for another instant than *at*."""
    record = command.case.record
    if not record.value(PREPARED, ANNOUNCEMENT) or not command.policy.targets.mailed():
        return ""
    moved = Fact(EMBARGO, at.isoformat(), command.by, command.now)
    case = replace(command.case, record=record.noting(moved))
    if outdated(case, ANNOUNCEMENT):
        return " The prepared announcement names a date: say !announce again, with its new text."
    if not for_this_instant(case):
        return (
            " Two members have not approved the announcement for this time, so it is not sent automatically:"
            " say !announce again with its text, or a signed !announce now once the time has come."
        )
    return ""


def _refused(command: Command, at: datetime, reason: str) -> str:
    process = command.policy.process
    longest = process.handled(command.case.record.value(SEVERITY)).embargo or process.longest_embargo
    if _announced(command.case):
        return f"{command.case.id} is announced already"
    if at <= command.now:
        return "that instant has passed"
    start = _counted_from(command.case, process)
    if start is None:
        return "the longest embargo counts from the first fix, and none is noted (!branch NAME fixed)"
    if at > start + longest:
        return f"the longest embargo ends at {start + longest:%Y-%m-%d %H:%M} UTC"
    if why := _cannot_move(command, at, reason):
        return why
    return beyond(command.case, at, command.policy.targets)


def _cannot_move(command: Command, at: datetime, reason: str) -> str:
    """Why an agreed instant cannot become *at*: a later one needs a reason, an earlier one a signature."""
    before = command.case.record.embargo
    if before and at < before and not command.signer and command.case.record.items(PREPARED):
        return "only a member can move it to an earlier instant, in a signed message"
    return (
        "say why the date is moved later: !embargo DATE TIME REASON"
        if before and at > before and not reason
        else ""
    )


def _counted_from(case: Case, process: Process) -> datetime | None:
    """Since when the longest embargo counts; ``None`` while there is no fix that it counts from."""
    if process.embargo_from == "report":
        return case.opened
    fixed = [one.at for one in case.record.facts if one.name == BRANCH and one.value.startswith("fixed")]
    return min(fixed, default=None)


def exploited(command: Command) -> Obeyed:
    """It is used by attackers: the embargo ends at once, and everybody on the ladder is told."""
    return _ends(command, "exploited")


def leaked(command: Command) -> Obeyed:
    """It is known outside: the embargo ends at once, and everybody on the ladder is told."""
    return _ends(command, "leaked")


def _ends(command: Command, why: str) -> Obeyed:
    if _announced(command.case):
        return Obeyed(f"{command.case.id} was already announced: there is no embargo to end.", informed=True)
    end = min(command.case.record.embargo or command.now, command.now)
    people = on_the_ladder(command.policy)
    name = keys.notice(NoticeKind.EMBARGO_ENDED, command.case.id, why, end.isoformat())
    facts: dict[str, Detail] = {"why": why, "mails": bool(command.policy.targets.mailed())}
    told = notice.to_people(name, command.case.id, NoticeKind.EMBARGO_ENDED, people, command.policy, facts)
    over = SetFact(command.case.id, EMBARGO, end.isoformat(), command.by)
    ended = SetFact(command.case.id, ENDED, why, command.by)
    said = f"The embargo of {command.case.id} is over: {why}. Everyone on the escalation list is being told."
    return Obeyed(said + _outside(command, "know about it"), (over, ended, *told))


def dates(case: Case, policy: Policy) -> Iterator[Due]:
    """The instant of the announcement, with what the checklist still lacks (no word of the report)."""
    at = case.record.embargo
    if at is None or not runs(case):
        return
    details: dict[str, Detail] = {
        "embargo": at.isoformat(),
        "lacks": lacks(case, policy),
        "mails": bool(policy.targets.mailed()),
        "sending": bool(case.record.items(ANNOUNCING)),
    }
    people = tuple(notice.concerned(case, "", policy))
    yield Due(case.id, NoticeKind.EMBARGO, EMBARGO, at, nearing(at), people, details, over="now")


def nearing(at: datetime) -> tuple[Moment, ...]:
    """The moments at which a date is reminded of as it comes nearer, and the date itself."""
    return tuple(Moment(at - lead, f"{lead.total_seconds():.0f}") for lead in LEADS)


def runs(case: Case) -> bool:
    """Whether the announcement is still to come."""
    return case.record.value(STAGE) not in ("announced", "closed")


def _announced(case: Case) -> bool:
    """Whether the public has it from us, at one place at least."""
    return not runs(case) or bool(case.record.items(ANNOUNCED_AT))


def lacks(case: Case, policy: Policy) -> list[str]:
    """What the checklist still lacks for the case to be ready."""
    names = [stage.name for stage in policy.process.stages]
    found = stages.missing(case, "ready", policy.process) if "ready" in names else []
    if policy.targets.mailed():
        text = unapproved(case, ANNOUNCEMENT, policy.team)
        if not text and not for_this_instant(case):
            text = ["approval for this time (!announce with the same text), or a signed !announce now then"]
        found += [f"the announcement: {one}" for one in text]
    return found


DOES = {"embargo": agreed, "leaked": leaked}
"""The function of each command here (`core.words.table`)."""
