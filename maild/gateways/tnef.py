"""What Outlook packs into winmail.dat: files, taken out by tnefparse ([MS-OXTNEF]), and the only text.

The library trusts the numbers in a file: how many properties follow, how many values one has. So a file is
looked through first, and what is handed on are the pieces that make attachments, few and without such lists.
"""

import logging
import struct
from collections.abc import Iterator
from urllib.parse import quote

from maild.core.mail.body import readable
from maild.core.mail.letter import text_content
from maild.core.mail.mime import Part, parse
from maild.core.mail.packedtext import packed_text
from maild.core.mail.tnef import SIGNATURE, is_packed

MAX_BYTES = 25_000_000
MAX_OBJECTS = 250
"""Pieces of attachments; each costs a copy of what follows it."""
MAX_PROPERTIES = 100
MAX_FILES = 50
MAX_MESSAGES = 3
"""Texts that are looked for: a mail has one."""

_HEAD = struct.Struct("<BHHI")
_CHECKSUM = 2
_ATTACHMENT = 2
_BEGINS, _TITLE, _DATA, _PROPERTIES, _CODE_PAGE = 0x9002, 0x8010, 0x800F, 0x9005, 0x9007
_EMBEDDED = bytes.fromhex("0703020000000000c000000000000046")
"""A message within the attachment, which the library would unpack in turn."""
_FIXED = {0x2: 4, 0xB: 4, 0x3: 4, 0x4: 4, 0xA: 4, 0x5: 8, 0x6: 8, 0x7: 8, 0x14: 8, 0x40: 8, 0x48: 16}
"""Bytes of a property's value, by its type; those that are missing here begin with their length."""
_SEVERAL, _NAMED = 0x1000, 0x8000

logging.getLogger("tnefparse").setLevel(logging.CRITICAL + 1)  # it logs what a file says


def unpacked(root: Part) -> tuple[Part, ...]:
    """The files in every winmail.dat of the mail *root*; none of one that is broken or asks too much.

    Where the mail has no text beside it, its text comes first, as a part without a name.
    """
    packed = [part for part in root.leaves if is_packed(part)]
    bare = bool(packed) and not readable(root).strip()
    looked_at = packed[:MAX_MESSAGES] if bare else []
    texts = [text for part in looked_at if (text := packed_text(part.content)).strip()]
    files = [_as_part(name, data) for part in packed for name, data in _files(part.content)]
    return (*(parse(text_content(text)).root for text in texts), *files)[:MAX_FILES]


def _files(content: bytes) -> list[tuple[str, bytes]]:
    pieces = _tamed(content)
    if not pieces:
        return []
    try:
        from tnefparse import TNEF  # nobody else needs it

        found = TNEF(pieces, do_checksum=False).attachments
        return [(_name(one), one.data) for one in found if isinstance(one.data, bytes) and one.data]
    except Exception:  # noqa: BLE001 - a library at work on hostile bytes: whatever it raises, nothing came out
        return []


def _name(found: object) -> str:
    """The long file name of an attachment, as the library reads it; it may be in any charset."""
    try:
        return str(found.long_filename())  # type: ignore[attr-defined]
    except (UnicodeError, ValueError, LookupError):
        return "attachment"


def _tamed(content: bytes) -> bytes:
    """*content* with nothing but what makes its attachments; empty when it is no such file or too much."""
    if len(content) > MAX_BYTES or not content.startswith(SIGNATURE):
        return b""
    pieces = [content[:6], _code_page(1252)]
    for level, name, whole, data in _objects(content):
        if level != _ATTACHMENT or name not in (_BEGINS, _TITLE, _DATA, _PROPERTIES):
            continue
        if name == _PROPERTIES and not _plain(data):
            return b""
        pieces.append(whole)
        if len(pieces) > MAX_OBJECTS:
            return b""
    return b"".join(pieces) + bytes(16)  # the library stops short of the end


def _code_page(number: int) -> bytes:
    return _HEAD.pack(1, _CODE_PAGE, 6, 8) + struct.pack("<IIH", number, 0, 0)


def _objects(content: bytes) -> Iterator[tuple[int, int, bytes, bytes]]:
    """Level, name, all bytes and the value of each piece, as far as they are whole."""
    at = 6
    while at + _HEAD.size + _CHECKSUM <= len(content):
        level, name, _, length = _HEAD.unpack_from(content, at)
        end = at + _HEAD.size + length + _CHECKSUM
        if end > len(content):
            return
        yield level, name, content[at:end], content[at + _HEAD.size : end - _CHECKSUM]
        at = end


def _plain(data: bytes) -> bool:
    """Whether the properties in *data* are few, each of one value, and all there; none is a message."""
    if _EMBEDDED in data:
        return False
    try:
        count = struct.unpack_from("<I", data)[0]
        at = 4
        for _ in range(min(count, MAX_PROPERTIES)):
            at = _after(data, at)
    except struct.error:
        return False
    return bool(count <= MAX_PROPERTIES and at <= len(data))


def _after(data: bytes, at: int) -> int:
    """Where the property at *at* ends; ``struct.error`` when it is not whole or has several values."""
    kind, name = struct.unpack_from("<HH", data, at)
    if kind & _SEVERAL or name >= _NAMED:
        raise struct.error
    if kind in _FIXED:
        return at + 4 + _FIXED[kind]
    number, length = struct.unpack_from("<II", data, at + 4)
    if number != 1:
        raise struct.error
    return int(at + 12 + length + -length % 4)


def _as_part(name: str, data: bytes) -> Part:
    """A file as an attachment of a mail."""
    head = (
        "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n"
        f"Content-Disposition: attachment; filename*=utf-8''{quote(name[:200])}\r\n\r\n"
    )
    return parse(head.encode() + data).root
