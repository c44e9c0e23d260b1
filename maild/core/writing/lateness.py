"""What a promise that is due or overdue means, in sentences for the people who are told of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from maild.core.letters.payloads import Line
from maild.core.policy import Policy
from maild.core.values.case import Case, Clock
from maild.core.values.desk import Mode
from maild.core.values.rule import Happening, Rule

_WAITS: Mapping[Happening, str] = {
    Happening.REPLY: "{whose} has waited for a reply for {time}.",
    Happening.RECEIPT: "The report of {case} has not been acknowledged for {time}.",
    Happening.HANDLER: "Nobody has been in charge of {case} for {time}.",
    Happening.HUMAN: "Nobody on the team has looked at {case} for {time}.",
    Happening.VERDICT: "{whose} has waited for a verdict for {time}.",
    Happening.FIXED: "{case} has waited for its fix for {time}.",
    Happening.ANNOUNCED: "{case} has waited for its announcement for {time}.",
    Happening.CLOSED: "{case} has been open for {time}.",
}
_HEARD = "{whose} last heard from the team {time} ago."
"""Of updates: whoever was answered waits for no reply."""
_ENDS: Mapping[Happening, str] = {
    Happening.REPLY: "a reply to the reporter",
    Happening.RECEIPT: "an acknowledgement (!acknowledge), or a reply to the reporter",
    Happening.HANDLER: "somebody who takes charge of it (!handler NAME)",
    Happening.HUMAN: "a message of anybody on the team about it",
    Happening.VERDICT: "a verdict (!verdict VERDICT)",
    Happening.FIXED: "a fix, or a reason for none, on every branch (!branch NAME fixed)",
    Happening.ANNOUNCED: "the announcement (!announce, or !published PLACE)",
    Happening.CLOSED: "the end of the case (!close)",
}
_ORDER = (Happening.RECEIPT, *(one for one in _WAITS if one is not Happening.RECEIPT))
"""What a promise that several things keep is told by: the first of these."""


def span(time: timedelta) -> str:
    """*time* in words: ``3 days and 4 hours``, ``50 minutes``; the smaller unit is rounded down."""
    minutes = max(0, int(time.total_seconds())) // 60
    days, hours = divmod(minutes // 60, 24)
    if days >= 2:
        return f"{_some(days, 'day')} and {_some(hours, 'hour')}" if hours else _some(days, "day")
    return _some(minutes // 60, "hour") if minutes >= 60 else _some(minutes, "minute")


def _some(count: int, name: str) -> str:
    return f"{count} {name}" + ("" if count == 1 else "s")


def row(line: Line, clock: Clock | None, case: Case | None, policy: Policy, now: datetime) -> dict[str, Any]:
    """The fields of one *line* for its template; *clock* and *case* are as they are now, if known."""
    rule = policy.rule(line.promise)
    due = clock.due if clock else datetime.fromisoformat(line.due)
    started = clock.started if clock else datetime.fromisoformat(line.started)
    what = kept_by(rule)
    name = clock.case_id if clock else line.case
    whose = _whose(clock, case, name)
    said = _WAITS.get(what, "The promise is not kept: {case}, for {time}.")
    if what is Happening.REPLY and rule and rule.every:
        said = _HEARD
    return {
        "case": name,
        "mail": line.mail,
        "promise": line.promise,
        "started": started.isoformat(),
        "due": due.isoformat(),
        "over": due <= now,
        "late": span(now - due),
        "waits": said.format(whose=whose, case=name, time=span(now - started)),
        "ends": _ends(what, policy),
        "promised": rule.words if rule else "",
        "every": bool(rule and rule.every),
        "handler": case.handler if case else "",
    }


def kept_by(rule: Rule | None) -> Happening:
    """What keeps a promise, the most telling of several; one that no configuration has any more, a reply."""
    return next((one for one in _ORDER if rule and one in rule.met_by), Happening.REPLY)


def _whose(clock: Clock | None, case: Case | None, name: str) -> str:
    """Which reporter waits: of several one by their number in the case, never by their address."""
    people = case.reporters if case else ()
    if clock is None or len(people) < 2 or clock.reporter not in people:
        return f"The reporter of {name}"
    number = people.index(clock.reporter) + 1
    return f"One of the {len(people)} reporters of {name} (number {number} in `maild show` and !status)"


def _ends(what: Happening, policy: Policy) -> str:
    seen = f", with the desk ({policy.desk.address}) in Cc or from the desk's own account"
    return _ENDS.get(what, "a reply to the reporter") + (
        seen if what is Happening.REPLY and policy.desk.mode is Mode.OBSERVE else ""
    )
