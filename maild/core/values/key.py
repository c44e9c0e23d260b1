"""A key that the desk depends on."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class KeyInUse:
    """A key of the desk or of a member. ``expires`` is aware UTC, ``None`` for a key without an end."""

    fingerprint: str
    owner: str
    expires: datetime | None
