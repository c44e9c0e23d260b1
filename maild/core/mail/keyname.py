"""The fingerprint of a public key, read from its own bytes, so that what people approve can name it."""

from hashlib import sha1, sha256

from maild.core.mail.armor import PUBLIC_KEY, dearmor
from maild.core.mail.packet import first_body
from maild.core.mail.packets import is_binary

_PUBLIC = 6
"""The tag of a primary public key (RFC 9580 §5.5.1.1)."""


def fingerprint(content: bytes) -> str:
    """The fingerprint of the key in *content*, armored or not, in upper case; empty when there is none."""
    tag, body = first_body(content if is_binary(content) else dearmor(content, PUBLIC_KEY))
    if tag != _PUBLIC or not body:
        return ""
    match body[0]:
        case 4:  # RFC 9580 §5.5.4.2
            hashed = b"\x99" + len(body).to_bytes(2, "big") + body
            return sha1(hashed, usedforsecurity=False).hexdigest().upper()
        case 5:  # the draft that gpg 2.4 follows for its newest kind of key
            return sha256(b"\x9a" + len(body).to_bytes(4, "big") + body).hexdigest().upper()
        case 6:  # RFC 9580 §5.5.4.3
            return sha256(b"\x9b" + len(body).to_bytes(4, "big") + body).hexdigest().upper()
        case _:
            return ""
