"""One SQLite file, one writer thread, a transaction for each call (``writer`` lets like calls share one).

``postgres`` has the same for PostgreSQL.

SQLAlchemy's default begins late and loses updates between readers and writers without a sound; here every
transaction begins with ``BEGIN IMMEDIATE``, so load-decide-record is one step even between processes.
"""

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, insert, select
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.pool import QueuePool

from maild.errors import PermanentError, StoreError
from maild.store import migrate
from maild.store.headfile import Head
from maild.store.lease import Lease
from maild.store.schema import metadata, setting
from maild.store.writer import Writer

P = ParamSpec("P")
T = TypeVar("T")

FILE = "maild.db"
LONG = 1_000_000
"""Bytes above which a message costs enough memory to be written with care."""
# trusted_schema: what a stranger's backup has in its schema calls no function with side effects.
# secure_delete: what is given up is overwritten, and does not rest in the file's free pages.
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "secure_delete=ON",
    "trusted_schema=OFF",
)


class Database:
    """The open database of one desk; ``shared`` where daemons of several hosts may reach it.

    ``lease`` is what a daemon holds of a shared one: while it does, its term is checked in each transaction.
    ``lost``: it does not contain what this host has seen in it before.
    """

    shared = False
    lost = False
    lease: Lease | None = None

    def __init__(self, engine: Engine, path: Path, place: str = "") -> None:
        self.engine = engine
        self.path = path
        self.place = place or str(path)
        self._writer = Writer(self)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction in this thread.

        ``StoreError`` when the file is locked or the disk is full, ``PermanentError`` when it is damaged.
        """
        try:
            with self.engine.begin() as connection:
                yield connection
        except DatabaseError as error:
            raise self.in_words(error) from error

    def in_words(self, error: DBAPIError) -> Exception:
        """*error* as people are told of it."""
        return in_words(self.path, error)

    def holds(self) -> bool:
        """Whether this daemon may still do what cannot be undone: nobody else has the desk."""
        return self.lease is None or self.lease.holds()

    @property
    def folder(self) -> Path:
        """The state folder of the desk."""
        return self.path.parent

    def saw(self, head: Head | None) -> None:
        """How far the journal goes is known to this host; of a file there is nothing to remember."""

    def unhurried(self, connection: Connection) -> None:
        """The transaction of *connection* may rest for as long as it likes, as an operator waits for it."""

    def size(self) -> int:
        """The bytes of the whole database."""
        return self.path.stat().st_size

    def call(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """*work* in one transaction in this thread (the command line's way)."""
        with self.transaction() as connection:
            return work(connection, *args, **kwargs)

    async def run(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """*work* in a transaction in the writer thread (the daemon's way)."""
        done: T = await self._writer.run(work, args, kwargs)
        return done

    def be_patient(self) -> None:
        """Wait half a minute for the lock from now on: a person waits for the daemon, not the other way."""
        self.engine.dispose()
        event.listen(self.engine, "connect", _patient)

    def close(self) -> None:
        """Wait for the transaction under way and let the file go."""
        try:
            self._writer.close()
        finally:
            self.engine.dispose()


def open_database(state: Path, migrations: Path) -> Database:
    """The database in the folder *state*, made or migrated when needed; on a read-only disk it is only read.

    ``PermanentError`` when its schema is newer than this maild; ``StoreError`` when nothing can be stored.
    """
    if (state / FILE).exists() and on_read_only_disk(state):
        return _as_it_stands(state / FILE)
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        state.chmod(0o700)
        return open_file(state / FILE, migrations)
    except OSError as error:
        raise StoreError(f"state folder {state} cannot be used: {error.strerror}") from None


def open_file(path: Path, migrations: Path) -> Database:
    """The database in the file *path*, as ``open_database``."""
    database = as_found(path)
    with ExitStack() as unless_it_opens:
        unless_it_opens.callback(database.engine.dispose)
        try:
            migrate.to_newest(database.engine, path, migrations)
        except DatabaseError as error:
            raise in_words(path, error) from error
        unless_it_opens.pop_all()
    return database


def as_found(path: Path) -> Database:
    """The database in the file *path* with whatever schema it has, none where it is new."""
    path.touch(mode=0o600, exist_ok=True)
    path.chmod(0o600)
    # SQLite gives its side files the mode of the main file, so 0600 here covers -wal and -shm as well.
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begin)
    return Database(engine, path)


def _as_it_stands(path: Path) -> Database:
    """The database *path* of a disk that nothing can be written to: what looks works, what writes is told."""
    database = open_read_only(path)
    with database.transaction() as connection:
        found = migrate.version_in(connection)
    if found != migrate.HEAD:
        raise PermanentError(
            f"database {path} has schema {found or 'of no maild'}, but this maild needs {migrate.HEAD}, "
            "and its file system is read-only; copy it to another disk, where maild can upgrade it"
        )
    return database


def in_memory() -> Database:
    """An empty database of the newest schema that is nowhere on a disk, for use in one thread."""
    engine = create_engine("sqlite://")
    event.listen(engine, "connect", _connected)
    event.listen(engine, "connect", _in_memory)
    event.listen(engine, "begin", _begin)
    metadata.create_all(engine)
    return Database(engine, Path(":memory:"))


def open_read_only(path: Path) -> Database:
    """The database in the file *path* for those who only look; it is neither made nor migrated."""
    return Database(create_engine("sqlite://", creator=lambda: reading(path), poolclass=QueuePool), path)


def reading(path: Path) -> sqlite3.Connection:
    """A bare connection that can only read the file *path*, whatever its name holds."""
    uri = f"{path.absolute().as_uri()}?mode=ro{_unchanging(path)}"
    raw = sqlite3.connect(uri, uri=True, timeout=30, check_same_thread=False)
    raw.execute("PRAGMA trusted_schema=OFF")
    return raw


def _unchanging(path: Path) -> str:
    """What tells SQLite to do without the side files that it cannot make on a read-only disk.

    Not where what was written last still stands in such a file: then both are there, and both are read.
    """
    log = path.with_name(f"{path.name}-wal")
    rest = log.exists() and log.stat().st_size
    return "&immutable=1" if on_read_only_disk(path) and not rest else ""


def on_read_only_disk(path: Path) -> bool:
    """Whether nobody can write where *path* is, as its file system is mounted read-only."""
    return path.exists() and bool(os.statvfs(path).f_flag & os.ST_RDONLY)


CAUSES = {
    sqlite3.SQLITE_BUSY: "another program holds it; find it (`fuser`) and let it end",
    sqlite3.SQLITE_LOCKED: "another program holds it; find it (`fuser`) and let it end",
    sqlite3.SQLITE_FULL: "the disk is full; make room",
    sqlite3.SQLITE_IOERR: "reading or writing failed; look at the disk, its quota and its free space",
    sqlite3.SQLITE_READONLY: "it is read-only; look at its owner and its file system",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; look at its folder, its owner and the free space",
}
"""What SQLite says when nothing can be stored, by its primary code, and what to do."""


def in_words(path: Path, error: DBAPIError) -> Exception:
    """Trouble with the file in our words; anything else that SQLite complains of is a bug of ours."""
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    if code in CAUSES:
        return StoreError(f"database {path}: {CAUSES[code]}")
    if type(error.orig) is not sqlite3.DatabaseError:
        return error
    return PermanentError(f"database {path} is damaged: {error.orig}; stop maild and restore the last backup")


def _connected(raw: Any, record: object) -> None:  # noqa: ARG001 - SQLAlchemy's signature
    raw.isolation_level = None
    for pragma in _PRAGMAS:
        raw.execute(f"PRAGMA {pragma}")


def _in_memory(raw: Any, record: object) -> None:  # noqa: ARG001 - SQLAlchemy's signature
    raw.execute("PRAGMA temp_store=MEMORY")


def _patient(raw: Any, record: object) -> None:  # noqa: ARG001 - SQLAlchemy's signature
    raw.execute("PRAGMA busy_timeout=30000")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def spent(connection: Connection, written: bytes | bytearray) -> None:
    """*connection* ends with its transaction when what it has *written* is long.

    The driver keeps the statements it ran for the next time, each with a copy of what it was given.
    """
    if len(written) > LONG:
        connection.detach()


def secret(connection: Connection) -> bytes:
    """The desk's secret, made at first use; it goes with every backup, so that names stay the same."""
    found = get_setting(connection, "secret")
    if not found:
        found = secrets.token_hex(32)
        put_setting(connection, "secret", found)
    return bytes.fromhex(found)


def get_setting(connection: Connection, name: str) -> str:
    """The setting *name*, or an empty string."""
    return connection.execute(select(setting.c.value).where(setting.c.name == name)).scalar() or ""


def put_setting(connection: Connection, name: str, value: str) -> None:
    """Set the setting *name*."""
    changed = connection.execute(setting.update().where(setting.c.name == name).values(value=value))
    if not changed.rowcount:
        connection.execute(insert(setting).values(name=name, value=value))
