"""What a letter may say of its case and of time, and when that is so."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from maild.core.disclosure.olddates import old
from maild.core.due import current, embargo
from maild.core.facts.table import (
    ANNOUNCED_AT,
    DRAFT,
    ENDED,
    HOLDS,
    REGULATORY,
    SEEN_AT,
)
from maild.core.values.case import Case, CaseState
from maild.core.writing import asof
from maild.store import worked
from maild.store.letters import Letter
from tests.ledger.playing import PlayedDesk

INSTANT = re.compile(r"(?:[A-Z][a-z]+day )?(\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d) UTC")
TO_COME = re.compile(
    r"\b(?:will \w+|is to be|has to be|are planned|is planned|plans to|until|expires|\w+ is due|next promise|by)\b[^.]*$"
)
"""Before an instant in its sentence: it is named as to come."""
GONE = re.compile(r"\b(?:was|were|had|since|overdue|should have|went out|reached|received)\b")
PASSED = re.compile(r"\b(?:since|went out on|received on|reached us on|was due by|overdue since) $")
"""Just before an instant: it is named as passed."""


def assert_times(line: str, now: datetime) -> None:
    """No instant of one sentence is on the wrong side of *now*."""
    for found in INSTANT.finditer(line):
        when, before = (
            datetime.strptime(found[1], "%d %B %Y, %H:%M").replace(tzinfo=UTC),
            line[: found.start()],
        )
        comes = when + timedelta(minutes=1) > now
        if PASSED.search(before):
            assert when <= now, line
        elif TO_COME.search(before) and not GONE.search(before) and not before.endswith(", not on "):
            called_now = line[found.end() :].startswith(", which is now") and now - when <= current.WHILE
            assert comes or called_now, line


Said = Callable[[Case, PlayedDesk, re.Match[str], Letter], bool]


def instant(text: str) -> datetime:
    """The instant that a letter names."""
    found = INSTANT.search(text)
    assert found
    return datetime.strptime(found[1], "%d %B %Y, %H:%M").replace(tzinfo=UTC)


def is_planned(case: Case, desk: PlayedDesk, found: re.Match[str], letter: Letter) -> bool:
    """The announcement is planned for that instant."""
    at = case.record.embargo
    return at is not None and at.replace(second=0, microsecond=0) == instant(found[0])


def overdue(case: Case, desk: PlayedDesk, found: re.Match[str], letter: Letter) -> bool:
    """A promise of the case is."""
    return any(one.due <= desk.now for one in case.running())


def unacknowledged(case: Case, desk: PlayedDesk, found: re.Match[str], letter: Letter) -> bool:
    """The promise to acknowledge runs."""
    return any(one.promise == "acknowledge" for one in case.running())


def lacks_that(case: Case, desk: PlayedDesk, found: re.Match[str], letter: Letter) -> bool:
    """What is missing is what the checklist lacks now."""
    said = [one.strip() for one in found[1].split(" - ") if one.strip()]
    return said == [" ".join(one.split()) for one in embargo.lacks(case, desk.policy)]


def unread(case: Case, desk: PlayedDesk, found: re.Match[str], letter: Letter) -> bool:
    """Nobody on the team has looked at the report, or joined it to another."""
    return (
        not case.handler and len(case.reporters) == 1 and not asof.heard(case, letter.reporter, desk.policy)
    )


def unworked(case: Case, desk: PlayedDesk, found: re.Match[str], letter: Letter) -> bool:
    """Nobody has worked on the case since the instant that the letter names."""
    last = desk.database.call(worked.last, case.id)
    return last is not None and last.isoformat() == letter.facts["since"]


def handles(case: Case, desk: PlayedDesk, found: re.Match[str], letter: Letter) -> bool:
    """It is their case."""
    return case.handler == found[1]


NAME = r"(Anna|Dee|Carl|Bea)"
SO: tuple[tuple[str, Said], ...] = (
    (rf"{NAME} is handling", handles),
    (rf"{NAME} is the handler now", handles),
    (rf"{NAME} gets the reminders", handles),
    (rf"{NAME} is its handler", handles),
    (r"done anything about \S+ since", unworked),
    ("and nobody handles it", lambda case, *_: not case.handler),
    ("is open again", lambda case, *_: case.state is CaseState.OPEN),
    ("is overdue already", overdue),
    ("have been overdue|has been overdue since", overdue),
    ("has paused promises", lambda case, desk, *_: any(one.waits(desk.now) for one in case.running())),
    ("promise to acknowledge is running", unacknowledged),
    ("no person has read your message", unread),
    (r"(?:is to be|will be) announced on \w+ [^,]*, \d\d:\d\d UTC", is_planned),
    (r"announcement is (?:now )?planned for \w+ [^,]*, \d\d:\d\d UTC", is_planned),
    (r"Still missing: -(.*?)$", lacks_that),
    ("Nothing on the checklist is missing", lambda case, desk, *_: not embargo.lacks(case, desk.policy)),
    ("Nothing has been sent to it yet", lambda case, *_: not case.record.value(HOLDS, "distros")),
    ("readers do not know that yet", lambda case, *_: any(one.item == "distros" for one in old(case))),
    ("There is nothing left to wait for", lambda case, *_: bool(case.record.value(ENDED))),
    ("the embargo stands", lambda case, *_: embargo.runs(case) and not case.record.value(ENDED)),
    ("NOT announced", lambda case, *_: embargo.runs(case)),
    (
        r'published at "(\w+)" by',
        lambda case, desk, found, _: (
            not (case.record.value(SEEN_AT, found[1]) or case.record.value(ANNOUNCED_AT, found[1]))
        ),
    ),
    (r"Regulatory: ([\w-]+)", lambda case, desk, found, _: not case.record.value(REGULATORY, found[1])),
    (
        "This is a draft of a message to the reporter",
        lambda case, desk, found, letter: case.record.value(DRAFT) == letter.facts["about"],
    ),
)
"""What a letter may say of its case, and when that is so."""
