"""The embargo: an instant with a zone, agreed with the reporter, capped, reminded of, ended by trouble."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from maild.core.cases import notice
from maild.core.cases.about import About
from maild.core.cases.case import Case
from maild.core.cases.order import Obeyed, Order
from maild.core.change import Change
from maild.core.disclosure import stages
from maild.core.disclosure.change import SetFact
from maild.core.disclosure.drafts import draft
from maild.core.disclosure.listed import beyond
from maild.core.disclosure.outward import unapproved
from maild.core.disclosure.record import EMBARGO, ENDED, SEVERITY, STAGE
from maild.core.disclosure.sending import on_the_ladder
from maild.core.disclosure.targets import ANNOUNCEMENT
from maild.core.policy import Policy

LEADS = (timedelta(days=7), timedelta(hours=72), timedelta(hours=24), timedelta(hours=1), timedelta(0))
"""How long before the instant the team is reminded; the last is the instant itself."""
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d) ?(Z|UTC|[+-]\d\d:\d\d|[A-Z][A-Za-z]+/[A-Za-z_/]+)")


def instant(text: str) -> datetime | None:
    """``2026-12-01 16:00 UTC`` (or an offset, or a zone's name) as aware UTC; ``None`` for a bare date."""
    match = _INSTANT.fullmatch(text.strip())
    if not match:
        return None
    day, hour, zone = match.groups()
    try:
        if zone[0] in "+-":
            return datetime.fromisoformat(f"{day}T{hour}{zone}").astimezone(UTC)
        place = UTC if zone in ("Z", "UTC") else ZoneInfo(zone)
        return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=place).astimezone(UTC)
    except (ValueError, KeyError, OSError):
        return None


def agreed(order: Order) -> Obeyed:
    """``!embargo INSTANT``, and ``!embargo INSTANT REASON`` to move it later; the reporter gets a draft."""
    given = re.match(r"(\S+[ T]\d\d:\d\d ?\S+)(?:\s+(.*))?", order.word.rest.strip())
    at = instant(given[1]) if given else None
    if given is None or at is None:
        return Obeyed("!embargo: an instant with a zone, never a bare date: !embargo 2026-12-01 16:00 UTC")
    if why := _refused(order, at, given[2] or ""):
        return Obeyed(f"!embargo: not done; {why}")
    before = order.case.record.embargo
    about = "embargo-moved" if before else "embargo"
    told = draft(order, about, given[2] or "", {"embargo": at.isoformat()})
    said = f"{order.case.id} is announced at {at:%Y-%m-%d %H:%M} UTC. A draft for the reporter is on its way."
    anew = [SetFact(order.case.id, ENDED, "", order.by)] if order.case.record.value(ENDED) else []
    return Obeyed(said, (SetFact(order.case.id, EMBARGO, at.isoformat(), order.by), *anew, *told))


def _refused(order: Order, at: datetime, reason: str) -> str:
    process, before = order.policy.process, order.case.record.embargo
    longest = process.handled(order.case.record.value(SEVERITY)).embargo or process.longest_embargo
    if at <= order.now:
        return "that instant has passed"
    if at > order.case.opened + longest:
        return f"the longest embargo ends at {order.case.opened + longest:%Y-%m-%d %H:%M} UTC"
    if before and at > before and not reason:
        return "say why it is moved to a later instant"
    return beyond(order.case, at, order.policy.targets)


def exploited(order: Order) -> Obeyed:
    """It is used by attackers: the embargo ends at once, and everybody on the ladder is told."""
    return _ends(order, "exploited")


def leaked(order: Order) -> Obeyed:
    """It is known outside: the embargo ends at once, and everybody on the ladder is told."""
    return _ends(order, "leaked")


def _ends(order: Order, why: str) -> Obeyed:
    people = on_the_ladder(order.policy)
    name = f"notice:{About.EMBARGO_ENDED}:{order.case.id}:{why}"
    facts = {"why": why, "mails": bool(order.policy.targets.mailed())}
    told = notice.to_people(name, order.case.id, About.EMBARGO_ENDED, people, order.policy, facts)
    over = SetFact(order.case.id, EMBARGO, order.now.isoformat(), order.by)
    ended = SetFact(order.case.id, ENDED, why, order.by)
    return Obeyed(
        f"The embargo of {order.case.id} is over: {why}. Everybody on the ladder is told.",
        (over, ended, *told),
    )


def remind(cases: Iterable[Case], policy: Policy, now: datetime) -> list[Change]:
    """The reminders that are due, each once, with what the checklist still lacks (no word of the report)."""
    return [change for case in cases for change in _remind(case, policy, now)]


def _remind(case: Case, policy: Policy, now: datetime) -> list[Change]:
    at = case.record.embargo
    if at is None or case.record.value(STAGE) in ("announced", "closed"):
        return []
    lead = min((one for one in LEADS if at - one <= now), default=None)
    if lead is None:
        return []
    name = f"notice:{About.EMBARGO}:{case.id}:{at.isoformat()}:{lead.total_seconds():.0f}"
    names = [stage.name for stage in policy.process.stages]
    lacks = stages.missing(case, "ready", policy.process) if "ready" in names else []
    mails = bool(policy.targets.mailed())
    if mails:
        lacks += [f"for the announcement {one}" for one in unapproved(case, ANNOUNCEMENT, policy.team)]
    facts = {"embargo": at.isoformat(), "lacks": lacks, "now": not lead, "mails": mails}
    people = notice.concerned(case, "", policy)
    return notice.to_people(name, case.id, About.EMBARGO, people, policy, facts)
