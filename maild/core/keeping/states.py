"""Where a kept mail stands on its way through the desk, and which state may follow which."""

from collections.abc import Mapping
from enum import StrEnum


class MailState(StrEnum):
    """``kept``: not handled yet. ``to-open``: handled from outside. ``shunted``: set aside, for a person."""

    KEPT = "kept"
    TO_OPEN = "to-open"
    DONE = "done"
    SHUNTED = "shunted"


_KEPT, _TO_OPEN, _DONE, _SHUNTED = MailState
NEXT: Mapping[MailState, frozenset[MailState]] = {
    _KEPT: frozenset({_KEPT, _TO_OPEN, _DONE, _SHUNTED}),
    _TO_OPEN: frozenset({_KEPT, _TO_OPEN, _DONE, _SHUNTED}),
    _DONE: frozenset({_KEPT, _TO_OPEN, _DONE}),
    _SHUNTED: frozenset({_KEPT, _TO_OPEN, _DONE}),
}
"""What may follow. What is done is handled again where a person releases it, or where it shows up among what
was sent; but trouble afterwards sets nothing aside that is done, and nothing twice."""

UNHANDLED = (MailState.KEPT, MailState.TO_OPEN)
"""What still goes on by itself."""


def before(after: MailState) -> tuple[MailState, ...]:
    """The states that a mail may have had when it becomes *after*."""
    return tuple(state for state, following in NEXT.items() if after in following)
