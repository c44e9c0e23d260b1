"""The functions of the commands, put to the rows of the table."""

from collections.abc import Mapping
from typing import TypeVar

from maild.core.words.table import NAMES

Does = TypeVar("Does")


def bound(*parts: Mapping[str, Does]) -> Mapping[str, Does]:
    """The function of every command, in the order of the table.

    ``TypeError`` when a command has none or two, or a function has no row: then the program does not start.
    """
    found = [(name, does) for part in parts for name, does in part.items()]
    if sorted(name for name, _ in found) != sorted(NAMES):
        wrong = sorted({name for name, _ in found} ^ set(NAMES))
        raise TypeError(f"commands without row or function, or with two: {', '.join(wrong) or 'twice'}")
    does_of = dict(found)
    return {name: does_of[name] for name in NAMES}
