"""What lies ahead of a desk if nobody does anything, for people."""

from datetime import datetime, timedelta
from typing import Any

from maild.app.desk import Desk
from maild.core.disclosure import sending
from maild.core.due import watch
from maild.core.policy import Policy
from maild.core.promises import digest
from maild.core.promises.forecast import Coming, forecast
from maild.core.values.case import Case
from maild.errors import Refused
from maild.store import absences, cases, facts, heldmail, lapses


def coming(desk: Desk, case_id: str, days: int) -> list[dict[str, Any]]:
    """What will happen to one case (empty: all of them) within *days*, in UTC and in the desk's zone."""
    if case_id and desk.ask(cases.get, case_id) is None:
        raise Refused(f"there is no case {case_id}; `maild cases --all` lists them")
    now, policy = desk.clock(), desk.ask(absences.applied, desk.policy)
    until = now + timedelta(days=days)
    found = [_row(one, policy) for one in forecast(desk.ask(lapses.waiting, case_id), policy, now, until)]
    names = [case_id] if case_id else desk.ask(facts.watched)
    about = [case for case in (desk.ask(cases.get, name) for name in names) if case]
    found += [_row(one, policy) for case in about for one in watch.coming(case, policy, now, until)]
    found += _outward(about, policy, now, until)
    if not case_id:
        held = policy.held_digest_at if desk.ask(heldmail.any_held) else None
        for what, daily in (("digest", policy.digest_at), ("held mail listed", held)):
            following = digest.following(daily, policy, now)
            found += [_daily(what, following, policy)] if following and following <= until else []
    return sorted(found, key=lambda row: str(row["at"]))


def _outward(about: list[Case], policy: Policy, now: datetime, until: datetime) -> list[dict[str, Any]]:
    """What goes to outsiders, and which members have approved its text so far (``people``)."""
    return [
        {**_nothing(at, what, policy), "case": case.id, "people": list(people)}
        for case in watch.running(about)
        for at, what, people in sending.coming(case, policy, now)
        if at <= until
    ]


def _row(one: Coming, policy: Policy) -> dict[str, Any]:
    return {
        **_when(one.at, policy),
        "what": one.what.value,
        "case": one.case_id or None,
        "mail": one.mail,
        "promise": one.promise,
        "step": None if one.rung is None else one.rung + 1,
        "people": list(one.people),
    }


def _daily(what: str, at: datetime, policy: Policy) -> dict[str, Any]:
    """The next one only: what a later one says depends on the day."""
    people = [member.name for member in policy.team.members if not member.absent(at)]
    return {**_nothing(at, what, policy), "people": people}


def _nothing(at: datetime, what: str, policy: Policy) -> dict[str, Any]:
    """A row about no case, promise or step."""
    empty: dict[str, Any] = {"case": None, "mail": None, "promise": None, "step": None, "people": []}
    return {**_when(at, policy), "what": what, **empty}


def _when(at: datetime, policy: Policy) -> dict[str, str]:
    """The instant for programs and sorting, and as the clocks on the desk's walls will show it."""
    return {"at": at.isoformat(), "local": f"{at.astimezone(policy.zone):%a %Y-%m-%d %H:%M %Z}"}
