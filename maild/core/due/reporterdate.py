"""The date on which the reporter himself means to publish: a clock like the embargo's own.

A member says it (``!reporter-date``) after he read it in the report; maild reads no date out of text.
"""

from collections.abc import Iterator
from datetime import datetime

from maild.core.change import Change
from maild.core.due import embargo
from maild.core.due.instant import instant_and_rest
from maild.core.due.shape import Due, Moment
from maild.core.facts.change import SetFact
from maild.core.facts.table import REPORTER_DATE, STAGE, WHY
from maild.core.letters.payloads import Detail
from maild.core.policy import Policy
from maild.core.values.case import Case
from maild.core.values.noticekind import NoticeKind
from maild.core.words.command import Command, Obeyed
from maild.core.writing import notice


def reporter_date(case: Case) -> datetime | None:
    """When the reporter publishes by himself (aware UTC), if a member said so."""
    text = case.record.value(REPORTER_DATE)
    return datetime.fromisoformat(text) if text else None


def announced(command: Command) -> Obeyed:
    """``!reporter-date INSTANT [REASON]``, or ``!reporter-date none`` when he has taken it back."""
    case, rest = command.case, command.word.rest.strip()
    if rest.lower() == "none":
        gone = (_set(command, ""), *_why(command, ""))
        return Obeyed(f"The reporter of {case.id} has no date of their own.", gone)
    given = instant_and_rest(rest)
    if given is None:
        wanted = "!reporter-date 2026-12-01 16:00 UTC [REASON], or !reporter-date none"
        return Obeyed(f"!reporter-date: give a date, time and zone: {wanted}")
    at, reason = given
    if at <= command.now:
        return Obeyed("!reporter-date: that time has passed; if they have published, say !leaked")
    said = (
        f"The reporter of {case.id} plans to publish on {at:%Y-%m-%d %H:%M} UTC; the team will be reminded."
    )
    end = case.record.embargo
    if end and at < end:
        said += f" That is before your announcement at {end:%Y-%m-%d %H:%M} UTC."
    return Obeyed(said, (_set(command, at.isoformat()), *_why(command, reason)))


def _set(command: Command, value: str) -> SetFact:
    return SetFact(command.case.id, REPORTER_DATE, value, command.by)


def _why(command: Command, reason: str) -> tuple[Change, ...]:
    """The reason, which is not kept of a sealed case; an older one goes with its date."""
    kept = "" if command.case.sealed else reason
    if not kept and not command.case.record.value(REPORTER_DATE, WHY):
        return ()
    return (SetFact(command.case.id, REPORTER_DATE, kept, command.by, WHY),)


def dates(case: Case, policy: Policy, now: datetime) -> Iterator[Due]:
    """The reporter's date as it comes nearer, and once that it lies before the embargo."""
    at, end = reporter_date(case), case.record.embargo
    if at is None or not waits(case, now):
        return
    people = tuple(notice.concerned(case, "", policy))
    details: dict[str, Detail] = {
        "date": at.isoformat(),
        "embargo": end.isoformat() if end else "",
        "lacks": embargo.lacks(case, policy),
    }
    if end and at < end:
        at_once = (Moment(case.opened, end.isoformat()),)
        yield Due(case.id, NoticeKind.REPORTER_FIRST, REPORTER_DATE, at, at_once, people, details)
    if at != end:  # at the same instant the embargo's reminder says it all
        moments = embargo.nearing(at)
        yield Due(case.id, NoticeKind.REPORTER_DATE, REPORTER_DATE, at, moments, people, details, over="now")


def waits(case: Case, now: datetime) -> bool:
    """Whether there is still something to keep until then: not once it is announced, or the embargo over."""
    end = case.record.embargo
    return case.record.value(STAGE) not in ("announced", "closed") and (end is None or end > now)


DOES = {"reporter-date": announced}
"""The function of each command here (`core.words.table`)."""
