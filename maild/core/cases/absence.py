"""Absences said by word: until when a member is away, on top of the days in the configuration."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from maild.core.change import Change, SetAway
from maild.core.policy import Policy
from maild.core.promises import handover
from maild.core.values.case import Case
from maild.core.values.people import Team
from maild.core.words import reading

_RANGE = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)")
HOW = "say until when: !away until 2026-12-24, !away until 5d, or !away 2026-12-20..2027-01-03"


def away(
    name: str, rest: str, by: str, policy: Policy, now: datetime, handles: Sequence[Case] = ()
) -> tuple[str, tuple[Change, ...]]:
    """What ``!away`` says of the member *name*: the sentence that tells it, and what to record.

    Of the open cases that they handle (*handles*) those in which something falls due meanwhile go to the next
    handler: at once if they are away from now on, else when it falls due.
    """
    member, span = policy.team.meant(name), _span(rest, now)
    if member is None:
        return f"!away: {policy.team.unknown(name)}", ()
    if span is None:
        return f"!away: {HOW}", ()
    since, until = span
    said = f"{member.name} is away from {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M} UTC."
    gone = SetAway(member.name, since, until, by)
    if since > now:
        return said, (gone,)
    saying = member.name if by == f"team:{member.name}" else ""
    moved = list(handover.meanwhile(handles, member, until, saying, policy, now))
    said += "".join(f" {taker} is handling {case} from now on." for case, taker, _ in moved)
    return said, (gone, *(change for _, _, changes in moved for change in changes))


def back(name: str, by: str, team: Team, now: datetime) -> tuple[str, tuple[SetAway, ...]]:
    """What ``!back`` says: the absence that was said by word is over, or will not be."""
    member = team.meant(name)
    if member is None:
        return f"!back: {team.unknown(name)}", ()
    return f"{member.name} is back.", (SetAway(member.name, now, now, by),)


def _span(rest: str, now: datetime) -> tuple[datetime, datetime] | None:
    """From now until an instant, or from one day to another, both included (UTC); none that is over."""
    given = reading.until(rest.strip(), now)
    if given:
        return (now, given[1]) if not given[0] else None
    match = _RANGE.fullmatch(rest.strip())
    try:
        days = [datetime.fromisoformat(day).replace(tzinfo=UTC) for day in match.groups()] if match else []
    except ValueError:  # the 30th of February
        return None
    if not days or days[1] < days[0] or days[1] + timedelta(days=1) <= now:
        return None
    return days[0], days[1] + timedelta(days=1)
