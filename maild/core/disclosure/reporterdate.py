"""The date on which the reporter himself means to publish: a clock like the embargo's own.

A member says it (``!reporter-date``) after he read it in the report; maild reads no date out of text.
"""

import re
from datetime import datetime, timedelta

from maild.core.cases import notice
from maild.core.cases.about import About
from maild.core.cases.case import Case
from maild.core.cases.order import Obeyed, Order
from maild.core.change import Change
from maild.core.disclosure import embargo
from maild.core.facts.change import SetFact
from maild.core.facts.table import REPORTER_DATE, STAGE, WHY
from maild.core.letters import keys
from maild.core.letters.payloads import Detail
from maild.core.policy import Policy

_GIVEN = re.compile(r"(\S+[ T]\d\d:\d\d ?\S+)(?:\s+(.*))?")


def reporter_date(case: Case) -> datetime | None:
    """When the reporter publishes by himself (aware UTC), if a member said so."""
    text = case.record.value(REPORTER_DATE)
    return datetime.fromisoformat(text) if text else None


def announced(order: Order) -> Obeyed:
    """``!reporter-date INSTANT [REASON]``, or ``!reporter-date none`` when he has taken it back."""
    case, rest = order.case, order.word.rest.strip()
    if rest.lower() == "none":
        gone = (_set(order, ""), *_why(order, ""))
        return Obeyed(f"The reporter of {case.id} has no date of his own (any more).", gone)
    given = _GIVEN.fullmatch(rest)
    at = embargo.instant(given[1]) if given else None
    if given is None or at is None:
        wanted = "!reporter-date 2026-12-01 16:00 UTC [REASON], or !reporter-date none"
        return Obeyed(f"!reporter-date: an instant with a zone, never a bare date: {wanted}")
    if at <= order.now:
        return Obeyed("!reporter-date: that instant has passed; if he has published, say !leaked")
    said = f"The reporter of {case.id} publishes at {at:%Y-%m-%d %H:%M} UTC; the team is reminded before."
    end = case.record.embargo
    if end and at < end:
        said += f" That is before your announcement at {end:%Y-%m-%d %H:%M} UTC."
    return Obeyed(said, (_set(order, at.isoformat()), *_why(order, given[2] or "")))


def _set(order: Order, value: str) -> SetFact:
    return SetFact(order.case.id, REPORTER_DATE, value, order.by)


def _why(order: Order, reason: str) -> tuple[Change, ...]:
    """The reason, which is not kept of a sealed case; an older one goes with its date."""
    kept = "" if order.case.sealed else reason
    if not kept and not order.case.record.value(REPORTER_DATE, WHY):
        return ()
    return (SetFact(order.case.id, REPORTER_DATE, kept, order.by, WHY),)


def remind(case: Case, policy: Policy, now: datetime) -> list[Change]:
    """What the team hears of it at *now*: it comes nearer, or lies before the embargo; each once."""
    at, end = reporter_date(case), case.record.embargo
    if at is None or not waits(case, now):
        return []
    people = notice.concerned(case, "", policy)
    facts: dict[str, Detail] = {
        "date": at.isoformat(),
        "embargo": end.isoformat() if end else "",
        "lacks": embargo.lacks(case, policy),
    }
    changes: list[Change] = []
    if end and at < end:
        name = keys.notice(About.REPORTER_FIRST, case.id, at.isoformat(), end.isoformat())
        changes += notice.to_people(name, case.id, About.REPORTER_FIRST, people, policy, facts)
    lead = min((one for one in embargo.LEADS if at - one <= now), default=None)
    if lead is not None and at != end:  # at the same instant the embargo's reminder says it all
        name = keys.notice(About.REPORTER_DATE, case.id, at.isoformat(), f"{lead.total_seconds():.0f}")
        facts["now"] = lead == timedelta(0)
        changes += notice.to_people(name, case.id, About.REPORTER_DATE, people, policy, facts)
    return changes


def waits(case: Case, now: datetime) -> bool:
    """Whether there is still something to keep until then: not once it is announced, or the embargo over."""
    end = case.record.embargo
    return case.record.value(STAGE) not in ("announced", "closed") and (end is None or end > now)


DOES = {"reporter-date": announced}
"""The function of each command here (`core.words.table`)."""
