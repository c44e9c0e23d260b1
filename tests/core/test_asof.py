"""What a letter says when it leaves, and why it does not leave: at the instants at which that changes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from maild.core.facts.record import Disclosure, Fact
from maild.core.letters.payloads import (
    Copy,
    Detail,
    Digest,
    Draft,
    Due,
    Escalation,
    Lapsed,
    Line,
    Named,
    Notice,
    Payload,
    Receipt,
    Reminder,
    Sent,
)
from maild.core.policy import Policy, Promise
from maild.core.values.case import CaseState, Clock
from maild.core.values.noticekind import NoticeKind
from maild.core.values.rule import Happening
from maild.core.writing.asof import (
    ANSWERED,
    CLOSED,
    MET,
    MOST,
    MOST_HELD,
    MOVED,
    RECEIPT,
    SENT,
    Known,
    facts,
    heard,
    timely,
    withdrawn,
)
from tests.support.deciding import CASE, RITA, case, clock
from tests.support.desk import NOW, POLICY

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
TOM = "tom@other.example"
DAY = (NOW + 24 * HOUR).isoformat()
LATER = (NOW + 48 * HOUR).isoformat()


def why(says: Payload, known: Known, now: datetime = NOW, policy: Policy = POLICY) -> str:
    """Why a letter to Rita is not sent any more."""
    return withdrawn(says, known, RITA, policy, now)


def shown(says: Payload, known: Known, now: datetime = NOW, policy: Policy = POLICY) -> Mapping[str, object]:
    """Its facts."""
    return facts(says, known, RITA, policy, now)


def met(promise: Promise, by: str = "team:Anna", reporter: str = RITA) -> Clock:
    """A clock that was met."""
    return replace(clock(promise, reporter=reporter), met=NOW, met_by=by)


def recorded(**values: str) -> Disclosure:
    """What was recorded of a case, each by its name or, behind two underscores, for an item of it."""
    each = ((*name.partition("__"), value) for name, value in values.items())
    return Disclosure(
        tuple(Fact(name.replace("_", "-"), value, "team:Anna", NOW, item) for name, _, item, value in each)
    )


@pytest.mark.parametrize(
    ("clocks", "state", "reason"),
    [
        ((clock(Promise.RESPOND),), CaseState.OPEN, ""),
        ((clock(Promise.RESPOND),), CaseState.CLOSED, CLOSED),
        ((met(Promise.RESPOND),), CaseState.CLOSED, CLOSED),
        ((met(Promise.RESPOND),), CaseState.OPEN, ANSWERED),
        ((met(Promise.ACKNOWLEDGE),), CaseState.OPEN, ANSWERED),
        ((met(Promise.ACKNOWLEDGE, RECEIPT),), CaseState.OPEN, ""),
        ((met(Promise.UPDATE),), CaseState.OPEN, ""),
        ((met(Promise.RESPOND, reporter=TOM),), CaseState.OPEN, ""),
        ((clock(Promise.ACKNOWLEDGE), met(Promise.RESPOND)), CaseState.OPEN, ANSWERED),
    ],
)
def test_an_acknowledgement_is_for_whom_nobody_has_written_to(
    clocks: tuple[Clock, ...], state: CaseState, reason: str
) -> None:
    """In an open case; what maild acknowledged itself, or what was said to another reporter, is no answer."""
    one = case(*clocks, state=state)
    assert why(Receipt(NOW.isoformat()), Known(one)) == reason
    assert heard(one, RITA, POLICY) is (reason == ANSWERED or met(Promise.RESPOND) in clocks)
    assert why(Receipt(NOW.isoformat()), Known()) == ""


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (NOW, (DAY, DAY, LATER, False)),
        (NOW + 24 * HOUR - SECOND, (DAY, DAY, LATER, False)),
        (NOW + 24 * HOUR, (LATER, "", LATER, True)),
        (NOW + 48 * HOUR - SECOND, (LATER, "", LATER, True)),
        (NOW + 48 * HOUR, ("", "", "", True)),
    ],
)
def test_an_acknowledgement_names_what_is_still_to_come(
    now: datetime, due: tuple[str, str, str, bool]
) -> None:
    """A promise is late from the instant at which it is due."""
    first = replace(POLICY.rules[0], met_by=frozenset({Happening.REPLY}))
    policy = replace(POLICY, rules=(first, *POLICY.rules[1:]))
    found = shown(Receipt(NOW.isoformat()), Known(case()), now, policy)
    assert (found["next_due"], found["confirm_due"], found["answer_due"], found["late"]) == due


@pytest.mark.parametrize(
    ("about", "due"),
    [
        ({}, LATER),
        ({"public": False}, ""),
        ({"met_by": frozenset({Happening.HANDLER})}, ""),
        ({"id": "other"}, ""),
    ],
)
def test_only_what_was_promised_in_public_is_named(about: Mapping[str, object], due: str) -> None:
    """Of an answer to the reporter, and as the policy still has it."""
    rule = replace(POLICY.rules[1], **about)  # type: ignore[arg-type]
    policy = replace(POLICY, rules=(POLICY.rules[0], rule, POLICY.rules[2]))
    assert shown(Receipt(NOW.isoformat()), Known(case()), policy=policy)["answer_due"] == due


def test_a_reporter_reads_their_own_dates_only() -> None:
    """And those of a promise to nobody in particular; the earliest of several."""
    late = replace(clock(Promise.RESPOND, 1, reporter=TOM), due=NOW + HOUR)
    mine = replace(clock(Promise.RESPOND, 2), due=NOW + 3 * HOUR)
    all_ = replace(clock(Promise.RESPOND, 3, reporter=""), due=NOW + 2 * HOUR)
    says = Receipt(NOW.isoformat())
    assert shown(says, Known(case(late)))["answer_due"] == ""
    assert shown(says, Known(case(mine, late, all_)))["answer_due"] == (NOW + 2 * HOUR).isoformat()


def test_whether_somebody_has_looked_is_told_as_it_is() -> None:
    """The letter's own word, a handler, or another reporter who was joined; and when the intake opens again."""
    says = Receipt(NOW.isoformat())
    assert [
        shown(one, Known(of))["seen"]
        for one, of in (
            (says, case()),
            (replace(says, seen=True), case()),
            (says, case(handler="Anna")),
            (says, case(reporters=(RITA, TOM))),
        )
    ] == [False, True, True, True]
    closed = replace(POLICY, closed=((NOW, NOW + HOUR),))
    opens = [shown(says, Known(case()), at, closed)["closed_until"] for at in (NOW, NOW + HOUR)]
    assert opens == [(NOW + HOUR).isoformat(), ""]
    assert "closed_until" not in shown(says, Known())


def line(number: int, mail: int | None = None) -> Lapsed:
    """A promise in a list, with this clock."""
    return Lapsed("" if mail else CASE, mail, Promise.RESPOND, NOW.isoformat(), DAY, 2, clock=number)


def test_what_was_done_meanwhile_is_left_out() -> None:
    """What runs and is due is told; a letter of an older version knows no clocks and tells all."""
    running = {
        1: replace(clock(Promise.RESPOND), due=NOW),
        2: replace(clock(Promise.RESPOND, 2), due=NOW + HOUR),
    }
    late, soon = Escalation((line(1), line(2), line(3))), Reminder((line(1), line(2), line(3)))
    assert [row["late"] for row in shown(late, Known(running=running))["lapsed"]] == ["0 minutes"]  # type: ignore[attr-defined]
    assert shown(late, Known(running=running), NOW + HOUR)["count"] == 2
    assert shown(soon, Known(running=running))["count"] == 2
    assert why(late, Known(running=running), NOW - SECOND) == MET
    assert why(late, Known(running=running)) == ""
    assert why(soon, Known(running=running), NOW - SECOND) == ""
    assert why(soon, Known()) == why(late, Known()) == MET
    assert why(Reminder((line(0),)), Known()) == why(Escalation((line(0),)), Known()) == ""


@pytest.mark.parametrize(
    ("cases", "mails"), [(MOST, MOST_HELD), (MOST + 1, MOST_HELD), (MOST, MOST_HELD + 1), (0, 0)]
)
def test_a_long_list_is_cut_and_the_rest_counted(cases: int, mails: int) -> None:
    """Cases and messages in quarantine each by themselves; those beside the letter are counted too."""
    rows = (*(line(0) for _ in range(cases)), *(line(0, 7) for _ in range(mails)))
    found = shown(Escalation(rows, held_beside=3), Known())
    assert len(found["lapsed"]) == min(cases, MOST) + min(mails, MOST_HELD)  # type: ignore[arg-type]
    assert (found["count"], found["more"]) == (cases + mails + 3, max(0, cases - MOST))
    assert found["more_mails"] == max(0, mails - MOST_HELD) + 3
    assert all(row["rung"] == 2 for row in found["lapsed"])  # type: ignore[attr-defined]
    plain = tuple(Line("", 7, Promise.RESPOND, NOW.isoformat(), DAY) for _ in range(MOST + 1))
    coming = shown(Reminder(plain), Known())
    assert (len(coming["coming"]), coming["more_mails"]) == (MOST, 1)  # type: ignore[arg-type]
    assert all(row["rung"] == 0 for row in coming["coming"])  # type: ignore[attr-defined]


def test_a_draft_is_of_use_until_it_was_sent_or_replaced() -> None:
    """One of another kind took its place, or none is left; one that a member sends always leaves."""
    drafted = case(record=recorded(draft="bug"))
    assert why(Draft("bug"), Known(drafted)) == ""
    assert why(Draft("credit"), Known(drafted)) == why(Draft("bug"), Known(case())) == SENT
    assert why(Sent("bug"), Known(case())) == why(Draft("bug"), Known()) == ""


def notice(about: NoticeKind, **details: Detail) -> Notice:
    """A notice to the team."""
    return Notice(about.value, details)


EMBARGOED = notice(NoticeKind.EMBARGO, embargo=DAY)
BY_REPORTER = notice(NoticeKind.REPORTER_DATE, date=DAY)


@pytest.mark.parametrize(
    ("says", "record", "now", "reason"),
    [
        (EMBARGOED, recorded(embargo=DAY), NOW, ""),
        (EMBARGOED, recorded(embargo=LATER), NOW, MOVED),
        (EMBARGOED, recorded(), NOW, MOVED),
        (EMBARGOED, recorded(embargo=DAY, stage="announced"), NOW, MOVED),
        (EMBARGOED, recorded(embargo=DAY, stage="announced"), NOW + 24 * HOUR - SECOND, MOVED),
        (EMBARGOED, recorded(embargo=DAY, stage="announced"), NOW + 24 * HOUR, ""),
        (EMBARGOED, recorded(embargo=DAY, stage="closed"), NOW, MOVED),
        (EMBARGOED, recorded(embargo=DAY, stage="ready"), NOW, ""),
        (BY_REPORTER, recorded(reporter_date=DAY), NOW, ""),
        (BY_REPORTER, recorded(reporter_date=LATER), NOW, MOVED),
        (BY_REPORTER, recorded(reporter_date=DAY, stage="announced"), NOW + 24 * HOUR, MOVED),
        (notice(NoticeKind.REPORTER_FIRST, date=DAY), recorded(reporter_date=DAY), NOW, ""),
        (notice(NoticeKind.REPORTER_FIRST, date=DAY), recorded(), NOW, MOVED),
        (notice(NoticeKind.PUBLICATION, place="blog"), recorded(), NOW, ""),
        (notice(NoticeKind.PUBLICATION, place="blog"), recorded(seen_at__blog=DAY), NOW, MOVED),
        (notice(NoticeKind.PUBLICATION, place="blog"), recorded(announced_at__blog=DAY), NOW, MOVED),
        (notice(NoticeKind.PUBLICATION, place="blog"), recorded(announced_at__list=DAY), NOW, ""),
        (notice(NoticeKind.NO_KEY), recorded(), NOW, ""),
    ],
)
def test_a_notice_of_a_date_is_of_use_while_that_is_the_date(
    says: Notice, record: Disclosure, now: datetime, reason: str
) -> None:
    """And while somebody waits for it: once all is announced, only that an embargo has ended is told."""
    assert why(says, Known(case(record=record)), now) == reason
    assert why(says, Known(), now) == ""
    dated = says.about not in (NoticeKind.PUBLICATION, NoticeKind.NO_KEY)
    assert why(says, Known(case(record=record, state=CaseState.CLOSED)), now) == (MOVED if dated else reason)


@pytest.mark.parametrize(
    ("says", "key"),
    [
        (EMBARGOED, "now"),
        (BY_REPORTER, "now"),
        (notice(NoticeKind.PUBLICATION, place="blog", due=DAY), "late"),
        (notice(NoticeKind.REGULATORY, due=DAY), "late"),
    ],
)
def test_a_notice_says_whether_its_date_has_come(says: Notice, key: str) -> None:
    """From that very instant on the date has come; a second earlier it has not."""
    known = Known(case(record=recorded(embargo=DAY, announcing__blog=DAY)))
    found = [shown(says, known, NOW + 24 * HOUR + more)[key] for more in (-SECOND, timedelta(), SECOND)]
    assert found == [False, True, True]


def test_a_notice_of_a_date_tells_the_announcement_as_it_is() -> None:
    """Of a reporter's date the embargo beside it; of an embargo whether the announcement is being sent."""
    sending = Known(case(record=recorded(embargo=LATER, announcing__blog=DAY)))
    for kind in (NoticeKind.REPORTER_DATE, NoticeKind.REPORTER_FIRST):
        assert shown(notice(kind, date=DAY), sending)["embargo"] == LATER
        assert "sending" not in shown(notice(kind, date=DAY), sending)
    assert shown(EMBARGOED, sending)["sending"] is True
    assert shown(EMBARGOED, Known(case(record=recorded(embargo=LATER))))["sending"] is False
    assert not {"sending", "now"} & shown(notice(NoticeKind.NO_KEY), sending).keys()
    assert "sending" not in shown(EMBARGOED, Known())


def test_a_digest_marks_what_has_lapsed_since() -> None:
    """From the instant it was due."""
    none = Named(0, (), 0)
    says = Digest("2026-03-02", none, none, none, none, (Due(CASE, "respond", DAY, lapsed=False),))
    found = [shown(says, Known(), NOW + 24 * HOUR + more)["due"] for more in (-SECOND, timedelta())]
    assert [row[0]["lapsed"] for row in found] == [False, True]  # type: ignore[index]


def test_what_never_changes_is_told_as_it_was_owed() -> None:
    """A copy says the same whenever it leaves."""
    says = Copy(1, "team")
    assert why(says, Known(case(state=CaseState.CLOSED))) == ""
    assert shown(says, Known(case()))["envelope"] == 1
    assert [timely(one) for one in (says, Receipt(""), Draft("bug"), EMBARGOED, Reminder(()))] == [
        False,
        True,
        True,
        True,
        True,
    ]
