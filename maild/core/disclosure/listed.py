"""What a predisclosure list asks of a case, and the lines that its letter has beside the team's own text."""

import re
from collections.abc import Iterator
from datetime import datetime

from maild.core.facts.record import REQUESTED
from maild.core.facts.table import (
    AFFECTS,
    BRANCH,
    CVE,
    DONE,
    EMBARGO,
    PREDISCLOSED,
    SEVERITY,
    TRACK,
    tellable,
)
from maild.core.values.case import Case
from maild.core.values.process import Process
from maild.core.values.targets import Predisclosure, Targets

CVE_ID = re.compile(r"CVE-\d{4}-\d{4,19}", re.IGNORECASE)
TERMS = (
    "You may use this to prepare and test updates for your own users.\n"
    "Until it is public, please publish nothing about it, neither a fix nor a\n"
    "hint, and share it only with those who need it for this work."
)
"""What readers may do with a letter, where the configuration does not say."""


def unmet(one: Predisclosure, case: Case, process: Process, now: datetime) -> list[str]:
    """Which rules of the list the case does not keep to, each as what is missing."""
    return [*_of_list(one, case, now), *outside(one, case, process)]


def _of_list(one: Predisclosure, case: Case, now: datetime) -> Iterator[str]:
    at = case.record.embargo
    if not one.key:
        yield "the list's public key (key in [[predisclosure]]; what a list gets is encrypted, or not sent)"
    if at is None and one.requires_date:
        yield "the instant of the announcement (!embargo INSTANT)"
    if at is not None and at <= now:
        yield "an instant that has not passed"
    if at is not None and at - max(now, at - one.lead) > one.max_window:
        yield f"an instant within {one.max_window.days} days"


def outside(one: Predisclosure, case: Case, process: Process) -> list[str]:
    """Why the case is none for this list: severity, track, or a step that was not done."""
    severity, track, scale = case.record.value(SEVERITY), case.record.value(TRACK), process.severities
    found = []
    if one.min_severity and not _as_bad(severity, one.min_severity, scale):
        found.append(f"a severity of at least {one.min_severity} (it is {severity or 'not set'})")
    if one.tracks and track not in one.tracks:
        found.append(f"the track {' or '.join(one.tracks)} (it is {track or 'not set'})")
    left = [step for step in one.done if not case.record.value(DONE, step)]
    return found + [f"{process.checklist.get(step, step)} (!done {step})" for step in left]


def _as_bad(severity: str, least: str, scale: tuple[str, ...]) -> bool:
    """Whether *severity* is *least* or worse; the worst stands first in *scale*."""
    return severity in scale and least in scale and scale.index(severity) <= scale.index(least)


def crowded(text: str, case: Case) -> list[str]:
    """One issue a mail: a CVE id that is not this case's belongs to another."""
    others = sorted({one.upper() for one in CVE_ID.findall(text)} - {case.record.value(CVE).upper()})
    return (
        [f"one issue in each message (the text names {', '.join(others)}, which is not this case's id)"]
        if others
        else []
    )


def beyond(case: Case, at: datetime, targets: Targets) -> str:
    """Why the instant *at* is too late for a list that was told already; empty when it is not."""
    for one in targets.predisclosure:
        told = case.record.fact(PREDISCLOSED, one.id)
        if told and at > told.at + one.max_window:
            end = f"{told.at + one.max_window:%Y-%m-%d %H:%M} UTC"
            return f"{one.id} was told and keeps nothing secret after {end}"
    return ""


def frame(one: Predisclosure, case: Case, told: bool = False) -> str:
    """What a list has to know of every case, from what was recorded; free words of a sealed case are not.

    *told*: the text is a whole advisory, which says itself what is affected and how badly.
    """
    record, at = case.record, case.record.embargo
    cve, affects, severity = record.value(CVE), record.value(AFFECTS), record.value(SEVERITY)
    fixed = [name for name, value in record.items(BRANCH).items() if value.startswith("fixed")]
    number = (
        f"{cve} (please do not name it in public before the announcement)" if CVE_ID.fullmatch(cve) else ""
    )
    lines = (
        (SEVERITY, "Severity", "" if told else severity),
        (AFFECTS, "Affected", "" if told else affects),
        (BRANCH, "Fixed on", "" if told else ", ".join(fixed)),
        (CVE, "CVE", "asked for" if cve == REQUESTED else number),
        (EMBARGO, "Public from", f"{at:%Y-%m-%d %H:%M} UTC" if at else "not agreed yet"),
    )
    may = [
        (name, value) for fact, name, value in lines if tellable(fact, announced=False, encrypted=case.sealed)
    ]
    known = [f"{name}: {value}" for name, value in may if value]
    return "\n".join((*known, f"TLP:{one.tlp}", "", one.terms or TERMS))
