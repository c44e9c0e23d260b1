"""The text of a message that is only in a winmail.dat, as Exchange packs messages ([MS-OXTNEF] §2.1).

Nothing but lengths is believed, and each must fit; what does not is the end of it.
"""

import struct
from collections.abc import Iterator

from maild.core.mail import rtf
from maild.core.mail.armor import html_text
from maild.core.mail.charset import decode_bytes
from maild.core.mail.tnef import SIGNATURE

MAX_BYTES = 25_000_000
MAX_PROPERTIES = 2_000
MAX_TEXT = 200_000
_OBJECT = struct.Struct("<BHHI")
_MESSAGE = 1
_BODY, _PROPERTIES, _CODE_PAGE = 0x800C, 0x9003, 0x9007
_PLAIN, _HTML, _RTF, _PAGE = 0x1000, 0x1013, 0x1009, 0x3FDE
"""PidTagBody, PidTagHtml, PidTagRtfCompressed, PidTagInternetCodepage ([MS-OXPROPS])."""
_FIXED = {0x2: 4, 0x3: 4, 0x4: 4, 0xA: 4, 0xB: 4, 0x5: 8, 0x6: 8, 0x7: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_COUNTED = (0x1E, 0x1F, 0xD, 0x102)
_SEVERAL, _NAMED, _UNICODE = 0x1000, 0x8000, 0x1F


def packed_text(content: bytes) -> str:
    """The text of the message in the winmail.dat *content*; empty when there is none or it is broken."""
    if len(content) > MAX_BYTES or not content.startswith(SIGNATURE):
        return ""
    page, plain = "cp1252", ""
    for name, data in _objects(content):
        if name == _CODE_PAGE and len(data) >= 4:
            page = f"cp{int.from_bytes(data[:4], 'little')}"
        elif name == _BODY:
            plain = decode_bytes(data.rstrip(b"\0"), page)[:MAX_TEXT]
        elif name == _PROPERTIES:
            return _among(data, page) or plain  # a message has one list of them
    return plain


def _objects(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Name and value of each piece of the message, as far as they are whole."""
    at = 6
    while at + _OBJECT.size + 2 <= len(content):
        level, name, _, length = _OBJECT.unpack_from(content, at)
        end = at + _OBJECT.size + length
        if end + 2 > len(content):
            return
        if level == _MESSAGE:
            yield name, content[at + _OBJECT.size : end]
        at = end + 2


def _among(data: bytes, page: str) -> str:
    """The text among the properties in *data*: plain, else HTML, else rich text."""
    found: dict[int, tuple[int, bytes]] = {}
    try:
        for kind, name, value in _properties(data):
            found.setdefault(name, (kind, value))
    except struct.error:
        pass  # what came before it is whole
    if _PLAIN in found:
        kind, value = found[_PLAIN]
        return decode_bytes(value, "utf-16le" if kind == _UNICODE else page).rstrip("\0")[:MAX_TEXT]
    if _HTML in found:
        label = f"cp{int.from_bytes(found[_PAGE][1], 'little')}" if _PAGE in found else page
        label = "utf-8" if label == "cp65001" else label
        return html_text(decode_bytes(found[_HTML][1], label)[:MAX_TEXT])
    return rtf.text_of(rtf.unpacked(found[_RTF][1]))[:MAX_TEXT] if _RTF in found else ""


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Type, name and first value of each property; ``struct.error`` where one is not whole."""
    (count,) = struct.unpack_from("<I", data)
    at = 4
    for _ in range(min(count, MAX_PROPERTIES)):
        kind, name = struct.unpack_from("<HH", data, at)
        at = _past_name(data, at + 4) if name >= _NAMED else at + 4
        value, at = _value(data, at, kind)
        yield kind, name, value


def _past_name(data: bytes, at: int) -> int:
    """Where the own name of a property ends: a number, or words."""
    (kind,) = struct.unpack_from("<I", data, at + 16)
    length = struct.unpack_from("<I", data, at + 20)[0] if kind else 0
    return at + 24 + int(length) + -int(length) % 4


def _value(data: bytes, at: int, kind: int) -> tuple[bytes, int]:
    """The first value of a property of this *kind*, and where its last one ends."""
    bare = kind & ~_SEVERAL
    count = 1
    if bare in _COUNTED or kind & _SEVERAL:
        (count,) = struct.unpack_from("<I", data, at)
        at += 4
    first = b""
    for number in range(count):
        length = _FIXED.get(bare, 0)
        if bare in _COUNTED:
            (length,) = struct.unpack_from("<I", data, at)
            at += 4
        if (not length and bare not in _COUNTED) or at + length > len(data):
            raise struct.error
        first = data[at : at + length] if not number else first
        at += length + -length % 4
    return first, at
