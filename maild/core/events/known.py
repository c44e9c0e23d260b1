"""What an event is decided with: the candidates that were loaded for it."""

from typing import TypeVar

from maild.core.candidates import Candidates

Wanted = TypeVar("Wanted")


def loaded(kind: type[Wanted], known: Candidates) -> Wanted:
    """*known* as what an event of its kind needs; ``TypeError`` when something else was loaded for it."""
    if not isinstance(known, kind):
        raise TypeError(f"{type(known).__name__} was loaded where {kind.__name__} is needed")
    return known
