"""Keys that a mail offers for answers: an attached public key, or an Autocrypt header.

Neither proves anything. An attached key that names the author is what he wants us to use; an Autocrypt header
is opportunistic, written by his client (Autocrypt Level 1 §2).
"""

import binascii
import re
from dataclasses import dataclass, field
from enum import StrEnum

from maild.core.mail.address import Address
from maild.core.mail.armor import PUBLIC_KEY, blocks
from maild.core.mail.charset import decode_bytes
from maild.core.mail.headers import Headers
from maild.core.mail.mime import Tree
from maild.core.values.address import normal

MAX_AUTOCRYPT = 10 * 1024
MAX_ATTACHED = 512 * 1024
MAX_KEYS = 3
"""Attached keys looked at; whoever sends more is asked by a person which one is his."""

_KNOWN = {"addr", "keydata", "prefer-encrypt"}
_BINARY_KEY = (0x99, 0x98, 0xC6)
"""First bytes of a public key packet, old and new format (RFC 9580 §4.2)."""


class Source(StrEnum):
    """How a key came."""

    ATTACHED = "attached"
    AUTOCRYPT = "autocrypt"


@dataclass(frozen=True, slots=True)
class KeyData:
    """Bytes that may be a key, not looked at yet."""

    source: Source
    content: bytes = field(repr=False)
    mutual: bool = False


@dataclass(frozen=True, slots=True)
class OfferedKey:
    """A key after its examination in a scratch home: usable to encrypt to, and naming its author, or not.

    ``refused`` says in a few fixed words why it cannot be kept; then there is nothing else to know of it.
    """

    source: Source
    fingerprint: str
    minimal: bytes = field(repr=False)
    names_author: bool
    can_encrypt: bool
    mutual: bool = False
    revoked: bool = False
    refused: str = ""


def offered(outer: Headers, inner: Tree, author: Address | None) -> tuple[KeyData, ...]:
    """What *author* offers: keys attached to the opened mail *inner*, else the Autocrypt header outside."""
    if author is None:
        return ()
    found = [data for part in inner.root.leaves if (data := _key(part.first(MAX_ATTACHED + 1)))]
    attached = tuple(KeyData(Source.ATTACHED, data) for data in found[:MAX_KEYS])
    header = autocrypt(outer, author)
    return attached or ((header,) if header else ())


def autocrypt(headers: Headers, author: Address) -> KeyData | None:
    """The key of the one valid Autocrypt header for *author*; several or foreign ones count for nothing."""
    values = headers.all("Autocrypt")
    if len(values) != 1 or len(values[0]) > MAX_AUTOCRYPT:
        return None
    pairs = [pair.partition("=") for pair in values[0].split(";") if pair.strip()]
    given = {name.strip().lower(): value.strip() for name, _, value in pairs}
    critical = {name for name in given if not name.startswith("_")}
    if critical - _KNOWN or normal(given.get("addr", "")) != author.address:
        return None
    try:
        content = binascii.a2b_base64(re.sub(r"\s", "", given.get("keydata", "")).encode("ascii", "replace"))
    except binascii.Error:
        return None
    return KeyData(Source.AUTOCRYPT, content, given.get("prefer-encrypt") == "mutual") if content else None


def names_author(names: tuple[str, ...], author: Address) -> bool:
    """Whether a user id of the key holds exactly the author's address."""
    return any(author.address in re.split(r"[\s<>\"]+", name.lower()) for name in names)


def _key(content: bytes) -> bytes:
    """The key in *content*, armored or not; empty when it holds none."""
    if len(content) > MAX_ATTACHED:
        return b""
    if content[:1] and content[0] in _BINARY_KEY:
        return content
    if b"-----BEGIN PGP PUBLIC KEY BLOCK" not in content:
        return b""
    found = [block.packets for block in blocks(decode_bytes(content)) if block.label == PUBLIC_KEY]
    return found[0] if len(found) == 1 else b""
