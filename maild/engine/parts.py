"""What the rooms of the engine share, and how they speak of a bug without its content."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from maild.config import Config
from maild.core.policy import Policy
from maild.store.database import Database


@dataclass(frozen=True, slots=True)
class Parts:
    """The desk's database, policy and configuration; ``now`` reads the clock (aware UTC)."""

    config: Config
    policy: Policy
    database: Database
    now: Callable[[], datetime]


def fingerprint(error: BaseException) -> str:
    """The kind of *error* and where it arose, without its text, which may hold words of a mail."""
    frames = traceback.extract_tb(error.__traceback__)
    where = "|".join(f"{frame.name}:{frame.lineno}" for frame in frames)
    last = f"{frames[-1].name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {last} ({sha256(where.encode()).hexdigest()[:8]})"
