"""A list that was told a date, and the date moves: it is told otherwise, or somebody is reminded of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.core.disclosure.olddates import old
from maild.core.due import watch
from maild.core.event import Delivery, LetterSettled, SweepDue
from maild.core.facts.change import SetFact
from maild.core.facts.record import Disclosure, Fact
from maild.core.facts.table import HOLDS, PREDISCLOSED, PREPARED_DATE, STAGE
from maild.core.letters.kinds import LetterKind
from maild.core.values.case import Case, CaseState
from maild.core.values.desk import Mode
from maild.core.values.noticekind import NoticeKind
from maild.core.values.targets import Announcement, Predisclosure, Targets
from maild.store import cases, facts
from maild.store.database import Database
from tests.ledger.playing import PlayedDesk
from tests.ledger.test_ends import answered, say, told
from tests.support.desk import NOW, POLICY

LISTS = Targets((Predisclosure("distros", "distros@lists.example"),), (Announcement("blog", "blog"),))
AT = NOW + timedelta(days=9)


@pytest.fixture
def desk(database: Database) -> PlayedDesk:
    """A desk with one predisclosure list."""
    return PlayedDesk(database, replace(POLICY, targets=LISTS))


def listed(desk: PlayedDesk) -> str:
    """A case of which the list was told that it is public at AT."""
    case = answered(desk)
    say(desk, case, "verdict vulnerability", f"embargo {AT:%Y-%m-%d %H:%M} UTC")
    desk.database.call(noted, case)
    desk.happens(
        LetterSettled(1, LetterKind.PREDISCLOSURE, case, "", Delivery.SENT, recipient="distros@lists.example")
    )
    return case


def noted(connection, case: str) -> None:  # type: ignore[no-untyped-def]
    """What approving and owing the letter to the list have recorded."""
    for name, value in ((PREPARED_DATE, AT.isoformat()), (PREDISCLOSED, "digest")):
        facts.write(connection, SetFact(case, name, value, "maild", "distros"), NOW)


def reminded(desk: PlayedDesk) -> list[str]:
    """What the team is told of old dates when it sweeps now."""
    desk.happens(SweepDue())
    return told(desk, NoticeKind.OLD_DATE)


def test_the_team_is_reminded_daily_until_the_list_was_told(desk: PlayedDesk) -> None:
    """Moved: at once with a text, the next day again, and no more after `!told`."""
    case = listed(desk)
    assert reminded(desk) == []
    said = say(desk, case, f"embargo {AT + timedelta(days=3):%Y-%m-%d %H:%M} UTC the fix needs longer")
    assert "The list distros was told another date" in said
    (letter,) = reminded(desk)
    assert "distros still has the old date" in letter
    assert "!predisclose distros Subject: New date" in letter
    assert reminded(desk) == []
    desk.wait(days=1)
    assert len(reminded(desk)) == 1
    assert "recorded as told" in say(desk, case, "told distros")
    desk.wait(days=1)
    assert reminded(desk) == []


def test_several_lists_are_one_reminder_a_day(desk: PlayedDesk) -> None:
    """Two lists hold the same old date: one letter a day names both, and after one is told, the other."""
    more = Predisclosure("vendors", "vendors@lists.example")
    desk.policy = replace(desk.policy, targets=replace(LISTS, predisclosure=(*LISTS.predisclosure, more)))
    case = listed(desk)
    desk.database.call(facts.write, SetFact(case, HOLDS, AT.isoformat(), "maild", "vendors"), desk.now)
    say(desk, case, f"embargo {AT + timedelta(days=3):%Y-%m-%d %H:%M} UTC the fix needs longer")
    (letter,) = reminded(desk)
    assert "2 lists still have the old date" in letter
    assert "distros (distros@lists.example)" in letter
    assert "vendors (vendors@lists.example)" in letter
    say(desk, case, "told vendors")
    assert reminded(desk) == []
    desk.wait(days=1)
    (letter,) = reminded(desk)
    assert "distros still has the old date" in letter


def test_a_reminder_that_leaves_after_the_new_date_names_it_as_passed(desk: PlayedDesk) -> None:
    """Nothing was announced and the mail server was down: the team reads so, and no text with a passed date."""
    case = listed(desk)
    say(desk, case, f"embargo {AT + timedelta(days=3):%Y-%m-%d %H:%M} UTC the fix needs longer")
    desk.happens(SweepDue())
    desk.now = AT + timedelta(days=4)
    (letter,) = told(desk, NoticeKind.OLD_DATE)
    assert "and that has passed too" in letter
    assert "will become public on" not in letter


def test_a_list_is_not_forgotten_after_a_month(desk: PlayedDesk) -> None:
    """Nobody says a word: thirty daily reminders, then one a week, for as long as a person may come to it."""
    case = listed(desk)
    say(desk, case, f"embargo {AT + timedelta(days=3):%Y-%m-%d %H:%M} UTC the fix needs longer")
    days = []
    for day in range(60):
        if reminded(desk):
            days.append(day)
        desk.wait(days=1)
    assert days == [*range(30), 30, 37, 44, 51, 58]
    desk.wait(days=300)
    assert len(reminded(desk)) == 1
    say(desk, case, "told distros")
    desk.wait(days=30)
    assert reminded(desk) == []


@pytest.mark.parametrize("word", ["embargo", "leaked"])
def test_whoever_moves_or_ends_the_date_hears_who_else_may_know_it(desk: PlayedDesk, word: str) -> None:
    """Guests, and people who were told: they hear of it from the team, as they did the first time."""
    desk.policy = replace(desk.policy, desk=replace(desk.policy.desk, mode=Mode.RELAY))
    case = listed(desk)
    days = "until 2026-04-01"
    say(desk, case, f"guest fixer@vendor.example {days}", f"tell packager@os.example {days} they build it")
    later = f" {AT + timedelta(days=3):%Y-%m-%d %H:%M} UTC the fix needs longer"
    said = say(desk, case, word + (later if word == "embargo" else ""))
    assert "so please tell them: fixer@vendor.example, packager@os.example." in said
    other = desk.report("2", "sam@other.example")
    assert "tell them" not in say(desk, other, word + (later if word == "embargo" else ""))


def test_the_way_back_needs_no_letter(desk: PlayedDesk) -> None:
    """Moved back to the date that the list knows, nothing is old."""
    case = listed(desk)
    later = AT + timedelta(days=3)
    say(desk, case, f"embargo {later:%Y-%m-%d %H:%M} UTC longer", f"embargo {AT:%Y-%m-%d %H:%M} UTC")
    assert reminded(desk) == []


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("leaked",), "It has become public before that"),
        (("close unannounced nobody runs it",), "Nothing is to be announced"),
    ],
)
def test_released_early_or_withdrawn(desk: PlayedDesk, texts: tuple[str, ...], words: str) -> None:
    """Also after the case was closed the list is not forgotten."""
    case = listed(desk)
    say(desk, case, *texts)
    (letter,) = reminded(desk)
    assert words in letter


def test_a_date_that_was_kept_is_forgotten(desk: PlayedDesk) -> None:
    """Announced on the day that the list knew, the case closes and nobody hears of it again."""
    case = listed(desk)
    desk.now = AT + timedelta(minutes=1)
    say(desk, case, "severity minor", "published blog")
    desk.wait(hours=1)
    desk.answer("1")
    assert "is closed" in say(desk, case, "close")
    assert reminded(desk) == []
    found = desk.database.call(cases.get, case)
    assert found
    assert found.record.value(HOLDS, "distros") == ""


WORDS = st.sampled_from(["later", "sooner", "same", "leaked", "announced", "closed", "told", "wait"])


@given(st.lists(WORDS, max_size=8))
@settings(max_examples=200, deadline=None)
def test_no_path_leaves_a_list_with_an_old_date_and_nobody_reminded(steps: list[str]) -> None:
    """Whatever is said in whatever order: the list holds the true date, or a reminder is due now."""
    now, policy = NOW, replace(POLICY, targets=LISTS)
    case = Case("EX-1", CaseState.OPEN, NOW, False, ("r@x.example",))
    facts = {("embargo", ""): AT.isoformat(), (HOLDS, "distros"): AT.isoformat()}
    at = dict.fromkeys(facts, NOW)
    end = AT
    for step in steps:
        now += timedelta(hours=7)
        moved = {"later": timedelta(days=2), "sooner": -timedelta(days=2), "same": timedelta(0)}
        change: dict[tuple[str, str], str] = {}
        if step in moved and (STAGE, "") not in facts:
            end += moved[step]
            change = {("embargo", ""): end.isoformat()}
        elif step == "leaked" and (STAGE, "") not in facts:
            end = min(end, now)
            change = {("embargo", ""): end.isoformat(), ("embargo-ended", ""): "leaked"}
        elif step == "announced":
            change = {(STAGE, ""): "announced"}
        elif step == "told":
            change = {(HOLDS, "distros"): ""}
        elif step == "closed":
            case = replace(case, state=CaseState.CLOSED)
        facts |= change
        at |= dict.fromkeys(change, now)
    record = Disclosure(tuple(Fact(n, v, "x", at[n, i], i) for (n, i), v in facts.items() if v))
    case = replace(case, record=record)
    holds = facts[HOLDS, "distros"]
    announced = at.get((STAGE, ""))
    public = announced or (end if facts.get(("embargo-ended", "")) else None)
    gone = case.state is CaseState.CLOSED and public is None
    true = not holds or (holds == end.isoformat() and public is None and not gone)
    true = true or (public is not None and public >= AT)
    due = [one for one in watch.dates(case, policy, now) if one.about == NoticeKind.OLD_DATE]
    assert bool(due) is not true
    assert bool(old(case)) is not true
    assert all(any(moment.at <= now for moment in one.moments) for one in due)
