"""The database file: who may read it, how transactions behave, what comes out as trouble."""

import asyncio
import multiprocessing
import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select, text

from maild.config.share import shipped
from maild.errors import StoreError
from maild.store.database import FILE, Database, get_setting, open_database, put_setting, secret
from maild.store.instant import Instant
from maild.store.schema import folder
from tests.support.newfiles import PRAGMAS
from tests.support.umask import own_umask

WORKERS = 4
ROUNDS = 25


@pytest.fixture
def database(state: Path) -> Iterator[Database]:
    """The file in the state folder, which this module is about."""
    with closing(open_database(state, shipped("migrations"))) as made:
        yield made


def add_one(connection: Connection) -> None:
    """Read a number, make it one more, write it."""
    number = int(get_setting(connection, "number") or "0")
    put_setting(connection, "number", str(number + 1))


def count_in_a_process(state: Path) -> None:
    """What another maild (the command line) does at the same time."""
    with closing(open_database(state, shipped("migrations"))) as database:
        for _ in range(ROUNDS):
            database.call(add_one)


def test_the_state_is_for_its_owner_only(database: Database, state: Path) -> None:
    """The folder is 0700 and every file in it 0600, the write-ahead log too, whatever the umask was."""
    database.call(put_setting, "a", "b")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in state.iterdir()}
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert f"{FILE}-wal" in modes
    assert {mode & 0o077 for mode in modes.values()} == {0}


def test_a_loose_umask_changes_nothing(state: Path) -> None:
    """Even a umask of 0 leaves nothing for others."""
    with own_umask(0), closing(open_database(state, shipped("migrations"))) as database:
        database.call(put_setting, "a", "b")
        modes = [path.stat().st_mode & 0o077 for path in (state, *state.iterdir())]
    assert set(modes) == {0}


def test_the_settings_of_the_connection(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write-ahead log, full synchronisation and foreign keys are on."""

    def look(connection: Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [connection.execute(text(f"PRAGMA {name}")).scalar() for name in names]

    monkeypatch.setattr("maild.store.database._PRAGMAS", PRAGMAS)
    with closing(open_database(state, shipped("migrations"))) as database:
        assert database.call(look) == ["wal", 2, 1]


def test_threads_lose_no_update(database: Database) -> None:
    """Read-modify-write from several threads keeps every single update."""

    def work(_: int) -> None:
        for _ in range(ROUNDS):
            database.call(add_one)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, range(WORKERS)))
    assert database.call(get_setting, "number") == str(WORKERS * ROUNDS)


def test_processes_lose_no_update(database: Database, state: Path) -> None:
    """So does read-modify-write from several processes."""
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=count_in_a_process, args=(state,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for _ in range(ROUNDS):
        database.call(add_one)
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert database.call(get_setting, "number") == str(3 * ROUNDS)


async def test_tasks_lose_no_update(database: Database) -> None:
    """Tasks of the daemon share one writer thread and lose nothing either."""
    await asyncio.gather(*(database.run(add_one) for _ in range(WORKERS * ROUNDS)))
    assert await database.run(get_setting, "number") == str(WORKERS * ROUNDS)


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    """All or nothing."""

    def work(connection: Connection) -> None:
        put_setting(connection, "half", "done")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.call(work)
    assert database.call(get_setting, "half") == ""


def test_a_locked_file_is_trouble_that_may_pass(database: Database, state: Path) -> None:
    """Another writer who does not let go comes out as StoreError, not as a bug."""
    database.call(put_setting, "a", "b")
    with closing(sqlite3.connect(state / FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program holds it"):
            quick(database)


def quick(database: Database) -> None:
    """A transaction that does not wait five seconds for the lock."""
    from sqlalchemy import event

    def impatient(raw: sqlite3.Connection, *_: object) -> None:
        raw.execute("PRAGMA busy_timeout=0")

    database.engine.dispose()
    event.listen(database.engine, "connect", impatient)
    database.call(put_setting, "a", "c")


def test_the_secret_is_made_once_and_stays(state: Path) -> None:
    """The desk's secret is long, and the same after the next start."""
    found = []
    for _ in range(2):
        with closing(open_database(state, shipped("migrations"))) as database:
            found.append(database.call(secret))
    assert len(found[0]) >= 32
    assert found[0] == found[1]


def test_instants_keep_their_moment(database: Database) -> None:
    """An instant of any zone comes back as the same moment, aware and in UTC, to the microsecond."""
    berlin = datetime(2026, 3, 29, 3, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))

    def there_and_back(connection: Connection) -> datetime:
        row = {"name": "INBOX", "uidvalidity": 1, "next_uid": 1, "read_at": berlin}
        connection.execute(insert(folder).values(**row))
        return connection.execute(select(folder.c.read_at)).scalar_one()

    found = database.call(there_and_back)
    assert (found, found.tzinfo) == (berlin, UTC)


def test_a_naive_instant_is_refused() -> None:
    """A time without a zone never gets in."""
    with pytest.raises(ValueError, match="needs a time zone"):
        Instant().process_bind_param(datetime(2026, 3, 2), None)  # type: ignore[arg-type]  # no dialect needed


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_instant_survives(at: datetime) -> None:
    """From the year 1 to 9999: what goes in comes out."""
    column = Instant()
    kept = column.process_bind_param(at, None)  # type: ignore[arg-type]  # no dialect needed
    assert column.process_result_value(kept, None) == at  # type: ignore[arg-type]  # no dialect needed
