"""Working time: one test for each line of the module's semantics, and the oracle's agreement."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from maild.core.values.calendar import (
    WALL,
    Calendar,
    Span,
    due,
    fraction,
    later,
    worked,
    working,
)
from maild.core.values.duration import parse_length
from tests.core import oracle

OFFICE = ((time(9), time(17)),)
BREAK = ((time(9), time(12)), (time(13), time(17)))
NIGHT = ((time(0), time(4)),)
ALWAYS = ((time(0), time(0)),)


def week(spans: tuple[Span, ...], days: int = 5) -> Mapping[int, tuple[Span, ...]]:
    return dict.fromkeys(range(days), spans)


def office(zone: str, spans: tuple[Span, ...] = OFFICE, days: int = 5, off: str = "") -> Calendar:
    days_off = frozenset(date.fromisoformat(day) for day in off.split())
    return Calendar("office", ZoneInfo(zone), week(spans, days), days_off)


def at(text: str, zone: str = "UTC", fold: int = 0) -> datetime:
    """The instant when the wall clock of *zone* shows *text*."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


BERLIN = office("Europe/Berlin")
SHORT_FRIDAY = Calendar("short", UTC, {**week(OFFICE), 4: ((time(9), time(13)),)})
LATE_TUESDAY = Calendar("late", UTC, {0: ((time(8), time(12)),), 1: ((time(14), time(18)),)})


@pytest.mark.parametrize("calendar", [WALL, BERLIN, office("UTC", off="2026-03-30")])
@pytest.mark.parametrize(
    ("text", "hours"), [("90s", 0.025), ("15m", 0.25), ("48h", 48), ("5d", 120), ("2w", 336)]
)
def test_elapsed_time_knows_no_calendar(text: str, hours: float, calendar: Calendar) -> None:
    """Line 1: five days are 120 hours, over a change of the clocks and over days off (29 March, Berlin)."""
    start = at("2026-03-27T17:30")
    assert due(start, parse_length(text), calendar) == start + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("moment", "works"),
    [
        ("2026-03-27T08:59:59", False),
        ("2026-03-27T09:00", True),
        ("2026-03-27T11:59:59", True),
        ("2026-03-27T12:00", False),
        ("2026-03-27T13:00", True),
        ("2026-03-27T17:00", False),
        ("2026-03-28T10:00", False),
        ("2026-04-03T10:00", False),
    ],
)
def test_who_works_when(moment: str, works: bool) -> None:
    """Line 2: the opening belongs to working time; the closing, the break, weekend and days off do not."""
    plan = office("Asia/Kathmandu", BREAK, off="2026-04-03")
    assert working(at(moment, "Asia/Kathmandu"), plan) is works


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 3),  # 02:00 becomes 03:00
        ("Europe/Berlin", "2026-10-25", 5),  # 03:00 becomes 02:00
        ("Australia/Lord_Howe", "2026-04-05", 4.5),  # by half an hour
        ("Australia/Lord_Howe", "2026-10-04", 3.5),
        ("America/Sao_Paulo", "2018-11-04", 3),  # the day begins at 01:00
        ("Asia/Beirut", "2026-03-29", 3),
        ("Africa/Cairo", "2026-04-24", 3),
        ("Antarctica/Troll", "2026-03-29", 2),  # by two hours
        ("Pacific/Apia", "2011-12-30", 0),  # a date that never was
        ("Asia/Kolkata", "2026-03-29", 4),
    ],
)
def test_hours_skipped_and_repeated(zone: str, day: str, hours: float) -> None:
    """Line 2: a skipped hour is nobody's working time, a repeated one counts twice (hours 00:00 to 04:00)."""
    noon = at(f"{day}T12:00", zone)
    plan = Calendar("one day", ZoneInfo(zone), {date.fromisoformat(day).weekday(): NIGHT})
    assert worked(noon - timedelta(days=2), noon + timedelta(days=2), plan) == timedelta(hours=hours)


def test_midnight_that_comes_twice() -> None:
    """Line 2: where midnight falls back to 23:00, the late shift of that evening lasts two hours."""
    plan = Calendar("late shift", ZoneInfo("America/Sao_Paulo"), week(((time(23), time(0)),), 7))
    start = at("2018-02-17T22:00", "America/Sao_Paulo")
    assert worked(start, start + timedelta(hours=6), plan) == timedelta(hours=2)
    assert due(start, parse_length("2wh"), plan) == at("2018-02-18T00:00", "America/Sao_Paulo")
    assert due(start, parse_length("1wd"), plan) == at("2018-02-18T00:00", "America/Sao_Paulo")


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2026-03-27T12:00", "4wh", "2026-03-27T16:00"),
        ("2026-03-27T12:00", "5wh", "2026-03-27T17:00"),  # the closing, not Monday's opening
        ("2026-03-27T12:00", "6wh", "2026-03-30T10:00"),
        ("2026-03-27T17:30", "1wh", "2026-03-30T10:00"),
        ("2026-03-28T03:00", "8wh", "2026-03-30T17:00"),
        ("2026-03-30T04:00", "40wh", "2026-04-07T17:00"),  # Good Friday and Easter Monday are off
    ],
)
def test_working_hours(start: str, length: str, end: str) -> None:
    """Line 3: only working time counts, and the closing is due where the last hour ends with the day."""
    plan = office("Europe/Berlin", off="2026-04-03 2026-04-06")
    assert due(at(start, "Europe/Berlin"), parse_length(length), plan) == at(end, "Europe/Berlin")


def test_a_break_is_not_worked() -> None:
    """Line 3: two spans a day, and the hour between them does not count."""
    plan = office("Asia/Kolkata", BREAK)
    assert due(at("2026-03-27T11:00", "Asia/Kolkata"), parse_length("2wh"), plan) == at("2026-03-27T08:30")


def test_working_hours_over_a_change_of_clocks() -> None:
    """Line 3: on the night shift an hour lost in spring is worked later, and one won in autumn is worked."""
    plan = office("Europe/Berlin", NIGHT, 7)
    for day, end in (("2026-03-29", "2026-03-30T01:00"), ("2026-10-25", "2026-10-25T03:00")):
        start = at(f"{day}T00:00", "Europe/Berlin")
        assert due(start, parse_length("4wh"), plan) == at(end, "Europe/Berlin")


def test_a_day_with_one_hour_is_a_working_day() -> None:
    """Line 4: every date with working time counts as one, however short; one that is off does not."""
    plan = Calendar("uneven", UTC, {0: OFFICE, 1: ((time(9), time(10)),), 2: OFFICE}, frozenset())
    off = Calendar("off", UTC, plan.hours, frozenset({date(2026, 3, 24)}))
    assert due(at("2026-03-23T09:30"), parse_length("2wd"), plan) == at("2026-03-25T09:30")
    assert due(at("2026-03-23T09:30"), parse_length("2wd"), off) == at("2026-03-30T09:30")


def test_a_date_that_comes_back_counts_once() -> None:
    """Line 4: where clocks fall back at a minute past midnight, yesterday returns and is no further day."""
    zone = "America/St_Johns"
    start = at("2010-11-06T12:00", zone)
    assert due(start, parse_length("2wd"), office(zone, ALWAYS, 7)) == at("2010-11-08T12:00", zone)


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2026-03-27T17:30", "1wd", "2026-03-30T17:00"),  # Friday evening
        ("2026-03-27T17:00", "1wd", "2026-03-30T17:00"),
        ("2026-03-28T12:00", "1wd", "2026-03-30T17:00"),
        ("2026-03-30T07:00", "1wd", "2026-03-30T17:00"),
        ("2026-03-30T09:00", "1wd", "2026-03-30T17:00"),
        ("2026-03-27T17:30", "3wd", "2026-04-01T17:00"),
        ("2026-04-02T20:00", "1wd", "2026-04-07T17:00"),  # Easter
    ],
)
def test_working_days_from_outside_the_hours(start: str, length: str, end: str) -> None:
    """Line 5: the day that opens next is the first, and the closing of the last is due."""
    plan = office("Europe/Berlin", off="2026-04-03 2026-04-06")
    assert due(at(start, "Europe/Berlin"), parse_length(length), plan) == at(end, "Europe/Berlin")


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2026-03-27T12:00:05", "1wd", "2026-03-30T12:00:05"),  # the offset changed between
        ("2026-10-23T16:59", "2wd", "2026-10-27T16:59"),
        ("2026-03-30T09:01", "5wd", "2026-04-06T09:01"),
        ("2028-02-28T10:00", "1wd", "2028-02-29T10:00"),  # a leap year
        ("2027-02-26T10:00", "1wd", "2027-03-01T10:00"),
    ],
)
def test_working_days_from_within_the_hours(start: str, length: str, end: str) -> None:
    """Line 6: the same time of the wall clock, so many working days later."""
    assert due(at(start, "Europe/Berlin"), parse_length(length), BERLIN) == at(end, "Europe/Berlin")


def test_a_start_in_a_break_counts_as_its_end() -> None:
    """Line 6: a report at half past twelve is due when the break ends, the next day too."""
    plan = Calendar("a break on Mondays", UTC, {0: BREAK, 1: OFFICE})
    assert due(at("2026-03-23T12:30"), parse_length("1wd"), plan) == at("2026-03-24T13:00")


@pytest.mark.parametrize(
    ("calendar", "start", "end"),
    [
        (SHORT_FRIDAY, "2026-03-26T16:00", "2026-03-27T13:00"),  # closed by then
        (LATE_TUESDAY, "2026-03-23T10:00", "2026-03-24T14:00"),  # not open yet
        (Calendar("t", UTC, {0: OFFICE, 1: BREAK}), "2026-03-23T12:30", "2026-03-24T13:00"),  # a break
        (Calendar("t", UTC, {0: OFFICE, 1: BREAK}), "2026-03-23T12:00", "2026-03-24T13:00"),
        (Calendar("t", UTC, {0: OFFICE, 1: BREAK}), "2026-03-23T13:00", "2026-03-24T13:00"),
        (Calendar("t", UTC, {0: ALWAYS, 1: BREAK}), "2026-03-23T20:00", "2026-03-24T17:00"),
    ],
)
def test_days_of_other_hours(calendar: Calendar, start: str, end: str) -> None:
    """Line 7: a time that is not worked on that day moves to its next opening, or back to its closing."""
    assert due(at(start), parse_length("1wd"), calendar) == at(end)


@pytest.mark.parametrize(
    ("zone", "start", "end"),
    [
        ("Europe/Berlin", at("2026-03-28T02:30", "Europe/Berlin"), at("2026-03-29T01:00")),
        ("Europe/Berlin", at("2026-10-24T02:30", "Europe/Berlin"), at("2026-10-25T00:30")),
        ("Europe/Berlin", at("2026-10-25T02:30", "Europe/Berlin", 1), at("2026-10-26T01:30")),
        ("America/Sao_Paulo", at("2018-11-03T00:30", "America/Sao_Paulo"), at("2018-11-04T03:00")),
        ("Australia/Lord_Howe", at("2026-10-03T02:10", "Australia/Lord_Howe"), at("2026-10-03T15:30")),
        ("America/St_Johns", at("2010-11-06T23:30", "America/St_Johns"), at("2010-11-08T03:00")),
    ],
)
def test_a_time_skipped_or_shown_twice(zone: str, start: datetime, end: datetime) -> None:
    """Line 7: a skipped time is due at the first moment after it, of a repeated time the first is meant."""
    assert due(start, parse_length("1wd"), office(zone, ALWAYS, 7)) == end


@pytest.mark.parametrize(
    ("length", "share", "end"),
    [
        ("1wd", 0.5, "2026-03-27T16:00"),
        ("1wd", 0.8, "2026-03-30T10:24"),
        ("8wh", 0.8, "2026-03-30T10:24"),
        ("8wh", 1, "2026-03-30T12:00"),
        ("24h", 0.5, "2026-03-28T00:00"),
    ],
)
def test_a_share_of_a_length(length: str, share: float, end: str) -> None:
    """Line 8: reminders come after a share of the time that counts, not in the night or at the weekend."""
    start = at("2026-03-27T12:00")
    assert fraction(start, parse_length(length), office("UTC"), share) == at(end)


def test_all_of_a_length_is_when_it_is_due() -> None:
    """Line 8: the whole share is what is due, also where that is an opening after the time was worked."""
    start, length = at("2026-03-23T10:00"), parse_length("1wd")
    assert fraction(start, length, LATE_TUESDAY, 1) == due(start, length, LATE_TUESDAY)


@pytest.mark.parametrize("share", [0, -0.5, 1.01, float("nan")])
def test_no_other_share(share: float) -> None:
    """Line 8: nothing, less than nothing and more than all are refused."""
    with pytest.raises(ValueError, match="a share above 0 and at most 1"):
        fraction(at("2026-03-27T12:00"), parse_length("8wh"), WALL, share)


def test_a_pause_moves_what_is_due() -> None:
    """Line 9: by the time that would have counted; a pause over the weekend moves no working promise."""
    monday, friday = at("2026-03-30T10:00"), at("2026-03-27T16:00")
    plan, night = office("UTC"), (at("2026-03-27T17:00"), at("2026-03-30T09:00"))
    assert later(monday, (friday, monday), parse_length("2wd"), plan) == at("2026-03-30T12:00")
    assert later(monday, night, parse_length("2wd"), plan) == monday
    assert later(night[0], night, parse_length("2wd"), plan) == night[0]
    assert later(monday, night, parse_length("48h"), plan) == at("2026-04-02T02:00")
    assert later(monday, (monday, friday), parse_length("48h"), plan) == monday


@pytest.mark.parametrize("length", ["1wd", "1wh"])
def test_a_calendar_without_work_never_ends(length: str) -> None:
    """Line 10: twenty years without the working time are refused, not searched for ever."""
    with pytest.raises(ValueError, match="within twenty years in the calendar 'idle'"):
        due(at("2026-03-27T12:00"), parse_length(length), Calendar("idle", UTC, {}))


def test_an_instant_needs_a_zone() -> None:
    """A naive time says nothing about when, so it is refused."""
    with pytest.raises(ValueError, match="a time with a time zone"):
        due(datetime(2026, 3, 27), parse_length("1wd"), WALL)


@settings(max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(oracle.examples())
def test_the_oracle_agrees(example: oracle.Example) -> None:
    """Whatever calendar, zone and instant: counting minute by minute comes to the same."""
    oracle.agree(*example)
