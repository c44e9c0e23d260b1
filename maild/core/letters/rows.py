"""Frozen values as rows of JSON and back: fields by name, tuples as lists."""

import dataclasses
from collections.abc import Mapping
from dataclasses import field
from typing import Any, TypeVar

Row = Mapping[str, Any]
"""A value as it rests: JSON."""
T = TypeVar("T")


def each(of: type) -> Any:
    """A field whose items are read as values of this type."""
    return field(metadata={"of": of})


def read(kind: type[T], row: Row) -> T:
    """*row* as a value of the dataclass *kind*; what it lacks has its default, other keys are left."""
    known = dataclasses.fields(kind)  # type: ignore[arg-type]  # a dataclass
    return kind(
        **{one.name: _value(one.metadata.get("of"), row[one.name]) for one in known if one.name in row}
    )


def plain(value: Any) -> Any:
    """*value* as JSON has it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def _value(of: type | None, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_value(of, one) for one in value)
    return read(of, value) if of and isinstance(value, Mapping) else value
