"""What several callers want of the database at the same time is committed together, and fails alone."""

import asyncio
from collections import Counter
from threading import Event

import pytest
from sqlalchemy import Connection, event, text

from maild.core.journal import What
from maild.errors import StoreError
from maild.store import journal
from maild.store.database import LONG, Database, get_setting, put_setting, spent
from maild.store.writer import MOST
from tests.support.desk import NOW


class BusyError(Exception):
    """What a call raises of its own."""


def waits(_: Connection, go_on: Event) -> None:
    """Keep the thread until the test has queued what it wants to."""
    assert go_on.wait(30)


def put(connection: Connection, name: str) -> str:
    """Write a row; one is refused after it was written."""
    put_setting(connection, name, "here")
    if name == "refused":
        raise BusyError(name)
    return name


def breaks(connection: Connection, name: str) -> None:
    """Write a row, and have the database complain of the third."""
    put_setting(connection, name, "here")
    if name == "n3":
        connection.execute(text("SELECT * FROM nowhere"))


async def queued(database: Database, work: object, names: list[str]) -> tuple[list[object], int]:
    """What becomes of calls that wait together, and how often was committed for them."""
    go_on, commits = Event(), Counter[str]()
    event.listen(database.engine, "commit", lambda _: commits.update(["commit"]))
    first = asyncio.create_task(database.run(waits, go_on))
    others = [asyncio.create_task(database.run(work, name)) for name in names]  # type: ignore[arg-type]
    await asyncio.sleep(0)
    go_on.set()
    await first
    found = await asyncio.gather(*others, return_exceptions=True)
    return list(found), commits["commit"] - 1


async def test_calls_that_wait_together_are_committed_together(database: Database) -> None:
    """Ten of a kind are one commit, each gets its own result, and all of them are stored."""
    names = [f"n{number}" for number in range(10)]
    assert await queued(database, put, names) == (names, 1)
    assert [database.call(get_setting, name) for name in names] == ["here"] * 10


async def test_a_transaction_is_shared_by_so_many_and_no_more(database: Database) -> None:
    """What is one too many waits for the next commit."""
    names = [f"n{number}" for number in range(MOST + 1)]
    assert await queued(database, put, names) == (names, 2)


async def test_a_call_that_fails_takes_nothing_with_it(database: Database) -> None:
    """Its own writing is undone and its caller hears why; what stood before and after it is stored."""
    found, _ = await queued(database, put, ["before", "refused", "after"])
    assert [type(one) for one in found] == [str, BusyError, str]
    assert [database.call(get_setting, name) for name in ("before", "refused", "after")] == [
        "here",
        "",
        "here",
    ]


def written(connection: Connection, name: str) -> None:
    """Add a line to the journal; one is refused after it was added."""
    journal.write(connection, NOW, "", What.LETTER_OWED, {"kind": name})
    if name == "refused":
        raise BusyError(name)


async def test_the_journal_stays_one_chain_where_a_call_fails(database: Database) -> None:
    """A line that was undone with its call is no link of the chain: the next one follows the one before it."""
    found, _ = await queued(database, written, ["a", "b", "refused", "c", "d"])
    assert [type(one) for one in found] == [type(None)] * 2 + [BusyError] + [type(None)] * 2
    assert database.call(journal.broken_at) is None


async def test_where_the_database_complains_each_call_stands_alone(database: Database) -> None:
    """A transaction of which nobody knows what is left is given up, and each of its calls tried by itself."""
    found, _ = await queued(database, breaks, ["n1", "n2", "n3", "n4"])
    assert [one is None for one in found] == [True, True, False, True]
    assert [database.call(get_setting, f"n{one}") for one in (1, 2, 3, 4)] == ["here", "here", "", "here"]


async def test_calls_of_other_kinds_do_not_wait_for_each_other(database: Database) -> None:
    """A long sweep is no part of the transaction in which a letter is settled."""
    go_on, commits = Event(), Counter[str]()
    first = asyncio.create_task(database.run(waits, go_on))
    others = [
        asyncio.create_task(database.run(put_setting, "a", "1")),
        asyncio.create_task(database.run(put, "b")),
        asyncio.create_task(database.run(put_setting, "c", "1")),
    ]
    await asyncio.sleep(0)
    event.listen(database.engine, "commit", lambda _: commits.update(["commit"]))
    go_on.set()
    await asyncio.gather(first, *others)
    assert commits["commit"] == 3  # the one that kept the thread, both of a kind, and the other


async def test_what_nobody_waits_for_any_more_is_not_done(database: Database) -> None:
    """A call that was given up before its turn writes nothing; its neighbour is stored."""
    go_on = Event()
    first = asyncio.create_task(database.run(waits, go_on))
    one, other = (asyncio.create_task(database.run(put, name)) for name in ("one", "other"))
    await asyncio.sleep(0)
    one.cancel()
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(first, other)
    assert [database.call(get_setting, name) for name in ("one", "other")] == ["", "here"]


async def test_a_transaction_that_cannot_be_committed_fails_for_all(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing can be stored every caller hears it, and nobody is told that it was."""

    def full() -> object:
        raise StoreError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(database, "transaction", full)
        found = await asyncio.gather(database.run(put, "a"), database.run(put, "b"), return_exceptions=True)
    assert [type(one) for one in found] == [StoreError, StoreError]
    assert database.call(get_setting, "a") == ""


def long(connection: Connection, name: str) -> str:
    """Write a row, and give the connection up with its transaction, as it has written much."""
    put_setting(connection, name, "here")
    spent(connection, b"x" * (LONG + 1))
    return name


async def test_long_letters_share_a_transaction_too(database: Database) -> None:
    """A connection that is given up afterwards serves those that come behind in the same transaction."""
    names = ["a", "b", "c"]
    assert await queued(database, long, names) == (names, 1)
    assert [database.call(get_setting, name) for name in names] == ["here"] * 3
