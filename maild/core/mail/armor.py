"""ASCII armor (RFC 9580 §6): found in text, taken off, whatever mail servers and clients did to it.

The armor is taken off here and the tool that decrypts is given bare packets, so that its armor reader
never meets hostile text. The checksum line is not looked at (RFC 9580 §6.1): what protects the content is
inside.
"""

import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO

from maild.core.mail.charset import decode_bytes
from maild.core.mail.entities import unescape
from maild.core.mail.hypertext import shown

MAX_ARMOR = 40 * 1024 * 1024
"""Characters of one text that are searched for armor."""
MAX_HTML = 8 * 1024 * 1024
"""Characters of HTML that are turned into text."""
MAX_HEADERS = 100
"""Lines of armor headers that are read; programs write up to five."""
_PIECE = 64 * 1024
"""Characters of data that are cleaned at once."""

MESSAGE = "MESSAGE"
PUBLIC_KEY = "PUBLIC KEY BLOCK"
PRIVATE_KEY = "PRIVATE KEY BLOCK"
SIGNATURE = "SIGNATURE"
SIGNED_MESSAGE = "SIGNED MESSAGE"

_MARK = "-----BEGIN PGP "
_LINE = re.compile(r"-----(BEGIN|END) PGP ([A-Z ,/0-9]{1,40})-----")
_HEADER = re.compile(r"[A-Za-z][A-Za-z-]{0,30}: ?(.*)")
_STRANGE = re.compile(r"[^A-Za-z0-9+/]")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_LINE_BREAK = re.compile(r"[\r\n]")
_ODD = re.compile(r"[=>|]")
_QUOTE = re.compile(r"[\s>|]*[>|][\s>|]*")
_BLANK = "\u00a0\u200b\ufeff\u2007\u202f"
_UNSEEN = re.compile(rf"[{_BLANK}]")
_BREAK = re.compile(r"<(?:br|/?p|/?div|/?pre|/?tr|/?li|/?h\d)\b[^<>]*>", re.IGNORECASE)
_CELLS = re.compile(r"</t[dh]>\s*+<t[dh]\b[^<>]*>", re.IGNORECASE)
_QUOTED_HTML = re.compile(r"<(/?)blockquote\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Block:
    """One armored block in a text: its label, its packets (empty when broken) and where it stands.

    ``start`` is where its first line begins, ``end`` where its last one ends, without the line break.
    """

    label: str
    packets: bytes = field(repr=False)
    start: int
    end: int
    quoted: bool = False
    charset: str = ""


def blocks(text: str, limit: int = 8) -> tuple[Block, ...]:
    """The armored blocks in *text*, in order, at most *limit*; an END line may be missing.

    What may be 25 MB long is never cut into lines, which would cost many times as much memory.
    """
    if _MARK not in text:
        return ()
    found: list[Block] = []
    size = min(len(text), MAX_ARMOR)
    begun: tuple[int, int, str] | None = None
    for start, end in _dashed(text, size):
        line = text[start:end]
        if begun and _label(line, "END"):
            body = start if _LINE.fullmatch(_bare(line)) else end
            found.append(_block(text, begun, body, end))
            begun = None
        elif label := _label(line, "BEGIN"):
            if begun:
                last = _before(text, start)
                found.append(_block(text, begun, last, last))
            begun = (start, end, label)
        if len(found) == limit:
            return tuple(found)
    if begun:
        found.append(_block(text, begun, size, size))
    return tuple(found)


def line_feeds(text: str) -> str:
    """*text* with a line feed for every line break, whatever system it is from."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def dearmor(content: bytes, label: str = MESSAGE) -> bytes:
    """The packets of the first block named *label* in *content*; empty when there is none or it is broken."""
    found = blocks(decode_bytes(content))
    return next((block.packets for block in found if block.label == label), b"")


def html_text(source: str) -> str:
    """The text of an HTML part, one line a block, quotes marked with ``>``; nothing is fetched or run."""
    depth = 0
    pieces: list[str] = []
    for index, piece in enumerate(_QUOTED_HTML.split(shown(source[:MAX_HTML]))):
        if index % 2:
            depth = max(0, depth + (-1 if piece else 1))
            continue
        plain = unescape(_TAG.sub("", _BREAK.sub("\n", _CELLS.sub(" ", piece))))
        pieces.append(plain if not depth else "".join(f"> {line}\n" for line in plain.split("\n")))
    return "\n".join(pieces)


def _label(line: str, which: str) -> str:
    """The label of an armor line, quote marks and blanks around it left aside; empty when it is none."""
    if "-----" not in line:
        return ""
    match = _LINE.fullmatch(_UNSEEN.sub(" ", line).strip().lstrip(">| \t").rstrip())
    return match[2] if match and match[1] == which else ""


def _dashed(text: str, size: int) -> Iterator[tuple[int, int]]:
    """Where each line with five dashes begins and ends: no other can begin or end a block."""
    at = 0
    while (dash := text.find("-----", at, size)) >= 0:
        start, at = _line_start(text, at, dash), _line_end(text, dash, size)
        yield start, at


def _line_start(text: str, least: int, at: int) -> int:
    return max(text.rfind("\n", least, at), text.rfind("\r", least, at), least - 1) + 1


def _line_end(text: str, at: int, size: int) -> int:
    found = _LINE_BREAK.search(text, at, size)
    return found.start() if found else size


def _before(text: str, start: int) -> int:
    """Where the line before the one that begins at *start* ends."""
    return start - (2 if text.startswith("\r\n", start - 2) else 1)


def _block(text: str, begun: tuple[int, int, str], body: int, end: int) -> Block:
    """The block whose first line is *begun*, whose data ends at *body* and whose last line ends at *end*."""
    start, at, label = begun
    quoted = bool(_QUOTE.match(text, start, at))
    headers, at = _headers(text, at, body)
    charset = next((h.partition(":")[2].strip() for h in headers if h.lower().startswith("charset:")), "")
    packets = b"" if label == SIGNED_MESSAGE else _packets(text, at, body)
    return Block(label, packets, start, end, quoted, charset)


def _bare(line: str) -> str:
    return _UNSEEN.sub(" ", line).strip().lstrip(">|").strip()


def _headers(text: str, at: int, end: int) -> tuple[list[str], int]:
    """The armor headers and where the data begins; the blank line may be missing or hold other blanks."""
    found: list[str] = []
    for _ in range(MAX_HEADERS):
        if at >= end:
            break
        after = _line_end(text, at, end)
        line = _bare(text[at:after])
        if line and not _HEADER.fullmatch(line):
            break
        found += [line] if line else []
        at = after + 1
    return found, at


def _data(text: str, at: int, end: int) -> Iterator[str]:
    """The data between *at* and *end* without blanks and quote marks, piece by piece, up to a checksum."""
    while at < end:
        after = _line_end(text, min(at + _PIECE, end), end)
        if odd := _ODD.search(text, at, after):
            after = _line_start(text, at, odd.start())
        if after > at:
            yield "".join(_UNSEEN.sub(" ", text[at:after]).split())
        if odd:
            at, after = after, _line_end(text, odd.start(), end)
            line = "".join(_bare(text[at:after]).split()).replace("=3D", "=")
            if line.startswith("="):
                return
            yield line
        at = after


def _packets(text: str, at: int, end: int) -> bytes:
    """The data between *at* and *end* as bytes, each piece at once as long as it is plain base64."""
    found, rest = BytesIO(), ""
    for piece in _data(text, at, end):
        more = rest + piece
        whole = max(len(more) - 1, 0) // 4 * 4  # the end, which may be padded, comes last
        if _STRANGE.search(more, 0, whole):
            return _decoded(_data(text, at, end))
        found.write(binascii.a2b_base64(more[:whole]))
        rest = more[whole:]
    if _STRANGE.search(rest.rstrip("=")):
        return _decoded(_data(text, at, end))
    found.write(_decoded([rest]))
    return found.getvalue()


def _decoded(data: Iterable[str]) -> bytes:
    """*data* as bytes; empty when it holds more than a little that is not base64 (RFC 9580 §6.2)."""
    joined = "".join(data).rstrip("=")
    if not _BASE64.fullmatch(joined):
        joined = _undamaged(joined)
    if not joined:
        return b""
    joined = joined[: len(joined) - (len(joined) % 4 == 1)]  # cut off in the middle of a byte
    joined += "=" * (-len(joined) % 4)
    try:
        return binascii.a2b_base64(joined)
    except binascii.Error:
        return b""


def _undamaged(joined: str) -> str:
    """*joined* with others in place of a few characters damaged on the way; empty when they are many.

    It does not open; but the mail is known for what it is: sealed, and not prose between armor lines.
    """
    left, damaged = _STRANGE.subn("A", joined)
    return left if damaged <= len(joined) // 50 else ""
