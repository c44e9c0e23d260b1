"""The database as one file: written while the desk runs, and put back."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from maild.errors import PermanentError, Refused, TemporaryError
from maild.store import foreign, leftovers
from maild.store.database import CAUSES, FILE, Database, open_file, reading

TAKEN = "backup-taken"
"""The setting that says when a backup was taken; only backups have it."""
SOME = 5
"""How many names of a schema an error names."""


def write(state: Path, target: Path, now: datetime, replace: bool) -> int:
    """A consistent copy of the database in *state* as the file *target*, 0600; its size in bytes.

    It appears under its name only when it is whole and was checked. ``Refused`` when there is a file already
    and *replace* does not say so; ``PermanentError`` when the copy is damaged or cannot be written.
    """
    if target.exists() and not replace:
        raise Refused(f"{target} already exists; name a new file, or use --force")
    part = leftovers.part_of(target)
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _copy(state / FILE, part, target, now)
        _publish(part, target, replace)
        return target.stat().st_size
    except OSError as error:
        raise PermanentError(f"the owner of the desk cannot write {target}: {error.strerror}") from None
    finally:
        leftovers.remove(part)


def _copy(source: Path, part: Path, target: Path, now: datetime) -> None:
    """SQLite copies in one step, inside one read transaction: writers go on, and none of it is torn."""
    at = source
    try:
        with closing(reading(source)) as live, closing(sqlite3.connect(part)) as copy:
            live.execute("SELECT count(*) FROM sqlite_master").fetchone()
            at = target
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without side files to be forgotten
            copy.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (TAKEN, now.isoformat()))
            copy.commit()
            fault = damage(copy)
    except sqlite3.Error as error:
        if at == target and (cause := _of_the_disk(error)):
            raise PermanentError(f"the owner of the desk cannot write {target}: {cause}") from None
        raise PermanentError(f"the database {source} cannot be copied: {error}") from None
    if fault:
        raise PermanentError(f"the database {source} is damaged: {fault}; no backup was written")


_READING = (sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_CORRUPTFS)


def _of_the_disk(error: sqlite3.Error) -> str:
    """What keeps the disk of the copy from taking it; empty where the database itself is the trouble."""
    code = getattr(error, "sqlite_errorcode", 0)
    waits = code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return "" if waits or code in _READING else CAUSES.get(code & 0xFF, "")


def damage(raw: sqlite3.Connection) -> str:
    """What SQLite finds wrong with the whole file, or nothing."""
    found = str(raw.execute("PRAGMA integrity_check(1)").fetchone()[0])
    return "" if found == "ok" else found


def _publish(part: Path, target: Path, replace: bool) -> None:
    """The finished copy gets its name, in one step, and stays under it whatever happens next."""
    _to_disk(part)
    if replace:
        part.replace(target)
    else:
        _linked(part, target)
    _to_disk(target.parent)


def _linked(path: Path, name: Path) -> None:
    """The file *path* under a second, new *name*; copied where the file system knows no such thing."""
    try:
        name.hardlink_to(path)
    except FileExistsError:
        raise Refused(f"{name} already exists; name a new file, or use --force") from None
    except OSError:
        shutil.copy2(path, name)


def _to_disk(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextmanager
def arriving(given: BinaryIO, state: Path, migrations: Path) -> Iterator[Database]:
    """The database of the backup *given*, open and brought up to date beside the one in *state*.

    ``Refused`` when it is no whole backup of a desk; ``PermanentError`` when it is newer than this maild.
    """
    part = state / leftovers.RESTORING
    leftovers.remove(part)
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:  # noqa: PTH123
            shutil.copyfileobj(given, out)
        _is_desk(part, migrations)
        database = open_file(part, migrations)
        try:
            yield database
        finally:
            database.close()
    except BaseException:
        leftovers.remove(part)
        raise


def _is_desk(part: Path, migrations: Path) -> None:
    """``Refused`` for what is damaged, or has anything in its schema that maild did not put there."""
    try:
        with closing(sqlite3.connect(part)) as raw:
            raw.execute("PRAGMA trusted_schema=OFF")
            fault = damage(raw)
            strange = "" if fault else ", ".join(foreign.differing(raw, migrations)[:SOME])
            known = raw.execute("SELECT value FROM setting WHERE name = 'secret'").fetchone()
    except sqlite3.Error as error:
        raise Refused(f"this is not a backup of a desk: {error}") from None
    if fault or not known:
        raise Refused(
            f"this is not a complete backup of a desk: {fault or 'the secret of the desk is missing'}"
        )
    if strange:
        raise Refused(f"this backup was changed by somebody: its schema is not maild's ({strange})")


def put_in_place(part: Path, now: datetime, why: str = "restore") -> Path | None:
    """The database that arrived as *part* becomes the desk's; where the old one is kept, if there was one."""
    state = part.parent
    path = state / FILE
    _single(part)
    kept = state / f"{FILE}.before-{why}-{now:%Y%m%dT%H%M%S%f}Z"
    there = path.exists()
    if there:
        _single(path)
        _linked(path, kept)
    for side in ("-wal", "-shm"):  # of an old database too damaged to be closed well
        with suppress(FileNotFoundError):
            path.with_name(path.name + side).rename(kept.with_name(kept.name + side))
    _to_disk(part)
    part.replace(path)
    _to_disk(state)
    leftovers.remove(part)
    return kept if there else None


def _single(path: Path) -> None:
    """All of a database into its one file; ``TemporaryError`` while another process works in it."""
    try:
        with closing(sqlite3.connect(path, timeout=10)) as raw:
            raw.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise TemporaryError(f"{path} is in use by another command; try again") from None
    except sqlite3.DatabaseError:
        return  # damaged, which may be why it is replaced
