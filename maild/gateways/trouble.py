"""Why a server could not be reached, in the same words for IMAP and SMTP: name, refusal, kind of TLS.

No text here holds what a server or a library said.
"""

import errno
import socket
import ssl
from collections.abc import Iterator

from maild.gateways.tls import Tls

_PLAIN = (
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "UNKNOWN_PROTOCOL",
    "PACKET_LENGTH_TOO_LONG",
    "RECORD_LAYER_FAILURE",
)
"""OpenSSL's reasons where the first bytes of the other side are no TLS."""
_OLD = ("UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE", "VERSION_TOO_LOW")
"""... where it speaks no version of TLS that we do."""


def unreached(error: BaseException, tls: Tls, port: int, greeted: bool) -> str:
    """Why no talk with the server began, and after a semicolon what to try; empty when *error* tells nothing.

    *tls* and *port* are those that were tried, *greeted* whether the server said anything. Libraries wrap the
    error, so its causes are asked too.
    """
    for one in _chain(error):
        if isinstance(one, socket.gaierror):
            return "the name does not resolve; check host"
        if isinstance(one, ConnectionRefusedError) or _refused_at_an_address(one):
            return f"connection refused on port {port}; check host and port"
        if isinstance(one, ssl.SSLError) and not isinstance(one, ssl.SSLCertVerificationError):
            return _handshake(one, port)
        if isinstance(one, TimeoutError):
            return "no answer in time" if greeted or tls == "implicit" else _silence(port)
    return ""


def _refused_at_an_address(error: BaseException) -> bool:
    """Of a name with several addresses asyncio tells every failure in one text, by number."""
    return type(error) is OSError and error.errno is None and f"[Errno {errno.ECONNREFUSED}]" in str(error)


def _handshake(error: ssl.SSLError, port: int) -> str:
    reason = error.reason or ""
    if reason in _PLAIN:
        return f'the server speaks STARTTLS on port {port} (or no TLS at all); set tls = "starttls"'
    if reason in _OLD:
        return "the server offers no TLS 1.2 or later; it has to be updated"
    return "TLS could not be agreed on; check port and tls"


def _silence(port: int) -> str:
    """A server that expects TLS at once waits for us, as we wait for its greeting."""
    return f'no answer in time on port {port}; if the server begins with TLS there, set tls = "implicit"'


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
