"""The clocks of a law: started by a person's word only; they remind, keep times, and promise nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from maild.core.cases import notice
from maild.core.cases.about import About
from maild.core.cases.case import Case
from maild.core.cases.order import Obeyed, Order
from maild.core.cases.people import Role
from maild.core.change import Change
from maild.core.disclosure import embargo
from maild.core.disclosure.duty import START, Step
from maild.core.facts.change import SetFact
from maild.core.facts.table import REGULATORY
from maild.core.letters import keys
from maild.core.letters.payloads import Detail
from maild.core.policy import Policy

_HELP = "!regulatory start|fixed [INSTANT], !regulatory done STEP [INSTANT], or !regulatory stop"


@dataclass(frozen=True, slots=True)
class Duty:
    """A step whose time runs, or ran, in one case; instants are aware UTC."""

    step: Step
    since: datetime
    done: datetime | None = None

    @property
    def due(self) -> datetime:
        """When it is due."""
        return self.since + self.step.after

    @property
    def reminders(self) -> tuple[datetime, ...]:
        """When the team is reminded of it, in order."""
        return tuple(self.since + share * self.step.after for share in sorted(self.step.warn_at))


def duties(case: Case, policy: Policy) -> Iterator[Duty]:
    """The steps of the case whose times are known, in the order of the configuration."""
    if _at(case, START) is None:
        return
    for step in policy.duties.steps:
        since = _at(case, step.since)
        if since is not None:
            yield Duty(step, since, _at(case, step.name))


def _at(case: Case, item: str) -> datetime | None:
    text = case.record.value(REGULATORY, item)
    return datetime.fromisoformat(text) if text else None


def said(order: Order) -> Obeyed:
    """``!regulatory start``, ``fixed``, ``done STEP`` or ``stop``; as of now, or of an instant passed."""
    if not order.policy.duties.steps:
        return Obeyed("!regulatory: off; [regulatory] preset in the configuration turns it on")
    given, _, rest = order.word.rest.strip().partition(" ")
    match given.lower():
        case "start" | "fixed":
            return _noted(order, given.lower(), rest)
        case "done":
            step, _, when = rest.strip().partition(" ")
            return _done(order, step.lower(), when)
        case "stop":
            return _stopped(order)
    return Obeyed(f"!regulatory: {_HELP}")


def exploited(order: Order) -> Obeyed:
    """``!exploited``; whoever has duties by law is reminded of their word, which nobody else says for him."""
    ended, case = embargo.exploited(order), order.case
    if not order.policy.duties.steps or _at(case, START):
        return ended
    hint = "Where a law gives you duties now, !regulatory start begins their clocks."
    return replace(ended, said=f"{ended.said} {hint}")


def _done(order: Order, step: str, when: str) -> Obeyed:
    names = [one.name for one in order.policy.duties.steps]
    if step not in names:
        return Obeyed(f"!regulatory done: one of {', '.join(names)}")
    return _noted(order, step, when)


def _noted(order: Order, item: str, when: str) -> Obeyed:
    case, at = order.case, embargo.instant(when) if when.strip() else order.now
    if at is None or at > order.now:
        return Obeyed(f"!regulatory: an instant with a zone that has passed, or none for now: {_HELP}")
    if item != START and _at(case, START) is None:
        return Obeyed("!regulatory: not started in this case; !regulatory start [INSTANT] starts it")
    if _at(case, item) and not when.strip():
        return Obeyed(f"!regulatory: {item} is noted already; name the instant to correct it")
    fact = SetFact(case.id, REGULATORY, at.isoformat(), order.by, item)
    said = f"{case.id}, regulatory: {item} at {at:%Y-%m-%d %H:%M} UTC. maild only reminds; it files nothing."
    note = f" {order.policy.duties.note}" if item == START else ""
    return Obeyed(said + note, (fact,))


def _stopped(order: Order) -> Obeyed:
    """It was no such case: everything noted is taken back (the journal keeps that it was)."""
    noted = order.case.record.items(REGULATORY)
    gone = tuple(SetFact(order.case.id, REGULATORY, "", order.by, item) for item in noted)
    return Obeyed(f"No regulatory clock runs in {order.case.id}.", gone)


def remind(case: Case, policy: Policy, now: datetime) -> list[Change]:
    """The steps that come nearer, and those overdue: each told once."""
    return [change for duty in duties(case, policy) for change in _remind(case, duty, policy, now)]


def _remind(case: Case, duty: Duty, policy: Policy, now: datetime) -> list[Change]:
    late, passed = now >= duty.due, sum(at <= now for at in duty.reminders)
    if duty.done or not (late or passed):
        return []
    step = "late" if late else str(passed)
    name = keys.notice(About.REGULATORY, case.id, duty.step.name, duty.due.isoformat(), step)
    facts: dict[str, Detail] = {
        "step": duty.step.name,
        "does": duty.step.what,
        "due": duty.due.isoformat(),
        "late": late,
        "note": policy.duties.note,
    }
    return notice.to_people(name, case.id, About.REGULATORY, told(case, policy), policy, facts)


def told(case: Case, policy: Policy) -> list[str]:
    """Who hears of it: the handlers, and the coordinators, whose project it is."""
    return [
        *notice.concerned(case, "", policy),
        *(one.contact for one in policy.team.having(Role.COORDINATOR)),
    ]


def lines(case: Case, policy: Policy, now: datetime) -> list[str]:
    """Each step with its time, for ``!status``."""
    return [
        f"  regulatory {one.step.name}: due {one.due:%Y-%m-%d %H:%M} UTC, {_state(one, now)}"
        for one in duties(case, policy)
    ]


def _state(one: Duty, now: datetime) -> str:
    if one.done:
        late = " (late)" if one.done > one.due else ""
        return f"done {one.done:%Y-%m-%d %H:%M} UTC{late}"
    return "overdue" if now >= one.due else "open"


DOES = {"regulatory": said, "exploited": exploited}
"""The function of each command here (`core.words.table`)."""
