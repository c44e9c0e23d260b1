"""What a letter says when it leaves, or why it does not: notices too are filled in from the case as it is.

``core.writing.asof`` does it for acknowledgements, drafts and lists of promises. A notice about a date of a
case, about its promises or its handler says at least as much of times and states (ruling 1).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from maild.core.disclosure import sending
from maild.core.disclosure.listed import unmet
from maild.core.disclosure.outward import other_key, outdated, unapproved, unsent
from maild.core.due import embargo, watch
from maild.core.due.shape import Due
from maild.core.facts.table import ANNOUNCED_AT, ENDED, HOLDS, PREPARED
from maild.core.letters.payloads import Detail, Notice, Payload, Prepared
from maild.core.policy import Policy
from maild.core.values.case import Case, CaseState, Clock, Flag
from maild.core.values.noticekind import NoticeKind
from maild.core.values.targets import ANNOUNCEMENT
from maild.core.writing import asof
from maild.core.writing.asof import Fields, Known

WHILE = timedelta(hours=1)
"""How long an instant that has come is called now."""
OVER = "what it says is no longer so"
REPLACED = "another text has taken its place, or it was sent"


@dataclass(frozen=True, slots=True)
class So:
    """A notice's details, its case as it is now, when the team last worked on it, and the time."""

    says: Notice
    case: Case
    policy: Policy
    now: datetime
    worked: datetime | None = None

    def said(self, name: str) -> str:
        """A detail as text; empty where the notice has none of the name."""
        return str(self.says.details.get(name) or "")

    def past(self, name: str) -> bool:
        """Whether the instant that a detail names has come."""
        return bool(self.said(name)) and datetime.fromisoformat(self.said(name)) <= self.now

    @property
    def closed(self) -> bool:
        """Whether the case is closed."""
        return self.case.state is CaseState.CLOSED


def timely(says: Payload) -> bool:
    """Whether what a letter says may change while it waits."""
    return asof.timely(says) or isinstance(says, Prepared)


def withdrawn(says: Payload, known: Known, reporter: str, policy: Policy, now: datetime) -> str:
    """Why a letter to the team, a reporter or a guest is not sent any more; empty when it is."""
    if isinstance(says, Prepared) and known.case:
        return "" if any(_stands(one, known.case) for one in says.each) else REPLACED
    why = asof.withdrawn(says, known, reporter, policy, now)
    if why or not isinstance(says, Notice) or known.case is None:
        return why
    over = _OVER.get(says.about)
    return OVER if over and over(So(says, known.case, policy, now, known.worked)) else ""


def facts(says: Payload, known: Known, reporter: str, policy: Policy, now: datetime) -> Fields:
    """What the template of a letter is filled with at *now*."""
    filled = asof.facts(says, known, reporter, policy, now)
    fresh = _FRESH.get(says.about) if isinstance(says, Notice) else None
    if isinstance(says, Notice) and known.case and fresh:
        return {**filled, **fresh(So(says, known.case, policy, now))}
    return filled


def _stands(says: Prepared, case: Case) -> bool:
    """Whether the text is still the one that waits for approval."""
    if case.record.value(PREPARED, says.item) != says.digest:
        return False
    if says.item == ANNOUNCEMENT:
        return not case.record.items(ANNOUNCED_AT)
    return unsent(case, says.item)


_NAMES: Mapping[str, tuple[str, ...]] = {
    NoticeKind.EMBARGO: ("embargo",),
    NoticeKind.REPORTER_DATE: ("date",),
    NoticeKind.REPORTER_FIRST: ("date",),
    NoticeKind.PUBLICATION: ("place", "due"),
    NoticeKind.REGULATORY: ("step", "due"),
    NoticeKind.OLD_DATE: ("date", "why"),
}
"""The details by which a notice is known to be about one date of its case, and none that came later."""


def _dated(so: So) -> Due | None:
    """The date of the case that the notice is about, if it still is one."""
    names = _NAMES[so.says.about]
    found = (one for one in watch.dates(so.case, so.policy, so.now) if one.about == so.says.about)
    return next((o for o in found if all(str(o.details.get(n) or "") == so.said(n) for n in names)), None)


def _done(so: So) -> bool:
    due = _dated(so)
    return due is None or due.done is not None


def _of_date(so: So) -> Mapping[str, Detail]:
    due = _dated(so)
    return {**(due.details if due else {}), **_when(so)}


def _when(so: So) -> Mapping[str, Detail]:
    """Whether the date has passed a while ago, and whether the announcement is out."""
    date = so.said(_NAMES[so.says.about][0])
    passed = so.says.about in (NoticeKind.EMBARGO, NoticeKind.REPORTER_DATE) and _passed(date, so.now)
    over = so.says.about == NoticeKind.OLD_DATE and so.past("date")
    return {"passed": passed, "announced": not embargo.runs(so.case), "over": over}


def _passed(date: str, now: datetime) -> bool:
    return bool(date) and now - datetime.fromisoformat(date) > WHILE


def _promises(so: So) -> Iterator[Clock]:
    """The running promises that the notice names."""
    names = so.said("promise").split(" and ")
    return (one for one in so.case.running() if one.promise in names)


def _unacknowledged(so: So) -> bool:
    """Whether a reporter still waits for the acknowledgement (without such a promise: for any answer)."""
    automatic = any(rule.automatic for rule in so.policy.rules)
    rules = (so.policy.rule(one.promise) for one in so.case.running())
    return any(rule and (rule.automatic if automatic else rule.first_answer) for rule in rules)


def _acknowledged(so: So) -> bool:
    return so.closed or not _unacknowledged(so)


def _handler(so: So) -> Mapping[str, Detail]:
    """Who has the case now, and what is due next."""
    first = min(so.case.running(), key=lambda one: one.due, default=None)
    promise, due = (first.promise, first.due.isoformat()) if first else ("", "")
    over = first is not None and first.due <= so.now
    return {"handler": so.case.handler, "promise": promise, "due": due, "over": over}


def _worked_on(so: So) -> bool:
    return so.worked is not None and so.worked > datetime.fromisoformat(so.said("since"))


def _waits(so: So) -> list[str]:
    waiting = [one for one in so.case.running() if one.paused_until and one.waits(so.now)]
    return [f"{one.promise} until {one.paused_until:%Y-%m-%d %H:%M} UTC" for one in waiting]


def _to_list(so: So) -> Mapping[str, Detail]:
    """What the letter to a list still lacks, and whether the list was told of the case before."""
    item, case = so.said("list"), so.case
    listed = so.policy.targets.listed(item)
    told = bool(case.record.value(HOLDS, item))
    if listed is None:
        return {"since_before": told}
    lacks = [*unmet(listed, case, so.policy.process, so.now), *other_key(case, listed)]
    lacks += unapproved(case, item, so.policy.team)
    return {"since_before": told, "lacks": lacks or [sending.UNCERTAIN]}


def _list_told(so: So) -> bool:
    item, at = so.said("list"), so.case.record.embargo
    prepared = bool(so.case.record.value(PREPARED, item))
    sent = prepared and not unsent(so.case, item) and not outdated(so.case, item)
    moved = (at.isoformat() if at else "") != so.said("embargo") or so.past("embargo")
    return so.closed or sending.over(so.case) or moved or sent


def _planned(so: So) -> Mapping[str, Detail]:
    """The instant of the announcement, and whether it has come."""
    at = so.case.record.embargo
    return {"embargo": at.isoformat() if at else "", "over": at is not None and at <= so.now}


def _announced(so: So) -> bool:
    return so.closed or not embargo.runs(so.case)


_OVER: Mapping[str, Callable[[So], bool]] = {
    NoticeKind.EMBARGO_ENDED: lambda so: _announced(so) or not so.case.record.value(ENDED),
    NoticeKind.FORWARD_PROPOSED: lambda so: so.closed or bool(so.case.reporters),
    NoticeKind.FORWARD_UNCLEAR: lambda so: so.closed or bool(so.case.reporters),
    NoticeKind.GUEST: lambda so: so.past("until"),
    NoticeKind.HANDED_OVER: lambda so: so.closed or so.case.handler in ("", so.said("was")),
    NoticeKind.IDLE: lambda so: so.closed or so.case.handler != so.said("handler") or _worked_on(so),
    NoticeKind.NOT_ANNOUNCED: lambda so: (
        _announced(so) or (not so.says.details.get("begun") and bool(sending.begun(so.case, so.policy)))
    ),
    NoticeKind.OLD_DATE: _done,
    NoticeKind.OVERDUE_ALREADY: lambda so: all(one.due > so.now for one in _promises(so)),
    NoticeKind.PAUSED: lambda so: not _waits(so),
    NoticeKind.PREDISCLOSURE_DUE: _list_told,
    NoticeKind.RECEIPT_UNKNOWN: _acknowledged,
    NoticeKind.REGULATORY: _done,
    NoticeKind.REOPENED: lambda so: so.closed,
    NoticeKind.REPORTER_DATE: _done,
    NoticeKind.REPORTER_FIRST: lambda so: _done(so) or so.past("date"),
    NoticeKind.SECOND_REPORT: lambda so: _announced(so) or bool(_planned(so)["over"]),
    NoticeKind.SEEN_EARLY: lambda so: _announced(so) or bool(so.case.record.value(ENDED)),
    NoticeKind.TOLD: lambda so: so.past("until"),
    Flag.FORWARDED: _acknowledged,
    Flag.NOT_OPENED_YET: lambda so: Flag.NOT_OPENED_YET not in so.case.flags,
    Flag.RECEIPT_BY_HAND: _acknowledged,
    Flag.REPORTER_UNREACHABLE: _acknowledged,
}
"""When a notice is pointless: what it asks for was done, or what it says is not so."""
_FRESH: Mapping[str, Callable[[So], Mapping[str, Detail]]] = {
    **dict.fromkeys(_NAMES, _of_date),
    NoticeKind.HANDED_OVER: _handler,
    NoticeKind.JOINED: lambda so: {"handler": so.case.handler},
    NoticeKind.OVERDUE_ALREADY: lambda so: {"until": "" if so.past("until") else so.said("until")},
    NoticeKind.PAUSED: lambda so: {"waits": _waits(so)},
    NoticeKind.PREDISCLOSURE_DUE: _to_list,
    NoticeKind.SECOND_REPORT: _planned,
    NoticeKind.SEEN_EARLY: _planned,
}
"""The details of a notice that are not those of when it was owed."""
