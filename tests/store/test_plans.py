"""What the daemon asks of the database, again and again, on a desk that has been in use for years."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, insert, select

from maild.config.share import shipped
from maild.core.event import SweepDue
from maild.core.letters import keys
from maild.core.writing.gate.check import MOST_LIKE_TOKENS
from maild.engine.handler import handle
from maild.store import envelopes, folders, lastlook, letters, tokens
from maild.store.database import Database, open_database
from maild.store.schema import letter, participant
from tests.bench.filled import _letter, fill
from tests.bench.sweep import Year
from tests.support.desk import NOW, POLICY

CASE = "EX-000003"
BIG = ("envelope", "raw", "location", "message", "case", "participant", "clock", "letter", "journal")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Two thousand mails, and the planner has no statistics, as after every start."""
    with closing(open_database(tmp_path, shipped("migrations"))) as made:
        made.call(fill, 2000)
        yield made


def token(number: int) -> str:
    """The token of the reporter of the case with this *number*."""
    return f"token{number:015}"


def asked(database: Database) -> set[tuple[str, tuple[object, ...]]]:
    """Every statement of the daemon's loops with its values, from one mail in and out, a sweep, a start."""
    seen: set[tuple[str, tuple[object, ...]]] = set()

    def note(*about: object) -> None:
        statement, values = str(about[2]), about[3]
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            seen.add((statement, tuple(values)))  # type: ignore[arg-type]  # SQLite's are always in order

    event.listen(database.engine, "before_cursor_execute", note)
    year = Year(database)
    year.arrive("new@reporter.example", "<900001@reports.example>")
    year.arrive("new@reporter.example", "<900002@reports.example>", In_Reply_To="<900001@reports.example>")
    year.send()
    for name in ("INBOX", "Sent"):
        database.call(folders.position, name)
        database.call(folders.backlog_uids, name, 1, wanted=True)
        database.call(folders.marks_owed, name, 1)
        database.call(folders.marked, name, 1, [1, 2])
        database.call(folders.read, name, NOW)
    for state in (envelopes.KEPT, envelopes.TO_OPEN):
        database.call(envelopes.unhandled, state, NOW)
    database.call(letters.recover)
    database.call(envelopes.recover)
    database.call(handle, SweepDue(), POLICY, NOW + timedelta(days=1))
    database.call(tokens.for_reporter, CASE, "a@x.example", b"secret", frozenset({token(7)}))
    database.call(tokens.for_guest, CASE, "a@x.example", frozenset({token(7)}))
    database.call(lastlook.reporters, {"r7@reporter.example"})
    event.remove(database.engine, "before_cursor_execute", note)
    return seen


def test_nothing_the_daemon_asks_reads_a_big_table_from_end_to_end(database: Database) -> None:
    """Every statement of the daemon's loops finds its rows by an index."""
    scans = []
    statements = asked(database)
    with database.transaction() as connection:
        for statement, values in statements:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            scans += [(row.detail, statement) for row in plan if _whole(row.detail, statement)]
    assert len(statements) > 30
    assert not scans


def _whole(step: str, statement: str) -> bool:
    """Whether a step of a plan reads a whole big table; taking the newest row by its id does not."""
    newest = re.search(r"ORDER BY \w+\.id DESC\s+LIMIT", statement) and "WHERE" not in statement
    return bool(re.match(rf'SCAN "?({"|".join(BIG)})\b', step)) and not newest


def test_a_letter_is_held_against_the_tokens_that_may_stand_in_it(database: Database) -> None:
    """Of those of other people alone, and one by one until there are too many of their shape to ask for."""
    own, other = "r3@reporter.example", token(7)
    some = frozenset({token(3), other, "a" * 20})
    found = database.call(tokens.for_reporter, CASE, own, b"secret", some)
    assert other in found
    assert len(found) == 2  # and the desk's own
    many = some | {f"{number:020}" for number in range(MOST_LIKE_TOKENS)}
    every = database.call(tokens.for_reporter, CASE, own, b"secret", frozenset(many))
    assert {token(number) for number in range(400) if number != 3} < every
    assert not {token(3), "a" * 20} & every


@pytest.mark.parametrize(("most", "read"), [(400, True), (399, False)])
def test_all_tokens_are_read_while_they_are_few(
    database: Database, monkeypatch: pytest.MonkeyPatch, most: int, read: bool
) -> None:
    """On a desk with one participant more than is quick to read, only tokens that are named are read."""
    monkeypatch.setattr(tokens, "_MANY", select(participant.c.side).offset(most).limit(1))
    every = database.call(tokens.for_reporter, CASE, "r3@reporter.example", b"secret")
    assert len(every) == 400 if read else every is None  # one is the reader's own, one the desk's
    assert (database.call(tokens.for_guest, CASE, "guest@x.example") is not None) is read
    named = frozenset({token(7)})
    assert token(7) in database.call(tokens.for_reporter, CASE, "r3@reporter.example", b"secret", named)


def test_an_answer_that_was_given_back_is_found_by_its_notice(database: Database) -> None:
    """The one that the notice names, in its own case; a notice of another kind names none."""

    def told(connection: Connection, dedupe: str, number: int) -> None:
        row = _letter(CASE, "anna@project.example", 900_000 + number, NOW)
        connection.execute(insert(letter), row | {"dedupe": dedupe, "kind": "notice"})

    assert database.call(lastlook._returned, CASE) == set()
    database.call(told, keys.returned(f"{17:064x}"), 1)
    database.call(told, keys.notice("stopped", f"{18:064x}"), 2)
    assert database.call(lastlook._returned, CASE) == {17}
    assert database.call(lastlook._returned, "EX-000004") == set()


def test_a_guest_may_read_the_tokens_of_reporters_in_their_case(database: Database) -> None:
    """Those of other cases not, asked for one by one or all together."""
    named = frozenset({token(3), token(7)})
    assert database.call(tokens.for_guest, CASE, "guest@x.example", named) == {token(7)}
    many = named | {f"{number:020}" for number in range(MOST_LIKE_TOKENS)}
    every = database.call(tokens.for_guest, CASE, "guest@x.example", frozenset(many))
    assert token(7) in every
    assert token(3) not in every
