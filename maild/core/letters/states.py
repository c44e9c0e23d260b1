"""Where a letter stands, and which state may follow which."""

from collections.abc import Mapping
from enum import StrEnum

REFUSED = "refused the letter"
"""What the trouble of a letter says that a server refused for good, tried again or not."""


class State(StrEnum):
    """``held`` and ``parked`` wait for a person; a parked letter may have gone out before."""

    OWED = "owed"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"
    HELD = "held"
    PARKED = "parked"


NEXT: Mapping[State, frozenset[State]] = {
    State.OWED: frozenset({State.SENDING, State.FAILED, State.PARKED, State.BOUNCED}),
    State.SENDING: frozenset({State.OWED, State.SENT, State.FAILED, State.BOUNCED, State.HELD, State.PARKED}),
    State.HELD: frozenset({State.OWED, State.FAILED, State.BOUNCED}),
    State.PARKED: frozenset({State.OWED, State.SENT, State.FAILED, State.BOUNCED}),
    State.FAILED: frozenset({State.SENT, State.BOUNCED}),
    State.SENT: frozenset({State.BOUNCED}),
    State.BOUNCED: frozenset({State.BOUNCED}),
}
"""What may follow. A letter that was withdrawn (failed) while it was under way may have been accepted all the
same. Whatever we believed, a letter that comes back with our mark went out; a bounce is never undone."""


def may(before: State, after: State) -> bool:
    """Whether a letter that is *before* may become *after*."""
    return after in NEXT[before]


def before(after: State) -> tuple[State, ...]:
    """The states that a letter may have had when it becomes *after*."""
    return tuple(state for state, following in NEXT.items() if after in following)
