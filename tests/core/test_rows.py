"""Values as rows of JSON and back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from maild.core.letters.rows import each, plain, read


@dataclass(frozen=True)
class Item:
    """What some rows hold."""

    number: int = 0


@dataclass(frozen=True)
class Holder:
    """A row with items that are values, and with what is JSON already."""

    items: tuple[Item | int, ...] = each(Item)
    found: Mapping[str, Any] = field(default_factory=dict)


def test_only_fields_of_values_are_read_as_values() -> None:
    """A mapping in another field stays one, and so does what an earlier maild wrote there without a mapping."""
    row = {"items": [{"number": 1}, 2], "found": {"number": 3}, "more": 4}
    held = read(Holder, row)
    assert held == Holder((Item(1), 2), {"number": 3})
    assert plain(held) == {"items": [{"number": 1}, 2], "found": {"number": 3}}
