"""Instants as people write them: a day, a time and a zone, never a bare date."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d) ?(Z|UTC|[+-]\d\d:\d\d|[A-Z][A-Za-z]+/[A-Za-z_/]+)")
_FIRST = re.compile(r"(\S+[ T]\d\d:\d\d ?\S+)(?:\s+(.*))?")


def instant(text: str) -> datetime | None:
    """``2026-12-01 16:00 UTC`` (or an offset, or a zone's name) as aware UTC; ``None`` for a bare date."""
    match = _INSTANT.fullmatch(text.strip())
    if not match:
        return None
    day, hour, zone = match.groups()
    try:
        if zone[0] in "+-":
            return datetime.fromisoformat(f"{day}T{hour}{zone}").astimezone(UTC)
        place = UTC if zone in ("Z", "UTC") else ZoneInfo(zone)
        return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=place).astimezone(UTC)
    except (ValueError, KeyError, OSError):
        return None


def instant_and_rest(text: str) -> tuple[datetime, str] | None:
    """The instant that *text* begins with, and what follows it; ``None`` when it begins with none."""
    match = _FIRST.fullmatch(text.strip())
    at = instant(match[1]) if match else None
    return (at, match[2] or "") if match and at else None
