"""An OAuth 2.0 access token, and when it has to be renewed."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

LEFT = 2
"""A token is renewed when less than one part in so many of its life is left: half an hour of an hour."""
LONGEST_PAUSE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Token:
    """``access`` lets the desk log in from ``obtained`` until ``expires`` (aware UTC).

    ``refresh`` buys the next one, where the grant gives such. ``failures`` is how often in a row it could not
    be renewed, and ``again`` when to try next. ``refused``: since when the provider refuses to renew it at
    all, with its code ``why`` (RFC 6749 section 5.2); only a person ends that.
    """

    access: str = field(repr=False)
    obtained: datetime
    expires: datetime
    refresh: str = field(default="", repr=False)
    failures: int = 0
    again: datetime | None = None
    refused: datetime | None = None
    why: str = ""

    def due(self, now: datetime) -> bool:
        """Whether to renew it *now*: half of its life is over, and no pause after a failure runs."""
        half = self.obtained + (self.expires - self.obtained) / LEFT
        return now >= half and (self.again is None or now >= self.again)

    def expired(self, now: datetime) -> bool:
        """Whether no server takes it any more."""
        return now >= self.expires

    def failed(self, now: datetime, why: str = "") -> "Token":
        """It could not be renewed *now*: the pause grows from one minute to a quarter of an hour.

        *why* is the provider's code when it refused; empty for trouble that passes.
        """
        pause = min(timedelta(minutes=2 ** min(self.failures, 8)), LONGEST_PAUSE)
        refused = (self.refused or now) if why else self.refused
        return replace(
            self,
            failures=self.failures + 1,
            again=now + pause,
            refused=refused,
            why=why or self.why,
        )
