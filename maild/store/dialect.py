"""What SQLite and PostgreSQL say differently: each difference once, settled when a statement is compiled.

SQLite gets the same text as ever. ``insert_new`` is SQLite's insert: its ``ON CONFLICT`` is PostgreSQL's
word for word, and it costs a desk on SQLite no further import.
"""

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Float, FromClause, Integer, Text
from sqlalchemy.dialects.sqlite import insert as insert_new
from sqlalchemy.dialects.sqlite.dml import OnConflictClause
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType

__all__ = ["beginning", "hundredths", "insert_new", "larger", "place_of", "texts_of"]

# PostgreSQL's compiler asks each such clause for the name of a constraint, which SQLite's do not have.
OnConflictClause.constraint_target = None  # type: ignore[attr-defined]


@compiles(Integer, "postgresql")
def _as_wide_as_sqlite(type_: Integer, compiler: Any, **options: Any) -> str:  # noqa: ARG001 - SQLAlchemy's
    """A number of SQLite has 64 bits: one that nothing has finds nothing there, and is no error here."""
    return "BIGINT"


T = TypeVar("T")


class place_of(FunctionElement[int]):  # noqa: N801 - read as a function
    """Where in the first text the second one begins, from 1 on; 0 where it does not occur."""

    type = Integer()
    inherit_cache = True


class larger(FunctionElement[int]):  # noqa: N801 - read as a function
    """The larger of two numbers."""

    type = Integer()
    inherit_cache = True


class hundredths(FunctionElement[float]):  # noqa: N801 - read as a function
    """A number rounded to two digits."""

    type = Float()
    inherit_cache = True


class _TextsOf(FunctionElement[str]):
    type = Text()
    inherit_cache = True


def texts_of(array: ColumnElement[Any]) -> FromClause:
    """The texts of the JSON *array* as rows, in the column ``value``."""
    return _TextsOf(array).table_valued("value")


class _Beginning(FunctionElement[Any]):
    type = NullType()
    inherit_cache = True


def beginning(content: ColumnElement[T], most: ColumnElement[int] | int) -> ColumnElement[T]:
    """The first *most* characters of a text, or bytes."""
    found = _Beginning(content, most)
    found.type = content.type  # type: ignore[assignment]  # any type, once it is known
    return found


_NAMES: dict[type[FunctionElement[Any]], tuple[str, str]] = {
    place_of: ("instr({}, {})", "strpos({}, {})"),
    larger: ("max({}, {})", "greatest({}, {})"),
    hundredths: ("round({}, 2)", "round(CAST({} AS NUMERIC), 2)"),
    _TextsOf: ("json_each({})", "json_array_elements_text(CAST({} AS JSON))"),
    _Beginning: ("substr({}, 1, {})", "substr({}, 1, CAST({} AS INT))"),
}
"""How each is called in SQLite and in PostgreSQL."""


def _teach(element: type[FunctionElement[Any]], sqlite: str, postgresql: str) -> None:
    for dialect, form in (("sqlite", sqlite), ("postgresql", postgresql)):

        def write(one: Any, compiler: SQLCompiler, form: str = form, **options: Any) -> str:
            return form.format(*(compiler.process(part, **options) for part in one.clauses))

        compiles(element, dialect)(write)


for _element, _forms in _NAMES.items():
    _teach(_element, *_forms)
