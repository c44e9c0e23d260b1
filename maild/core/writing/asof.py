"""What a letter says at the moment it is composed, from what is so then (ruling 1).

A letter may leave hours after it was owed: the mail server was down, the letter waited for a person, or the
report was in quarantine. Whatever it says of times and states is filled in here, from the case as it is now,
and a letter about something that is no longer so is withdrawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from maild.core.facts.table import ANNOUNCED_AT, ANNOUNCING, DRAFT, EMBARGO, REPORTER_DATE, SEEN_AT, STAGE
from maild.core.letters.payloads import Digest, Draft, Escalation, Line, Notice, Payload, Receipt, Reminder
from maild.core.letters.payloads import fields as plain
from maild.core.policy import Policy, Promise
from maild.core.values.case import Case, CaseState, Clock
from maild.core.values.noticekind import NoticeKind
from maild.core.values.rule import reopens
from maild.core.writing import lateness

Fields = dict[str, Any]
MOST = 20
"""Cases, and messages in quarantine, that a letter lists; the rest is counted."""
MOST_HELD = 5
"""Messages in quarantine that an escalation names, the likeliest reports."""
RECEIPT = "receipt"
"""The authority of the automatic acknowledgement, by which it keeps a promise."""
ANSWERED = "a person has answered meanwhile"
CLOSED = "its case was closed before it left"
MET = "all it is about was done before it left"
SENT = "the draft was sent or replaced before it left"
MOVED = "the date it names has changed, or everything is announced"
_DATED: Mapping[str, tuple[str, str]] = {
    NoticeKind.EMBARGO: (EMBARGO, "embargo"),
    NoticeKind.REPORTER_DATE: (REPORTER_DATE, "date"),
    NoticeKind.REPORTER_FIRST: (REPORTER_DATE, "date"),
}
"""Notices about a date of the case: the fact that holds it, and the detail that names it."""
_COME: Mapping[str, tuple[str, str]] = {
    NoticeKind.EMBARGO: ("embargo", "now"),
    NoticeKind.REPORTER_DATE: ("date", "now"),
    NoticeKind.PUBLICATION: ("due", "late"),
    NoticeKind.REGULATORY: ("due", "late"),
}
"""Notices that say whether a date has come: the detail that names the date, and the one that says so."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the database holds at that moment: the letter's case, and of what it lists the running clocks.

    ``cases``: those whose clocks it lists, as far as they are shown. ``worked``: when the team last did
    something about the case, asked only for a notice that says so.
    """

    case: Case | None = None
    running: Mapping[int, Clock] = field(default_factory=dict)
    cases: Mapping[str, Case] = field(default_factory=dict)
    worked: datetime | None = None


def timely(says: Payload) -> bool:
    """Whether what a letter says may change while it waits."""
    return isinstance(says, Receipt | Escalation | Reminder | Digest | Draft | Notice)


def withdrawn(says: Payload, known: Known, reporter: str, policy: Policy, now: datetime) -> str:
    """Why a letter is not sent any more; empty when it is. *reporter*: whom it is owed to, in a case."""
    match says:
        case Receipt() if known.case:
            return _unneeded(known.case, reporter, policy)
        case Draft() if type(says) is Draft and known.case:
            return "" if known.case.record.value(DRAFT) == says.about else SENT
        case Escalation(lapsed=lines):
            return "" if _still(lines, known, now) else MET
        case Reminder(coming=lines):
            return "" if _still(lines, known) else MET
        case Notice() if known.case:
            return MOVED if _outdated(says, known.case, now) else ""
        case _:
            return ""


def facts(says: Payload, known: Known, reporter: str, policy: Policy, now: datetime) -> Fields:
    """What the template of a letter is filled with at *now*."""
    match says:
        case Receipt():
            return plain(says) | (_promised(says, known.case, reporter, policy, now) if known.case else {})
        case Escalation(lapsed=lines, held_beside=beside):
            shown = _listed("lapsed", _still(lines, known, now), known, policy, now)
            counts = {name: shown[name] + beside for name in ("count", "more_mails")}
            return plain(says) | shown | counts
        case Reminder(coming=lines):
            return plain(says) | _listed("coming", _still(lines, known), known, policy, now)
        case Digest():
            rows = [{**one, "lapsed": _past(one["due"], now)} for one in plain(says)["due"]]
            return plain(says) | {"due": rows}
        case Notice():
            return _noticed(says, known.case) | _come(says, now)
        case _:
            return plain(says)


def _noticed(says: Notice, case: Case | None) -> Fields:
    """A notice about a date: the announcement's date as it is now, and whether it is being sent."""
    if case and says.about in (NoticeKind.REPORTER_DATE, NoticeKind.REPORTER_FIRST):
        return plain(says) | {"embargo": case.record.value(EMBARGO)}
    if case and says.about == NoticeKind.EMBARGO:
        return plain(says) | {"sending": bool(case.record.items(ANNOUNCING))}
    return plain(says)


def _come(says: Notice, now: datetime) -> Fields:
    """Whether the date that a notice names has come."""
    if says.about not in _COME:
        return {}
    at, come = _COME[says.about]
    return {come: _past(str(says.details[at]), now)}


def _past(at: str, now: datetime) -> bool:
    return datetime.fromisoformat(at) <= now


def _unneeded(case: Case, reporter: str, policy: Policy) -> str:
    """Why the acknowledgement is not sent: the case is closed, or a person has written before it."""
    if case.state is CaseState.CLOSED:
        return CLOSED
    return ANSWERED if heard(case, reporter, policy) else ""


def heard(case: Case, reporter: str, policy: Policy) -> bool:
    """Whether *reporter* has been written to: what an acknowledgement or a first answer keeps is kept."""
    theirs = [one for one in case.clocks if one.reporter == reporter and one.met and one.met_by != RECEIPT]
    rules = (policy.rule(one.promise) for one in theirs)
    return any(rule and (rule.automatic or rule.first_answer) for rule in rules)


def _promised(says: Receipt, case: Case, reporter: str, policy: Policy, now: datetime) -> Fields:
    """By when a person confirms and answers, as far as that is still to come, and what is late already.

    The acknowledgement that people give themselves is no answer in detail: each has a date of its own.
    """
    confirm, answer, late = "", "", False
    for clock in sorted(case.running(), key=lambda one: one.due):
        rule = policy.rule(clock.promise)
        if rule is None or not (rule.first_answer and rule.public) or clock.reporter not in ("", reporter):
            continue
        late = late or clock.due <= now
        due = clock.due.isoformat() if clock.due > now else ""
        if clock.promise == Promise.ACKNOWLEDGE:
            confirm = confirm or due
        else:
            answer = answer or due
    first = min((one for one in (confirm, answer) if one), default="", key=datetime.fromisoformat)
    # Whoever joined it with another report has looked at it.
    seen = says.seen or bool(case.handler) or len(case.reporters) > 1
    dates = {"next_due": first, "confirm_due": confirm, "answer_due": answer, "late": late, "seen": seen}
    until = reopens(policy.closed, now)
    return dates | {"closed_until": until.isoformat() if until else ""}


def _still(lines: tuple[Any, ...], known: Known, now: datetime | None = None) -> list[Line]:
    """The *lines* whose promise still runs, and is overdue at *now* if that is given."""
    found = []
    for line in lines:
        clock = known.running.get(line.clock)
        if line.clock == 0 or (clock and (now is None or clock.due <= now)):
            found.append(line)
    return found


def _listed(name: str, lines: list[Line], known: Known, policy: Policy, now: datetime) -> Fields:
    """The rows of a list, those of cases and of messages in quarantine cut at ``MOST`` and counted."""
    rungs = {id(line): getattr(line, "rung", 0) for line in lines}
    cases, mails = [one for one in lines if one.case], [one for one in lines if not one.case]
    most = MOST_HELD if name == "lapsed" else MOST
    shown = [*cases[:MOST], *mails[:most]]
    rows = [
        lateness.row(one, clock, known.cases.get(clock.case_id if clock else one.case), policy, now)
        | {"rung": rungs[id(one)]}
        for one in shown
        for clock in [known.running.get(one.clock)]
    ]
    more = {"more": len(cases) - len(cases[:MOST]), "more_mails": len(mails) - len(mails[:most])}
    return {name: rows, "count": len(lines), **more}


def _outdated(says: Notice, case: Case, now: datetime) -> bool:
    """Whether a notice names a date that is no longer that of the case, or that nobody waits for any more."""
    if says.about == NoticeKind.PUBLICATION:
        place = str(says.details.get("place", ""))
        return bool(case.record.value(SEEN_AT, place) or case.record.value(ANNOUNCED_AT, place))
    if says.about not in _DATED:
        return False
    name, detail = _DATED[says.about]
    date = str(says.details.get(detail, ""))
    if case.state is CaseState.CLOSED or case.record.value(name) != date:
        return True
    announced = case.record.value(STAGE) in ("announced", "closed")
    return announced and not (says.about == NoticeKind.EMBARGO and _past(date, now))
