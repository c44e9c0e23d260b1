"""The clocks after an announcement: the blog, the CVE record. Inside only, no promise to a reporter.

They run from when the list's copy was seen (else from when the SMTP server took it), are met by a copy that
is seen or by a member's word, and climb the team's ladder when they are missed.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from maild.core.candidates.times import Climbed, DueClock
from maild.core.disclosure.drafts import where
from maild.core.disclosure.outcome import announced
from maild.core.due import embargo
from maild.core.due.instant import instant
from maild.core.due.shape import Due, Moment
from maild.core.facts.change import SetFact
from maild.core.facts.table import ANNOUNCED_AT, PUBLISHED_LATE, SEEN_AT
from maild.core.policy import Policy
from maild.core.values.case import Case, Clock
from maild.core.values.noticekind import NoticeKind
from maild.core.values.targets import Announcement
from maild.core.words.command import Command, Obeyed
from maild.core.writing import notice

WARN_AT = (0.5, 0.8)
"""The shares of the time at which the handlers are reminded."""


def dates(case: Case, policy: Policy) -> Iterator[Due]:
    """The places whose time runs, or ran, in the order of the configuration."""
    for place in policy.targets.announcement:
        since = out_at(case, place.after)
        if since and place.max_lag and not place.mailed:
            yield _due(case, place, since, place.max_lag, policy)


def _due(case: Case, place: Announcement, since: datetime, lag: timedelta, policy: Policy) -> Due:
    due, name = since + lag, f"published: {place.id}"  # no promise can be called so
    told = case.record.fact(PUBLISHED_LATE, place.id)
    rungs = (Climbed(int(told.value), told.at),) if told else ()
    moments = (Moment(since + share * lag, str(number)) for number, share in enumerate(WARN_AT, 1))
    return Due(
        case.id,
        NoticeKind.PUBLICATION,
        name,
        due,
        tuple(moments),
        tuple(notice.concerned(case, "", policy)),
        {"place": place.id, "since": _went_out(case, place.after, since).isoformat(), "due": due.isoformat()},
        item=place.id,
        over="late",
        done=out_at(case, place.id),
        escalates=DueClock(Clock(0, case.id, name, "", since, due), rungs, case.handler),
    )


def _went_out(case: Case, place: str, seen: datetime) -> datetime:
    """When the letter to a place was taken, which is before it was *seen* there."""
    text = case.record.value(ANNOUNCED_AT, place)
    return min(seen, datetime.fromisoformat(text)) if text else seen


def out_at(case: Case, place: str) -> datetime | None:
    """When the announcement was out at a place: seen (or said so), else when its letter was taken."""
    text = case.record.value(SEEN_AT, place) or case.record.value(ANNOUNCED_AT, place)
    return datetime.fromisoformat(text) if text else None


def published(command: Command) -> Obeyed:
    """``!published PLACE [INSTANT]``: a member saw it there."""
    place, _, when = command.word.rest.strip().partition(" ")
    case, names = command.case, [one.id for one in command.policy.targets.announcement]
    if place.lower() not in names:
        known = f"give one of {', '.join(names)}" if names else "no [[announcement]] is configured"
        return Obeyed(f"!published: {known}")
    at = instant(when) if when.strip() else command.now
    if at is None or at > command.now:
        return Obeyed("!published: give a past date, time and zone, or none for now")
    end = case.record.embargo
    if end and at < end and embargo.runs(case):
        return Obeyed(
            f"!published: the embargo lasts until {end:%Y-%m-%d %H:%M} UTC; if it is out, say !leaked"
        )
    said = f'{case.id} has been out at "{place.lower()}" since {at:%Y-%m-%d %H:%M} UTC.'
    out = SetFact(case.id, SEEN_AT, at.isoformat(), command.by, place.lower())
    if not embargo.runs(case):
        return Obeyed(said, (out,))
    note = f"A draft of the closing note to the reporter {where(command)}; !send sends it."
    return Obeyed(f"{said} {case.id} is announced now. {note}", (out, *announced(command)))


def lines(case: Case, policy: Policy, now: datetime) -> list[str]:
    """Each place with its time, for ``!status``."""
    found = ((one, one.stands(now, "out", "missed", "not out yet")) for one in dates(case, policy))
    return [f"  {one.item}: due {one.at:%Y-%m-%d %H:%M} UTC, {how}" for one, how in found]


DOES = {"published": published}
"""The function of each command here (`core.words.table`)."""
