"""Building the bytes of a letter (RFC 5322): its head, its content, in clear, signed or sealed.

A content is a MIME entity that begins with its Content-Type on one line. It is serialised once: what is
signed or sealed is exactly these bytes (RFC 3156 §5).
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from maild.core import ids
from maild.core.mail.mime import Part
from maild.core.mail.text import harmless
from maild.core.policy import Desk, EnvelopeSender

SEALED_SUBJECT = "..."
MAX_LOCAL = 64
"""Octets of the local part of an address."""
_POLICY = SMTP.clone(max_line_length=78)


@dataclass(frozen=True, slots=True)
class Words:
    """What a template gave: the subject line and the text."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Head:
    """Who writes to whom about what; ``auto`` is the Auto-Submitted word, empty for a person's mail.

    ``author`` is the address in From where it is not the desk's.
    """

    author_name: str = field(repr=False)
    to: str = field(repr=False)
    subject: str = field(repr=False)
    message_id: str
    reference: str
    reply_to: str = field(repr=False)
    auto: str = ""
    in_reply_to: str = field(default="", repr=False)
    references: tuple[str, ...] = field(default=(), repr=False)
    author: str = field(default="", repr=False)


def text_content(text: str) -> bytes:
    """*text* as a content; plain ASCII stays as it is, so that people and tests can read it."""
    letter = EmailMessage(policy=_POLICY)
    plain = text.isascii() and max(map(len, text.splitlines()), default=0) < 990
    letter.set_content(text, cte="7bit" if plain else "quoted-printable")
    del letter["MIME-Version"]
    return letter.as_bytes()


def attachment(part: Part) -> bytes:
    """*part* as a content of its own: its bytes, encoded anew so that no server changes them."""
    letter = EmailMessage(policy=_POLICY)
    maintype, _, subtype = part.content_type.partition("/")
    if maintype in ("multipart", "message", "text"):
        maintype, subtype = "application", "octet-stream"
    letter.set_content(part.content, maintype, subtype, filename=harmless(part.filename) or "attachment")
    del letter["MIME-Version"]
    return letter.as_bytes()


def mixed(first: bytes, others: list[bytes], reference: str) -> bytes:
    """The content *first* with the contents *others* attached; *first* alone when there are none."""
    return _multipart("multipart/mixed", f"a{reference}", first, *others) if others else first


def clear(head: Head, content: bytes, desk: Desk, now: datetime) -> bytes:
    """The letter in clear; *now* becomes its Date."""
    return _head(head, head.subject, desk, now) + content


def signed(head: Head, content: bytes, signature: bytes, desk: Desk, now: datetime) -> bytes:
    """The letter in clear with the desk's detached *signature* over *content* (RFC 3156 §5)."""
    kind = 'multipart/signed; micalg="pgp-sha512"; protocol="application/pgp-signature"'
    part = b'Content-Type: application/pgp-signature; name="signature.asc"\r\n\r\n' + _crlf(signature)
    return _head(head, head.subject, desk, now) + _multipart(kind, head.reference, content, part)


def sealed(head: Head, armored: bytes, desk: Desk, now: datetime) -> bytes:
    """The letter around a sealed content (RFC 3156 §4); outside nothing tells what it is about."""
    kind = 'multipart/encrypted; protocol="application/pgp-encrypted"'
    version = b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
    part = b'Content-Type: application/octet-stream; name="encrypted.asc"\r\n\r\n' + _crlf(armored)
    return _head(head, SEALED_SUBJECT, desk, now) + _multipart(kind, head.reference, version, part)


def protected(head: Head, content: bytes, desk: Desk, now: datetime) -> bytes:
    """What is to be sealed: *content* with the real headers inside (RFC 9788 §2)."""
    kind, rest = content.split(b"\r\n", 1)
    inner = EmailMessage(policy=_POLICY)
    inner["From"] = _author(head, desk)
    inner["To"] = head.to
    inner["Subject"] = head.subject
    inner["Date"] = format_datetime(now)
    inner["Message-ID"] = head.message_id
    return _lines(inner) + kind + b'; protected-headers="v1"; hp="cipher"\r\n' + rest


def envelope_sender(desk: Desk, reference: str) -> str:
    """The SMTP sender of the letter named *reference* (ruling 6).

    One of its own only where it fits into the length that every server takes (RFC 5321 §4.5.3.1.1).
    """
    if desk.envelope_sender is EnvelopeSender.NULL:
        return ""
    local, _, domain = desk.address.rpartition("@")
    own = f"{local}{desk.subaddress}{ids.mark(desk.secret, reference)}"
    if desk.envelope_sender is EnvelopeSender.VERP and desk.subaddress and len(own) <= MAX_LOCAL:
        return f"{own}@{domain}"
    return desk.address


def _head(head: Head, subject: str, desk: Desk, now: datetime) -> bytes:
    """Every header field but the content's, as bytes."""
    letter = EmailMessage(policy=_POLICY)
    letter["From"] = _author(head, desk)
    letter["To"] = head.to
    letter["Subject"] = subject
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = head.message_id
    known = (*head.references, head.in_reply_to) if head.in_reply_to else head.references
    if head.in_reply_to:
        letter["In-Reply-To"] = head.in_reply_to
    if known:
        letter["References"] = " ".join(dict.fromkeys(known))
    letter["Reply-To"] = head.reply_to
    if head.auto:
        letter["Auto-Submitted"] = head.auto
        letter["X-Auto-Response-Suppress"] = "All"
    letter["MIME-Version"] = "1.0"
    letter[ids.MARK_HEADER] = ids.mark(desk.secret, head.reference)
    return _lines(letter)


def _lines(letter: EmailMessage) -> bytes:
    """The header lines of *letter*, without the blank line that ends them."""
    return letter.as_bytes().rstrip(b"\r\n") + b"\r\n"


def _author(head: Head, desk: Desk) -> Address:
    local, _, domain = (head.author or desk.address).rpartition("@")
    return Address(head.author_name, local, domain)


def _multipart(kind: str, reference: str, *parts: bytes) -> bytes:
    edge = f"=-{reference}".encode()
    head = f'Content-Type: {kind}; boundary="{edge.decode()}"\r\n\r\n'.encode()
    return (
        head + b"".join(b"--" + edge + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + edge + b"--\r\n"
    )


def _crlf(armored: bytes) -> bytes:
    return re.sub(rb"\r?\n", b"\r\n", armored.strip()) + b"\r\n"
