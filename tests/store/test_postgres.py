"""PostgreSQL as the store: what breaks silently when SQL is only translated, and what a lost connection does."""

import asyncio
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from maild.config.share import shipped
from maild.core.journal import What
from maild.errors import Deposed, PermanentError, StoreError
from maild.store import journal, lease, migrate, pgconnect
from maild.store.database import Database, get_setting, put_setting, secret
from maild.store.dialect import insert_new
from maild.store.headfile import Head
from maild.store.lease import Lease
from maild.store.pgconnect import LINE
from maild.store.place import Place, Server
from maild.store.postgres import PostgresDatabase, _Mark
from maild.store.schema import case as case_table
from maild.store.schema import clock, flag, letter, setting
from maild.store.sound import of
from tests.support.desk import NOW
from tests.support.losing import AFTER, BEFORE, losing
from tests.support.postgres import Cluster

WORKERS = 4
ROUNDS = 25
CASE = "EX-222222"


@pytest.fixture
def name(cluster: Cluster) -> str:
    """A database with maild's tables."""
    return cluster.ready()


@pytest.fixture
def database(cluster: Cluster, name: str, tmp_path: Path) -> Iterator[Database]:
    """The same, open."""
    with closing(opened(cluster.url(name), tmp_path)) as made:
        yield made


def opened(url: str, state: Path) -> Database:
    """The database at *url*."""
    return Place(state, Server(url, str)).open(shipped("migrations"))


def add_one(connection: Connection) -> None:
    """Read a number, make it one more, write it; and a row of the journal, chained to the one before."""
    number = int(get_setting(connection, "number") or "0")
    put_setting(connection, "number", str(number + 1))
    journal.write(connection, NOW, CASE, What.FLAG, {"flag": str(number)})


def count_in_a_process(url: str, state: Path) -> None:
    """What another maild does at the same time, perhaps on another host."""
    with closing(opened(url, state)) as one:
        for _ in range(ROUNDS):
            one.call(add_one)


def open_case(connection: Connection) -> None:
    """A case that rows can belong to."""
    row = {"id": CASE, "state": "open", "opened": NOW, "sealed": False, "subject": "", "related": ""}
    connection.execute(insert(case_table).values(**row))


def test_a_row_that_is_there_already_counts_as_none(database: Database) -> None:
    """``ON CONFLICT DO NOTHING`` says how many rows it wrote: what is journalled after it is journalled once."""

    def twice(connection: Connection) -> list[int]:
        open_case(connection)
        once = insert_new(flag).values(case_id=CASE, flag="late").on_conflict_do_nothing()
        return [connection.execute(once).rowcount for _ in range(2)]

    assert database.call(twice) == [1, 0]


def test_threads_and_processes_lose_no_update(
    database: Database, cluster: Cluster, name: str, tmp_path: Path
) -> None:
    """Read-modify-write from threads and processes at once keeps every update, and the journal's chain."""
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=count_in_a_process, args=(cluster.url(name), tmp_path)) for _ in range(2)]
    for worker in workers:
        worker.start()
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda _: [database.call(add_one) for _ in range(ROUNDS)], range(WORKERS)))
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert database.call(get_setting, "number") == str((WORKERS + 2) * ROUNDS)
    assert database.call(journal.broken_at) is None


def test_a_promise_that_was_stopped_starts_again(database: Database) -> None:
    """From the very instant it had begun at: the index that keeps it single looks at those that run."""
    row = {"case_id": CASE, "promise": "update", "reporter": "r@x.example"}
    row |= {"started": NOW, "due": NOW, "look": NOW}

    def again(connection: Connection) -> list[int]:
        open_case(connection)
        start = insert_new(clock).values(**row).on_conflict_do_nothing()
        first, second = (connection.execute(start).rowcount for _ in range(2))
        connection.execute(update(clock).values(stopped=NOW))
        return [first, second, connection.execute(start).rowcount]

    assert database.call(again) == [1, 0, 1]


@pytest.mark.parametrize("strange", ["a\0b", "a\ud800b", "\0", "ü\0\udfffß"])
def test_text_that_postgresql_does_not_take_is_stored_without_it(database: Database, strange: str) -> None:
    """A NUL is left out and half a surrogate pair replaced, in texts and in JSON alike, and both can be read."""

    def there_and_back(connection: Connection) -> tuple[str, object, object]:
        put_setting(connection, "strange", strange)
        journal.write(connection, NOW, "", What.FLAG, {"flag": strange, strange: [strange]})
        found = connection.execute(text("SELECT detail ->> 'flag' FROM journal")).scalar()
        return get_setting(connection, "strange"), found, connection.execute(text("SELECT 1")).scalar()

    found, inside, _ = database.call(there_and_back)
    assert "\0" not in found
    assert found == inside
    assert found == strange.replace("\0", "").replace("\ud800", "\ufffd").replace("\udfff", "\ufffd")


def test_a_lost_connection_is_trouble_that_may_pass(database: Database, cluster: Cluster, name: str) -> None:
    """The server ends it in the middle: StoreError, nothing is stored, and the next transaction works."""

    def cut_off(connection: Connection) -> None:
        put_setting(connection, "half", "done")
        cluster.end_connections(name)
        put_setting(connection, "half", "more")

    with pytest.raises(StoreError):
        database.call(cut_off)
    assert database.call(get_setting, "half") == ""


def test_a_server_that_is_not_there_is_trouble_that_may_pass(tmp_path: Path) -> None:
    """Nothing listens: StoreError with the place and no password."""
    place = Place(tmp_path, Server(f"postgresql://maild@/maild?host={tmp_path}", lambda: "sesame"))
    with pytest.raises(StoreError, match="cannot be reached") as trouble:
        place.open(shipped("migrations"))
    assert "sesame" not in str(trouble.value)


def test_another_who_does_not_let_go_is_trouble_that_may_pass(
    database: Database, cluster: Cluster, name: str, tmp_path: Path
) -> None:
    """Who waits too long for the transaction before comes back with StoreError."""
    with closing(opened(cluster.url(name), tmp_path)) as other, other.transaction():
        with database.engine.connect().execution_options() as _:
            pass
        with pytest.raises(StoreError, match="locked it for too long"):
            hurried(database)
    database.call(put_setting, "a", "b")


def hurried(database: Database) -> None:
    """A transaction that waits a moment only."""

    def hurry(raw: object, *_: object) -> None:
        raw.execute("SET lock_timeout = '50ms'")  # type: ignore[attr-defined]
        raw.commit()  # type: ignore[attr-defined]

    database.engine.dispose()
    event.listen(database.engine, "connect", hurry)
    database.call(put_setting, "a", "c")


@pytest.mark.parametrize("when", [BEFORE, AFTER])
def test_what_became_of_a_commit_is_asked(cluster: Cluster, name: str, tmp_path: Path, when: str) -> None:
    """Lost before the server had the COMMIT: StoreError, nothing stored. After it: stored, and no error."""
    with losing(cluster.port) as proxy:
        url = f"postgresql://maild@127.0.0.1:{proxy.port}/{name}"
        with closing(opened(url, tmp_path)) as database:
            database.call(put_setting, "number", "0")
            proxy.when = when
            if when == AFTER:
                database.call(put_setting, "number", "1")
            else:
                with pytest.raises(StoreError):
                    database.call(put_setting, "number", "1")
            assert proxy.lost == 1
            assert database.call(get_setting, "number") == ("1" if when == AFTER else "0")


def test_a_number_that_another_transaction_got_proves_nothing(
    cluster: Cluster, name: str, tmp_path: Path
) -> None:
    """A crash gave the number away again: what the lost transaction wrote into the journal is not there."""
    with closing(opened(cluster.url(name), tmp_path)) as database:
        assert isinstance(database, PostgresDatabase)

        def recorded(connection: Connection) -> tuple[str, Head | None]:
            journal.write(connection, NOW, "", What.DIGEST, {"day": "2026-03-02"})
            number = connection.exec_driver_sql("SELECT pg_current_xact_id()").scalar_one()
            return str(number), journal.written(connection)

        number, head = database.call(recorded)
        line = database.call(lambda connection: connection.info[LINE])
        assert head
        assert database._took(_Mark(number, line, head))
        assert not database._took(_Mark(number, line, replace(head, chain="f" * 64)))
        assert not database._took(_Mark(number, line, replace(head, row=head.row + 1)))


def test_who_only_looks_changes_nothing_and_waits_for_nobody(
    database: Database, cluster: Cluster, name: str, tmp_path: Path
) -> None:
    """A read-only view reads beside a transaction under way, sees one moment, and cannot write."""
    place = Place(tmp_path, Server(cluster.url(name), str))
    database.call(put_setting, "a", "b")
    with closing(place.open_read_only()) as looking, database.transaction() as writing:
        put_setting(writing, "a", "c")
        assert looking.call(get_setting, "a") == "b"
        with pytest.raises(StoreError, match="accepts no changes"):
            looking.call(put_setting, "a", "d")


def test_the_journal_is_append_only(database: Database) -> None:
    """The database itself refuses to change, delete or empty it, and its guards are counted."""
    database.call(journal.write, NOW, "", What.FLAG, {"flag": "a"})
    for statement in ("UPDATE journal SET chain = ''", "DELETE FROM journal", "TRUNCATE journal"):
        with pytest.raises(DBAPIError, match="append-only"):
            database.call(lambda connection, said: connection.execute(text(said)), statement)
    assert database.call(lambda connection: of(connection).guarded(connection)) == 3


def test_two_first_starts_make_the_tables_once(cluster: Cluster, tmp_path: Path) -> None:
    """Two programs open an empty database at once: one makes the tables, the other waits for it."""
    url = cluster.url(cluster.database())
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda number: opened(url, tmp_path / str(number)), range(2)))
    assert {migrate.version(one.engine) for one in found} == {migrate.HEAD}
    assert len({one.call(secret) for one in found}) == 1
    for one in found:
        one.close()


def test_a_database_that_sorts_otherwise_is_refused(cluster: Cluster, tmp_path: Path) -> None:
    """Maild sorts by code point everywhere; the error says how to make a database that does."""
    cluster.run("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    with pytest.raises(PermanentError, match="LOCALE 'C'"):
        opened(cluster.url("latin"), tmp_path)


def test_a_newer_schema_is_refused(cluster: Cluster, name: str, tmp_path: Path) -> None:
    """A database of a later maild is not touched: the error says what to do."""
    cluster.run("UPDATE alembic_version SET version_num = '9999'", name)
    with pytest.raises(PermanentError, match=r"schema 9999, newer than this maild .*: upgrade maild"):
        opened(cluster.url(name), tmp_path)


def test_a_number_that_nothing_has_finds_nothing(database: Database) -> None:
    """As in SQLite, a number of 64 bits is no error."""
    query = select(letter.c.id).where(letter.c.id == 2**63 - 1)
    assert database.call(lambda connection: connection.execute(query).scalar()) is None


async def test_tasks_lose_no_update(database: Database) -> None:
    """Tasks of the daemon share one writer thread and lose nothing either."""
    await asyncio.gather(*(database.run(add_one) for _ in range(WORKERS * ROUNDS)))
    assert await database.run(get_setting, "number") == str(WORKERS * ROUNDS)


def test_the_order_of_texts_is_that_of_sqlite(database: Database) -> None:
    """By code point: capitals first, umlauts last."""
    names = ["b", "B", "a", "ä", "Z", "_"]

    def ordered(connection: Connection) -> list[str]:
        for one in names:
            put_setting(connection, f"order {one}", one)
        query = select(setting.c.value).where(setting.c.name.startswith("order ")).order_by(setting.c.value)
        return list(connection.execute(query).scalars())

    assert database.call(ordered) == sorted(names)


def test_a_password_is_read_anew_for_every_connection(cluster: Cluster, name: str, tmp_path: Path) -> None:
    """Whoever changes it restarts nothing."""
    asked = []

    def password() -> str:
        asked.append(1)
        return "sesame"

    with closing(
        Place(tmp_path, Server(cluster.url(name), password)).open(shipped("migrations"))
    ) as database:
        before = len(asked)
        database.engine.dispose()
        database.call(secret)
        assert len(asked) == before + 1


def test_off_this_machine_the_server_must_prove_itself() -> None:
    """A remote server is spoken to encrypted only, and its name is checked."""
    here = pgconnect.manners(Server("postgresql://maild@/maild", str))
    away = pgconnect.manners(Server("postgresql://maild@db.example.org/maild", str, remote=True))
    assert "sslmode" not in here
    assert (away["sslmode"], away["sslrootcert"]) == ("verify-full", "system")


def test_settings_that_may_lose_what_was_stored_are_named(database: Database) -> None:
    """The cluster of the tests has two off, so that it is quick; a desk's must have none off."""

    def looked(connection: Connection) -> list[tuple[str, str]]:
        connection.execute(text("SET LOCAL synchronous_commit = off"))
        return list(of(connection).risks(connection))

    found = database.call(looked)
    assert [text.partition(" ")[0] for text, _ in found] == [
        "fsync",
        "full_page_writes",
        "synchronous_commit",
    ]


def test_a_daemon_stops_where_the_server_lost_what_was_stored(
    database: Database, cluster: Cluster, name: str, tmp_path: Path
) -> None:
    """After a failover nothing is done on its connections until the loss was dealt with, in a new turn."""
    database.lease = Lease("a", lambda: 0.0)
    database.lease.term = database.call(lease.take, database.lease)
    for number in range(2):
        database.call(journal.write, NOW, "", What.FLAG, {"flag": str(number)})
    lose = "SET session_replication_role = replica; DELETE FROM journal WHERE id = 2"
    cluster.run(lose, name)
    database.call(put_setting, "a", "b")
    database.engine.dispose()
    with pytest.raises(Deposed):
        database.call(put_setting, "a", "c")
    with closing(opened(cluster.url(name), tmp_path)) as again:
        assert again.call(get_setting, "a") == "b"
        assert again.lost


def test_a_transaction_that_only_looks_is_not_committed(database: Database) -> None:
    """A COMMIT waits for the disk, even after a mere look: the lock of the row has a number of its own."""
    database.call(put_setting, "a", "")  # the row that is locked is made by whoever comes first
    ends: list[str] = []
    for end in ("commit", "rollback"):
        event.listen(database.engine, end, lambda _connection, end=end: ends.append(end))
    database.call(get_setting, "a")
    database.call(put_setting, "a", "b")
    assert database.call(get_setting, "a") == "b"
    assert ends == ["rollback", "commit", "rollback"]
