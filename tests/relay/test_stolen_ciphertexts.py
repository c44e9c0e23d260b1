"""A ciphertext that somebody has seen on its way is sent again as their own report, to read it in the answer.

Eve is the one of ``test_eve``. Armor, recipients and the pieces of a packet she can change without a key.
"""

from collections.abc import Callable
from hashlib import sha256

import pytest

from maild.core.mail.packet import data_of, walk
from maild.core.mail.packets import ENCRYPTED
from tests.openpgp.kit import Kit, armor
from tests.openpgp.mails import multipart, pgp_mime, text
from tests.relay.test_eve import EVE
from tests.relay.test_looking import SECRET, told
from tests.support.relaying import MIA, RelayDesk
from tests.support.sealing import SAM

pytestmark = pytest.mark.dovecot
FILLER = "".join(sha256(bytes([number])).hexdigest() for number in range(40))


def head(number: int, sender: str, *more: str) -> bytes:
    """The head of a report to the desk."""
    lines = (
        f"From: {sender}",
        "To: security@project.example",
        "Subject: A report of an overflow in the parser",
    )
    fields = (*more, f"Message-ID: <st{number}@x.example>", "MIME-Version: 1.0")
    return "".join(f"{line}\r\n" for line in (*lines, *fields)).encode()


def in_pieces(sealed: bytes) -> bytes:
    """The same ciphertext with its data in pieces of 512 octets, for the last of its recipients alone."""
    first, *_, mine, _ = list(walk(sealed))
    body, chunks = b"".join(data_of(sealed, ENCRYPTED)), b""
    while len(body) > 512:
        chunks, body = chunks + b"\xe9" + body[:512], body[512:]
    return sealed[first.end : mine.end] + b"\xd2" + chunks + b"\xff" + len(body).to_bytes(4, "big") + body


WAYS: dict[str, Callable[[int, bytes], bytes]] = {
    "as it was": lambda n, sealed: pgp_mime(sealed, head=head(n, f"Eve <{EVE}>")),
    "in pieces": lambda n, sealed: pgp_mime(in_pieces(sealed), head=head(n, f"Eve <{EVE}>")),
    "in the text": lambda n, sealed: text(armor(sealed).decode(), head=head(n, f"Eve <{EVE}>")),
    "below words of hers": lambda n, sealed: text(
        f"See what I found.\n\n{armor(sealed).decode()}", head=head(n, f"Eve <{EVE}>")
    ),
    "as a file": lambda n, sealed: multipart(
        "mixed",
        text("See the file.\n"),
        b'Content-Type: application/octet-stream; name="a.asc"\r\n\r\n' + armor(sealed),
        head=head(n, f"Eve <{EVE}>"),
    ),
    "answered at her address": lambda n, sealed: pgp_mime(
        sealed, head=head(n, f"Sam Stranger <{SAM}>", f"Reply-To: {EVE}")
    ),
    "in his thread": lambda n, sealed: pgp_mime(
        sealed, head=head(n, f"Eve <{EVE}>", "In-Reply-To: <st0@x.example>")
    ),
}


def test_it_stays_closed_for_whoever_comes_second(desk: RelayDesk, kit: Kit) -> None:
    """Seven ways; the team reads Sam's, is told of the others, and no answer tells Eve what it says."""
    sealed = kit.encrypt("-r", kit.stranger, text=f"{SECRET}\r\n\r\n{FILLER}\r\n".encode())
    desk.comes(pgp_mime(sealed, head=head(0, f"Sam Stranger <{SAM}>")))
    assert SECRET in told(desk, kit, desk.copies(MIA))
    for number, way in enumerate(WAYS.values(), 1):
        desk.inbox.append(way(number, sealed), desk.clock)
    desk.run()
    hers = desk.copies(MIA)[1:]
    assert len(hers) == len(WAYS)
    assert SECRET not in told(desk, kit, hers)
    assert told(desk, kit, hers).count("author before; !open") == len(WAYS)
    assert any("A report could not be decrypted" in one for one in desk.about(MIA))
    again = pgp_mime(sealed, head=head(9, f"Sam Stranger <{SAM}>"))
    desk.comes(again)
    assert SECRET in told(desk, kit, desk.copies(MIA)[-1:])
