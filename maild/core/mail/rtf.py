"""The text of rich text (RTF), also as Outlook compresses it ([MS-OXRTFCP], [MS-OXRTFEX]); nothing is run.

One pass over the bytes, with as much output as MAX_RTF allows: whatever stands there, the work is bounded.
"""

import re
import struct

from maild.core.mail.charset import decode_bytes

MAX_RTF = 500_000
"""Bytes of rich text that are looked at; what points back to itself costs little to send."""
_HEAD = struct.Struct("<IIII")
_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D
_KNOWN = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
"""What stands in the dictionary from the start ([MS-OXRTFCP] §2.1.2.1)."""
_WINDOW = 4096
_TOKEN = re.compile(
    rb"\\(?:'(?P<byte>[0-9a-fA-F]{2})|(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?[ ]?"
    rb"|(?P<sign>[^a-zA-Z]))"
    rb"|(?P<brace>[{}])|(?P<plain>[^\\{}\r\n]+)",
    re.DOTALL,
)
_BREAKS = {b"par": "\n", b"line": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t"}
_HIDDEN = frozenset(
    {b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer", b"filetbl"}
)
"""Groups that hold no text of the message."""


def text_of(rtf: bytes) -> str:
    """The text in *rtf*; of HTML wrapped up in it what a reader sees, without the tags."""
    reader = _Reader()
    for found in _TOKEN.finditer(rtf[:MAX_RTF]):
        reader.take(found)
    return reader.text()


class _Reader:
    """Where the pass stands: what the groups around it hide, and the bytes and characters found."""

    def __init__(self) -> None:
        self.page = "cp1252"
        self.hides = False
        self.outer: list[bool] = []
        self.skip = 0
        self.pieces: list[str] = []
        self.bytes = bytearray()

    def text(self) -> str:
        """Everything found so far."""
        self.settle()
        whole = "".join(self.pieces)  # a letter beyond 65,535 comes in two halves
        return whole.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def settle(self) -> None:
        """Bytes of the page so far become text: its characters may have two."""
        if self.bytes:
            self.pieces.append(decode_bytes(bytes(self.bytes), self.page))
            self.bytes.clear()

    def take(self, found: re.Match[bytes]) -> None:
        """One token."""
        if brace := found["brace"]:
            self.group(brace)
        elif word := found["word"]:
            self.word(word, int(found["number"]) if found["number"] else None)
        elif found["sign"] is not None:
            self.sign(found["sign"])
        elif not self.hides:
            self.add(bytes.fromhex(found["byte"].decode()) if found["byte"] else found["plain"])

    def group(self, brace: bytes) -> None:
        if brace == b"{":
            self.outer.append(self.hides)
        elif self.outer:
            self.hides = self.outer.pop()

    def word(self, word: bytes, number: int | None) -> None:
        if word in _HIDDEN:
            self.hides = True
        elif word == b"ansicpg" and number is not None:
            self.page = f"cp{number}"
        elif word == b"u" and number is not None and not self.hides:
            self.letter(chr(number % 0x10000))
            self.skip = 1
        elif not self.hides and word in _BREAKS:
            self.letter(_BREAKS[word])

    def sign(self, sign: bytes) -> None:
        if sign == b"*":
            self.hides = True  # a destination that a reader may pass over
        elif not self.hides:
            self.add({b"~": b" ", b"_": b"-", b"-": b""}.get(sign, sign if sign in b"\\{}" else b""))

    def letter(self, text: str) -> None:
        self.settle()
        self.pieces.append(text)

    def add(self, found: bytes) -> None:
        """Bytes of the page, but for what stands in place of a letter that has a number."""
        self.bytes += found[self.skip :]
        self.skip = max(0, self.skip - len(found))


def unpacked(content: bytes) -> bytes:
    """The rich text in *content*, compressed or not; as much as is whole, empty when it is neither."""
    if len(content) < _HEAD.size:
        return b""
    _, size, kind, _ = _HEAD.unpack_from(content)
    if kind == _PLAIN:
        return content[_HEAD.size : _HEAD.size + min(size, MAX_RTF)]
    return _decompressed(content[_HEAD.size :], min(size, MAX_RTF)) if kind == _COMPRESSED else b""


def _decompressed(content: bytes, size: int) -> bytes:
    """LZFu: a byte says of the next eight items whether each is a byte, or a place and a length."""
    made = bytearray(_KNOWN)
    at, end = 0, len(_KNOWN) + size
    while at < len(content) and len(made) < end:
        control, at = content[at], at + 1
        for bit in range(8):
            if not control >> bit & 1:
                made += content[at : at + 1]
                at += 1
                continue
            pair = int.from_bytes(content[at : at + 2], "big")
            back = (len(made) - (pair >> 4)) % _WINDOW
            if len(content) < at + 2 or back == 0:
                return bytes(made[len(_KNOWN) : end])
            at += 2
            _again(made, back, (pair & 0xF) + 2)
    return bytes(made[len(_KNOWN) : end])


def _again(made: bytearray, back: int, length: int) -> None:
    """The *length* bytes that begin *back* bytes ago, once more; they may run into themselves."""
    for _ in range(length):
        made.append(made[-back] if back <= len(made) else 0x20)
