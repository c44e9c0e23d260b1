"""Who takes over from a handler who is away: when something falls due meanwhile, or when they say so."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from maild.core.change import Change, SetHandler
from maild.core.letters import keys
from maild.core.letters.payloads import Detail
from maild.core.policy import Policy
from maild.core.values.case import Case, Clock
from maild.core.values.noticekind import NoticeKind
from maild.core.values.people import Member, Role
from maild.core.writing import notice


def next_handler(handler: str, policy: Policy, now: datetime) -> Member | None:
    """The next handler after *handler*, in the order of the team, who is there at *now*."""
    return next(iter(others(handler, policy, now)), None)


def others(handler: str, policy: Policy, now: datetime) -> list[Member]:
    """The handlers beside *handler* who are there at *now*, from the next one on in the order of the team."""
    people = policy.team.having(Role.HANDLER)
    names = [one.name for one in people]
    start = names.index(handler) + 1 if handler in names else 0
    around = [*people[start:], *people[:start]]
    return [one for one in around if one.name != handler and not one.absent(now)]


def over(
    clock: Clock, handler: Member, taker: Member, by: str, policy: Policy, now: datetime
) -> list[Change]:
    """The case of *clock* goes from *handler* to *taker*; both are told, except whoever says so (*by*)."""
    facts: dict[str, Detail] = {
        "handler": taker.name,
        "was": handler.name,
        "by": by,
        "promise": clock.promise,
        "due": clock.due.isoformat(),
    }
    name = keys.notice(NoticeKind.HANDED_OVER, clock.case_id, taker.name, now.isoformat())
    people = [one.contact for one in (taker, handler) if one.name != by]
    told = notice.to_people(name, clock.case_id, NoticeKind.HANDED_OVER, people, policy, facts)
    return [SetHandler(clock.case_id, taker.name), *told]


def meanwhile(
    handles: Sequence[Case], handler: Member, until: datetime, by: str, policy: Policy, now: datetime
) -> Iterator[tuple[str, str, list[Change]]]:
    """The cases of *handler* where something is due before *until*: each, its taker, and what follows."""
    taker = next_handler(handler.name, policy, now)
    for case in handles if taker else ():
        first = min(case.running(), key=lambda clock: clock.due, default=None)
        if taker and first and first.due < until:
            yield case.id, taker.name, over(first, handler, taker, by, policy, now)
