"""What is left to do after a case: its timeline, the figures of all cases, the post-mortem."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from maild.app.desk import Desk
from maild.app.story import Told, late
from maild.app.story import told as sentences
from maild.config.environment import environment
from maild.config.share import shipped
from maild.core.disclosure import stages
from maild.core.disclosure.statistics import NONE, Promised, kept, months, summary, verdicts
from maild.core.facts.table import SEVERITY
from maild.core.values.case import Case
from maild.errors import Refused
from maild.store import cases, journal, ledger, timeline, views


def told(desk: Desk, case_id: str) -> list[dict[str, str]]:
    """What happened in a case, oldest first."""
    return desk.ask(timeline.of_case, _case(desk, case_id).id)


def story(desk: Desk, case_id: str, values: bool = True) -> list[Told]:
    """What happened in a case as sentences, oldest first; without *values* nothing that people worded."""
    case = _case(desk, case_id).id
    known = desk.ask(timeline.values_of, case) if values else {}
    rows = desk.ask(journal.of_case, case)
    return sentences(rows if values else [{**row, "reason": None} for row in rows], known)


def figures(desk: Desk, since: datetime | None) -> dict[str, Any]:
    """The figures of the cases opened since then (aware; none: all), spam and joined cases left out.

    A promise counts once it was kept or missed.
    """
    courses, ended = desk.ask(timeline.courses, desk.policy.process, desk.clock(), since)
    severity = {one.case: one.severity for one in courses}
    promises = [Promised(promise, severity[case], kept) for case, promise, kept in ended if case in severity]
    return {
        "since": since.isoformat() if since else None,
        "cases": summary(courses, promises, desk.policy.process.severities),
        "promises": kept(promises),
        "verdicts": verdicts(courses),
        "months": months(courses),
    }


def postmortem(desk: Desk, case_id: str) -> str:
    """The skeleton of a post-mortem in Markdown; of a sealed case without a word of what it is about."""
    case = _case(desk, case_id)
    rows = [
        {"when": f"{one.at:%Y-%m-%d %H:%M}", "what": _cell(one.text)}
        for one in story(desk, case.id, values=not case.sealed)
        if not one.minor
    ]
    missed = [
        f"{row['promise']}: due {_minute(row['due'])}, {late(row['late_seconds'])}"
        for row in desk.ask(ledger.ledger, desk.clock())
        if row["case"] == case.id and row["state"] == ledger.MISSED
    ]
    shown = desk.ask(views.show, case.id) or {}
    facts = {
        "case": case.id,
        "subject": "" if case.sealed else _cell(str(shown.get("subject", ""))),
        "steps": _steps(case, desk),
        "timeline": rows,
        "missed": missed,
    }
    return skeleton(facts)


def skeleton(facts: Mapping[str, Any]) -> str:
    """The post-mortem of these *facts*, from the template."""
    templates = environment([shipped("config")], autoescape=False)  # Markdown: its cells are escaped as such
    return templates.get_template("postmortem.md").render(**facts) + "\n"


def _steps(case: Case, desk: Desk) -> list[str]:
    severity = case.record.value(SEVERITY) or NONE
    done = [f"[{'x' if yes else ' '}] {_cell(text)}" for yes, text in stages.steps(case, desk.policy.process)]
    return [f"severity: {severity}", *done]


def _cell(text: str) -> str:
    """*text* as nothing but text in a Markdown table."""
    for mark in "\\|<>[]`*_":
        text = text.replace(mark, f"\\{mark}")
    return text


def _minute(at: str) -> str:
    return f"{at[:10]} {at[11:16]}"


def _case(desk: Desk, case_id: str) -> Case:
    case = desk.ask(cases.get, case_id.upper())
    if case is None:
        raise Refused(f"there is no case {case_id.upper()}; `maild cases --all` lists them")
    return case
