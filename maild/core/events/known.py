"""What an event is decided with: the candidates that it asks for, and that were loaded for it."""

from maild.core.candidates import Candidates
from maild.core.event import Asks, Known


def loaded(kind: type[Known], _event: Asks[Known], known: Candidates) -> Known:
    """*known* as what the event asks for, which is a *kind*; ``TypeError`` when something else was loaded.

    Another *kind* than the event asks for does not type-check.
    """
    if not isinstance(known, kind):
        raise TypeError(f"{type(known).__name__} was loaded where {kind.__name__} is needed")
    return known
