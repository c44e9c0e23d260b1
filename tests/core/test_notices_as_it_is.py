"""A notice that waited: whether it is still sent, and what it says then of the case as it is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from maild.core.disclosure.sending import UNCERTAIN
from maild.core.due.current import OVER, REPLACED, WHILE, facts, timely, withdrawn
from maild.core.facts.record import Disclosure, Fact
from maild.core.facts.table import (
    ANNOUNCED_AT,
    ANNOUNCING,
    EMBARGO,
    ENDED,
    HOLDS,
    PREDISCLOSED,
    PREPARED,
    REGULATORY,
    REPORTER_DATE,
    STAGE,
)
from maild.core.letters.payloads import Copy, Detail, Notice, Prepared
from maild.core.policy import Policy, Promise
from maild.core.values.case import Case, CaseState, Flag
from maild.core.values.duty import START, Duties, Step
from maild.core.values.noticekind import NoticeKind
from maild.core.values.targets import ANNOUNCEMENT, Announcement, Kind, Predisclosure, Targets
from maild.core.writing.asof import Known
from tests.support.deciding import CASE, RITA, answered_case, case, clock
from tests.support.desk import NOW, POLICY

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
THEN, SOON = NOW.isoformat(), (NOW + SECOND).isoformat()
DESK = replace(
    POLICY,
    targets=Targets(
        (Predisclosure("distros", "distros@lists.example", "distros.asc"),),
        (Announcement("announce", Kind.LIST, "announce@lists.example"),),
    ),
)


def recorded(*given: tuple[str, str] | tuple[str, str, str], **changes: object) -> Case:
    """An answered case with these facts: name, value, item."""
    kept = tuple(Fact(one[0], one[1], "team:Bea", NOW - DAY, "".join(one[2:])) for one in given)
    return replace(answered_case(), record=Disclosure(kept), **changes)  # type: ignore[arg-type]


def over(
    about: NoticeKind | Flag,
    one: Case,
    details: Mapping[str, Detail] | None = None,
    policy: Policy = DESK,
    worked: datetime | None = None,
) -> bool:
    """Whether a notice that would leave now is not sent, as what it says is no longer so."""
    says = Notice(str(about), details or {})
    return withdrawn(says, Known(one, worked=worked), RITA, policy, NOW) == OVER


PLAIN, CLOSED = recorded(), recorded(state=CaseState.CLOSED)
OUT, ENDS = recorded((STAGE, "announced")), recorded((ENDED, "leaked"))
BEGUN = recorded((ANNOUNCING, THEN, "announce"))
NOBODYS = replace(PLAIN, reporters=())
HANDLED = replace(PLAIN, handler="Anna")
WAITING = case(clock(Promise.ACKNOWLEDGE), clock(Promise.RESPOND))
UNSURE, UNOPENED = Flag.RECEIPT_BY_HAND, Flag.NOT_OPENED_YET


@pytest.mark.parametrize(
    ("about", "one", "details", "gone"),
    [
        (NoticeKind.EMBARGO_ENDED, ENDS, {}, False),
        (NoticeKind.EMBARGO_ENDED, PLAIN, {}, True),
        (NoticeKind.EMBARGO_ENDED, recorded((ENDED, "leaked"), (STAGE, "announced")), {}, True),
        (NoticeKind.EMBARGO_ENDED, replace(ENDS, state=CaseState.CLOSED), {}, True),
        (NoticeKind.FORWARD_PROPOSED, NOBODYS, {}, False),
        (NoticeKind.FORWARD_PROPOSED, PLAIN, {}, True),
        (NoticeKind.FORWARD_PROPOSED, replace(NOBODYS, state=CaseState.CLOSED), {}, True),
        (NoticeKind.FORWARD_UNCLEAR, NOBODYS, {}, False),
        (NoticeKind.FORWARD_UNCLEAR, PLAIN, {}, True),
        (NoticeKind.FORWARD_UNCLEAR, replace(NOBODYS, state=CaseState.CLOSED), {}, True),
        (NoticeKind.GUEST, PLAIN, {"until": SOON}, False),
        (NoticeKind.GUEST, PLAIN, {"until": THEN}, True),
        (NoticeKind.GUEST, PLAIN, {}, False),
        (NoticeKind.TOLD, PLAIN, {"until": SOON}, False),
        (NoticeKind.TOLD, PLAIN, {"until": THEN}, True),
        (NoticeKind.HANDED_OVER, HANDLED, {"was": "Bea"}, False),
        (NoticeKind.HANDED_OVER, HANDLED, {"was": "Anna"}, True),
        (NoticeKind.HANDED_OVER, PLAIN, {"was": "Bea"}, True),
        (NoticeKind.HANDED_OVER, replace(HANDLED, state=CaseState.CLOSED), {"was": "Bea"}, True),
        (NoticeKind.IDLE, HANDLED, {"handler": "Anna", "since": THEN}, False),
        (NoticeKind.IDLE, HANDLED, {"handler": "Bea", "since": THEN}, True),
        (NoticeKind.IDLE, replace(HANDLED, state=CaseState.CLOSED), {"handler": "Anna"}, True),
        (NoticeKind.NOT_ANNOUNCED, PLAIN, {}, False),
        (NoticeKind.NOT_ANNOUNCED, OUT, {}, True),
        (NoticeKind.NOT_ANNOUNCED, CLOSED, {}, True),
        (NoticeKind.NOT_ANNOUNCED, BEGUN, {}, True),
        (NoticeKind.NOT_ANNOUNCED, BEGUN, {"begun": True}, False),
        (NoticeKind.NOT_ANNOUNCED, PLAIN, {"begun": True}, False),
        (NoticeKind.REOPENED, PLAIN, {}, False),
        (NoticeKind.REOPENED, CLOSED, {}, True),
        (NoticeKind.SECOND_REPORT, recorded((EMBARGO, SOON)), {}, False),
        (NoticeKind.SECOND_REPORT, recorded((EMBARGO, THEN)), {}, True),
        (NoticeKind.SECOND_REPORT, PLAIN, {}, False),
        (NoticeKind.SECOND_REPORT, recorded((EMBARGO, SOON), (STAGE, "announced")), {}, True),
        (NoticeKind.SEEN_EARLY, PLAIN, {}, False),
        (NoticeKind.SEEN_EARLY, OUT, {}, True),
        (NoticeKind.SEEN_EARLY, ENDS, {}, True),
        (UNOPENED, replace(PLAIN, flags=frozenset({UNOPENED})), {}, False),
        (UNOPENED, PLAIN, {}, True),
        (UNSURE, WAITING, {}, False),
        (UNSURE, replace(WAITING, state=CaseState.CLOSED), {}, True),
        (UNSURE, case(clock(Promise.RESPOND)), {}, True),
        (Flag.FORWARDED, WAITING, {}, False),
        (Flag.REPORTER_UNREACHABLE, PLAIN, {}, True),
        (NoticeKind.RECEIPT_UNKNOWN, WAITING, {}, False),
        (NoticeKind.JOINED, CLOSED, {}, False),
    ],
)
def test_whether_a_notice_is_still_sent(
    about: NoticeKind | Flag, one: Case, details: dict[str, Detail], gone: bool
) -> None:
    """Not once what it asks for was done, or what it says is no longer so."""
    assert over(about, one, details) is gone


def test_without_a_promise_to_acknowledge_the_first_answer_counts() -> None:
    """A notice that a receipt is owed by hand stands until then."""
    policy = replace(DESK, rules=DESK.rules[1:])
    assert not over(UNSURE, case(clock(Promise.RESPOND)), policy=policy)
    assert over(UNSURE, case(clock(Promise.UPDATE)), policy=policy)


@pytest.mark.parametrize(("after", "gone"), [(SECOND, True), (timedelta(0), False)])
def test_a_case_that_was_worked_on_since_is_offered_to_nobody(after: timedelta, gone: bool) -> None:
    """Work at the very instant that the notice names is what it counts from."""
    details: dict[str, Detail] = {"handler": "Anna", "since": THEN}
    assert over(NoticeKind.IDLE, HANDLED, details, worked=NOW + after) is gone


@pytest.mark.parametrize(
    ("due", "promise", "gone"),
    [
        (NOW, "respond and update", False),
        (NOW + SECOND, "respond and update", True),
        (NOW, "acknowledge", True),
    ],
)
def test_promises_that_are_no_longer_overdue_are_not_told(due: datetime, promise: str, gone: bool) -> None:
    """Of those that the notice names, while one is."""
    one = case(replace(clock(Promise.RESPOND), due=due))
    assert over(NoticeKind.OVERDUE_ALREADY, one, {"promise": promise, "until": SOON}) is gone
    said = filled(NoticeKind.OVERDUE_ALREADY, one, {"promise": promise, "until": SOON})
    assert said["until"] == SOON
    assert filled(NoticeKind.OVERDUE_ALREADY, one, {"promise": promise, "until": THEN})["until"] == ""


def filled(about: NoticeKind, one: Case, details: Mapping[str, Detail] | None = None) -> dict[str, object]:
    """What the template of the notice is filled with now."""
    return facts(Notice(str(about), details or {}), Known(one), RITA, DESK, NOW)


def test_a_pause_that_is_over_is_not_told() -> None:
    """What still waits is named, with its end."""
    waits = case(replace(clock(Promise.UPDATE), paused_until=NOW + SECOND), clock(Promise.RESPOND, 2))
    ended = case(replace(clock(Promise.UPDATE), paused_until=NOW))
    assert not over(NoticeKind.PAUSED, waits)
    assert over(NoticeKind.PAUSED, ended)
    assert filled(NoticeKind.PAUSED, waits)["waits"] == ["update until 2026-03-02 09:30 UTC"]


@pytest.mark.parametrize(("after", "late"), [(SECOND, False), (timedelta(0), True)])
def test_who_takes_over_reads_what_is_due_first_now(after: timedelta, late: bool) -> None:
    """A new handler reads what is due first now, and whether its time has come."""
    first = replace(clock(Promise.RESPOND, 2), due=NOW + after)
    one = replace(case(clock(Promise.ACKNOWLEDGE), first), handler="Bea")
    said = filled(NoticeKind.HANDED_OVER, one)
    assert (said["handler"], said["promise"], said["due"], said["over"]) == (
        "Bea",
        "respond",
        first.due.isoformat(),
        late,
    )
    none = filled(NoticeKind.HANDED_OVER, replace(one, clocks=()))
    assert (none["promise"], none["due"], none["over"]) == ("", "", False)
    assert filled(NoticeKind.JOINED, one)["handler"] == "Bea"


@pytest.mark.parametrize(("at", "late"), [(THEN, True), (SOON, False), ("", False)])
def test_the_instant_of_the_announcement_is_that_of_now(at: str, late: bool) -> None:
    """The notice names the instant that stands now, and says whether it has come."""
    said = filled(NoticeKind.SEEN_EARLY, recorded((EMBARGO, at)))
    assert (said["embargo"], said["over"]) == (at, late)


DIGEST = "d" * 64
AHEAD = (NOW + 10 * DAY).isoformat()
HELD = (PREPARED, DIGEST, "distros")


@pytest.mark.parametrize(
    ("given", "named", "gone"),
    [
        (((EMBARGO, AHEAD),), AHEAD, False),
        (((EMBARGO, AHEAD),), SOON, True),
        (((EMBARGO, THEN),), THEN, True),
        ((), "", False),
        ((), AHEAD, True),
        (((EMBARGO, AHEAD), (STAGE, "announced")), AHEAD, True),
        (((EMBARGO, AHEAD), (ENDED, "leaked")), AHEAD, True),
        (((EMBARGO, AHEAD), HELD), AHEAD, False),
        (((EMBARGO, AHEAD), HELD, (PREDISCLOSED, DIGEST, "distros")), AHEAD, True),
        (((EMBARGO, AHEAD), HELD, (PREDISCLOSED, "other", "distros")), AHEAD, False),
    ],
)
def test_a_list_that_was_told_is_asked_for_no_more(
    given: tuple[tuple[str, str], ...], named: str, gone: bool
) -> None:
    """Nor where the instant has moved or come, or nothing is secret any more."""
    details: dict[str, Detail] = {"list": "distros", "embargo": named}
    assert over(NoticeKind.PREDISCLOSURE_DUE, recorded(*given), details) is gone
    closed = replace(recorded(*given), state=CaseState.CLOSED)
    assert over(NoticeKind.PREDISCLOSURE_DUE, closed, details)


def test_what_the_letter_to_a_list_lacks_is_what_it_lacks_now() -> None:
    """And whether the list was told before; of one that is not configured any more nothing is known."""
    details: dict[str, Detail] = {"list": "distros", "embargo": AHEAD, "lacks": ["long ago"]}
    said = filled(NoticeKind.PREDISCLOSURE_DUE, recorded((EMBARGO, AHEAD)), details)
    assert said["lacks"] == ["a text (!predisclose distros, and the text below it)"]
    assert said["since_before"] is False
    told = filled(
        NoticeKind.PREDISCLOSURE_DUE, recorded((EMBARGO, AHEAD), (HOLDS, AHEAD, "distros")), details
    )
    assert told["since_before"] is True
    unknown = filled(NoticeKind.PREDISCLOSURE_DUE, PLAIN, {**details, "list": "vendors"})
    assert unknown["lacks"] == ["long ago"]
    assert UNCERTAIN not in str(said)


@pytest.mark.parametrize(
    ("about", "detail", "fact"),
    [(NoticeKind.EMBARGO, "embargo", EMBARGO), (NoticeKind.REPORTER_DATE, "date", REPORTER_DATE)],
)
@pytest.mark.parametrize(("ago", "passed"), [(WHILE, False), (WHILE + SECOND, True), (-DAY, False)])
def test_an_instant_that_came_a_while_ago_is_not_called_now(
    about: NoticeKind, detail: str, fact: str, ago: timedelta, passed: bool
) -> None:
    """For an hour an instant that has come is called now, and after that it is not."""
    at = (NOW - ago).isoformat()
    said = filled(about, recorded((fact, at)), {detail: at})
    assert said["passed"] is passed
    assert said["announced"] is False
    assert filled(about, recorded((fact, at), (STAGE, "announced")), {detail: at})["announced"] is True


@pytest.mark.parametrize(
    ("item", "given", "stands"),
    [
        ("distros", (HELD,), True),
        ("distros", ((PREPARED, "other", "distros"),), False),
        ("distros", (HELD, (PREDISCLOSED, DIGEST, "distros")), False),
        (ANNOUNCEMENT, ((PREPARED, DIGEST, ANNOUNCEMENT),), True),
        (ANNOUNCEMENT, ((PREPARED, DIGEST, ANNOUNCEMENT), (ANNOUNCED_AT, THEN, "announce")), False),
        (ANNOUNCEMENT, (), False),
    ],
)
def test_a_text_to_approve_is_shown_while_it_waits(
    item: str, given: tuple[tuple[str, str, str], ...], stands: bool
) -> None:
    """Not once another took its place, or it was sent; one letter may hold several."""
    known = Known(recorded(*given))
    says = Prepared(item, DIGEST, 1)
    assert withdrawn(says, known, "", DESK, NOW) == ("" if stands else REPLACED)
    also = replace(Prepared("vendors", "gone", 1), also=((item, DIGEST),))
    assert withdrawn(also, known, "", DESK, NOW) == ("" if stands else REPLACED)
    assert known.case is not None
    assert known.case.id == CASE


LAW = replace(DESK, duties=Duties((Step("early-warning", DAY, START, "the warning"),)))
BEGAN = (REGULATORY, THEN, START)
WARNED = {"step": "early-warning", "due": (NOW + DAY).isoformat()}


@pytest.mark.parametrize(
    ("about", "given", "details", "gone"),
    [
        (NoticeKind.REGULATORY, (BEGAN,), WARNED, False),
        (NoticeKind.REGULATORY, (BEGAN,), {**WARNED, "due": AHEAD}, True),
        (NoticeKind.REGULATORY, (BEGAN, (REGULATORY, THEN, "early-warning")), WARNED, True),
        (NoticeKind.REGULATORY, (), WARNED, True),
        (NoticeKind.REPORTER_DATE, ((REPORTER_DATE, AHEAD),), {"date": AHEAD}, False),
        (NoticeKind.REPORTER_DATE, ((REPORTER_DATE, AHEAD), (EMBARGO, AHEAD)), {"date": AHEAD}, True),
        (
            NoticeKind.REPORTER_FIRST,
            ((REPORTER_DATE, SOON), (EMBARGO, AHEAD)),
            {"date": SOON},
            False,
        ),
        (
            NoticeKind.REPORTER_FIRST,
            ((REPORTER_DATE, THEN), (EMBARGO, AHEAD)),
            {"date": THEN},
            True,
        ),
        (NoticeKind.REPORTER_FIRST, ((REPORTER_DATE, SOON),), {"date": SOON}, True),
    ],
)
def test_a_reminder_is_sent_while_its_date_is_one_of_the_case(
    about: NoticeKind, given: tuple[tuple[str, str], ...], details: dict[str, Detail], gone: bool
) -> None:
    """Not once it was done, has moved, or another one says the same."""
    assert over(about, recorded(*given), details, LAW) is gone


def test_what_may_change_while_a_letter_waits_is_looked_at_again() -> None:
    """Notices and texts to approve, and no copy of a message."""
    assert timely(Notice(str(NoticeKind.PAUSED)))
    assert timely(Prepared("distros", DIGEST, 1))
    assert not timely(Copy(1, "team"))
    assert facts(Copy(1, "team"), Known(PLAIN), RITA, DESK, NOW)["envelope"] == 1
