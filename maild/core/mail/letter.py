"""Composing the bytes of an automatic letter (RFC 5322, RFC 3834 §3.1): plain text, nothing quoted."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from maild.core import ids
from maild.core.policy import Desk, EnvelopeSender

SEALED_SUBJECT = "..."
_POLICY = SMTP.clone(max_line_length=78)


@dataclass(frozen=True, slots=True)
class Words:
    """What a template gave: the subject line and the text."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Addressing:
    """Where a letter goes and what it answers; ``reply`` tells a receipt from what maild sends unasked."""

    recipient: str = field(repr=False)
    reference: str
    message_id: str
    reply: bool
    in_reply_to: str = field(default="", repr=False)
    references: tuple[str, ...] = field(default=(), repr=False)


def compose(words: Words, to: Addressing, desk: Desk, now: datetime) -> bytes:
    """The letter in clear as bytes with CRLF line ends; *now* becomes its Date."""
    letter = _headed(words.subject, to, desk, now)
    letter.set_content(words.text, cte=_encoding(words.text))
    return letter.as_bytes()


def payload(words: Words, to: Addressing, desk: Desk, now: datetime) -> bytes:
    """What is to be sealed: the text with its real headers protected inside (RFC 9788 §2)."""
    inner = EmailMessage(policy=_POLICY)
    inner.set_content(words.text, cte="quoted-printable")
    inner.set_param("hp", "cipher")
    inner.set_param("protected-headers", "v1")
    inner["Subject"] = words.subject
    inner["From"] = _author(desk)
    inner["To"] = to.recipient
    inner["Date"] = format_datetime(now)
    inner["Message-ID"] = to.message_id
    return inner.as_bytes()


def sealed(armored: bytes, to: Addressing, desk: Desk, now: datetime) -> bytes:
    """The letter around a sealed *payload* (RFC 3156 §4); outside nothing tells what it is about."""
    letter = _headed(SEALED_SUBJECT, to, desk, now)
    letter["Content-Type"] = (
        f'multipart/encrypted; protocol="application/pgp-encrypted"; boundary="=-{to.reference}"'
    )
    head = letter.as_bytes().rstrip(b"\r\n") + b"\r\n\r\n"
    edge = f"--=-{to.reference}".encode()
    body = re.sub(rb"\r?\n", b"\r\n", armored.strip())
    version = b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
    content = b'Content-Type: application/octet-stream; name="encrypted.asc"\r\n\r\n' + body + b"\r\n"
    return head + b"\r\n".join((edge, version + edge, content + edge + b"--", b""))


def _headed(subject: str, to: Addressing, desk: Desk, now: datetime) -> EmailMessage:
    """A message with every header of an automatic letter."""
    letter = EmailMessage(policy=_POLICY)
    letter["From"] = _author(desk)
    letter["To"] = to.recipient
    letter["Subject"] = subject
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = to.message_id
    if to.in_reply_to:
        letter["In-Reply-To"] = to.in_reply_to
        letter["References"] = " ".join(dict.fromkeys((*to.references, to.in_reply_to)))
    letter["Reply-To"] = desk.address
    letter["Auto-Submitted"] = "auto-replied" if to.reply else "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    letter["MIME-Version"] = "1.0"
    letter[ids.MARK_HEADER] = ids.mark(desk.secret, to.reference)
    return letter


def _author(desk: Desk) -> Address:
    local, _, domain = desk.address.rpartition("@")
    return Address(desk.name, local, domain)


def _encoding(text: str) -> str:
    """Plain where it is plain, so that people and tests can read it."""
    return (
        "7bit" if text.isascii() and max(map(len, text.splitlines()), default=0) < 990 else "quoted-printable"
    )


def envelope_sender(desk: Desk, reference: str) -> str:
    """The SMTP sender of the letter named *reference* (ruling 6)."""
    if desk.envelope_sender is EnvelopeSender.NULL:
        return ""
    if desk.envelope_sender is EnvelopeSender.VERP and desk.subaddress:
        local, _, domain = desk.address.rpartition("@")
        return f"{local}{desk.subaddress}{ids.mark(desk.secret, reference)}@{domain}"
    return desk.address
