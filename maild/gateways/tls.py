"""How maild meets a server over TLS: the certificate is always checked, TLS 1.2 at least.

There is no way here to ask for less. Whether TLS is used at all is the caller's account (``tls``).
"""

import ssl
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal

from maild.errors import PermanentError

Tls = Literal["implicit", "starttls", "none"]
"""TLS from the first byte; TLS after STARTTLS, required and never opportunistic; no TLS (loopback only)."""


@lru_cache(maxsize=8)
def context(ca_file: str) -> ssl.SSLContext:
    """A context that trusts ``ca_file`` (PEM) alone, or the system's authorities when it is empty.

    Kept between connections: reading the system's authorities takes longer than a handshake.
    Raises PermanentError when the file cannot be used.
    """
    try:
        made = ssl.create_default_context(cafile=ca_file or None)
    except OSError as error:
        raise PermanentError(f"cannot use ca_file {ca_file}: {error.strerror or 'not a PEM file'}") from None
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    # Python 3.13 began to refuse authorities without key identifiers (RFC 5280 §4.2.1.1), which openssl made
    # for years: the same private authority would be trusted on Debian 12 and refused on 13.
    made.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return made


def distrust(error: BaseException) -> str:
    """Why a certificate was refused, in OpenSSL's words; empty when ``error`` is about something else.

    Libraries wrap the error, so its causes are asked too.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return str(cause.verify_message).rstrip(".")
        cause = cause.__cause__
    return ""


def certificate_end(connection: object) -> datetime | None:
    """When the other side's certificate expires (aware UTC); ``None`` where *connection* has no TLS."""
    if not isinstance(connection, ssl.SSLSocket | ssl.SSLObject):
        return None
    end = (connection.getpeercert() or {}).get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(end), UTC) if isinstance(end, str) else None
