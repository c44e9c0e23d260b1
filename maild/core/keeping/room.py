"""How much room the desk's memory may take, and when somebody should look at it."""

from enum import StrEnum

WARN = 0.8
"""From this share of the budget on there is a warning."""


class Room(StrEnum):
    """How full the database is, measured by its budget."""

    ENOUGH = "enough"
    TIGHT = "tight"
    OVER = "over"


def room(used: int, budget: int) -> Room:
    """What *used* bytes of a *budget* mean."""
    if used >= budget:
        return Room.OVER
    return Room.TIGHT if used >= budget * WARN else Room.ENOUGH
