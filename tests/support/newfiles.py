"""New databases in files: the migrations make the first, and every further one of the process is a copy of it.

Each test has a database of its own, and to run all migrations for each takes longer than most tests do. Nor does
a test wait for the disk: none takes the machine's power away, and a process that is killed loses nothing by it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from maild.config.share import shipped
from maild.store import database, migrate

BY_MIGRATIONS = migrate._upgrade
"""What makes the tables in the program."""
PRAGMAS = database._PRAGMAS
"""How the program connects."""


@contextmanager
def copied() -> Iterator[None]:
    """From now on a new file is a copy of the first one; a file with an older schema is migrated as ever.

    What is committed is handed to the kernel and not waited for.
    """
    with pytest.MonkeyPatch.context() as patch, closing(_Copies()) as copies:
        patch.setattr(migrate, "_upgrade", copies.upgrade)
        patch.setattr(database, "_PRAGMAS", (*PRAGMAS, "synchronous=OFF"))
        yield


class _Copies:
    """The first file of each schema, in memory: some tests make one of an older maild."""

    def __init__(self) -> None:
        self._first: dict[str, sqlite3.Connection] = {}

    def upgrade(self, engine: Engine, migrations: Path) -> None:
        new = migrations == shipped("migrations") and not migrate.version(engine)
        first = self._first.get(migrate.HEAD) if new else None
        if first is None:
            BY_MIGRATIONS(engine, migrations)
        if not new:
            return
        with closing(engine.raw_connection()) as held:
            file: sqlite3.Connection = held.driver_connection
            if first is None:
                self._first[migrate.HEAD] = sqlite3.connect(":memory:", check_same_thread=False)
                file.backup(self._first[migrate.HEAD])
            else:
                first.backup(file)

    def close(self) -> None:
        for one in self._first.values():
            one.close()
