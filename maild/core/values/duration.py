"""Durations as operators write them: ``60s``, ``15m``, ``24h``, ``5d``, ``2w``, ``3wd``, ``8wh``.

A plain duration is elapsed time. A ``Length`` may also be counted in working days or working hours, and keeps
the words it was published with: ``24h`` stays 24 hours, ``1d`` is a day.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

_DURATION = re.compile(r"(\d{1,6})\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LENGTH = re.compile(r"([0-9]{1,6})\s*(wd|wh|wm|[smhdw])")
_NAMES = _UNITS | {"wd": "working days", "wh": "working hours", "wm": "working minutes"}
_LONGEST = timedelta(days=20 * 366)
_WANTED_LENGTH = (
    'a length such as "24h", "5d", "3wd" (working days), "8wh" (working hours) or "90wm" (working minutes), '
    "at most twenty years"
)


@dataclass(frozen=True, slots=True)
class Length:
    """How long a promise gives, as published: *amount* of *unit* (``s m h d w``, ``wd``, ``wh``, ``wm``)."""

    amount: int
    unit: str

    @property
    def elapsed(self) -> timedelta | None:
        """The elapsed time this is (a day is 24 hours); ``None`` when working time is counted."""
        return timedelta(**{_UNITS[self.unit]: self.amount}) if self.unit in _UNITS else None

    @property
    def working(self) -> bool:
        """Whether only working time counts, so that a calendar is needed to know the end."""
        return self.unit not in _UNITS


def parse_duration(text: str) -> timedelta:
    """*text* as a length of time; ``ValueError`` with what is wanted when it is not one, or is zero."""
    match = _DURATION.fullmatch(text.strip())
    if not match or int(match[1]) == 0:
        raise ValueError('a duration such as "60s", "15m", "24h" or "5d"')
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def parse_length(text: str) -> Length:
    """*text* as the length of a promise; ``ValueError`` with what is wanted when it is none, or is zero."""
    match = _LENGTH.fullmatch(text.strip())
    if not match or not timedelta() < _at_least(int(match[1]), match[2]) <= _LONGEST:
        raise ValueError(_WANTED_LENGTH)
    return Length(int(match[1]), match[2])


def least(length: Length, shortest_day: timedelta) -> timedelta:
    """The shortest time by the wall clock that *length* can take, where a working day has *shortest_day*.

    From one working day to the next at the same time are 22 hours at least: no zone changes by more than two.
    """
    if length.unit == "wd":
        return shortest_day + (length.amount - 1) * timedelta(hours=22)
    return _at_least(length.amount, length.unit)


def words(length: timedelta | Length) -> str:
    """*length* for a reader: ``24 hours``, ``5 days``, ``3 working days``."""
    if isinstance(length, Length):
        return _counted(length.amount, _NAMES[length.unit].removesuffix("s"))
    seconds = int(length.total_seconds())
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds % size == 0 and seconds >= size and not (name == "day" and seconds <= 2 * 86400):
            return _counted(seconds // size, name)
    return "0 seconds"


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" + ("" if count == 1 else "s")


def _at_least(amount: int, unit: str) -> timedelta:
    """The shortest time that *amount* of *unit* can take: on a calendar of all hours."""
    return timedelta(**{_NAMES[unit].removeprefix("working "): amount})
