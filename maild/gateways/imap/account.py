"""The values of the IMAP gateway: whom to ask, what comes back, and the two troubles that have a name."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from maild.errors import TemporaryError
from maild.gateways.tls import Tls

UNKNOWN_DATE = datetime.max.replace(tzinfo=UTC)
"""Stands for an INTERNALDATE that the server did not give or garbled: later than any first sight."""


class LoginRefused(TemporaryError):  # noqa: N818 - what happened, in an except clause
    """The server does not take our credentials; asking often would only lock the account."""

    def __init__(self, text: str) -> None:
        super().__init__(text, delay=timedelta(minutes=5))


class UntrustedServer(TemporaryError):  # noqa: N818 - what happened, in an except clause
    """The server's certificate proves nothing; no credentials were sent."""

    def __init__(self, text: str) -> None:
        super().__init__(text, delay=timedelta(seconds=30))


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """One mailbox account.

    ``password`` and ``token`` (OAuth 2.0) are texts or functions asked at every login, so
    that a file can be refreshed by somebody else; a token is used instead of the password when given.
    ``ca_file`` empty means the system's authorities. ``timeout`` is in seconds, for connecting and for
    every single read and write.
    """

    host: str
    port: int
    tls: Tls
    ca_file: str
    username: str
    password: str | Callable[[], str] = field(default="", repr=False)
    token: str | Callable[[], str] | None = field(default=None, repr=False)
    timeout: float = 30.0


@dataclass(frozen=True, slots=True)
class FolderState:
    """What SELECT said. ``keywords``: own marks can be set; ``read_only``: nothing can be changed."""

    uidvalidity: int
    uidnext: int
    keywords: bool
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail as the server holds it.

    ``internal_date`` is aware, UTC (``UNKNOWN_DATE`` when the server gave none). ``size`` is RFC822.SIZE:
    a hint, servers get it wrong. ``raw`` is the whole mail, or, when it is longer than the cap, its
    headers and the first 64 KiB after them, with ``truncated`` set (so too when the server did not give all
    of it; it is empty when nothing could be had). ``keywords`` are its flags, in lower case.
    """

    uid: int
    internal_date: datetime
    size: int
    raw: bytes = field(repr=False)
    truncated: bool = False
    keywords: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of the UIDs that were asked for; one that is named nowhere here is gone from the server.

    ``failed``: the server still lists these and did not give them. ``left``: not asked for yet.
    """

    mails: list[Fetched]
    failed: list[int]
    left: list[int] = field(default_factory=list)


def secret(value: str | Callable[[], str]) -> str:
    """The text of a secret, asked for now."""
    return value() if callable(value) else value
