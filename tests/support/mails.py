"""Small mails, in our own words."""

from datetime import UTC, datetime
from email.utils import format_datetime

WHEN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
"""The instant most tests begin at: a Monday morning."""


def plain(
    subject: str = "Overflow in the parser",
    text: str = "A crafted file makes the parser write past its buffer.\n",
    sender: str = "Rita Reporter <rita@reporter.example>",
    to: str = "security@project.example",
    message_id: str = "<one@reporter.example>",
    date: datetime = WHEN,
    **headers: str,
) -> bytes:
    """A text/plain mail with CRLF line ends; an empty argument leaves its header out.

    Further headers by keyword, ``_`` standing for ``-`` (``Auto_Submitted="auto-replied"``).
    """
    fields = {"From": sender, "To": to, "Subject": subject, "Message-ID": message_id}
    fields |= {"Date": format_datetime(date), "MIME-Version": "1.0"}
    fields |= {"Content-Type": "text/plain; charset=utf-8", "Content-Transfer-Encoding": "8bit"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
    return (head + "\n" + text).replace("\n", "\r\n").encode()


def of_size(length: int, **about: str) -> bytes:
    """A plain mail of exactly ``length`` bytes."""
    bare = plain(text="", **about)
    line = b"x" * 76 + b"\r\n"
    room = length - len(bare) - 2
    body = (line * (room // len(line) + 1))[:room].removesuffix(b"\r").ljust(room, b"x")
    return bare + body + b"\r\n"
