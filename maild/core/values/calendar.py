"""Working time, and when a length of it has passed. Instants are aware and leave in UTC.

1. ``s m h d w`` are elapsed time, to the second: ``5d`` is 120 hours, over any change of the clocks,
   whatever the calendar.
2. An instant is working time when the clock on the wall, in the calendar's zone, shows a time within the
   hours of a date that is not off. The opening belongs to it, the closing does not. An hour that daylight
   saving skips is nobody's working time; one that it repeats counts twice.
3. ``wh`` and ``wm`` count working time only, from the next working moment. When the last of it ends with
   the hours of a day, the closing is due, not the next opening.
4. ``wd`` counts working days: dates, in the calendar's zone, with any working time, be it one hour.
5. A start outside the hours of a day (before its opening, after its closing, on a day off) or just at an
   opening counts from the next opening: that day is the first, and the closing of the last one is due. A
   report on Friday at 17:30 with ``1wd`` is due when Monday closes.
6. A start within a day is due at the same time of the wall clock, so many working days later: Friday 12:00
   with ``1wd`` is Monday 12:00. A start in a break counts as the end of the break.
7. Exactly, what is due in 6 is the first working moment of that date when the wall clock shows this time or
   a later one; when there is none (a shorter day), its closing. So a break moves to its end, a time that
   daylight saving skips to the first moment after, and of a time shown twice the first is meant.
8. A fraction of a length is this share of the working time (or of the elapsed time) between start and due.
9. A pause moves what is due by as much working time (or elapsed time) as passed in the pause.
10. What does not end within twenty years is refused with ``ValueError``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from maild.core.values.duration import Length

Span = tuple[time, time]
"""An opening and a closing of one day; a closing at ``00:00`` is midnight at the end of it."""

HORIZON = timedelta(days=20 * 366)
_SPENT = {"wh": timedelta(hours=1), "wm": timedelta(minutes=1)}
"""What counts working time only, and is not a number of days."""
_DAY = timedelta(days=1)
_MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class Calendar:
    """When people work: *hours* by weekday (Monday is 0; spans in order, apart) except on *days_off*."""

    name: str
    zone: tzinfo
    hours: Mapping[int, tuple[Span, ...]]
    days_off: frozenset[date] = frozenset()

    def spans(self, day: date) -> tuple[Span, ...]:
        """The hours of *day*; none on a day off."""
        return () if day in self.days_off else self.hours.get(day.weekday(), ())


WALL = Calendar("wall", UTC, dict.fromkeys(range(7), ((_MIDNIGHT, _MIDNIGHT),)))
"""All hours of all days: what lengths of elapsed time count on."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Working time without a gap, from *begin* to *end* (UTC), on one *day* of the zone."""

    begin: datetime
    end: datetime
    day: date
    offset: timedelta

    @property
    def wall(self) -> datetime:
        """What the clock on the wall shows at the beginning."""
        return (self.begin + self.offset).replace(tzinfo=None)


def due(start: datetime, length: Length, calendar: Calendar) -> datetime:
    """The instant at which *length* from *start* has passed (lines 1 and 3 to 7)."""
    start = _utc(start)
    elapsed = length.elapsed
    if elapsed is not None:
        return start + elapsed
    if length.unit in _SPENT:
        return _advance(start, length.amount * _SPENT[length.unit], calendar)
    return _days_later(start, length.amount, calendar)


def fraction(start: datetime, length: Length, calendar: Calendar, share: float) -> datetime:
    """The instant at which *share* (above 0, at most 1) of *length* has passed (line 8)."""
    return part((start, due(start, length, calendar)), length, calendar, share)


def part(span: tuple[datetime, datetime], length: Length, calendar: Calendar, share: float) -> datetime:
    """The instant at which *share* (above 0, at most 1) of what counts in *span* has passed (line 8)."""
    if not 0 < share <= 1:
        raise ValueError("a share above 0 and at most 1")
    start, end = _utc(span[0]), _utc(span[1])
    if share == 1:
        return end
    if not length.working:
        return start + (end - start) * share
    return _advance(start, worked(start, end, calendar) * share, calendar)


def later(at: datetime, pause: tuple[datetime, datetime], length: Length, calendar: Calendar) -> datetime:
    """Where the due instant *at* of *length* moves by a *pause* from one instant to another (line 9)."""
    begun, ended = pause
    if not length.working:
        return _utc(at) + max(ended - begun, timedelta())
    return _advance(_utc(at), worked(begun, ended, calendar), calendar)


def worked(begun: datetime, ended: datetime, calendar: Calendar) -> timedelta:
    """The working time between two instants; none when they are the wrong way round."""
    begun, ended = _utc(begun), _utc(ended)
    return sum((s.end - s.begin for s in _stretches(calendar, begun, ended)), timedelta())


def working(at: datetime, calendar: Calendar) -> bool:
    """Whether *at* is working time (line 2)."""
    wall = _utc(at).astimezone(calendar.zone).replace(tzinfo=None)
    return any(opens <= wall < closes for opens, closes in _hours(calendar, wall.date()))


def _advance(start: datetime, work: timedelta, calendar: Calendar) -> datetime:
    """The first instant by which *work* has been worked since *start*."""
    if not work:
        return start
    for stretch in _stretches(calendar, start, start + HORIZON):
        if stretch.end - stretch.begin >= work:
            return stretch.begin + work
        work -= stretch.end - stretch.begin
    raise _too_far(calendar)


def _days_later(start: datetime, amount: int, calendar: Calendar) -> datetime:
    first = next(_stretches(calendar, start, start + HORIZON), None)
    if first is None:
        raise _too_far(calendar)
    if first.begin == _day(calendar, first.day)[0].begin:
        return _day(calendar, _working_day(first, amount - 1, calendar))[-1].end
    day = _working_day(first, amount, calendar)
    return _first_from(_day(calendar, day), datetime.combine(day, first.wall.time()))


def _working_day(first: _Stretch, amount: int, calendar: Calendar) -> date:
    """The date that is *amount* working days after that of *first*."""
    day = first.day
    for stretch in _stretches(calendar, first.begin, first.begin + HORIZON):
        if stretch.day > day:
            day, amount = stretch.day, amount - 1
        if amount == 0:
            return day
    raise _too_far(calendar)


def _first_from(stretches: list[_Stretch], wall: datetime) -> datetime:
    """The first moment in *stretches* when the wall clock shows *wall* or later, else their end (line 7)."""
    for stretch in stretches:
        wait = max(wall - stretch.wall, timedelta())
        if stretch.begin + wait < stretch.end:
            return stretch.begin + wait
    return stretches[-1].end


def _day(calendar: Calendar, day: date) -> list[_Stretch]:
    """All working time of one date of the zone, however far from Greenwich, over every change."""
    noon = datetime.combine(day, time(12), UTC)
    return [s for s in _stretches(calendar, noon - 2 * _DAY, noon + 2 * _DAY) if s.day == day]


def _stretches(calendar: Calendar, start: datetime, until: datetime) -> Iterator[_Stretch]:
    """The working time from *start* to *until*, in the order of time, cut where days and offsets change."""
    at = datetime.combine(start.date(), _MIDNIGHT, UTC)
    while at < until:
        change, offset = _steady(at, calendar.zone)
        yield from _between(calendar, max(at, start), min(change, until), offset)
        at = change


def _between(calendar: Calendar, start: datetime, until: datetime, offset: timedelta) -> Iterator[_Stretch]:
    """The working time of a time without change of *offset*."""
    wall, wall_end = ((at + offset).replace(tzinfo=None) for at in (start, until))
    day = wall.date()
    while datetime.combine(day, _MIDNIGHT) < wall_end:
        for opens, closes in _hours(calendar, day):
            begin, end = max(opens, wall), min(closes, wall_end)
            if begin < end:
                yield _Stretch(start + (begin - wall), start + (end - wall), day, offset)
        day += _DAY


def _hours(calendar: Calendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The openings and closings of *day* as the wall clock shows them."""
    for opens, closes in calendar.spans(day):
        last = day + _DAY if closes == _MIDNIGHT else day
        yield datetime.combine(day, opens), datetime.combine(last, closes)


def _steady(at: datetime, zone: tzinfo) -> tuple[datetime, timedelta]:
    """Until when, within a day, the zone keeps the offset it has *at*, and the offset.

    Since 1970 no zone of the tz database changed twice within six days, so the two ends of a day tell.
    """
    offset = _offset(at, zone)
    if _offset(at + _DAY, zone) == offset:
        return at + _DAY, offset
    same, changed = 0, 86400  # seconds: changes are whole ones
    while changed - same > 1:
        middle = (same + changed) // 2
        same, changed = (
            (middle, changed) if _offset(at + timedelta(seconds=middle), zone) == offset else (same, middle)
        )
    return at + timedelta(seconds=changed), offset


def _offset(at: datetime, zone: tzinfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time with a time zone")
    return at.astimezone(UTC)


def _too_far(calendar: Calendar) -> ValueError:
    return ValueError(f"a length that ends within twenty years in the calendar {calendar.name!r}")
