"""``[[calendar]]`` tables: when the team works, from hours, a weekend, public holidays and own days off.

Faults are ``ValueError`` with the words an operator needs: what is wanted, and where.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, model_validator

from maild.config.fields import Section
from maild.core.values.calendar import Calendar, Span

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MAX_ICAL = 5_000_000
_SPAN = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])\s*-\s*(?:([01]?[0-9]|2[0-3]):([0-5][0-9])|24:00)")
_HOLIDAYS = re.compile(r"([A-Za-z]{2,3})(?:-(\S+))?")
_ICAL_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_ICAL_LENGTH = re.compile(r"\+?P([0-9]{1,4})([DW])")
_LAST_YEAR = 9000  # what comes later cannot be counted from
_ONE_DAY = timedelta(days=1)

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _zone(value: object) -> ZoneInfo:
    """A zone of the tz database; not one with leap seconds, nor what this machine happens to be in."""
    odd = ("right/", "posix", "localtime", "Factory")
    try:
        if isinstance(value, str) and value and not value.startswith(odd):
            return ZoneInfo(value)
    except (ValueError, OSError, KeyError):  # not there, not a file, a path that leads elsewhere
        pass
    raise ValueError('a time zone of the tz database, such as "Europe/Berlin" or "UTC"')


def _day(value: object) -> date:
    try:
        return value if type(value) is date else date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError('a date in quotes, such as "2026-12-24"') from None


def _spans(value: object) -> tuple[Span, ...]:
    """``09:00-12:00, 13:00-17:00`` in order; nothing is no work."""
    if not isinstance(value, str):
        raise ValueError('hours in quotes, such as "09:00-17:00"')
    spans = sorted(_span(part) for part in value.split(",")) if value.strip() else []
    for (_, closes), (opens, _) in pairwise(spans):
        if closes == time() or opens < closes:
            raise ValueError("hours that do not overlap")
    return tuple(spans)


def _span(text: str) -> Span:
    match = _SPAN.fullmatch(text.strip())
    if not match:
        raise ValueError('hours such as "09:00-17:00" or "09:00-12:00, 13:00-17:00"')
    opens = time(int(match[1]), int(match[2]))
    closes = time(int(match[3]), int(match[4])) if match[3] else time()
    if match[3] and closes <= opens:
        wanted = "hours that end after they begin (for a night 22:00-24:00, and 00:00-06:00 on the next day)"
        raise ValueError(wanted)
    return opens, closes


def _hours(value: object) -> dict[str, tuple[Span, ...]] | tuple[Span, ...]:
    """The same hours for every working day, or a table with those of each weekday."""
    if not isinstance(value, dict):
        return _spans(value)
    for name in value:
        if name not in WEEKDAYS:
            raise ValueError(f"weekdays such as {', '.join(WEEKDAYS)}")
    return {name: _spans_of(name, text) for name, text in value.items()}


def _spans_of(name: str, value: object) -> tuple[Span, ...]:
    try:
        return _spans(value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _public(value: object) -> str:
    """The name of public holidays: a country (ISO 3166) that the library knows, and perhaps its region."""
    match = _HOLIDAYS.fullmatch(value) if isinstance(value, str) else None
    if value == "":
        return ""
    if not match:
        raise ValueError('a country, or a country and a region, such as "DE" or "DE-BY"')
    import holidays

    regions = holidays.list_supported_countries().get(match[1].upper())
    if regions is None:
        raise ValueError('a country with known public holidays, as two letters: "DE", "US"')
    if match[2] and match[2] not in regions:
        known = ", ".join(regions) or "none is known"
        raise ValueError(f"a region of {match[1].upper()}: {known}")
    return match[1].upper() + (f"-{match[2]}" if match[2] else "")


class CalendarSection(Section):
    """``[[calendar]]``. The weekend, unless given: Saturday and Sunday, or what a table of hours omits."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
    zone: Annotated[ZoneInfo, BeforeValidator(_zone)]
    hours: Annotated[dict[str, tuple[Span, ...]] | tuple[Span, ...], BeforeValidator(_hours)]
    weekend: tuple[Weekday, ...] | None = None
    holidays: Annotated[str, BeforeValidator(_public)] = ""
    days_off: tuple[Annotated[date, BeforeValidator(_day)], ...] = ()
    ical: str = ""

    @property
    def week(self) -> dict[int, tuple[Span, ...]]:
        """The hours of each weekday with any, Monday is 0."""
        given = self.hours
        weekend = (
            ("sat", "sun") if self.weekend is None and not isinstance(given, dict) else self.weekend or ()
        )
        hours = given if isinstance(given, dict) else dict.fromkeys(WEEKDAYS, given)
        return {n: hours[day] for n, day in enumerate(WEEKDAYS) if day not in weekend and hours.get(day)}

    @property
    def shortest_day(self) -> timedelta:
        """The least working time of a weekday with any, by the wall clock."""
        return min(sum((_length(span) for span in spans), timedelta()) for spans in self.week.values())

    @model_validator(mode="after")
    def _work_or_weekend(self) -> Self:
        both = [day for day in self.weekend or () if isinstance(self.hours, Mapping) and self.hours.get(day)]
        if both:
            raise ValueError(f"{both[0]} in hours or in weekend, not in both")
        return self

    @model_validator(mode="after")
    def _some_work(self) -> Self:
        if not self.week:
            raise ValueError("working hours on at least one day of the week")
        return self


def _length(span: Span) -> timedelta:
    """From opening to closing; one at midnight is at the end of the day."""
    opens, closes = (timedelta(hours=at.hour, minutes=at.minute) for at in span)
    return (closes or _ONE_DAY) - opens


def build(section: CalendarSection, folder: Path, years: range) -> Calendar:
    """The calendar of *section*, its holidays those of *years*; a relative iCalendar file starts at *folder*.

    ``ValueError`` with what is wanted when the file cannot be used, or every day of the years is off.
    """
    off = set(section.days_off) | _public_holidays(section.holidays, years)
    if section.ical:
        off |= ical_days(_read(folder / section.ical), years)
    calendar = Calendar(section.name, section.zone, section.week, frozenset(off))
    if years and not any(calendar.spans(day) for day in _all_days(years)):
        raise ValueError(f"a working day in the years {years[0]} to {years[-1]} (all of them are off)")
    return calendar


def _public_holidays(name: str, years: range) -> set[date]:
    if not name:
        return set()
    import holidays  # only where asked for: it takes a while

    country, _, region = name.partition("-")
    return set(holidays.country_holidays(country, subdiv=region or None, years=years))


def _all_days(years: range) -> Iterator[date]:
    day = date(years[0], 1, 1)
    while day.year <= years[-1]:
        yield day
        day += _ONE_DAY


def _read(path: Path) -> str:
    """The file's text; names of holidays may be in any encoding, the dates are ASCII."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_ICAL + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file name"
        raise ValueError(f"a readable iCalendar file ({reason})") from None
    if len(raw) > MAX_ICAL:
        raise ValueError(f"an iCalendar file of at most {MAX_ICAL // 1_000_000} MB")
    return raw.decode("utf-8-sig", "replace")


def ical_days(text: str, years: range) -> set[date]:
    """The days of all-day events in an iCalendar *text* (RFC 5545) that lie in *years*.

    Timed and cancelled events are nobody's day off. Repeating all-day events are refused, not guessed.
    """
    lines = list(_unfolded(text))
    if not lines or lines[0][1].strip().upper() != "BEGIN:VCALENDAR":
        raise ValueError("an iCalendar file, which begins with BEGIN:VCALENDAR")
    return {day for event in _events(lines) for day in _event_days(event, years)}


Event = dict[str, tuple[int, str]]
"""The properties of an event: the number of the line and the value of each."""


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """The lines with their numbers; one that begins with white space continues the last (RFC 5545 §3.1)."""
    number, line = 0, ""
    for here, part in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if part[:1] in {" ", "\t"} and number:
            line += part[1:]
            continue
        if line:
            yield number, line
        number, line = here, part
    if line:
        yield number, line


def _events(lines: list[tuple[int, str]]) -> Iterator[Event]:
    """The events; what is inside their alarms or in other components is not theirs."""
    inside: list[str] = []
    event: Event = {}
    for number, line in lines:
        name, _, value = line.partition(":")
        key, word = name.partition(";")[0].strip().upper(), value.strip()
        if key == "BEGIN":
            inside.append(word.upper())
            event = {"BEGIN": (number, word)} if word.upper() == "VEVENT" else event
        elif key == "END":
            if not inside or inside.pop() != word.upper():
                raise _fault(number, "BEGIN and END in pairs")
            if word.upper() == "VEVENT":
                yield event
        elif inside[-1:] == ["VEVENT"]:
            event[key] = (number, word)
    if inside:
        raise _fault(lines[-1][0], f"END:{inside[-1][:20]} (the file is cut off)")


def _event_days(event: Event, years: range) -> Iterator[date]:
    number, start = event.get("DTSTART", (event["BEGIN"][0], ""))
    if not start:
        raise _fault(number, "an event with DTSTART")
    if "T" in start.upper() or event.get("STATUS", (0, ""))[1].upper() == "CANCELLED":
        return
    for key in ("RRULE", "RDATE"):
        if key in event:
            raise _fault(event[key][0], f"all-day events without {key} (each day as an event of its own)")
    first = _ical_date(number, start)
    end = _event_end(event, first)
    day = max(first, date(years.start, 1, 1))
    while day < end and day.year in years:
        yield day
        day += _ONE_DAY


def _event_end(event: Event, first: date) -> date:
    """The day after the last; an end that is no later than the start, as some programs write, is one day."""
    if "DTEND" in event:
        number, value = event["DTEND"]
        end = _ical_date(number, value)
        if end < first:
            raise _fault(number, "a DTEND after its DTSTART")
        return max(end, first + _ONE_DAY)
    number, value = event.get("DURATION", (0, "P1D"))
    match = _ICAL_LENGTH.fullmatch(value.upper())
    if not match:
        raise _fault(number, "a DURATION in days or weeks, such as P3D")
    return first + _ONE_DAY * max(int(match[1]), 1) * (7 if match[2] == "W" else 1)


def _ical_date(number: int, value: str) -> date:
    match = _ICAL_DATE.fullmatch(value)
    try:
        if match and int(match[1]) <= _LAST_YEAR:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:  # the 30th of February
        pass
    raise _fault(number, "a date such as 20261224")


def _fault(number: int, wanted: str) -> ValueError:
    return ValueError(f"line {number}: {wanted}")
