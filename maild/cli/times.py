"""Times for eyes: how long until or since, and the instant itself, in UTC."""

from datetime import datetime, timedelta

SOON = timedelta(hours=12)
LATE_STYLE, SOON_STYLE = "bold red", "yellow"


def until(due: datetime | None, at: datetime) -> str:
    """``in 3 h 20 min``, ``2 d 4 h late``; ``-`` without a *due* instant."""
    if due is None:
        return "-"
    return f"in {span(due - at)}" if due > at else f"{span(due - at)} late"


def since(then: datetime, at: datetime) -> str:
    """``3 h 20 min ago``; what lies ahead as ``until`` has it."""
    return f"in {span(then - at)}" if then > at else f"{span(at - then)} ago"


def span(length: timedelta) -> str:
    """A length of time, whichever its sign, in the two units that matter: ``2 d 4 h``, ``20 min``."""
    left = abs(length)
    days, hours, minutes = left.days, left.seconds // 3600, left.seconds % 3600 // 60
    return f"{days} d {hours} h" if days else f"{hours} h {minutes} min" if hours else f"{minutes} min"


def urgency(due: datetime | None, at: datetime) -> str:
    """The style of a deadline: red when it has passed, yellow when it comes within half a day."""
    if due is None:
        return ""
    return LATE_STYLE if due <= at else SOON_STYLE if due - at < SOON else ""


def minute(at: datetime) -> str:
    """``2026-10-07 07:00 UTC``, of an instant in UTC."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def instant(value: object) -> datetime | None:
    """The instant that an ISO text of a listing holds; ``None`` for anything else."""
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
