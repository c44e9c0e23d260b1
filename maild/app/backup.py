"""``maild backup`` and ``maild restore``: the desk's memory as one file, and back again."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from maild.app.desk import become_owner, now, place_of
from maild.app.operator import who
from maild.app.run import only_one
from maild.config import Config
from maild.config.share import shipped
from maild.core.event import DatabaseRestored
from maild.engine import handler
from maild.errors import PermanentError, Refused
from maild.store import backup, leftovers
from maild.store.database import FILE, Database, get_setting, secret


def write(config: Config, file: Path, replace: bool) -> int:
    """The database as *file*, while the desk runs or not; its size in bytes."""
    file = file.absolute()
    _only_sqlite(config, "pg_dump writes its backups")
    if not (config.state / FILE).exists():
        raise Refused(f"there is no database in {config.state} yet")
    become_owner(config)
    return backup.write(config.state, file, now(), replace)


def _only_sqlite(config: Config, instead: str) -> None:
    """``Refused`` for a desk in PostgreSQL, whose backups are its owner's."""
    place = place_of(config)
    if place.server:
        raise Refused(f"the database is in PostgreSQL ({place}): {instead} (`maild help postgresql`)")


@dataclass(frozen=True, slots=True)
class Restored:
    """When the backup was taken, if it says so, and where the database before it is kept."""

    taken: datetime | None
    kept: Path | None


def restore(config: Config, given: BinaryIO, moved: bool) -> Restored:
    """Put the backup *given* in the place of the desk's database; refused while maild runs on it.

    ``PermanentError`` when the disk does not allow it: the old database is then where it was.
    """
    _only_sqlite(config, "pg_restore puts its backups back")
    before = os.umask(0o077)
    try:
        config.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        become_owner(config)
        with only_one(config):
            with backup.arriving(given, config.state, shipped("migrations")) as database:
                taken = _told(config, database, moved)
            return Restored(taken, backup.put_in_place(config.state / leftovers.RESTORING, now()))
    except OSError as error:
        raise PermanentError(f"nothing was restored: {config.state}: {error.strerror}") from None
    finally:
        os.umask(before)


def _told(config: Config, database: Database, moved: bool) -> datetime | None:
    """The restore goes through the handler like everything else that happens to a desk."""
    text = database.call(get_setting, backup.TAKEN)
    taken = datetime.fromisoformat(text) if text else None
    policy = config.policy(database.call(secret))
    database.call(handler.handle, DatabaseRestored(taken, who(), moved), policy, now())
    return taken
