"""Long messages are written in pieces, and are there as they were."""

import pytest
from sqlalchemy import Connection, Table, select

from maild.store import letterbytes, letters, longrows
from maild.store.database import LONG, Database
from maild.store.schema import letter_bytes, metadata
from tests.store.test_outbox import outbox, owe
from tests.support.desk import NOW

__all__ = ["outbox"]
LENGTHS = [0, 1, LONG, LONG + 1, 4 * longrows.PIECE]


def _bytes(length: int, mark: bytes) -> bytes:
    return (mark + bytes(range(256))) * (length // 257) + mark * (length % 257)


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("before", [None, 10, LONG + 10])
def test_what_is_put_is_there(outbox: Database, before: int | None, length: int) -> None:
    """Of any length, also in the place of what was there; the key that it is for stands with it."""
    owe(outbox)
    (letter,) = outbox.call(letters.claim, NOW, 10)
    if before is not None:
        outbox.call(letterbytes.fix, letter.id, _bytes(before, b"-"), "old")
    outbox.call(letterbytes.fix, letter.id, _bytes(length, b"+"), "new")
    rows = outbox.call(lambda c: c.execute(select(letter_bytes.c.sealed_to, letter_bytes.c.content)).all())
    assert rows == [("new", _bytes(length, b"+"))]


def test_several_long_ones_go_into_one_transaction(outbox: Database) -> None:
    """The connection is given up after the first; the others are written all the same."""
    for number in range(3):
        owe(outbox, number)

    def fix(connection: Connection) -> list[int]:
        found = letters.claim(connection, NOW, 10)
        for one in found:
            letterbytes.fix(connection, one.id, _bytes(LONG + one.id, b"."))
        return [one.id for one in found]

    found = outbox.call(fix)
    assert len(found) == 3
    assert [outbox.call(letterbytes.read, one) for one in found] == [
        _bytes(LONG + one, b".") for one in found
    ]


@pytest.mark.parametrize("most", [0, 1, LONG, LONG + 10])
def test_the_beginning_is_read_alone(outbox: Database, most: int) -> None:
    """As much of a long message as was asked for; of one that is not there nothing."""
    owe(outbox)
    (letter,) = outbox.call(letters.claim, NOW, 10)
    assert outbox.call(longrows.beginning, letter_bytes, letter.id, most) == b""
    content = _bytes(LONG + 1, b"+")
    outbox.call(letterbytes.fix, letter.id, content)
    assert outbox.call(longrows.beginning, letter_bytes, letter.id, most) == content[:most]


@pytest.mark.parametrize("table", ["raw", "letter_bytes"])
def test_a_message_is_the_last_column(table: str) -> None:
    """Only there SQLite makes room for it without filling that in memory."""
    there: Table = metadata.tables[table]
    assert there.c.keys()[-1] == "content"
