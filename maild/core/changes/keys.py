"""What a decision about reporters' keys can have recorded."""

from dataclasses import dataclass, field

from maild.core.mail.offered import Source


@dataclass(frozen=True, slots=True)
class RememberKey:
    """A reporter's key. ``seals``: answers are encrypted with it even when the mail itself came unencrypted.

    ``proved``: something proves that it is theirs, so it serves every case; else this one alone.
    """

    case_id: str
    address: str = field(repr=False)
    fingerprint: str
    source: Source
    seals: bool
    minimal: bytes = field(repr=False)
    proved: bool = False


@dataclass(frozen=True, slots=True)
class OfferKey:
    """A key that nobody uses before a member says so; one that was refused has only a reason (``why``)."""

    case_id: str
    address: str = field(repr=False)
    fingerprint: str
    source: Source
    seals: bool
    minimal: bytes = field(repr=False)
    envelope: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class UseKey:
    """A member vouches for a key that was offered: from now on it is the reporter's."""

    case_id: str
    address: str = field(repr=False)
    fingerprint: str
    by: str


@dataclass(frozen=True, slots=True)
class ForgetKey:
    """A reporter's key was revoked: nothing is encrypted to it any more, and what waits to be is held."""

    case_id: str
    address: str = field(repr=False)
    fingerprint: str
    why: str


KeyChange = RememberKey | OfferKey | UseKey | ForgetKey
