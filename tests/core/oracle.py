"""A slow second opinion on working time: the clock on the wall is read minute by minute, nothing is computed.

Shares no code with ``maild.core.values.calendar`` but the shape of a calendar. Also here: random calendars
and instants, many of them near a change of the clocks, and the comparison.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import chain, takewhile
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from maild.core.values import calendar
from maild.core.values.calendar import Calendar
from maild.core.values.duration import Length

ZONES = (
    "UTC",
    "Europe/Berlin",
    "Europe/Dublin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Asuncion",
    "America/Havana",
    "America/St_Johns",
    "America/Caracas",
    "Asia/Beirut",
    "Asia/Tehran",
    "Asia/Gaza",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Pyongyang",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kwajalein",
)
MINUTE = timedelta(minutes=1)
LONGEST_DAY = 32  # hours: in 1994 Vostok went back by seven of them
Tick = tuple[datetime, timedelta]
Reader = Callable[[datetime], datetime | None]
Example = tuple[datetime, Length, Calendar]


def due(start: datetime, length: Length, plan: Calendar) -> datetime:
    """When *length* from *start* has passed, by counting."""
    seconds = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
    if length.unit in seconds:
        return datetime.fromtimestamp(start.timestamp() + length.amount * seconds[length.unit], UTC)
    if length.unit == "wh":
        return after(start, timedelta(hours=length.amount), plan)
    return _days(start, length.amount, reader(plan))


def counted(start: datetime, end: datetime, plan: Calendar) -> timedelta:
    """The working time between two instants."""
    shown, total = reader(plan), timedelta()
    for at, size in _ticks(start):
        if at >= end:
            break
        total += min(size, end - at) if shown(at) else timedelta()
    return total


def after(start: datetime, work: timedelta, plan: Calendar) -> datetime:
    """When so much has been worked since *start*."""
    shown = reader(plan)
    for at, size in _ticks(start) if work else ():
        if shown(at):
            if work <= size:
                return at + work
            work -= size
    return start


def reader(plan: Calendar) -> Reader:
    """What reads the clock on the wall at an instant; it shows nothing while nobody works."""
    zone, off, week = plan.zone, plan.days_off, [[False] * 1440 for _ in range(7)]
    for weekday, spans in plan.hours.items():
        for opens, closes in spans:
            first, end = opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute or 1440
            week[weekday][first:end] = [True] * (end - first)

    def shown(at: datetime) -> datetime | None:
        wall = at.astimezone(zone)
        works = week[wall.weekday()][wall.hour * 60 + wall.minute]
        return wall if works and wall.date() not in off else None

    return shown


def _days(start: datetime, amount: int, shown: Reader) -> datetime:
    begin, wall = next((at, wall) for at, _ in _ticks(start) if (wall := shown(at)))
    last, before = wall.date(), [begin - n * MINUTE for n in range(1, LONGEST_DAY * 60)]
    if begin.second:  # some of this minute may be over
        before.append(begin.replace(second=0))
    whole = not any((seen := shown(at)) and seen.date() == last for at in before)
    left = amount - whole
    for at, _ in _ticks(begin):
        seen = shown(at)
        if seen and seen.date() > last:
            left, last = left - 1, seen.date()
        if left == 0:
            break
    return _moment(_ticks(at, begin.second), last, None if whole else wall.time(), shown)


def _moment(ticks: Iterator[Tick], day: date, wanted: time | None, shown: Reader) -> datetime:
    """The first of *ticks* on *day* that shows *wanted* or later, else the end of the last one on it."""
    opening, size = next(ticks)
    last, stop = opening + size, opening + timedelta(hours=LONGEST_DAY)
    for at, span in takewhile(lambda tick: tick[0] < stop, chain([(opening, size)], ticks)):
        seen = shown(at)
        if seen and seen.date() == day:
            if wanted and seen.time() >= wanted:
                return at
            last = at + span
    return last


def _ticks(start: datetime, cut: int | None = None) -> Iterator[Tick]:
    """Minutes from *start* on, cut at the second *cut* (that of *start*): nothing changes inside a tick."""
    second = timedelta(seconds=start.second if cut is None else cut)
    at, sizes = start, [MINUTE - second, second] if second else [MINUTE]
    if second and not start.second:
        sizes.reverse()
    while True:
        for size in sizes:
            yield at, size
            at += size


def agree(start: datetime, length: Length, plan: Calendar) -> None:
    """Both say the same of what is due, and one time in four of half of it, or of a pause."""
    end = due(start, length, plan)
    assert calendar.due(start, length, plan) == end
    assert calendar.working(start, plan) == (reader(plan)(start) is not None)
    if length.working and start.minute % 4 == 0:  # counting is slow: a quarter is enough
        half = after(start, counted(start, end, plan) * 0.5, plan)
        assert calendar.fraction(start, length, plan, 0.5) == half
    elif length.working and start.minute % 4 == 1:
        tomorrow = start + timedelta(days=1)
        moved = after(end, counted(start, tomorrow, plan), plan)
        assert calendar.later(end, (start, tomorrow), length, plan) == moved


@cache
def changes(name: str) -> tuple[datetime, ...]:
    """The days (UTC) in which the zone *name* changes its offset, from 1976 to 2037."""
    days = [datetime(1976, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(62 * 365)]
    offsets = [day.astimezone(ZoneInfo(name)).utcoffset() for day in days]
    return tuple(day for day, a, b in zip(days, offsets, offsets[1:], strict=False) if a != b)


@st.composite
def examples(draw: st.DrawFn, zones: tuple[str, ...] = ZONES) -> Example:
    """A start, a length and a calendar."""
    zone = draw(st.sampled_from(zones))
    near = changes(zone) if draw(st.integers(0, 3)) else ()
    day = draw(
        st.sampled_from(near or (datetime(1980, 2, 28, tzinfo=UTC), datetime(2024, 2, 26, tzinfo=UTC)))
    )
    span = 5 * 1440 if near else 10_000 * 1440
    second = draw(st.sampled_from((0, 0, 0, 0, 0, 1, 30, 59)))
    start = day + timedelta(minutes=draw(st.integers(-5 * 1440, span)), seconds=second)
    hours = {n: draw(_day_hours) for n in draw(st.sets(st.integers(0, 6), min_size=2))}
    off = draw(st.sets(st.integers(-1, 6), max_size=3))
    plan = Calendar("any", ZoneInfo(zone), hours, frozenset(start.date() + timedelta(days=n) for n in off))
    return start, draw(_length(min(_weekly(plan) // 60, 10))), plan


def _length(hours: int) -> st.SearchStrategy[Length]:
    """A length; no more working hours than a week of the calendar has, so that the oracle ends."""
    days = st.builds(Length, st.integers(1, 3), st.just("wd"))
    if hours < 2:
        return days
    worked = st.builds(Length, st.integers(1, hours), st.just("wh"))
    return days | worked | days | worked | st.builds(Length, st.integers(1, 90), st.sampled_from("smhdw"))


def _weekly(plan: Calendar) -> int:
    noon = date(2024, 1, 1)
    return sum(
        (b.hour * 60 + b.minute or 1440) - a.hour * 60 - a.minute
        for n in range(7)
        for a, b in plan.spans(noon + timedelta(days=n))
    )


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def _spans(cuts: list[int]) -> tuple[calendar.Span, ...]:
    cuts = sorted(cuts)
    return tuple((_clock(a), _clock(b)) for a, b in zip(cuts[::2], cuts[1::2], strict=False))


_day_hours = st.one_of(
    st.sampled_from(
        ([540, 1020], [540, 720, 780, 1020], [0, 1440], [0, 180], [1380, 1440], [60, 210, 1350, 1440])
    ),
    st.lists(st.integers(0, 48).map(lambda half: half * 30), min_size=2, max_size=4, unique=True),
    st.lists(st.integers(0, 1440), min_size=2, max_size=4, unique=True),
).map(_spans)
