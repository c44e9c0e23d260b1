"""Mails made to be expensive, each with the reason its case must end with."""

from dataclasses import dataclass
from pathlib import Path

from tests.openpgp.craft import anonymous, bomb, packet
from tests.openpgp.kit import Kit
from tests.openpgp.mails import pgp_mime
from tests.support.sealing import head

MIB = 1024 * 1024


@dataclass(frozen=True)
class Hostile:
    """A mail, and a phrase of the reason that stands in its case's journal."""

    mail: bytes
    reason: str


def hostile(kit: Kit, folder: Path, size: int = 200 * MIB) -> dict[str, Hostile]:
    """The six by name; *folder* is for a while needed to make the bomb of *size* bytes."""
    words = "Subject: " + "=?utf-8?q?a?= " * 40_000 + "\r\n"
    many = b"Content-Type: text/plain" + b"; a=b" * 20_000 + b"\r\n\r\nx\r\n"
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (i, i) for i in range(3000)
    )
    wide = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * 200_000
    flood = anonymous(5000) + packet(18, b"\x01" + bytes(40))
    subject = "Heap overflow in the parser"
    return {
        "bomb": Hostile(pgp_mime(bomb(kit, size, folder), head=head(1)), "output too large"),
        "5,000 hidden recipients": Hostile(pgp_mime(flood, head=head(2)), "too many hidden recipients"),
        "40,000 encoded words": Hostile(
            head(3, subject=subject).replace(f"Subject: {subject}\r\n".encode(), b"")
            + words.encode()
            + b"\r\nx\r\n",
            "header block too long",
        ),
        "20,000 parameters": Hostile(head(4, subject=subject) + many, "header block too long"),
        "depth 3,000": Hostile(head(5, subject=subject) + deep, "parts nested too deep"),
        "200,000 parts": Hostile(head(6, subject=subject) + wide, "too many parts"),
    }
