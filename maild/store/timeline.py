"""The course of cases, read from the journal, the ledger and what was recorded."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from maild.core.disclosure.statistics import NONE, Course
from maild.core.facts.record import Disclosure, Fact
from maild.core.facts.row import Shown
from maild.core.facts.table import BRANCH, REASON, SEVERITY, STAGE, VERDICT, row_of
from maild.core.journal import Detail
from maild.core.mail.text import harmless
from maild.core.values.process import Process
from maild.core.values.rule import Happening
from maild.store import facts, journal
from maild.store.ledger import KEPT, MISSED, told
from maild.store.schema import case

KEPT_TEXT = "(kept)"
"""What stands for a text, which is no entry of a list."""
Met = tuple[datetime, str]
"""When a promise was kept, and by what."""
COLUMNS = ("at", "what", "by", "detail")
_SAID = {"at", "what", "by", "authority", "fact", "item", "chain"}


def of_case(connection: Connection, case_id: str) -> list[dict[str, str]]:
    """What happened in a case, oldest first: instants as ISO texts, UTC; ``detail`` holds no mail's words.

    What was recorded shows its value where that still is the one of then; an outsider's address never.
    """
    values = values_of(connection, case_id)
    return [_entry(row, values) for row in journal.of_case(connection, case_id)]


def values_of(connection: Connection, case_id: str) -> dict[tuple[str, str, str], str]:
    """What is recorded of a case now, by instant (ISO), name and item; no address, no kept text."""
    return {
        (one.at.isoformat(), one.name, one.item): _shown(one)
        for one in facts.of_case(connection, case_id).facts
        if row_of(one.name, one.item).shown is not Shown.ADDRESS
    }


def _shown(one: Fact) -> str:
    return KEPT_TEXT if row_of(one.name, one.item).shown is Shown.TEXT else harmless(one.value)


def _entry(row: Detail, values: dict[tuple[str, str, str], str]) -> dict[str, str]:
    what, name, item = str(row["what"]), str(row.get("fact", "")), str(row.get("item", ""))
    rest = ", ".join(f"{key} {value}" for key, value in row.items() if key not in _SAID and value is not None)
    return {
        "at": str(row["at"]),
        "what": f"{what}: {name} {item}".strip() if name else what,
        "by": str(row.get("by") or row.get("authority") or ""),
        "detail": values.get((str(row["at"]), name, item), "") if name else harmless(rest, 300),
    }


Ended = tuple[str, str, bool]
"""Of a promise that was kept or missed: its case, its name, and whether it was kept."""


def courses(
    connection: Connection, process: Process, now: datetime, since: datetime | None = None
) -> tuple[list[Course], list[Ended]]:
    """The cases opened at *since* or later (none: all) that are neither spam nor joined to another.

    And what became of every promise that was kept or missed at *now*: the journal is read once for both.
    """
    kind = (case.c.close_reason.is_distinct_from("spam"), case.c.joined_to.is_(None))
    query = select(case.c.id, case.c.opened).where(*kind).order_by(case.c.opened)
    if since:
        query = query.where(case.c.opened >= since)
    met: dict[str, list[Met]] = {}
    ended: list[Ended] = []
    for one in told(connection):
        if one.met:
            met.setdefault(one.case, []).append((one.met, one.what))
        if (state := one.state(now)) in (KEPT, MISSED):
            ended.append((one.case, one.promise, state == KEPT))
    known = facts.of_cases(connection, (SEVERITY, STAGE, BRANCH, VERDICT, REASON))
    found = [
        _course(row.id, row.opened, known.get(row.id, Disclosure()), met.get(row.id, []), process)
        for row in connection.execute(query)
    ]
    return found, ended


def _course(
    case_id: str, opened: datetime, record: Disclosure, kept: Iterable[Met], process: Process
) -> Course:
    met, stage = sorted(kept), record.fact(STAGE)
    return Course(
        case=case_id,
        severity=record.value(SEVERITY) or NONE,
        opened=opened,
        acknowledged=_first(met, lambda what: what in (Happening.RECEIPT, Happening.REPLY)),
        answered=_first(met, lambda what: what == Happening.REPLY),
        fixed=_fixed(record, process),
        verdict=record.value(VERDICT),
        reason=record.value(REASON),
        announced=stage.at if stage and stage.value == "announced" else None,
    )


def _first(met: Iterable[tuple[datetime, str]], wanted: Callable[[str], bool]) -> datetime | None:
    return next((at for at, what in met if wanted(what)), None)


def _fixed(record: Disclosure, process: Process) -> datetime | None:
    """When the last branch that gets a fix had one, or a reason for none."""
    wanted = process.branches_for(record.value(SEVERITY))
    done: list[Any] = [record.fact(BRANCH, name) for name in wanted]
    return max(fact.at for fact in done) if done and all(done) else None
