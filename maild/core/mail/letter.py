"""Composing the bytes of an automatic letter (RFC 5322, RFC 3834 §3.1): plain text, nothing quoted."""

from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from maild.core import ids
from maild.core.policy import Desk, EnvelopeSender

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
    """The letter as bytes with CRLF line ends; *now* becomes its Date."""
    letter = EmailMessage(policy=_POLICY)
    local, _, domain = desk.address.rpartition("@")
    letter["From"] = Address(desk.name, local, domain)
    letter["To"] = to.recipient
    letter["Subject"] = words.subject
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = to.message_id
    if to.in_reply_to:
        letter["In-Reply-To"] = to.in_reply_to
        letter["References"] = " ".join(dict.fromkeys((*to.references, to.in_reply_to)))
    letter["Reply-To"] = desk.address
    letter["Auto-Submitted"] = "auto-replied" if to.reply else "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    letter[ids.MARK_HEADER] = ids.mark(desk.secret, to.reference)
    letter.set_content(words.text, cte="8bit" if words.text.isascii() else "quoted-printable")
    return letter.as_bytes()


def envelope_sender(desk: Desk, reference: str) -> str:
    """The SMTP sender of the letter named *reference* (ruling 6)."""
    if desk.envelope_sender is EnvelopeSender.NULL:
        return ""
    if desk.envelope_sender is EnvelopeSender.VERP and desk.subaddress:
        local, _, domain = desk.address.rpartition("@")
        return f"{local}{desk.subaddress}{ids.mark(desk.secret, reference)}@{domain}"
    return desk.address
