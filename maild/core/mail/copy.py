"""The team's copy of a mail: a short header block on top, the mail itself untouched below.

The block stands between two fences. Whatever of it comes back in an answer is cut out between them, and an
answer that still holds a piece of a fence is held: nothing internal reaches a reporter.
"""

from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr

from maild.core.mail.mime import Part

CRLF = "\r\n"
FENCE = "=~=~= for the team only =~=~="
FENCE_END = "=~=~= the mail itself follows =~=~="
_INTERNAL = "=~=~="


@dataclass(frozen=True, slots=True)
class Copy:
    """What a copy says beside the mail itself; ``lines`` are label and value, ``note`` a sentence or none."""

    subject: str = field(repr=False)
    author_name: str = field(repr=False)
    desk_address: str
    message_id: str
    reference: str
    lines: tuple[tuple[str, str], ...] = field(repr=False)


def block(copy: Copy) -> str:
    """The header block as text, fences included."""
    width = max((len(label) for label, _ in copy.lines), default=0)
    told = [f"{label + ':':<{width + 1}} {value}" for label, value in copy.lines]
    return "\n".join((FENCE, *told, FENCE_END, ""))


def payload(copy: Copy, original: Part, now: datetime) -> bytes:
    """The copy as one MIME entity: the block, then *original* with its own Content headers, byte for byte.

    Its headers are protected ones (RFC 9788 §2): the payload is made to be sealed, or sent as it is.
    """
    edge = f"=-c{copy.reference}"
    head = [
        f"From: {formataddr((copy.author_name, copy.desk_address))}",
        f"To: {copy.desk_address}",
        f"Subject: {Header(copy.subject, 'utf-8', 70, 'Subject').encode(linesep=CRLF)}",
        f"Date: {format_datetime(now)}",
        f"Message-ID: {copy.message_id}",
        f'Content-Type: multipart/mixed; boundary="{edge}"; protected-headers="v1"; hp="cipher"',
    ]
    text = block(copy).encode("utf-8").replace(b"\n", b"\r\n")
    first = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + text
    parts = [("\r\n".join(head)).encode() + b"\r\n", first, entity(original)]
    return (b"\r\n--" + edge.encode() + b"\r\n").join(parts) + b"\r\n--" + edge.encode() + b"--\r\n"


def entity(part: Part) -> bytes:
    """*part* as a MIME entity of its own: its Content headers and its body as they came."""
    wanted = [(name, value) for name, value in part.headers.fields if name.lower().startswith("content-")]
    head = "".join(f"{name}: {value}\r\n" for name, value in wanted)
    return head.encode("utf-8", "replace") + b"\r\n" + part.body


def without_block(text: str) -> str:
    """*text* with every quoted or bare header block cut out, from fence to fence."""
    kept: list[str] = []
    inside = False
    for line in text.splitlines():
        if FENCE in line:
            inside = True
        elif FENCE_END in line:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def internal(text: str) -> bool:
    """Whether *text* still holds a piece of what is for the team only."""
    return _INTERNAL in text
