"""What a mail server's answer means for a letter, and for the server."""

from maild.core.event import Delivery
from maild.core.letters.states import State
from maild.gateways.smtp import Outcome

TOO_BIG = 552
"""The code by which servers refuse what is larger than they take (RFC 1870 §6.1)."""
SETTLED = {
    Delivery.SENT: State.SENT,
    Delivery.FAILED: State.FAILED,
    Delivery.UNKNOWN: State.PARKED,
    Delivery.UNSEALED: State.FAILED,
    Delivery.OVERDUE: State.HELD,
    Delivery.BARRED: State.FAILED,
    Delivery.STOPPED: State.HELD,
}
"""The state of a letter that was settled so."""
CLOSING = 421
"""The server is about to hang up, whatever was asked of it (RFC 5321 §4.2.3)."""


def down(outcome: Outcome) -> bool:
    """Whether it is the server that fails: one that only wants this letter later is not down."""
    later = outcome.stage in ("rcpt", "data") and outcome.code not in (0, CLOSING)
    return outcome.kind in ("temporary", "unknown") and not later
