"""Base64 as it comes: broken, in several pieces, and with a footer that somebody wrote below it."""

import binascii
import io
import re
import sys
from collections.abc import Iterator
from itertools import islice

_NOT_BASE64 = bytes(
    one for one in range(0x100) if not (chr(one).isascii() and chr(one).isalnum()) and one not in b"+/="
)
_PADDING = re.compile(rb"=[=\s]*+")
MAX_PADDINGS = 100
MAX_PIECES = 100_000
"""Pieces that end in padding; behind so many, what is left counts as one (ruling 38)."""
_FOREIGN = re.compile(
    rb"[^A-Za-z0-9+/=\s]|^[A-Za-z0-9+/=]{1,30}(?:[ ][A-Za-z0-9+/=]{1,30}){1,30}[ \t\r]*$", re.MULTILINE
)
"""What is no base64: another character, or a line of several words."""
_SENTENCE = re.compile(rb"\s*\S{1,60}[ ]\S{1,60}[ ]\S")
_LONG_LINE = re.compile(rb"^[A-Za-z0-9+/]{40,}+={0,2}[ \t\r]*$", re.MULTILINE)

_CODED = re.compile(rb"[A-Za-z0-9+/]*={0,2}")
_LONG = 40
_STRETCH = 1 << 20
"""Bytes that are decoded at a time."""


def unbase64(body: bytes, start: int = 0, end: int | None = None, most: int = sys.maxsize) -> bytes:
    """The bytes that *body* stands for from *start* to *end*, as far as it can be read; about *most* of them.

    Padding ends one piece of several. A mail may be large: nothing is copied but a stretch of it at a time.
    """
    decoded = io.BytesIO()
    for stretch in stretches(body, start, len(body) if end is None else end):
        decoded.write(stretch)
        if decoded.tell() >= most:
            break
    return decoded.getvalue()


def stretches(body: bytes, start: int, end: int) -> Iterator[bytes]:
    """The same, a stretch at a time."""
    rest, left = b"", MAX_PIECES
    for at in range(start, end, _STRETCH):
        clean = rest + body[at : min(at + _STRETCH, end)].translate(None, _NOT_BASE64)
        *pieces, rest = clean.split(b"=", left)
        left -= len(pieces)
        yield b"".join(map(_piece, pieces))
        rest = rest if left else rest.replace(b"=", b"")
        whole = len(rest) - len(rest) % 4
        yield _piece(rest[:whole])
        rest = rest[whole:]
    yield _piece(rest)


def _piece(clean: bytes) -> bytes:
    if len(clean) < 2:  # one character stands for no byte
        return b""
    usable = len(clean) - (1 if len(clean) % 4 == 1 else 0)
    try:
        return binascii.a2b_base64(clean[:usable] + b"=" * (-usable % 4))
    except binascii.Error:
        return b""


def coded_until(body: bytes, start: int, stop: int) -> int:
    """Where the base64 in *body* from *start* to *stop* ends: at its padding, or above a foreign line.

    Lines that go on in base64 behind the padding are another piece of it. Where long lines of base64 follow
    further below, that was no end but damage, which is skipped. What begins with a line of several words and
    holds no such lines is labelled wrongly: it is plain text as a whole.
    """
    foreign = _FOREIGN.search(body, start, stop)
    end = max(start, body.rfind(b"\n", start, foreign.start()) + 1) if foreign else stop
    for padding in islice(_PADDING.finditer(body, start, end), MAX_PADDINGS):
        line_end = body.rfind(b"\n", padding.start(), padding.end()) + 1
        if line_end:
            end = _goes_on(body, line_end, end)
            break
    if _LONG_LINE.search(body, end, stop) or (end == start and not _SENTENCE.match(body, start, stop)):
        return stop
    return end


def _goes_on(body: bytes, start: int, end: int) -> int:
    """Where the lines of base64 that follow *start* end, blank ones among them too; at most *end*."""
    known, at = start, start
    for _ in range(MAX_PIECES):
        if at >= end:
            break
        line_end = body.find(b"\n", at, end) + 1 or end
        line = body[at:line_end].strip()
        at = line_end
        if not _CODED.fullmatch(line):
            break
        known = at if _is_surely_coded(line) else known
    return known


def _is_surely_coded(line: bytes) -> bool:
    """Whether *line*, which might be base64, is no word: it is padded, long, or stands for text."""
    if len(line) >= _LONG or line.endswith(b"="):
        return True
    try:
        return " ".join(binascii.a2b_base64(line).decode().split()).isprintable()
    except ValueError:
        return False
