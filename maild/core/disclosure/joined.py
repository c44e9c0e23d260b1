"""What a case that is joined to another brings with it, and what the team is asked then."""

from datetime import datetime

from maild.core.cases import notice
from maild.core.cases.about import About
from maild.core.cases.case import Case
from maild.core.cases.order import Order
from maild.core.change import Change
from maild.core.disclosure.change import SetFact
from maild.core.disclosure.record import CVE, EMBARGO, ENDED, STAGE
from maild.core.disclosure.regulatory import REGULATORY
from maild.core.disclosure.reporterdate import REPORTER_DATE, WHY
from maild.core.letters import keys

CARRIED = (EMBARGO, REPORTER_DATE, REGULATORY, CVE)
"""Facts that no join may lose: instants that somebody waits for, and an id that was asked for or reserved."""


def joined(order: Order, other: Case) -> tuple[Change, ...]:
    """What follows from joining the case of *order* to *other*, beside the join itself."""
    return (*_carried(order, other), *_asked(order, other))


def _carried(order: Order, other: Case) -> list[Change]:
    """The instants of the joined case that the other has none of; of two dates the earlier one."""
    changes: list[Change] = []
    for one in (f for f in order.case.record.facts if f.name in CARRIED):
        there = other.record.value(one.name, one.item)
        sooner = one.name == REPORTER_DATE and not one.item and there and _at(one.value) < _at(there)
        stays = one.value == "none" or (other.sealed and (one.name, one.item) == (REPORTER_DATE, WHY))
        if (not there or sooner) and not stays:
            changes.append(SetFact(other.id, one.name, one.value, order.by, one.item))
    ended = order.case.record.value(ENDED)
    if ended and not other.record.value(EMBARGO):
        changes.append(SetFact(other.id, ENDED, ended, order.by))  # nothing goes out unasked there either
    return changes


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _asked(order: Order, other: Case) -> list[Change]:
    """Two people found it by themselves, so a third may: the team is asked about the embargo."""
    case, end = order.case, other.record.embargo or order.case.record.embargo
    if end is None or end <= order.now or other.record.value(STAGE) in ("announced", "closed"):
        return []
    if not other.reporters or set(case.reporters) <= set(other.reporters):
        return []
    name = keys.notice(About.SECOND_REPORT, other.id, case.id)
    people = notice.concerned(other, order.by, order.policy)
    facts = {"joined": case.id, "embargo": end.isoformat()}
    return notice.to_people(name, other.id, About.SECOND_REPORT, people, order.policy, facts)
