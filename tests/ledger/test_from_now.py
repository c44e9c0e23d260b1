"""Letters speak from the moment they leave: no passed instant as to come, nothing that is no longer so (ruling 1)."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.config import load
from maild.core.cases.heading import heading_of_answer
from maild.core.event import SweepDue
from maild.core.facts.record import Disclosure, Fact
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Draft, Escalation, Lapsed, Line, Notice, Receipt, Reminder
from maild.core.policy import Policy
from maild.core.values.case import Case, CaseState, Clock
from maild.core.values.noticekind import NoticeKind
from maild.core.values.people import Audience
from maild.core.writing import asof
from maild.store import cases, letters, views
from maild.store.database import Database
from maild.store.letters import Letter
from tests.ledger.playing import PlayedDesk
from tests.support import mails
from tests.support.desk import GOOD_CONFIG, NOW, POLICY, SECRET
from tests.support.read import TEMPLATES, read

MARKED = {"X_Auto_Response_Suppress": "All"}
INSTANT = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d UTC")
PROMISED = re.compile(rf"\bby \w+ ({INSTANT.pattern})")
"""An instant that a letter names as to come."""


@pytest.fixture
def desk(database: Database) -> PlayedDesk:
    """A desk with the seed's promises."""
    return PlayedDesk(database)


def owed(desk: PlayedDesk, kind: LetterKind) -> list[Letter]:
    """The letters of a kind whose turn it is, which nobody has sent yet."""
    found = desk.database.call(letters.claim, desk.now, 1000)
    desk.database.call(letters.recover)
    return [one for one in found if one.kind is kind]


def of(preset: str, tmp_path: Path) -> Policy:
    """The policy of a desk that follows the *preset*."""
    (tmp_path / "secret").write_text("x\n")
    (tmp_path / "secret").chmod(0o600)
    path = tmp_path / "maild.toml"
    path.write_text(f'[policy]\npreset = "{preset}"\n\n{GOOD_CONFIG}')
    return replace(load(path).policy(SECRET), desk=POLICY.desk, team=POLICY.team, screening=POLICY.screening)


def test_a_receipt_in_time_names_the_promise_and_says_that_nobody_has_read_it(desk: PlayedDesk) -> None:
    """Sent at once it is what the policy publishes: read by nobody yet, answered within 48 hours."""
    desk.report()
    (receipt,) = owed(desk, LetterKind.RECEIPT)
    text = read(desk, receipt)
    assert "no person has read your message yet" in text
    assert "will reply to you by Wednesday 4 March 2026, 09:30 UTC" in text
    assert "at least every 5 days" in text


def test_a_late_receipt_names_no_passed_instant(desk: PlayedDesk) -> None:
    """Sent three days late it says that the reply is late, and whom to write to, not when it was to come."""
    desk.report()
    desk.wait(days=3)
    (receipt,) = owed(desk, LetterKind.RECEIPT)
    text = read(desk, receipt)
    assert "we are sorry that it is late" in text
    assert not PROMISED.findall(text)
    assert "4 March" not in text


def test_a_receipt_that_would_leave_after_an_answer_is_not_sent(desk: PlayedDesk) -> None:
    """Once a person wrote to the reporter, nobody has to be told that nobody has read the report."""
    desk.report()
    desk.wait(hours=1)
    desk.answer()
    (receipt,) = owed(desk, LetterKind.RECEIPT)
    assert read(desk, receipt) == ""


def test_a_receipt_of_a_closed_case_is_not_sent(desk: PlayedDesk) -> None:
    """A report that was called spam is not thanked for afterwards."""
    desk.says(desk.report(), "spam")
    assert [read(desk, one) for one in owed(desk, LetterKind.RECEIPT)] == [""]


def test_somebody_in_charge_has_read_it(desk: PlayedDesk) -> None:
    """With a handler the receipt does not say that nobody has read the report."""
    desk.says(desk.report(), "handler", "Anna")
    (receipt,) = owed(desk, LetterKind.RECEIPT)
    assert "no person has read" not in read(desk, receipt)
    assert "The team will reply to you by Wednesday 4 March" in read(desk, receipt)


def test_released_mail_has_been_read(desk: PlayedDesk) -> None:
    """Who released it has looked at it; it waited, so its receipt names what is still to come only."""
    says = Receipt(NOW.isoformat(), (NOW + timedelta(days=2)).isoformat(), seen=True)
    known = asof.Known(desk.database.call(cases.get, desk.report()))
    said = asof.facts(says, known, "rita@reporter.example", desk.policy, NOW + timedelta(days=3))
    assert (said["seen"], said["late"], said["next_due"]) == (True, True, "")


@pytest.mark.parametrize(
    ("preset", "promises"),
    [
        ("django", ["confirm by Thursday 5 March 2026, 09:30 UTC that your report was read"]),
        ("go", ["confirm by Monday 9 March 2026, 09:30 UTC that your report was read"]),
        ("kubernetes", ["confirm by Tuesday 3 March 2026, 09:30 UTC that your report was read"]),
        (
            "node",
            [
                "confirm by Saturday 7 March 2026, 09:30 UTC that your report was read, "
                "and reply in detail by Thursday 12 March 2026, 09:30 UTC"
            ],
        ),
        ("rust-2026", ["reply to you by Wednesday 4 March 2026, 09:30 UTC"]),
    ],
)
def test_each_preset_promises_what_its_policy_does(
    preset: str, promises: list[str], database: Database, tmp_path: Path
) -> None:
    """An acknowledgement that people give is promised as such; a detailed answer only where one is published."""
    desk = PlayedDesk(database, of(preset, tmp_path))
    desk.report()
    text = read(desk, owed(desk, LetterKind.RECEIPT)[0])
    assert all(one in text for one in promises)
    assert len(PROMISED.findall(text)) == (2 if preset == "node" else 1)
    detailed = "reply to you by" in text or "reply in detail by" in text
    assert detailed is (preset in ("node", "rust-2026"))


@pytest.mark.parametrize("preset", ["django", "rust-2026"])
def test_a_receipt_by_hand_goes_out_whatever_keeps_the_promise(
    preset: str, database: Database, tmp_path: Path
) -> None:
    """``!acknowledge`` sends it where people keep the promise too; after an answer it says that none is needed."""
    desk = PlayedDesk(database, of(preset, tmp_path))
    case = desk.arrives(mails.plain(**MARKED))
    assert owed(desk, LetterKind.RECEIPT) == []
    desk.says(case, "acknowledge")
    assert "no person has read" not in read(desk, owed(desk, LetterKind.RECEIPT)[0])
    other = desk.arrives(
        mails.plain(sender="sam@other.example", message_id="<two@reporter.example>", **MARKED)
    )
    desk.answer("two", "sam@other.example")
    assert "already" in desk.says(other, "acknowledge").said


def late(desk: PlayedDesk, count: int = 1, **length: float) -> list[str]:
    """So many reports whose first answer is overdue; their receipts went out."""
    found = [desk.report(str(number), f"r{number}@reporter{number}.example") for number in range(count)]
    desk.send()
    desk.wait(**(length or {"hours": 50}))
    desk.happens(SweepDue())
    return found


def test_an_escalation_of_what_was_answered_meanwhile_is_not_sent(desk: PlayedDesk) -> None:
    """The mail server was down for an hour, and somebody answered in that hour."""
    late(desk)
    desk.answer("0", "r0@reporter0.example")
    assert [read(desk, one) for one in owed(desk, LetterKind.ESCALATION)] == [""]


def test_an_escalation_lists_what_is_still_overdue(desk: PlayedDesk) -> None:
    """Of three promises one was kept since: two are listed, with who handles each now."""
    first, second, third = late(desk, 3)
    desk.answer("1", "r1@reporter1.example")
    desk.says(third, "handler", "Anna")
    (letter,) = owed(desk, LetterKind.ESCALATION)
    text = read(desk, letter)
    assert text.startswith("2 promises to reporters are overdue")
    assert first in text
    assert second not in text
    assert "handler: Anna" in text


def test_a_reminder_of_what_was_done_is_not_sent_and_a_late_one_says_overdue(desk: PlayedDesk) -> None:
    """Left lying past the deadline it says since when; once the reporter was answered it does not leave."""
    late(desk, 1, hours=40)
    (letter,) = owed(desk, LetterKind.REMINDER)
    assert "is due soon" in read(desk, letter)
    desk.wait(hours=10)
    text = read(desk, letter)
    assert "is overdue" in text
    assert "since Wednesday 4 March 2026, 09:30 UTC" in text
    assert not PROMISED.findall(text)
    desk.answer("0", "r0@reporter0.example")
    assert read(desk, letter) == ""


def test_the_escalation_says_in_words_who_waits_and_what_ends_it(desk: PlayedDesk) -> None:
    """Whose report, for how long, who has it, what ends it; no address of anybody."""
    (case,) = late(desk)
    (letter,) = owed(desk, LetterKind.ESCALATION)
    text = read(desk, letter)
    assert f"The reporter of {case} has waited for a reply for 2 days and 2 hours." in text
    assert "handler: nobody yet" in text
    assert "what ends it: a reply to the reporter" in text
    assert "reporter0.example" not in text


def test_of_several_reporters_it_says_which_one_waits(desk: PlayedDesk) -> None:
    """After a join both wait; after an answer to one of them only the other does, named by their place."""
    first, second = late(desk, 2, hours=1)
    desk.says(second, "duplicate", first)
    desk.answer("0", "r0@reporter0.example")
    desk.send()
    desk.wait(hours=50)
    desk.happens(SweepDue())
    text = read(desk, owed(desk, LetterKind.ESCALATION)[0])
    waits = f"One of the 2 reporters of {first} (number 2 in `maild show` and !status) has waited for a reply"
    assert waits in text
    assert "number 1" not in text


def test_twenty_cases_are_listed_and_the_rest_is_counted(desk: PlayedDesk) -> None:
    """An escalation of 33 cases names the twenty that wait longest, and how to see the others."""
    found = late(desk, 33)
    text = read(desk, owed(desk, LetterKind.ESCALATION)[0])
    assert text.startswith("33 promises to reporters are overdue")
    assert sum(case in text for case in found) == 20
    assert "And 13 more overdue promises: `maild when` lists them all." in text


def test_a_draft_that_was_sent_is_not_offered_any_more(desk: PlayedDesk) -> None:
    """``!verdict`` and ``!send`` in one pass: no letter asks to send what is on its way."""
    case = desk.report()
    says = Draft("bug")
    for about, left in (("bug", ""), ("", asof.SENT)):
        known = desk.database.call(cases.get, case)
        desk.says(case, "verdict", "bug") if about else desk.says(case, "send")
        known = desk.database.call(cases.get, case)
        assert asof.withdrawn(says, asof.Known(known), "", desk.policy, desk.now) == left


def embargoed(desk: PlayedDesk, at: datetime) -> Case:
    """A case that is to be announced then."""
    case = desk.report()
    desk.says(case, "embargo", f"{at:%Y-%m-%d %H:%M} UTC")
    found = desk.database.call(cases.get, case)
    assert found
    return found


def test_a_reminder_of_a_date_that_moved_is_not_sent(desk: PlayedDesk) -> None:
    """Nobody is told of a date that the case no longer has; one that has come is called so."""
    at = NOW + timedelta(days=3)
    case = embargoed(desk, at)
    says = Notice(NoticeKind.EMBARGO, {"embargo": at.isoformat(), "lacks": [], "mails": True, "now": False})
    known = asof.Known(case)
    assert asof.withdrawn(says, known, "", POLICY, NOW) == ""
    assert asof.facts(says, known, "", POLICY, at)["now"] is True
    moved = replace(says, details={**says.details, "embargo": (at + timedelta(days=1)).isoformat()})
    assert asof.withdrawn(moved, known, "", POLICY, NOW) == asof.MOVED


@pytest.mark.parametrize("sending", [True, False])
def test_the_letter_at_the_instant_does_not_contradict_the_other(desk: PlayedDesk, sending: bool) -> None:
    """It says that the text is being sent only when it is: whoever hears that nothing went out reads no other."""
    at = (NOW + timedelta(days=3)).isoformat()
    facts = {"embargo": at, "lacks": ["an approval"], "mails": True, "now": True, "sending": sending}
    words = TEMPLATES.render(
        LetterKind.NOTICE, {"case_id": "EX-1", "about": NoticeKind.EMBARGO, **facts}, desk.policy
    )
    assert ("is being sent" in words.text) is sending
    assert ("is not sending" in words.text) is not sending


def test_next_is_what_the_team_owes_and_overdue_is_called_so(desk: PlayedDesk) -> None:
    """What maild keeps by itself is not the team's; a passed deadline is no date to come."""
    case = desk.database.call(cases.get, desk.report())
    assert case

    def following(now: datetime, to: Audience = Audience.TEAM) -> str:
        return dict(heading_of_answer(case, "Anna", to, "", POLICY, now))["Next"]

    assert following(NOW) == "respond by 2026-03-04 09:30 UTC"
    answered = following(NOW, Audience.REPORTER)
    assert answered == "respond by 2026-03-04 09:30 UTC (unless this answer keeps it)"
    assert following(NOW + timedelta(days=2)) == "OVERDUE: respond was due by 2026-03-04 09:30 UTC"


RULES = st.sampled_from([rule.id for rule in POLICY.rules])
MINUTES = st.integers(-20_000, 20_000).map(lambda count: timedelta(minutes=count))


@st.composite
def clocks(draw: st.DrawFn) -> tuple[Clock, ...]:
    """Clocks that run or were met, of one reporter, due before or after now."""
    found = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        started = NOW + draw(MINUTES)
        met = draw(st.none() | MINUTES)
        clock = Clock(number, "EX-1", draw(RULES), "r@x.example", started, started + abs(draw(MINUTES)))
        found.append(replace(clock, met=NOW + met if met is not None else None))
    return tuple(found)


@given(running=clocks(), handler=st.sampled_from(["", "Anna"]), away=MINUTES, closed=st.booleans())
@settings(max_examples=150, deadline=None)
def test_no_letter_names_a_passed_instant_as_to_come_nor_denies_what_is_so(
    running: tuple[Clock, ...], handler: str, away: timedelta, closed: bool
) -> None:
    """Receipt, reminder, escalation and the block on top of a copy, at any instant and in any state of the case."""
    now = NOW + away
    state = CaseState.CLOSED if closed else CaseState.OPEN
    case = Case("EX-1", state, NOW, False, ("r@x.example",), handler, running)
    open_clocks = {one.id: one for one in running if one.met is None}
    known = asof.Known(case, open_clocks, {"EX-1": case})
    lines = [
        (one.case_id, None, one.promise, one.started.isoformat(), one.due.isoformat(), one.id)
        for one in running
    ]
    says = (
        (LetterKind.RECEIPT, Receipt(NOW.isoformat(), (NOW + timedelta(days=2)).isoformat())),
        (LetterKind.REMINDER, reminder(lines)),
        (LetterKind.ESCALATION, escalation(lines)),
    )
    for kind, one in says:
        if asof.withdrawn(one, known, "r@x.example", POLICY, now):
            continue
        facts = asof.facts(one, known, "r@x.example", POLICY, now)
        words = TEMPLATES.render(kind, {"case_id": "EX-1", **facts}, POLICY)
        text = " ".join(words.text.split())
        assert all(parsed(at) > now for at in PROMISED.findall(text))
        assert not (handler and "no person has read" in text)
        if kind is LetterKind.ESCALATION:
            due = {one.due for one in open_clocks.values() if one.due <= now}
            assert {parsed(at) for at in re.findall(rf"due \w+ ({INSTANT.pattern})", text)} == minutes(due)
    block = dict(heading_of_answer(case, "Anna", Audience.TEAM, "", POLICY, now))["Next"]
    if match := re.search(r" by (\S+ \S+) UTC", block):
        due_at = datetime.fromisoformat(match[1]).replace(tzinfo=UTC)
        assert (due_at > now) is not block.startswith("OVERDUE")


def reminder(lines: list[tuple[str, None, str, str, str, int]]) -> Reminder:
    """A reminder of these promises."""
    return Reminder(tuple(Line(*rest, clock=clock) for *rest, clock in lines))


def escalation(lines: list[tuple[str, None, str, str, str, int]]) -> Escalation:
    """An escalation of these promises."""
    return Escalation(tuple(Lapsed(*rest, clock=clock) for *rest, clock in lines))


def parsed(text: str) -> datetime:
    """The instant that a letter names, without its weekday."""
    return datetime.strptime(text, "%d %B %Y, %H:%M UTC").replace(tzinfo=UTC)


def minutes(instants: set[datetime]) -> set[datetime]:
    """The instants as letters name them."""
    return {one.replace(second=0, microsecond=0) for one in instants}


def test_the_status_calls_overdue_what_is_and_says_which_reporter_waits(desk: PlayedDesk) -> None:
    """A deadline that has passed is no date to come; after a join each promise names its reporter."""
    first, second = late(desk, 2)
    desk.says(second, "duplicate", first)
    said = desk.says(first, "status").said
    assert "reporters: 1 r0@reporter0.example, 2 r1@reporter1.example" in said
    assert "OVERDUE: respond was due by 2026-03-04 09:30 UTC (reporter 1 of 2)" in said
    desk.answer("0", "r0@reporter0.example")
    said = desk.says(first, "status").said
    assert "OVERDUE: respond was due by 2026-03-04 09:30 UTC (reporter 2 of 2)" in said
    assert "(reporter 1 of 2)" in said
    assert "OVERDUE: respond was due by 2026-03-04 09:30 UTC (reporter 1 of 2)" not in said


def test_reporters_are_numbered_in_the_order_in_which_they_reported(desk: PlayedDesk) -> None:
    """Whatever their addresses are, `maild show` and the letters agree."""
    first = desk.report("1", "zoe@other.example")
    desk.wait(hours=1)
    desk.says(desk.report("2", "ada@other.example"), "duplicate", first)
    case, page = desk.database.call(cases.get, first), desk.database.call(views.show, first)
    assert case is not None
    assert page is not None
    assert case.reporters == ("zoe@other.example", "ada@other.example")
    assert (
        tuple(one["address"] for one in page["participants"] if one["side"] == "reporter") == case.reporters
    )


def test_nothing_is_said_to_be_on_its_way_to_the_command_line(desk: PlayedDesk) -> None:
    """No draft is mailed to an operator: it is ready, for ``!send``."""
    case = desk.report()
    desk.answer()
    said = desk.says(case, "embargo", "2026-03-20 16:00 UTC").said
    assert "A draft for the reporter is ready; !send sends it." in said
    assert "on its way" not in said
    assert owed(desk, LetterKind.DRAFT) == []


@pytest.mark.parametrize(("after", "late", "answer"), [(-1, False, True), (0, True, False), (1, True, False)])
def test_an_answer_that_is_due_now_is_late(desk: PlayedDesk, after: int, late: bool, answer: bool) -> None:
    """The acknowledgement names the instant up to the second before it, and never as to come from it on."""
    says = Receipt(NOW.isoformat(), (NOW + timedelta(days=2)).isoformat())
    known = asof.Known(desk.database.call(cases.get, desk.report()))
    at = NOW + timedelta(days=2, seconds=after)
    said = asof.facts(says, known, "rita@reporter.example", desk.policy, at)
    due = (NOW + timedelta(days=2)).isoformat() if answer else ""
    assert (said["late"], said["answer_due"], said["next_due"]) == (late, due, due)


@pytest.mark.parametrize(
    ("about", "stage", "days", "outdated"),
    [
        (NoticeKind.EMBARGO, "", 0, False),
        (NoticeKind.EMBARGO, "announced", 0, True),
        (NoticeKind.EMBARGO, "announced", 3, False),
        (NoticeKind.EMBARGO, "closed", 0, True),
        (NoticeKind.REPORTER_DATE, "", 0, False),
        (NoticeKind.REPORTER_DATE, "announced", 0, True),
        (NoticeKind.REPORTER_DATE, "announced", 3, True),
    ],
)
def test_of_a_case_that_was_announced_no_date_is_awaited(
    about: NoticeKind, stage: str, days: int, outdated: bool
) -> None:
    """But the reminder at the very instant says what is sent."""
    at = (NOW + timedelta(days=3)).isoformat()
    facts = [Fact(name, at, "op", NOW) for name in ("embargo", "reporter-date")]
    one = Case(
        "EX-1", CaseState.OPEN, NOW, False, (), record=Disclosure((*facts, Fact("stage", stage, "op", NOW)))
    )
    says = Notice(about, {"embargo": at, "date": at})
    why = asof.withdrawn(says, asof.Known(one), "", POLICY, NOW + timedelta(days=days))
    assert why == (asof.MOVED if outdated else "")
