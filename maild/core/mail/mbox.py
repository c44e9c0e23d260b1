"""Mails one after the other in one file, for any mail client (RFC 4155, quoted as *mboxrd* does)."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

_FROM = re.compile(rb"^(>*From )", re.MULTILINE)


def mbox(mails: Iterable[tuple[datetime, bytes]]) -> bytes:
    """The *mails* with the instants they came at (aware), as one mbox; lines end in LF alone."""
    return b"".join(_one(at, raw) for at, raw in mails)


def _one(at: datetime, raw: bytes) -> bytes:
    """A line that begins like a separator gets one more ``>``, so that taking one off gives the mail back."""
    text = _FROM.sub(rb">\1", raw.replace(b"\r\n", b"\n"))
    return (
        f"From maild@localhost {at.astimezone(UTC):%a %b %e %H:%M:%S %Y}\n".encode()
        + text.rstrip(b"\n")
        + b"\n\n"
    )
