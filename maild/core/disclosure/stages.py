"""The stages of a case: what has to be true to enter each, and the five steps at a glance."""

from collections.abc import Callable, Iterable, Mapping

from maild.core.disclosure.verdicts import VULNERABILITY
from maild.core.facts.record import REQUESTED, shown
from maild.core.facts.table import AFFECTS, BRANCH, CVE, DONE, SEVERITY, STAGE, VERDICT
from maild.core.values.case import Case
from maild.core.values.process import Process
from maild.core.writing.reporter import all_asked

Condition = Callable[[Case, Process], str]


def _handler(case: Case, _: Process) -> str:
    return "" if case.handler else "a handler (!handler me)"


def _verdict(case: Case, _: Process) -> str:
    given = case.record.value(VERDICT)
    return "" if given == VULNERABILITY else "the verdict that it is a vulnerability (!verdict vulnerability)"


def _severity(case: Case, process: Process) -> str:
    scale = "|".join(process.severities)
    return "" if case.record.value(SEVERITY) else f"its severity (!severity {scale})"


def _affects(case: Case, _: Process) -> str:
    return "" if case.record.value(AFFECTS) else "the versions it affects (!affects VERSIONS)"


def _branches(case: Case, process: Process) -> str:
    wanted = process.branches_for(case.record.value(SEVERITY))
    left = [name for name in wanted if name not in case.record.items(BRANCH)]
    return f"a fix, or a reason for none, on {', '.join(left)} (!branch NAME fixed)" if left else ""


def _cve(case: Case, _: Process) -> str:
    given = case.record.value(CVE)
    return "" if given and given != REQUESTED else "its CVE id, or why it has none (!cve ID, !cve none WHY)"


def _embargo(case: Case, _: Process) -> str:
    return "" if case.record.embargo else "the instant of the announcement (!embargo INSTANT)"


CONDITIONS: Mapping[str, Condition] = {
    "handler": _handler,
    "verdict": _verdict,
    "severity": _severity,
    "affects": _affects,
    "branches": _branches,
    "cve": _cve,
    "embargo": _embargo,
}
"""Conditions by name; every other need is a step of the checklist, done by ``!done``."""


def current(case: Case, process: Process) -> str:
    """The stage the case is in: what was said last, else what its handler makes of it."""
    said = case.record.value(STAGE)
    if said:
        return said
    names = [stage.name for stage in process.stages]
    return "assigned" if case.handler and "assigned" in names else (names[0] if names else "")


def missing(case: Case, stage: str, process: Process) -> list[str]:
    """What is not yet true of all that *stage* and the stages before it need."""
    names = [one.name for one in process.stages]
    upto = process.stages[: names.index(stage) + 1]
    needs = dict.fromkeys(need for one in upto for need in one.needs)
    return [text for need in needs if (text := _missing(case, need, process))]


def _missing(case: Case, need: str, process: Process) -> str:
    if need in CONDITIONS:
        return CONDITIONS[need](case, process)
    if case.record.value(DONE, need) or (need == "credit" and all_asked(case)):
        return ""
    return f"{process.checklist.get(need, need)} (!done {need})"


def refusal(case: Case, wanted: str, process: Process) -> str:
    """Why the case cannot go to the stage *wanted*; empty when it can.

    Forward one stage or several when all their needs are met; back to an earlier one until the announcement.
    """
    names = [one.name for one in process.stages]
    if wanted not in names:
        return f"the stages are {', '.join(names)}"
    now = current(case, process)
    if wanted == now:
        return f"{case.id} is there already"
    if now == "announced" and names.index(wanted) < names.index(now):
        return "what was announced cannot be taken back"
    if wanted == "closed":
        return "say !close"
    lacks = missing(case, wanted, process)
    return f"missing: {'; '.join(lacks)}" if lacks else ""


def steps(case: Case, process: Process) -> Iterable[tuple[bool, str]]:
    """The five steps of the policy: whether each is done, and in words."""
    record, affected = case.record, shown(case.record.value(AFFECTS))
    out = current(case, process) in ("announced", "closed")
    yield bool(case.handler), f"1 received, handled by {case.handler or 'nobody yet'}"
    yield (
        bool(affected),
        f"2 confirmed, {f'affects {affected}' if affected else 'affected versions not known yet'}",
    )
    yield bool(record.value(DONE, "audit")), "3 audited for similar problems"
    yield _fixed(case, process)
    when = f"{record.embargo:%Y-%m-%d %H:%M} UTC" if record.embargo else "no date yet"
    yield out, f"5 announced: {'planned for ' if record.embargo and not out else ''}{when}"


def _fixed(case: Case, process: Process) -> tuple[bool, str]:
    """Step 4; where the policy names no branches, those that somebody named count."""
    fixes, maintained = case.record.items(BRANCH), process.branches_for(case.record.value(SEVERITY))
    wanted = maintained or tuple(fixes)
    if not wanted:
        return False, "4 fixed: no branch yet"
    fixed = sum(name in fixes for name in wanted)
    kind = "maintained " if maintained else ""
    return fixed == len(
        wanted
    ), f"4 fixed on {fixed} of {len(wanted)} {kind}branch{'' if len(wanted) == 1 else 'es'}"
