"""What a decision about kept mail and letters can have recorded."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SetAside:
    """A mail that maild cannot handle is shunted: kept whole, with the *fingerprint* of what went wrong."""

    envelope: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class TryAgain:
    """A person has a mail that was set aside handled once more, from where it stopped."""

    envelope: int
    by: str


KeepingChange = SetAside | TryAgain
