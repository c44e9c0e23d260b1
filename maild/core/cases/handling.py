"""Who handles a case: ``!handler`` says it, ``taken`` says it of oneself and lets escalation wait."""

from maild.core.cases import taking
from maild.core.change import Change, SetHandler
from maild.core.changes.promises import TakeClocks
from maild.core.letters import keys
from maild.core.letters.payloads import Detail
from maild.core.promises import clocks
from maild.core.values.about import About
from maild.core.values.rule import Happening
from maild.core.words.order import Obeyed, Order
from maild.core.writing import notice


def _handler(order: Order) -> Obeyed:
    wanted = order.name if order.word.rest.lower() in ("me", "") else order.word.rest
    member = order.policy.team.meant(wanted)
    if member is None:
        return Obeyed(f"!handler: {order.policy.team.unknown(wanted or 'me')}")
    return Obeyed(f"{member.name} is handling {order.case.id}.", _looks_after(order, member.name))


def _handed_over(order: Order, name: str) -> list[Change]:
    """The new handler and the one before are told, except whoever says so themselves."""
    case, team = order.case, order.policy.team.members
    if case.handler == name:
        return []
    people = [one.contact for one in team if one.name in {name, case.handler} - {order.name}]
    next_one = min(case.running(), key=lambda clock: clock.due, default=None)
    facts: dict[str, Detail] = {
        "handler": name,
        "was": case.handler,
        "by": order.name,
        "promise": next_one.promise if next_one else "",
        "due": next_one.due.isoformat() if next_one and next_one.due > order.now else "",
    }
    key = keys.notice(About.HANDED_OVER, case.id, name, order.now.isoformat())
    return notice.to_people(key, case.id, About.HANDED_OVER, people, order.policy, facts)


def _taken(order: Order) -> Obeyed:
    if not order.name:  # the desk's own account says nobody's name
        return Obeyed("taken: not done; say who: !handler NAME")
    until = order.now + taking.TAKEN
    taken = TakeClocks(order.case.id, until, order.by)
    said = f"{order.case.id} is yours; its escalation is paused until {until:%Y-%m-%d %H:%M} UTC."
    return Obeyed(said, (*_looks_after(order, order.name), taken))


def _looks_after(order: Order, name: str) -> tuple[Change, ...]:
    """The handler is set, which may keep a promise of its own."""
    case, now, by = order.case, order.now, order.by
    met = (clocks.happened(case, Happening.HANDLER, one, now, by, order.policy) for one in case.reporters)
    kept = (change for changes in met for change in changes)
    return (SetHandler(case.id, name), *kept, *_handed_over(order, name))


DOES = {"handler": _handler, "taken": _taken}
"""The function of each command here (`core.words.table`)."""
