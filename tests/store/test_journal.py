"""The journal: append-only, chained, and without a word of anybody's mail."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from maild.store import journal
from maild.store.database import Database

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def written(database: Database) -> Database:
    """Five rows of two cases."""

    def write(connection: Connection) -> None:
        for number in range(5):
            at, case = AT + timedelta(minutes=number), f"EX-22222{number % 2 + 2}"
            journal.write(connection, at, case, "opened", {"number": number})

    database.call(write)
    return database


def tamper(database: Database, statement: str) -> None:
    """Change the file as somebody would who wants to hide something."""

    def change(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS journal_no_{verb}"))
        connection.execute(text(statement))

    database.call(change)


@pytest.mark.parametrize("statement", ["UPDATE journal SET what = 'x'", "DELETE FROM journal WHERE id = 1"])
def test_the_database_itself_refuses_to_change_the_journal(written: Database, statement: str) -> None:
    """No row is changed or deleted, whoever asks."""
    with pytest.raises(DBAPIError, match="append-only"):
        written.call(lambda connection: connection.execute(text(statement)))


def test_an_untouched_journal_holds(written: Database) -> None:
    """Every hash follows from the rows before."""
    assert written.call(journal.broken_at) is None


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE journal SET what = 'closed' WHERE id = 2", 2),
        ("UPDATE journal SET detail = '{\"number\": 9}' WHERE id = 3", 3),
        ("UPDATE journal SET at = at + 1 WHERE id = 1", 1),
        ("UPDATE journal SET case_id = 'EX-999999' WHERE id = 4", 4),
        ("DELETE FROM journal WHERE id = 2", 3),
        ("UPDATE journal SET chain = 'x' WHERE id = 5", 5),
    ],
)
def test_tampering_breaks_the_chain(written: Database, statement: str, broken: int) -> None:
    """A changed or missing row is found, at the first place where the hashes do not follow."""
    tamper(written, statement)
    assert written.call(journal.broken_at) == broken


def test_a_case_shows_its_own_rows_in_order(written: Database) -> None:
    """The rows of one case, oldest first, with their details."""
    found = written.call(journal.of_case, "EX-222222")
    assert [row["number"] for row in found] == [0, 2, 4]
    assert found[0]["at"] == AT.isoformat()


def test_an_empty_journal_holds(database: Database) -> None:
    """A new database has nothing to be broken."""
    assert database.call(journal.broken_at) is None
