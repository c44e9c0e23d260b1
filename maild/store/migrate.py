"""Bringing the schema up to this maild's: under a lock, with a backup first, never downwards."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, inspect, text

from maild.errors import PermanentError

RUNNING = "maild.pid"
"""The file in the state folder that a running maild holds locked."""
HEAD = "0007"
"""The newest migration; a test holds it against the folder. Alembic itself is loaded only to migrate."""
MOVING = "moving"
"""How the version begins of a database that a desk is copied into, until it is whole."""


def to_newest(engine: Engine, path: Path, migrations: Path) -> None:
    """Migrate the database at *path*.

    ``PermanentError`` when it is newer than this maild, or older and a maild still runs on it.
    """
    if version(engine) == HEAD:
        return
    with _locked(path.with_suffix(".lock")):
        found = version(engine)
        if found == HEAD:
            return
        refuse_newer(found, str(path), migrations)
        if found:
            _refuse_while_running(path)
            _backup(path, path.with_name(f"{path.name}.before-{HEAD}"))
        _upgrade(engine, migrations)


def refuse_newer(found: str, place: str, migrations: Path) -> None:
    """``PermanentError`` when the schema *found* at *place* is of a later maild, or not whole yet."""
    if found.startswith(MOVING):
        raise PermanentError(
            f"database {place} is incomplete, because `maild migrate-database` has not finished: run it again"
        )
    if found and not list(migrations.glob(f"versions/{found}_*.py")):
        raise PermanentError(
            f"database {place} has schema {found}, newer than this maild ({HEAD}): upgrade maild"
        )


def _refuse_while_running(path: Path) -> None:
    """An older maild that runs must not find its tables changed beneath it; it holds this lock."""
    with (path.parent / RUNNING).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PermanentError(
                f"an older maild runs on {path.parent}: stop it before the upgrade"
            ) from None


def version(engine: Engine) -> str:
    """The schema's version, empty for a new database."""
    with engine.connect() as connection:
        return version_in(connection)


def version_in(connection: Connection) -> str:
    """The version of the schema that *connection* reads, empty where there is none."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def set_version(connection: Connection, version: str) -> None:
    """The schema counts as *version* from now on."""
    connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def _upgrade(engine: Engine, migrations: Path) -> None:
    with engine.begin() as connection:
        to(connection, migrations, HEAD)


def made(migrations: Path, version: str, query: str) -> list[Any]:
    """What *query* answers of an empty database of this *version*, made in memory."""
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            to(connection, migrations, version)
            return list(connection.exec_driver_sql(query).all())
    finally:
        engine.dispose()


def to(connection: Connection, migrations: Path, version: str) -> None:
    """Migrate what *connection* is on to *version*."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def _backup(path: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.touch(mode=0o600, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
