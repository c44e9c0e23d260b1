"""What went wrong in other help desks, tried here: late and doubled reminders, changes of clocks."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from maild.core.event import DigestDue, SweepDue
from maild.core.letters.kinds import LetterKind
from maild.core.values.calendar import Calendar, due
from maild.core.values.duration import Length
from maild.store.database import Database
from tests.ledger.playing import PlayedDesk
from tests.ledger.test_ends import answered
from tests.support.desk import POLICY

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def desk(database: Database) -> PlayedDesk:
    """A desk in Berlin with a digest at half past two at night."""
    return PlayedDesk(database, replace(POLICY, zone=BERLIN, digest_at=time(2, 30)))


def sent(desk: PlayedDesk, kind: LetterKind) -> int:
    """How many letters of a kind go out when the desk looks at its clocks now."""
    desk.happens(SweepDue())
    return sum(one.kind is kind for one in desk.send())


def test_forty_eight_hours_of_a_twelve_hour_day_with_holidays() -> None:
    """Zammad 390: from Wednesday 23:00, nine to nine on all days, the Friday and the Sunday off."""
    off = frozenset({date(2016, 11, 11), date(2016, 11, 13)})
    long = Calendar("long", BERLIN, dict.fromkeys(range(7), ((time(9), time(21)),)), off)
    start = datetime(2016, 11, 9, 23, 0, tzinfo=BERLIN)
    assert due(start, Length(48, "wh"), long) == datetime(2016, 11, 15, 21, 0, tzinfo=BERLIN)


def test_the_teams_own_answer_lets_nothing_escalate(desk: PlayedDesk) -> None:
    """Zammad 3140: a reporter who stays silent after an answer lets the update run anew from each answer."""
    answered(desk)
    for _ in range(5):
        desk.wait(days=4)
        assert sent(desk, LetterKind.ESCALATION) == 0
        desk.answer()
        desk.send()


def test_a_late_promise_is_told_once_and_not_each_day(desk: PlayedDesk) -> None:
    """GLPI 2408: whoever was told is not told of the same promise with every sweep."""
    answered(desk)
    desk.wait(days=6)
    assert sent(desk, LetterKind.ESCALATION) == 1
    told = 0
    for _ in range(20):
        desk.wait(hours=1)
        told += sent(desk, LetterKind.ESCALATION)
    assert told == 0


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_daily_letter_comes_once_when_the_clocks_change(desk: PlayedDesk, day: date) -> None:
    """In spring half past two does not exist, in autumn it comes twice: each member gets one digest a day."""
    desk.report()
    desk.send()
    desk.now = datetime.combine(day, time(0), BERLIN).astimezone(desk.now.tzinfo)
    found: list[str] = []
    for _ in range(4 * 23):
        desk.happens(DigestDue())
        found += [one.recipient for one in desk.send() if one.kind is LetterKind.DIGEST]
        desk.wait(minutes=15)
    assert len(found) == len(set(found)) == len(POLICY.team.members)


def test_a_reminder_comes_to_the_minute(desk: PlayedDesk) -> None:
    """Zammad 2231: a reminder comes when it is due, to the minute, and not with the next night's round."""
    answered(desk)
    begun, limit = desk.now - timedelta(hours=1), timedelta(days=5)
    desk.now = begun + 0.8 * limit - timedelta(minutes=1)
    assert sent(desk, LetterKind.REMINDER) == 0
    desk.wait(minutes=1)
    assert sent(desk, LetterKind.REMINDER) >= 1


@pytest.mark.parametrize("resumed", [False, True])
def test_a_pause_said_before_the_sweep_puts_the_reminder_off_and_loses_none(
    desk: PlayedDesk, resumed: bool
) -> None:
    """Due in an hour without a sweep, paused in the next: it comes when the pause ends, before the escalation."""
    case = answered(desk)
    desk.wait(days=4)
    desk.says(case, "pause", "the vendor until 2d")
    desk.send()
    assert sent(desk, LetterKind.REMINDER) == 0
    desk.wait(days=1)
    assert sent(desk, LetterKind.REMINDER) == 0
    if resumed:
        desk.says(case, "resume")
    desk.wait(days=0 if resumed else 1)
    assert sent(desk, LetterKind.REMINDER) >= 1
    desk.wait(days=2)
    assert sent(desk, LetterKind.ESCALATION) >= 1


def test_an_answer_in_a_pause_does_not_end_it(desk: PlayedDesk) -> None:
    """The next update counts from the end of the pause: nobody is called for it before."""
    case = answered(desk)
    desk.says(case, "pause", "the vendor until 20d")
    desk.wait(days=1)
    desk.answer()
    desk.send()
    desk.wait(days=18)
    assert sent(desk, LetterKind.REMINDER) + sent(desk, LetterKind.ESCALATION) == 0
    desk.wait(days=5)
    assert sent(desk, LetterKind.REMINDER) >= 1
    assert sent(desk, LetterKind.ESCALATION) == 0
    desk.wait(days=2)
    assert sent(desk, LetterKind.ESCALATION) >= 1
