"""What people do, and what it means for promises that are data: each happening starts and keeps its own."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from maild.core.candidates.mail import MailCandidates
from maild.core.candidates.said import CaseCandidates
from maild.core.cases.commands import by_operator
from maild.core.changes.promises import MeetClock, MoveClock, StartClock
from maild.core.decision import Decision
from maild.core.event import OperatorSaid
from maild.core.mail.thread import Token
from maild.core.policy import Policy
from maild.core.promises import clocks
from maild.core.values.calendar import Calendar
from maild.core.values.case import Case, CaseState, Clock
from maild.core.values.duration import Length
from maild.core.values.people import Audience, Side
from maild.core.values.rule import Happening, Rule
from maild.core.words.reading import Word
from tests.support import mails
from tests.support.deciding import CASE, PASSED, RITA, arrived, case
from tests.support.desk import NOW, POLICY

HOUR = timedelta(hours=1)
LOOK = Rule("look", Length(4, "h"), Happening.REPORT, frozenset({Happening.HUMAN}))
OWNER = Rule("owner", Length(1, "d"), Happening.REPORT, frozenset({Happening.HANDLER}))
ANSWER = Rule("answer", Length(3, "d"), Happening.QUESTION, frozenset({Happening.REPLY}))
MORE = replace(POLICY, rules=(*POLICY.rules, LOOK, OWNER, ANSWER))
"""The seed's promises and three more."""
COLLEAGUE = "colleague@elsewhere.example"
LATER = NOW + HOUR


def running(name: str, number: int = 1, started: datetime = NOW) -> Clock:
    """A running clock of one of these promises."""
    rule = MORE.rule(name)
    assert rule
    return Clock(number, CASE, name, RITA, started, rule.due(started))


def all_running(**changes: object) -> Case:
    """Rita's case with every promise of a report running, and a question of hers unanswered."""
    names = ("acknowledge", "respond", "look", "owner", "answer")
    made = [running(name, number) for number, name in enumerate(names, start=1)]
    return case(*made, **changes)  # type: ignore[arg-type]  # whatever a test wants different


def kept(decision: Decision | list[object], one: Case) -> set[str]:
    """The names of the promises that were kept."""
    changes = decision.changes if isinstance(decision, Decision) else decision
    met = {c.clock for c in changes if isinstance(c, MeetClock)}
    return {clock.promise for clock in one.clocks if clock.id in met}


def begun(decision: Decision) -> dict[str, datetime]:
    """The promises that begin to run, and since when."""
    return {c.promise: c.started for c in decision.changes if isinstance(c, StartClock)}


def from_anna(
    one: Case, to: str = RITA, at: datetime = LATER, policy: Policy = MORE, **about: str
) -> Decision:
    """Anna writes into the case, proved by our own exchanger, and the desk only watches."""
    raw = mails.plain(
        sender="anna@project.example",
        to=to,
        message_id="<two@project.example>",
        text="We have looked into it and can see what you mean.\n",
        Authentication_Results=PASSED,
        **about,
    )
    return arrived(raw, MailCandidates("EX-777777", by_reference=one), at=at, policy=policy)


def from_outside(one: Case, sender: str = RITA, at: datetime = LATER, **about: str) -> Decision:
    """Somebody who knows the thread writes to the desk."""
    raw = mails.plain(sender=sender, message_id="<three@x.example>", text="Any news?\n", **about)
    return arrived(raw, MailCandidates("EX-777777", by_reference=one), at=at, policy=MORE)


def test_a_report_starts_what_begins_with_a_report() -> None:
    """The further promises too; a question is not asked yet."""
    decision = arrived(mails.plain(), policy=MORE)
    assert begun(decision) == dict.fromkeys(("acknowledge", "respond", "look", "owner"), NOW)


def test_an_internal_note_is_a_look_and_no_answer() -> None:
    """A member writes to the team: somebody has seen it and looks after it; the reporter heard nothing."""
    one = all_running()
    decision = from_anna(one, to="security@project.example")
    assert kept(decision, one) == {"look", "owner"}
    assert begun(decision) == {}


def test_a_reply_keeps_all_and_starts_the_updates() -> None:
    """To the reporter, by a person who was not the handler before."""
    one = all_running()
    decision = from_anna(one)
    assert kept(decision, one) == {"acknowledge", "respond", "look", "owner", "answer"}
    assert begun(decision) == {"update": LATER}


def test_one_mail_that_begins_and_keeps_a_promise_leaves_none() -> None:
    """Who answers becomes the handler; what a handler promises, and an answer keeps, does not stay open."""
    plan = Rule("plan", Length(3, "d"), Happening.HANDLER, frozenset({Happening.REPLY}))
    with_plan = replace(MORE, rules=(*MORE.rules, plan))
    assert begun(from_anna(all_running(), policy=with_plan)) == {"update": LATER}


def test_a_handler_who_is_there_is_not_set_again() -> None:
    """Only the act of setting one keeps *owner*."""
    one = all_running(handler="Anna")
    assert "owner" not in kept(from_anna(one), one)


def test_a_receipt_keeps_what_a_receipt_may() -> None:
    """And no promise of a person."""
    one = all_running()
    assert kept(clocks.happened(one, Happening.RECEIPT, RITA, LATER, "receipt", MORE), one) == {"acknowledge"}


@pytest.mark.parametrize("word", [Word("handler", "Anna"), Word("handler", "bea")])
def test_setting_the_handler_by_word_keeps_its_promise(word: Word) -> None:
    """By the operator's word as by a member's."""
    one = all_running()
    said = OperatorSaid(CASE, word, "operator:ann")
    assert kept(by_operator(said, CaseCandidates(one), MORE, LATER), one) == {"owner"}


def test_a_question_starts_its_promise_when_it_arrives() -> None:
    """A later mail of the reporter, counted from its arrival."""
    assert begun(from_outside(case())) == {"answer": LATER}


def test_an_answer_counts_from_the_oldest_question() -> None:
    """Asking again neither starts another clock nor moves the one that runs."""
    one = case(running("answer", 1, NOW))
    decision = from_outside(one)
    assert (begun(decision), kept(decision, one)) == ({}, set())


def test_after_an_answer_the_next_question_counts_anew() -> None:
    """What was answered is over."""
    one = case(replace(running("answer", 1, NOW), met=NOW + HOUR / 2))
    assert begun(from_outside(one)) == {"answer": LATER}


@pytest.mark.parametrize(
    ("at", "names"), [(NOW - HOUR, {"respond"}), (NOW, {"respond"}), (LATER, {"respond", "answer"})]
)
def test_nothing_written_before_a_question_answers_it(at: datetime, names: set[str]) -> None:
    """A reply that is older and only seen late keeps *respond*, not the promise to the question."""
    one = case(running("respond", 1, NOW - 2 * HOUR), running("answer", 2, NOW))
    assert kept(from_anna(one, at=at), one) == names


@pytest.mark.parametrize(
    ("sender", "about"),
    [
        (COLLEAGUE, {}),
        (RITA, {"Auto_Submitted": "auto-replied", "subject": "Out of office: Overflow"}),
        ("anna@project.example", {}),
    ],
    ids=["a stranger in Cc", "automatic mail", "a member without proof"],
)
def test_what_others_write_moves_no_promise(sender: str, about: dict[str, str]) -> None:
    """Somebody else in the thread, a machine, or who only claims to be of the team: nothing moves."""
    one = all_running()
    for each in (one, replace(one, clocks=())):
        decision = from_outside(each, sender, **about)
        assert (begun(decision), kept(decision, each)) == ({}, set())


def test_an_automatic_mail_of_the_team_is_no_reply() -> None:
    """Anna's out-of-office notice keeps nothing."""
    one = all_running()
    assert kept(from_anna(one, Auto_Submitted="auto-replied"), one) == set()


def test_a_reply_to_a_cc_d_stranger_is_no_reply_to_the_reporter() -> None:
    """It is a look at the case, and an answer to nobody who was promised one."""
    one = all_running()
    assert kept(from_anna(one, to=COLLEAGUE), one) == {"look", "owner"}


@pytest.mark.parametrize(("answered", "owed"), [(True, ["update"]), (False, ["respond"])])
def test_a_reopened_case_owes_the_next_word_of_a_person(answered: bool, owed: list[str]) -> None:
    """The updates once somebody has answered, else the first answer; no second receipt, no second look."""
    one = case(running("look"), state=CaseState.CLOSED, answered=answered, clocks=())
    changes = clocks.reopened(one, LATER, MORE)
    assert [(c.promise, c.started) for c in changes if isinstance(c, StartClock)] == [
        (name, LATER) for name in owed
    ]
    assert len(changes) == len(owed)


def test_a_promise_that_is_no_more_is_kept_by_an_answer() -> None:
    """It was taken out of the configuration while it ran: it does not call people for ever."""
    one = case(Clock(9, CASE, "gone", RITA, NOW, LATER))
    assert kept(clocks.happened(one, Happening.RECEIPT, RITA, LATER, "receipt", MORE), one) == set()
    assert kept(clocks.happened(one, Happening.REPLY, RITA, LATER, "team:Anna", MORE), one) == {"gone"}


def said(word: str, rest: str, one: Case, now: datetime = LATER, policy: Policy = MORE) -> list[MoveClock]:
    """What an operator's word moves."""
    event = OperatorSaid(CASE, Word(word, rest), "operator:ann")
    changes = by_operator(event, CaseCandidates(one), policy, now).changes
    return [c for c in changes if isinstance(c, MoveClock)]


def test_a_pause_moves_what_is_due_and_says_why_and_how_long() -> None:
    """Ten days for the vendor: due ten days later, waiting until then, by whom and for what reason."""
    one = case(running("update", 3), answered=True)
    (moved,) = said("pause", "the vendor is asked until 10d", one)
    assert (moved.due - one.clocks[0].due, moved.paused_until) == (
        timedelta(days=10),
        LATER + timedelta(days=10),
    )
    assert (moved.reason, moved.by) == ("the vendor is asked", "operator:ann")


@pytest.mark.parametrize("days", [9, 2])
def test_a_second_pause_takes_the_place_of_the_first(days: int) -> None:
    """What waits until one day waits until another: in all as long as one pause to that day, no longer."""
    first = running("update", 3)
    (moved,) = said("pause", "the vendor until 5d", case(first, answered=True))
    waits = replace(
        first,
        due=moved.due,
        paused_until=moved.paused_until,
        paused_since=moved.since,
        paused_due=moved.before,
    )
    again = case(waits, answered=True)
    (second,) = said("pause", f"the vendor until {days - 1}d", again, LATER + timedelta(days=1))
    assert (second.due, second.paused_until) == (
        first.due + timedelta(days=days),
        LATER + timedelta(days=days),
    )
    (capped,) = said("pause", "the vendor until 500d", again, LATER + timedelta(days=1))
    assert capped.due == first.due + timedelta(days=30)
    assert said("pause", "the vendor until 4d", again, LATER + timedelta(days=1)) == []


@pytest.mark.parametrize(
    "rest", ["", "until 10d", "the vendor", "the vendor until 2020-01-01", "x until soon"]
)
def test_a_pause_without_reason_or_end_is_none(rest: str) -> None:
    """It has both, or it is not made."""
    assert said("pause", rest, case(running("update"), answered=True)) == []


def test_nothing_is_paused_before_the_reporter_was_answered() -> None:
    """A silent pause would be a broken promise by another name (ruling 12)."""
    assert said("pause", "the vendor until 10d", all_running()) == []


def test_a_pause_has_a_cap() -> None:
    """Nobody waits longer than that for one word, however far its date."""
    one = case(running("update"), answered=True)
    (moved,) = said("pause", "the vendor until 500d", one)
    assert moved.paused_until == LATER + timedelta(days=30)


def test_the_cap_is_the_promises_own_and_of_all_its_pauses_together() -> None:
    """``max_pause`` of the rule; what earlier pauses have used of it is gone, and then there is no more."""
    rules = tuple(replace(r, max_pause=timedelta(days=7)) if r.id == "update" else r for r in MORE.rules)
    seven = replace(MORE, rules=rules)
    first = running("update")
    once = case(replace(first, due=first.due + timedelta(days=4)), answered=True)
    (moved,) = said("pause", "the vendor until 10d", once, policy=seven)
    assert moved.paused_until == LATER + timedelta(days=3)
    spent = case(replace(first, due=first.due + timedelta(days=7)), answered=True)
    assert said("pause", "the vendor until 10d", spent, policy=seven) == []


@pytest.mark.parametrize(
    ("on", "paused"), [(("any",), True), (("vendor", "cna"), True), (("reporter",), False), ((), False)]
)
def test_a_promise_is_paused_for_its_own_reasons_only(on: tuple[str, ...], paused: bool) -> None:
    """One word of ``pause_on`` in the reason, whatever it says with ``any``, never with none."""
    rules = tuple(replace(r, pause_on=on) if r.id == "update" else r for r in MORE.rules)
    one = case(running("update"), answered=True)
    assert (
        bool(said("pause", "The Vendor, once more, until 3d", one, policy=replace(MORE, rules=rules)))
        is paused
    )


def test_working_time_waits_by_working_time() -> None:
    """A pause over the weekend moves a promise of working hours by none, one of a working day by that day."""
    office = Calendar("office", UTC, dict.fromkeys(range(5), ((time(9), time(17)),)))
    rule = replace(MORE.rules[2], limit=Length(16, "wh"), calendar=office)
    working = replace(MORE, rules=(*MORE.rules[:2], rule))
    friday = NOW.replace(day=6, hour=17, minute=0)
    one = Clock(1, CASE, "update", RITA, NOW, rule.due(NOW) + timedelta(days=7))
    (weekend,) = said("pause", "rest until 2d", case(one, answered=True), friday, working)
    (monday,) = said("pause", "rest until 3d", case(one, answered=True), friday, working)
    assert (weekend.due - one.due, monday.due - one.due) == (timedelta(0), timedelta(days=1))


def test_reminders_go_on_after_a_pause() -> None:
    """The share that was still to come is looked at after the pause, as much later as the promise is due."""
    one = case(running("update"), answered=True)
    (moved,) = said("pause", "the vendor until 10d", one)
    assert moved.look == NOW + timedelta(days=5) * 0.8 + timedelta(days=10)


def test_running_again_gives_back_what_the_pause_has_not_used() -> None:
    """Resumed after two of ten days, the promise is due two days later than it was."""
    one = case(running("update"), answered=True)
    before = one.clocks[0]
    (paused,) = said("pause", "the vendor until 10d", one)
    held = replace(
        before,
        due=paused.due,
        paused_until=paused.paused_until,
        paused_since=paused.since,
        paused_due=paused.before,
    )
    (again,) = said("resume", "", case(held, answered=True), LATER + timedelta(days=2))
    assert (again.due - before.due, again.paused_until) == (timedelta(days=2), None)


def test_a_token_of_the_reporter_in_a_stranger_s_mail_asks_nothing() -> None:
    """The thread is known, the author is not the one who was promised something."""
    one = case()
    token = Token(one, RITA, Side.REPORTER, Audience.REPORTER)
    raw = mails.plain(sender=COLLEAGUE, message_id="<four@x.example>", text="Me too!\n")
    decision = arrived(raw, MailCandidates("EX-777777", by_token=token), at=LATER, policy=MORE)
    assert begun(decision) == {}
