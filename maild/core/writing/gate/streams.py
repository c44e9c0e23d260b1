"""What stands compressed within a file that is no archive: replies in a recording, pages, remarks, resources.

Streams are known by how they begin (zlib: RFC 1950 §2.2, gzip: RFC 1952 §2.3, a file in a zip archive: its
specification, 4.3.7; bzip2, xz), and read as far as they go: in a recording they break off, and a checksum
says nothing here. Most beginnings are there by chance. The work is bounded in beginnings, streams and bytes.
"""

import bz2
import lzma
import re
import zlib
from collections.abc import Iterator
from typing import Protocol

from maild.core.writing.gate.files import Budget, strings, wide

_PIECE = 4096
"""Bytes that are handed to a decompressor at once."""
_PICTURE = 200_000
"""Bytes of a picture in a PDF that are looked at: the beginning."""
_ABOUT = 400
"""Bytes within which a PDF says what a stream is."""
_PAIRS = (
    bytes([method, check])
    for method in range(0x08, 0x80, 0x10)
    for check in range(256)
    if (method * 256 + check) % 31 == 0 and not check & 0x20
)
_ZLIB = b"|".join(re.escape(one) for one in _PAIRS)
_BEGINS = re.compile(
    rb"(?=(?P<head>\x1f\x8b\x08[\0-\x1f]|PK\x03\x04|\r\n(?i:content-encoding):[ \t]*+deflate)"
    rb"|(?P<bz2>BZh[1-9]1AY&SY)|(?P<xz>\xfd7zXZ\0)|(?P<zlib>" + _ZLIB + rb"))"
)
_STRING = re.compile(rb"\(([^()]*+)\)|<([0-9a-fA-F]{2,}+)>")
"""What a PDF writes on a page between two movements (ISO 32000-1 §7.3.4)."""
_PNG = b"\x89PNG\r\n\x1a\n"
_PIXELS = (b"IDAT", b"fdAT")


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def inflated(content: bytes, budget: Budget) -> Iterator[bytes]:
    """What is compressed within *content* and has letters in it; the picture of a PNG is left out."""
    content = _without_pixels(content) if content.startswith(_PNG) else content
    end = 0
    for at, begun in _beginnings(content):
        if at < end:
            continue
        if not budget.tries():
            return
        made, taken = _read(content, at, begun, _room(content, at, budget))
        letters = len(strings(made)) + len(wide(made))
        if not budget.inflates(len(made), letters):
            return
        if letters:
            end = at + taken
            yield made


def drawn(page: bytes) -> str:
    """The strings alone of a page of a PDF.

    Where a font has numbers of its own for the letters, that is nonsense.
    """
    found = (
        said or bytes.fromhex(coded[: len(coded) & ~1].decode()) for said, coded in _STRING.findall(page)
    )
    return b"".join(found).decode("latin-1")


def _beginnings(content: bytes) -> Iterator[tuple[int, _Decompressor]]:
    """Where the bytes of a stream may begin, and what reads them; the whole may be one without a head."""
    yield 0, zlib.decompressobj(-15)
    for found in _BEGINS.finditer(content):
        at = found.start()
        if found["bz2"]:
            yield at, bz2.BZ2Decompressor()
        elif found["xz"]:
            yield at, lzma.LZMADecompressor()
        else:
            yield at + 2 if found["zlib"] else _behind(content, at), zlib.decompressobj(-15)


def _behind(content: bytes, at: int) -> int:
    """Where the bytes of a stream begin behind the head at *at*: of a gzip, of a file in a zip, of HTTP."""
    if content.startswith(b"PK", at):
        return at + 30 + sum(int.from_bytes(content[at + n : at + n + 2], "little") for n in (26, 28))
    if not content.startswith(b"\x1f", at):
        blank = content.find(b"\r\n\r\n", at, at + _PIECE)
        return blank + 4 if blank >= 0 else len(content)
    flags, at = content[at + 3], at + 10
    if flags & 4:
        at += 2 + int.from_bytes(content[at : at + 2], "little")
    for flag in (8, 16):
        at = content.find(b"\0", at) + 1 or len(content) if flags & flag else at
    return at + 2 if flags & 2 else at


def _room(content: bytes, at: int, budget: Budget) -> int:
    picture = content.startswith(b"%PDF-") and b"/Image" in content[max(0, at - _ABOUT) : at]
    return min(_PICTURE, budget.steps) if picture else budget.steps


def _read(content: bytes, at: int, reader: _Decompressor, room: int) -> tuple[bytes, int]:
    """What *reader* makes of the bytes from *at* on, as far as it can, at most *room*; and of how many."""
    start, found = at, bytearray()
    while not reader.eof and at < len(content) and len(found) < room:
        piece, before = content[at : at + _PIECE], _copied(reader)
        try:
            found += reader.decompress(piece, room - len(found))
        except (zlib.error, OSError, lzma.LZMAError):
            found += _as_far(before, piece) if before else b""
            break
        at += len(piece)
    return bytes(found), at - start - len(reader.unused_data)


def _copied(reader: _Decompressor) -> "zlib._Decompress | None":
    copy = getattr(reader, "copy", None)
    return copy() if copy else None


def _as_far(reader: "zlib._Decompress", piece: bytes) -> bytes:
    """What comes of *piece* before the byte that makes no sense."""
    found = bytearray()
    for at in range(len(piece)):
        try:
            found += reader.decompress(piece[at : at + 1])
        except zlib.error:
            break
    return bytes(found)


def _without_pixels(content: bytes) -> bytes:
    """A PNG without the chunks of its picture (its specification, 5.3)."""
    kept, at = [], len(_PNG)
    while at < len(content):
        size, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        end = at + 12 + size
        kept.append(b"" if kind in _PIXELS else content[at:end])
        at = end
    return b"".join(kept)
