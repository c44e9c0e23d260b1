"""``[[calendar]]`` tables: what they make, and how a fault is told."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from maild.config.calendars import MAX_ICAL, WEEKDAYS, CalendarSection, build, ical_days
from maild.config.check import from_pydantic
from maild.core.values.calendar import Calendar, due
from maild.core.values.duration import parse_length

YEARS = range(2025, 2037)
NINE_TO_FIVE = ((time(9), time(17)),)


def section(**keys: Any) -> CalendarSection:
    return CalendarSection.model_validate({"name": "team", "zone": "UTC", "hours": "09:00-17:00"} | keys)


def built(folder: Path = Path("/nowhere"), years: range = YEARS, **keys: Any) -> Calendar:
    return build(section(**keys), folder, years)


def ical(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""))


def event(*lines: str) -> str:
    return ical("BEGIN:VEVENT", *lines, "END:VEVENT")


def days(*texts: str) -> set[date]:
    return {date.fromisoformat(text) for text in texts}


def test_one_line_of_hours_is_monday_to_friday() -> None:
    """A name, a zone and hours are enough; Saturday and Sunday are the weekend."""
    calendar = built(zone="Asia/Kathmandu")
    assert (calendar.name, calendar.zone) == ("team", ZoneInfo("Asia/Kathmandu"))
    assert calendar.hours == dict.fromkeys(range(5), NINE_TO_FIVE)
    assert calendar.days_off == frozenset()


def test_a_weekend_of_ones_own() -> None:
    """Friday and Saturday, or no weekend at all."""
    assert sorted(built(weekend=["fri", "sat"]).hours) == [0, 1, 2, 3, 6]
    assert sorted(built(weekend=[]).hours) == [0, 1, 2, 3, 4, 5, 6]


def test_hours_by_weekday() -> None:
    """A table gives each day its own hours, in order; a day left out, or left empty, is not worked."""
    hours = {"mon": "13:00-17:00, 9:00-12:00", "wed": "00:00 - 24:00", "thu": "", "sat": "10:00-12:30"}
    assert built(hours=hours).hours == {
        0: ((time(9), time(12)), (time(13), time(17))),
        2: ((time(0), time(0)),),
        5: ((time(10), time(12, 30)),),
    }


def test_public_holidays_of_a_region() -> None:
    """Corpus Christi is a holiday in Bavaria, not in Berlin; only the years asked for are computed."""
    bavaria = built(holidays="DE-BY", years=range(2026, 2028)).days_off
    assert date(2026, 6, 4) in bavaria
    assert date(2026, 6, 4) not in built(holidays="de-BE").days_off
    assert {day.year for day in bavaria} == {2026, 2027}


def test_days_off_by_list_and_by_file(tmp_path: Path) -> None:
    """Own days, as text or as TOML dates, and those of a file beside the configuration come together."""
    (tmp_path / "team.ics").write_text(event("DTSTART;VALUE=DATE:20261228", "DTEND;VALUE=DATE:20270101"))
    calendar = built(tmp_path, days_off=["2026-12-24", date(2026, 12, 27)], ical="team.ics")
    assert calendar.days_off == days(
        "2026-12-24", "2026-12-27", "2026-12-28", "2026-12-29", "2026-12-30", "2026-12-31"
    )


def test_a_promise_counts_on_what_was_built() -> None:
    """Written on Good Friday in Germany, one working day is over when Tuesday closes."""
    calendar = built(zone="Europe/Berlin", holidays="DE")
    friday = datetime(2026, 4, 3, 8, 0, tzinfo=UTC)
    assert due(friday, parse_length("1wd"), calendar) == datetime(2026, 4, 7, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("keys", "key", "wanted"),
    [
        ({"zone": "Europe/Atlantis"}, "zone", 'a time zone of the tz database, such as "Europe/Berlin"'),
        ({"zone": "../../etc/passwd"}, "zone", "a time zone"),
        ({"zone": "America"}, "zone", "a time zone"),
        ({"zone": "right/UTC"}, "zone", "a time zone"),
        ({"zone": 1}, "zone", "a time zone"),
        ({"hours": ""}, "file", "working hours on at least one day of the week"),
        ({"hours": {}}, "file", "working hours on at least one day"),
        ({"hours": {"mon": ""}}, "file", "working hours on at least one day"),
        ({"weekend": WEEKDAYS}, "file", "working hours on at least one day"),
        ({"hours": "9-17"}, "hours", 'hours such as "09:00-17:00"'),
        ({"hours": "09:00-25:00"}, "hours", "hours such as"),
        ({"hours": 9}, "hours", "hours in quotes"),
        ({"hours": "22:00-06:00"}, "hours", "hours that end after they begin (for a night 22:00-24:00, and"),
        ({"hours": "09:00-09:00"}, "hours", "hours that end after they begin"),
        ({"hours": "09:00-13:00, 12:00-17:00"}, "hours", "hours that do not overlap"),
        ({"hours": "09:00-24:00, 12:00-17:00"}, "hours", "hours that do not overlap"),
        ({"hours": {"fri": "17:00-09:00"}}, "hours", "fri: hours that end after"),
        ({"hours": {"friday": "09:00-17:00"}}, "hours", "weekdays such as mon, tue"),
        ({"hours": {"sat": "09:00-17:00"}, "weekend": ["sat"]}, "file", "sat in hours or in weekend"),
        ({"weekend": ["saturday"]}, "weekend.0", "'mon', 'tue'"),
        ({"holidays": "Germany"}, "holidays", 'such as "DE" or "DE-BY"'),
        ({"holidays": "XX"}, "holidays", "a country with known public holidays"),
        ({"holidays": "DE-ZZ"}, "holidays", "a region of DE: BB, BE"),
        ({"days_off": ["24.12.2026"]}, "days_off.0", 'a date in quotes, such as "2026-12-24"'),
        ({"days_off": [20261224]}, "days_off.0", "a date in quotes"),
        ({"name": "Our Team"}, "name", "pattern"),
        ({"region": "DE"}, "region", "a known key"),
    ],
)
def test_a_fault_names_the_key_and_what_is_wanted(keys: dict[str, Any], key: str, wanted: str) -> None:
    """Every fault of a table is told in an operator's words, at its key."""
    with pytest.raises(ValidationError) as caught:
        section(**keys)
    problems = list(from_pydantic(caught.value))
    assert [problem.key for problem in problems] == [key]
    assert wanted in problems[0].wanted


def test_a_year_without_a_working_day_is_refused(tmp_path: Path) -> None:
    """Days off that leave nothing to work on would stop every promise."""
    (tmp_path / "off.ics").write_text(event("DTSTART;VALUE=DATE:20200101", "DTEND;VALUE=DATE:20400101"))
    with pytest.raises(ValueError, match=r"a working day in the years 2025 to 2036 \(all of them are off\)"):
        built(tmp_path, ical="off.ics")


def test_a_file_in_any_encoding(tmp_path: Path) -> None:
    """A byte order mark before, and a summary in an old encoding inside, do no harm."""
    text = event("SUMMARY:Allerheiligen für alle", "DTSTART;VALUE=DATE:20261101")
    (tmp_path / "old.ics").write_bytes(b"\xef\xbb\xbf" + text.encode("latin-1"))
    assert built(tmp_path, ical="old.ics").days_off == days("2026-11-01")


@pytest.mark.parametrize(
    ("name", "why"), [("no.ics", "No such file"), (".", "directory"), ("\0", "file name")]
)
def test_an_unreadable_file_is_refused(name: str, why: str, tmp_path: Path) -> None:
    """A missing file, a folder, no name at all: the reason is told."""
    with pytest.raises(ValueError, match=rf"a readable iCalendar file \(.*{why}"):
        built(tmp_path, ical=name)


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    """The wrong file named by mistake does not fill the memory."""
    (tmp_path / "big.ics").write_bytes(b" " * (MAX_ICAL + 1))
    with pytest.raises(ValueError, match="at most 5 MB"):
        built(tmp_path, ical="big.ics")


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (["DTSTART;VALUE=DATE:20261224"], days("2026-12-24")),
        (["DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261224"], days("2026-12-24")),
        (["DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261226"], days("2026-12-24", "2026-12-25")),
        (["DTSTART:20261224", "DURATION:P2D"], days("2026-12-24", "2026-12-25")),
        (["DTSTART:20261224", "DURATION:P0D"], days("2026-12-24")),
        (["DTSTART:20261201", "DURATION:P1W"], days(*(f"2026-12-0{n}" for n in range(1, 8)))),
        (["SUMMARY:a\\,", " b:c", "dtstart;value=date:2026", " 12", "\t24"], days("2026-12-24")),
        (["DTSTART;TZID=Europe/Berlin:20261224T090000"], set()),
        (["DTSTART;VALUE=DATE:20261224", "STATUS:CANCELLED"], set()),
        (["DTSTART;VALUE=DATE:20261224", "BEGIN:VALARM", "DURATION:PT5M", "END:VALARM"], days("2026-12-24")),
        (["DTSTART;VALUE=DATE:20241231", "DTEND;VALUE=DATE:20250102"], days("2025-01-01")),
        (["DTSTART;VALUE=DATE:20361231", "DURATION:P9W"], days("2036-12-31")),
    ],
)
def test_all_day_events_are_days_off(lines: list[str], wanted: set[date]) -> None:
    """Ends are exclusive, folded lines joined; timed and cancelled events and other years do not count."""
    assert ical_days(event(*lines), YEARS) == wanted


def test_only_events_count() -> None:
    """The start of daylight saving in a zone's definition is nobody's day off."""
    zone = ["BEGIN:VTIMEZONE", "BEGIN:DAYLIGHT", "DTSTART:20260329", "END:DAYLIGHT", "END:VTIMEZONE"]
    assert ical_days(ical(*zone), YEARS) == set()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "which begins with BEGIN:VCALENDAR"),
        ("<html>", "which begins with BEGIN:VCALENDAR"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261224\n", "line 3: END:VEVENT"),
        (ical("END:VEVENT"), "line 2: BEGIN and END in pairs"),
        (event("SUMMARY:nothing"), "line 2: an event with DTSTART"),
        (event("DTSTART;VALUE=DATE:20260230"), "line 3: a date such as 20261224"),
        (event("DTSTART;VALUE=DATE:99991231"), "line 3: a date"),
        (event("SUMMARY:x", " y", "DTSTART:2026-12-24"), "line 5: a date"),
        (event("DTSTART:20261224", "DTEND:20261223"), "line 4: a DTEND after its DTSTART"),
        (event("DTSTART:20261224", "DURATION:PT1H"), "line 4: a DURATION in days or weeks"),
        (event("DTSTART:20261224", "RRULE:FREQ=YEARLY"), "line 4: all-day events without RRULE"),
    ],
)
def test_a_fault_in_the_file_names_its_line(text: str, fault: str) -> None:
    """What cannot be understood is refused with its line, never guessed."""
    with pytest.raises(ValueError, match=fault):
        ical_days(text, YEARS)


@given(st.text(st.sampled_from("BEGINDTSAVL:;=20261224PWZ \n\r\t\0é"), max_size=80) | st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever stands in an event, the answer is days of the years asked for, or a ``ValueError``."""
    for whole in (text, event(text), event(f"DTSTART:{text}"), event("DTSTART:20261224", f"DURATION:{text}")):
        try:
            found = ical_days(whole, YEARS)
        except ValueError:
            continue
        assert all(day.year in YEARS for day in found)
