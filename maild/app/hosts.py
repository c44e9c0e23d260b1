"""The hosts of a desk in PostgreSQL: which of them works on it, and which stand by."""

from datetime import datetime
from typing import Any

from maild.app.desk import Desk
from maild.store import lease


def listed(desk: Desk, now: datetime) -> list[dict[str, Any]]:
    """A row for each host that ran a daemon lately, by name; none for a desk in a file of SQLite.

    *now* is in UTC, and so is when a host was seen.
    """
    return [
        {
            "host": one.name,
            "works": one.works,
            "seen": (now - one.ago).replace(microsecond=0).isoformat(),
            "version": one.version,
        }
        for one in desk.ask(lease.hosts)
    ]
