"""How far this host has seen the journal, kept in its state folder.

A database in PostgreSQL that does not contain it lost what was committed: a failover to a replica that lagged
behind, or a backup that somebody put back.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from maild.core.journal import What
from maild.store.schema import journal

FILE = "journal-head"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Head:
    """A row of the journal: its number, its hash, and when it was written."""

    row: int
    chain: str
    at: datetime


def read(folder: Path) -> Head | None:
    """The last row that this host knows of; ``None`` where it knows none."""
    with suppress(OSError, ValueError):
        row, chain, at = (folder / FILE).read_text("ascii").split()
        return Head(int(row), chain, datetime.fromisoformat(at))
    return None


def write(folder: Path, head: Head) -> None:
    """Remember *head*, in one write; where that fails, less is known later and nothing is lost."""
    line = f"{head.row} {head.chain} {head.at.isoformat()}".ljust(_LONGEST) + "\n"
    with suppress(OSError):
        number = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.pwrite(number, line.encode("ascii"), 0)
        finally:
            os.close(number)


def last(connection: Connection) -> Head | None:
    """The last row that the database has."""
    row = connection.execute(select(journal).order_by(journal.c.id.desc()).limit(1)).one_or_none()
    return Head(row.id, row.chain, row.at) if row else None


def contained(connection: Connection, head: Head | None) -> bool:
    """Whether the database has *head*, or says that it was put back since."""
    if head is None:
        return True
    if connection.execute(select(journal.c.chain).where(journal.c.id == head.row)).scalar() == head.chain:
        return True
    since = select(journal.c.id).where(journal.c.what == What.RESTORED, journal.c.at >= head.at).limit(1)
    return connection.execute(since).first() is not None
