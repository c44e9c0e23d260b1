"""One SQL for both engines: what is compiled for PostgreSQL, without a server."""

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex
from sqlalchemy.sql import ClauseElement

from maild.store import casefile, clocks, envelopes, letters
from maild.store.dialect import hundredths, larger, place_of, texts_of
from maild.store.schema import clock, envelope, letter


def in_postgresql(statement: ClauseElement) -> str:
    """The words for PostgreSQL, on one line."""
    return " ".join(str(statement.compile(dialect=postgresql.dialect())).split())


def test_what_is_inserted_once_compiles_for_both() -> None:
    """``ON CONFLICT`` of SQLite's insert is PostgreSQL's too, with and without a target."""
    for statement in (letters._NEW, clocks._NEW):
        assert "ON CONFLICT DO NOTHING" in in_postgresql(statement)
    for statement in (casefile._PARTICIPANT, envelopes._PLACE):
        assert "DO UPDATE SET" in in_postgresql(statement)
        assert "DO UPDATE SET" in str(statement.compile(dialect=sqlite.dialect()))


def test_a_promise_that_was_stopped_may_run_again_in_postgresql() -> None:
    """The index that keeps promises single looks only at those that run, in both engines."""
    for dialect in (sqlite.dialect(), postgresql.dialect()):
        made = {
            index.name: str(CreateIndex(index).compile(dialect=dialect)).split("WHERE")[-1].strip()
            for index in clock.indexes
        }
        assert made["clock_once"] == "stopped IS NULL"
        assert made["clock_look"] == "met IS NULL AND stopped IS NULL"


def test_each_engine_gets_its_own_name_for_a_function() -> None:
    """SQLite's words are as they were; PostgreSQL's are those that it has."""
    cases = (
        (larger(letter.c.doubts, 1), "max(letter.doubts, ?)", "greatest(letter.doubts, %(greatest_1)s"),
        (place_of(letter.c.share, ":"), "instr(letter.share, ?)", "strpos(letter.share, "),
        (
            hundredths(envelope.c.score),
            "round(envelope.score, 2)",
            "round(CAST(envelope.score AS NUMERIC), 2)",
        ),
    )
    for function, of_sqlite, of_postgresql in cases:
        assert str(function.compile(dialect=sqlite.dialect())) == of_sqlite
        assert in_postgresql(function).startswith(of_postgresql.split("%")[0])
    rows = select(texts_of(bindparam("digests")).c.value)
    assert "FROM json_each(?)" in str(rows.compile(dialect=sqlite.dialect()))
    assert "json_array_elements_text(CAST(" in in_postgresql(rows)


def test_numbers_are_as_wide_as_in_sqlite() -> None:
    """A number of 64 bits that nothing has is no error in PostgreSQL either."""
    assert "BIGINT" in in_postgresql(select(letter.c.id).where(letter.c.id == bindparam("this")))
