"""The clocks of a law: started by a person's word only; they remind, keep times, and promise nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from maild.core.due import embargo
from maild.core.due.instant import instant
from maild.core.due.shape import Due, Moment
from maild.core.facts.change import SetFact
from maild.core.facts.table import REGULATORY
from maild.core.policy import Policy
from maild.core.values.case import Case
from maild.core.values.duty import START, Step
from maild.core.values.noticekind import NoticeKind
from maild.core.values.people import Role
from maild.core.words.command import Command, Obeyed
from maild.core.writing import notice

_HELP = "!regulatory start|fixed [INSTANT], !regulatory done STEP [INSTANT], or !regulatory stop"


def dates(case: Case, policy: Policy) -> Iterator[Due]:
    """The steps of the case whose times are known, in the order of the configuration."""
    if _at(case, START) is None:
        return
    for step in policy.duties.steps:
        since = _at(case, step.since)
        if since is not None:
            yield _due(case, step, since, policy)


def _due(case: Case, step: Step, since: datetime, policy: Policy) -> Due:
    due, shares = since + step.after, sorted(step.warn_at)
    moments = [Moment(since + share * step.after, str(number)) for number, share in enumerate(shares, 1)]
    details = {"step": step.name, "does": step.what, "due": due.isoformat(), "note": policy.duties.note}
    return Due(
        case.id,
        NoticeKind.REGULATORY,
        f"{REGULATORY}: {step.name}",
        due,
        (*moments, Moment(due, "late")),
        tuple(told(case, policy)),
        details,
        item=step.name,
        over="late",
        done=_at(case, step.name),
    )


def _at(case: Case, item: str) -> datetime | None:
    text = case.record.value(REGULATORY, item)
    return datetime.fromisoformat(text) if text else None


def said(command: Command) -> Obeyed:
    """``!regulatory start``, ``fixed``, ``done STEP`` or ``stop``; as of now, or of an instant passed."""
    if not command.policy.duties.steps:
        return Obeyed(
            "!regulatory: not done; it is off, and [regulatory] preset in the configuration turns it on"
        )
    given, _, rest = command.word.rest.strip().partition(" ")
    match given.lower():
        case "start" | "fixed":
            return _noted(command, given.lower(), rest)
        case "done":
            step, _, when = rest.strip().partition(" ")
            return _done(command, step.lower(), when)
        case "stop":
            return _stopped(command)
    return Obeyed(f"!regulatory: write {_HELP}")


def exploited(command: Command) -> Obeyed:
    """``!exploited``; whoever has duties by law is reminded of their word, which nobody else says for him."""
    ended, case = embargo.exploited(command), command.case
    if not command.policy.duties.steps or _at(case, START):
        return ended
    hint = "If a law requires you to report it now, !regulatory start starts its deadlines."
    return replace(ended, said=f"{ended.said} {hint}")


def _done(command: Command, step: str, when: str) -> Obeyed:
    names = [one.name for one in command.policy.duties.steps]
    if step not in names:
        return Obeyed(f"!regulatory done: give one of {', '.join(names)}")
    return _noted(command, step, when)


def _noted(command: Command, item: str, when: str) -> Obeyed:
    case, at = command.case, instant(when) if when.strip() else command.now
    if at is None or at > command.now:
        return Obeyed(f"!regulatory: give a past date, time and zone, or none for now: {_HELP}")
    if item != START and _at(case, START) is None:
        return Obeyed("!regulatory: not done; start it in this case first: !regulatory start [INSTANT]")
    if _at(case, item) and not when.strip():
        return Obeyed(f"!regulatory: {item} is already recorded; give a time to correct it")
    fact = SetFact(case.id, REGULATORY, at.isoformat(), command.by, item)
    said = f"{case.id}, regulatory: {item} at {at:%Y-%m-%d %H:%M} UTC. maild only reminds; it files nothing."
    note = f" {command.policy.duties.note}" if item == START else ""
    return Obeyed(said + note, (fact,))


def _stopped(command: Command) -> Obeyed:
    """It was no such case: everything noted is taken back (the journal keeps that it was)."""
    noted = command.case.record.items(REGULATORY)
    gone = tuple(SetFact(command.case.id, REGULATORY, "", command.by, item) for item in noted)
    return Obeyed(f"No regulatory deadline is running in {command.case.id} now.", gone)


def told(case: Case, policy: Policy) -> list[str]:
    """Who hears of it: the handlers, and the coordinators, whose project it is."""
    return [
        *notice.concerned(case, "", policy),
        *(one.contact for one in policy.team.having(Role.COORDINATOR)),
    ]


def lines(case: Case, policy: Policy, now: datetime) -> list[str]:
    """Each step with its time, for ``!status``."""
    found = ((one, one.stands(now, "done", "overdue", "open")) for one in dates(case, policy))
    return [f"  regulatory {one.item}: due {one.at:%Y-%m-%d %H:%M} UTC, {how}" for one, how in found]


DOES = {"regulatory": said, "exploited": exploited}
"""The function of each command here (`core.words.table`)."""
