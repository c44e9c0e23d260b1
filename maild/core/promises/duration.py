"""Durations as operators write them: ``60s``, ``15m``, ``24h``, ``5d``, ``2w``."""

import re
from datetime import timedelta

_DURATION = re.compile(r"(\d{1,6})\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_duration(text: str) -> timedelta:
    """*text* as a length of time; ``ValueError`` with what is wanted when it is not one, or is zero."""
    match = _DURATION.fullmatch(text.strip())
    if not match or int(match[1]) == 0:
        raise ValueError('a duration such as "60s", "15m", "24h" or "5d"')
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _words(length: timedelta) -> str:
    """*length* for a reader: ``24 hours``, ``five days`` is written ``5 days``."""
    seconds = int(length.total_seconds())
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds % size == 0 and seconds >= size and not (name == "day" and seconds <= 2 * 86400):
            count = seconds // size
            return f"{count} {name}" + ("" if count == 1 else "s")
    return "0 seconds"


from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Length:
    amount: int
    unit: str


def parse_length(text: str) -> Length:
    m = re.fullmatch(r"(\d{1,6})(wd|wh|[smhdw])", text.strip())
    if not m or int(m[1]) == 0:
        raise ValueError('a length such as "24h", "5d", "3wd" or "8wh"')
    return Length(int(m[1]), m[2])


def words(length: Length) -> str:
    names = {
        "s": "second",
        "m": "minute",
        "h": "hour",
        "d": "day",
        "w": "week",
        "wd": "working day",
        "wh": "working hour",
    }
    return f"{length.amount} {names[length.unit]}" + ("" if length.amount == 1 else "s")
