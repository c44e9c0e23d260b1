"""placeholder"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from maild.core.promises.duration import Length


@dataclass(frozen=True, slots=True)
class Calendar:
    name: str = "wall"


WALL = Calendar()
_U = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "wd": 86400, "wh": 3600}


def due(start: datetime, length: Length, calendar: Calendar) -> datetime:
    return start + timedelta(seconds=length.amount * _U[length.unit])


def fraction(start: datetime, length: Length, calendar: Calendar, share: float) -> datetime:
    return start + timedelta(seconds=length.amount * _U[length.unit] * share)
