"""Building the bytes of a letter (RFC 5322): its head, its content, in clear, signed or sealed.

A content is a MIME entity that begins with its Content-Type on one line. It is serialised once: what is
signed or sealed is exactly these bytes (RFC 3156 §5).
"""

import re
from base64 import encodebytes
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from io import BytesIO
from itertools import chain
from textwrap import TextWrapper
from typing import TYPE_CHECKING

from maild.core.mail.mime import Part
from maild.core.mail.text import harmless
from maild.core.values import ids
from maild.core.values.desk import Desk, EnvelopeSender

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

SEALED_SUBJECT = "..."
MAX_LOCAL = 64
"""Octets of the local part of an address."""
MAX_NAME = 200
"""Characters of a file name."""
_LONGEST = 78
_WORD = 70
"""Characters of an encoded word: 75 at most (RFC 2047 §2), and the first stands behind *From*."""
_POLICY = SMTP.clone(max_line_length=_LONGEST)
_ENCODED = "=?"
"""How an encoded word begins (RFC 2047 §2)."""
_AS_IT_IS = re.compile(r"[!-~]+(?: [!-~]+)*")
_PLAIN = b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: 7bit\r\n\r\n'
_LINE = 57
"""Bytes that make a line of base64 (RFC 2045 §6.8)."""
_PIECE = 1 << 20

Content = bytes | Sequence[bytes | memoryview]
"""A content at once, or in pieces that are joined only where the letter is made, as they may be long."""


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
    lines = text.encode().splitlines()
    if text.isascii() and all(len(line) < 990 for line in lines):
        return _PLAIN + b"".join(line + b"\r\n" for line in lines)
    letter = EmailMessage(policy=_POLICY)
    letter.set_content(text, cte="quoted-printable")
    del letter["MIME-Version"]
    return letter.as_bytes()


def attachment(part: Part) -> bytes:
    """*part* as a content of its own: its bytes, encoded anew so that no server changes them."""
    letter = EmailMessage(policy=_POLICY)
    maintype, _, subtype = part.content_type.partition("/")
    if maintype in ("multipart", "message", "text"):
        maintype, subtype = "application", "octet-stream"
    letter.set_content(b"", maintype, subtype, filename=_file_name(part.filename))
    del letter["MIME-Version"]
    return b"".join((_by_library(letter), b"\r\n", *_base64(part.content)))


def _file_name(given: str) -> str:
    """The name of a file without what does harm; a long one keeps its ending, by which programs go."""
    name = _undecoded(harmless(given, 4000)) or "attachment"
    if len(name) <= MAX_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: MAX_NAME - 20]}…{dot}{ending}" if dot and len(ending) < 20 else name[:MAX_NAME]


def mixed(first: bytes, others: list[bytes], reference: str) -> bytes:
    """The content *first* with the contents *others* attached; *first* alone when there are none."""
    parts = ((one,) for one in (first, *others))
    return _multipart(b"", "multipart/mixed", f"a{reference}", *parts) if others else first


def pieces(content: Content) -> Sequence[bytes | memoryview]:
    """*content* in pieces."""
    return (content,) if isinstance(content, bytes) else content


def clear(head: Head, content: Content, desk: Desk, now: datetime) -> bytes:
    """The letter in clear; *now* becomes its Date."""
    return b"".join((_head(head, head.subject, desk, now), *pieces(content)))


def signed(head: Head, content: Content, signature: bytes, desk: Desk, now: datetime) -> bytes:
    """The letter in clear with the desk's detached *signature* over *content* (RFC 3156 §5)."""
    kind = 'multipart/signed; micalg="pgp-sha512"; protocol="application/pgp-signature"'
    beside = (
        b'Content-Type: application/pgp-signature; name="signature.asc"\r\n\r\n',
        *_crlf(signature),
        b"\r\n",
    )
    return _multipart(_head(head, head.subject, desk, now), kind, head.reference, pieces(content), beside)


class Sealed(BytesIO):
    """The letter around a sealed content (RFC 3156 §4), whose armor is written to it as it comes.

    So there is no second copy of it. Outside nothing tells what it is about.
    """

    def __init__(self, head: Head, desk: Desk, now: datetime, subject: str = SEALED_SUBJECT) -> None:
        super().__init__()
        kind = 'multipart/encrypted; protocol="application/pgp-encrypted"'
        self._edge = f"\r\n--=-{head.reference}".encode()
        super().write(_head(head, subject, desk, now))
        super().write(f'Content-Type: {kind}; boundary="=-{head.reference}"\r\n'.encode() + self._edge)
        super().write(b"\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n" + self._edge)
        super().write(b'\r\nContent-Type: application/octet-stream; name="encrypted.asc"\r\n\r\n')

    def write(self, armor: "ReadableBuffer", /) -> int:
        """The next lines of the *armor*, which end with a line feed, or with what a network has there."""
        return super().write(bytes(armor).replace(b"\r", b"").replace(b"\n", b"\r\n"))

    def getvalue(self) -> bytes:
        """The whole letter, once all of the armor is there."""
        super().write(self._edge + b"--\r\n")
        return super().getvalue()


def protected(head: Head, content: Content, desk: Desk, now: datetime) -> tuple[bytes | memoryview, ...]:
    """What is to be sealed, in pieces: *content* with the real headers inside (RFC 9788 §2)."""
    first, *rest = pieces(content)
    end = bytes(first).index(b"\r\n")
    inner = [
        ("From", _author(head, desk)),
        ("To", head.to),
        ("Subject", head.subject),
        ("Date", format_datetime(now)),
        ("Message-ID", head.message_id),
    ]
    kind = bytes(first[:end]) + b'; protected-headers="v1"; hp="cipher"'
    return _lines(inner), kind, memoryview(first)[end:], *rest


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
    # A Message-ID outside ASCII is legal only under SMTPUTF8 (RFC 6532 §3.3), which our letters do without;
    # from Python 3.14 on the library refuses to write one.
    answered = head.in_reply_to if head.in_reply_to.isascii() else ""
    known = [one for one in (*head.references, answered) if one and one.isascii()]
    fields = [
        ("From", _author(head, desk)),
        ("To", head.to),
        ("Subject", subject),
        ("Date", format_datetime(now)),
        ("Message-ID", head.message_id),
        ("In-Reply-To", answered),
        ("References", " ".join(dict.fromkeys(known))),
        ("Reply-To", head.reply_to),
        ("Auto-Submitted", head.auto),
        ("X-Auto-Response-Suppress", "All" if head.auto else ""),
        ("MIME-Version", "1.0"),
        (ids.MARK_HEADER, ids.mark(desk.secret, head.reference)),
    ]
    return _lines([(name, value) for name, value in fields if value or name == "Subject"])


def _lines(fields: list[tuple[str, str]]) -> bytes:
    """The header lines of a letter, without the blank line that ends them."""
    return b"".join(_line(name, value) for name, value in fields)


def _line(name: str, value: str) -> bytes:
    """One field. The words of a subject are encoded and folded by the library, as all that is not ASCII.

    Everything else is written as it stands: the library would encode a long Message-ID, which programs then
    do not know any more (RFC 2047 §5), and take the quotes off a long name, so that an address in it counts.
    """
    if _AS_IT_IS.fullmatch(value) and (name != "Subject" or _is_short(name, value)):
        return b"".join(f"{line}\r\n".encode() for line in _folded(name, value))
    letter = EmailMessage(policy=_POLICY)
    letter[name] = _undecoded(value)
    return _by_library(letter)


def _is_short(name: str, value: str) -> bool:
    """Whether it fits into a line, and nothing in it would be decoded."""
    return len(f"{name}: {value}") < _LONGEST and _ENCODED not in value


def _folded(name: str, value: str) -> list[str]:
    """The lines of a field, broken at blanks alone; the first word stands beside the name."""
    if len(f"{name}: {value}") < _LONGEST:
        return [f"{name}: {value}"]
    by_words = TextWrapper(_LONGEST, f"{name}: ", " ", break_long_words=False, break_on_hyphens=False)
    return by_words.wrap(value)


def _undecoded(text: str) -> str:
    """*text* with nothing in it that would be decoded as an encoded word (RFC 2047 §2)."""
    return text.replace(_ENCODED, "= ?")


def _by_library(letter: EmailMessage) -> bytes:
    """The header lines of *letter*, without the blank line that ends them."""
    return letter.as_bytes().rstrip(b"\r\n") + b"\r\n"


def _author(head: Head, desk: Desk) -> str:
    """The author's name and address; a name that is not ASCII as encoded words."""
    local, _, domain = (head.author or desk.address).rpartition("@")
    name = " ".join(_undecoded(head.author_name).split())
    if name.isascii():
        return str(Address(name, local, domain))
    words = " ".join(Header(name, "utf-8", _WORD).encode().split())
    return f"{words} <{Address('', local, domain).addr_spec}>"


def _multipart(head: bytes, kind: str, reference: str, *parts: Iterable[bytes | memoryview]) -> bytes:
    """The header lines *head* and a multipart of *parts*, each in pieces, which may be long: none is kept."""
    edge = f"\r\n--=-{reference}".encode()
    found = BytesIO()  # gives what it holds without a copy
    found.write(head + f'Content-Type: {kind}; boundary="=-{reference}"\r\n'.encode())
    for part in parts:
        found.writelines(chain((edge, b"\r\n"), part))
    found.write(edge + b"--\r\n")
    return found.getvalue()


def _crlf(armored: bytes) -> Iterator[bytes]:
    """*armored* with network line ends, none at its end, some lines at a time."""
    start, end = 0, len(armored.rstrip())
    while start < end:
        stop = armored.find(b"\n", start + _PIECE, end) + 1 or end
        yield armored[start:stop].replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        start = stop


def _base64(content: bytes) -> Iterator[bytes]:
    """*content* in base64, some lines at a time."""
    for start in range(0, len(content), _LINE * 1024):
        yield encodebytes(content[start : start + _LINE * 1024]).replace(b"\n", b"\r\n")
