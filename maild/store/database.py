"""One SQLite file, one writer thread, one transaction a call.

SQLAlchemy's default begins late and loses updates between readers and writers without a sound; here every
transaction begins with ``BEGIN IMMEDIATE``, so load-decide-record is one step even between processes.
"""

import asyncio
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, insert, select
from sqlalchemy.exc import DatabaseError, OperationalError

from maild.errors import PermanentError, TemporaryError
from maild.store import migrate
from maild.store.schema import setting

P = ParamSpec("P")
T = TypeVar("T")

FILE = "maild.db"
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000")


class Database:
    """The open database of one desk."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self.engine = engine
        self.path = path
        self._writer = ThreadPoolExecutor(1, "maild-store")

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction in this thread.

        ``TemporaryError`` when the file is locked or the disk is full, ``PermanentError`` when it is damaged.
        """
        try:
            with self.engine.begin() as connection:
                yield connection
        except OperationalError as error:
            raise TemporaryError(
                f"database {self.path}: {error.orig}; is the disk full or another user busy?"
            ) from error
        except DatabaseError as error:
            raise _damaged(self.path, error) from error

    def call(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """*work* in one transaction in this thread (the command line's way)."""
        with self.transaction() as connection:
            return work(connection, *args, **kwargs)

    async def run(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """*work* in one transaction in the writer thread (the daemon's way)."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, lambda: self.call(work, *args, **kwargs))

    def close(self) -> None:
        """Wait for the transaction under way and let the file go."""
        self._writer.shutdown()
        self.engine.dispose()


def open_database(state: Path, migrations: Path) -> Database:
    """The database in the folder *state*, made or migrated when needed.

    ``PermanentError`` when its schema is newer than this maild.
    """
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    state.chmod(0o700)
    return open_file(state / FILE, migrations)


def open_file(path: Path, migrations: Path) -> Database:
    """The database in the file *path*, as ``open_database``."""
    path.touch(mode=0o600, exist_ok=True)
    path.chmod(0o600)
    # SQLite gives its side files the mode of the main file, so 0600 here covers -wal and -shm as well.
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begin)
    try:
        migrate.to_newest(engine, path, migrations)
    except DatabaseError as error:
        raise _damaged(path, error) from error
    return Database(engine, path)


def open_read_only(path: Path) -> Database:
    """The database in the file *path* for those who only look; it is neither made nor migrated."""
    return Database(create_engine(f"sqlite:///file:{path}?mode=ro&uri=true"), path)


def _damaged(path: Path, error: DatabaseError) -> Exception:
    """A file that SQLite cannot make sense of; anything else that it complains of is a bug of ours."""
    if type(error.orig) is not sqlite3.DatabaseError:
        return error
    return PermanentError(f"database {path} is damaged: {error.orig}; stop maild and restore the last backup")


def _connected(raw: Any, record: object) -> None:  # noqa: ARG001 - SQLAlchemy's signature
    raw.isolation_level = None
    for pragma in _PRAGMAS:
        raw.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


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
