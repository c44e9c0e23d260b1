"""ASCII armor (RFC 9580 §6): found in text, taken off, whatever mail servers and clients did to it.

The armor is taken off here and the tool that decrypts is given bare packets, so that its armor reader
never meets hostile text. The checksum line is not looked at (RFC 9580 §6.1): what protects the content is
inside.
"""

import binascii
import html
import re
from dataclasses import dataclass, field

from maild.core.mail.text import decode_bytes

MAX_ARMOR = 40 * 1024 * 1024
"""Characters of one text that are searched for armor."""
MAX_HTML = 8 * 1024 * 1024
"""Characters of HTML that are turned into text."""
MAX_LINES = 1_000_000
"""Lines of one text; a ciphertext of 25 MB has 400,000, and each costs memory."""

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
_QUOTE = re.compile(r"[\s>|]*[>|][\s>|]*")
_BLANK = "\u00a0\u200b\ufeff\u2007\u202f"
_UNSEEN = re.compile(rf"[{_BLANK}]")
_SKIPPED = re.compile(r"<(/?)(?:script|style|head|title)\b[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/?p|/?div|/?pre|/?tr|/?li|/?h\d)\b[^<>]*>", re.IGNORECASE)
_QUOTED_HTML = re.compile(r"<(/?)blockquote\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Block:
    """One armored block in a text: its label, its packets (empty when broken) and the lines it spans."""

    label: str
    packets: bytes = field(repr=False)
    first: int
    last: int
    quoted: bool = False
    charset: str = ""


def blocks(text: str, limit: int = 8) -> tuple[Block, ...]:
    """The armored blocks in *text*, in order, at most *limit*; an END line may be missing."""
    if _MARK not in text:
        return ()
    lines = text_lines(text)
    found: list[Block] = []
    at = 0
    while at < len(lines) and len(found) < limit:
        label = _label(lines[at], "BEGIN")
        if not label:
            at += 1
            continue
        last = _end(lines, at)
        found.append(_block(lines, at, last, label))
        at = last + 1
    return tuple(found)


def text_lines(text: str) -> list[str]:
    """*text* as the lines that ``Block.first`` and ``Block.last`` count; all beyond ``MAX_LINES`` is one."""
    return text[:MAX_ARMOR].replace("\r\n", "\n").replace("\r", "\n").split("\n", MAX_LINES)


def dearmor(content: bytes, label: str = MESSAGE) -> bytes:
    """The packets of the first block named *label* in *content*; empty when there is none or it is broken."""
    found = blocks(decode_bytes(content))
    return next((block.packets for block in found if block.label == label), b"")


def html_text(source: str) -> str:
    """The text of an HTML part, one line a block, quotes marked with ``>``; nothing is fetched or run."""
    text = _shown(source[:MAX_HTML])
    depth = 0
    pieces: list[str] = []
    for index, piece in enumerate(_QUOTED_HTML.split(text)):
        if index % 2:
            depth = max(0, depth + (-1 if piece else 1))
            continue
        plain = html.unescape(_TAG.sub("", _BREAK.sub("\n", piece)))
        pieces.append(plain if not depth else "".join(f"> {line}\n" for line in plain.split("\n")))
    return "\n".join(pieces)


def _shown(source: str) -> str:
    """*source* without its head, styles and scripts; linear, however they are nested or left open."""
    pieces: list[str] = []
    hidden = False
    for index, piece in enumerate(_SKIPPED.split(source)):
        if index % 2:
            hidden = not piece
        elif not hidden:
            pieces.append(piece)
    return " ".join(pieces)


def _label(line: str, which: str) -> str:
    """The label of an armor line, quote marks and blanks around it left aside; empty when it is none."""
    if "-----" not in line:
        return ""
    match = _LINE.fullmatch(_UNSEEN.sub(" ", line).strip().lstrip(">| \t").rstrip())
    return match[2] if match and match[1] == which else ""


def _end(lines: list[str], first: int) -> int:
    """The line on which the block that begins at *first* ends (the last line when it never does)."""
    for index in range(first + 1, len(lines)):
        if "-----" in lines[index]:
            if _label(lines[index], "END"):
                return index
            if _label(lines[index], "BEGIN"):
                return index - 1
    return len(lines) - 1


def _block(lines: list[str], first: int, last: int, label: str) -> Block:
    quoted = bool(_QUOTE.match(lines[first]))
    inside = [_bare(line) for line in lines[first + 1 : last + 1]]
    if inside and _LINE.fullmatch(inside[-1]):
        inside.pop()
    headers, body = _split(inside)
    charset = next((h.partition(":")[2].strip() for h in headers if h.lower().startswith("charset:")), "")
    packets = b"" if label == SIGNED_MESSAGE else _decoded(body)
    return Block(label, packets, first, last, quoted, charset)


def _bare(line: str) -> str:
    return _UNSEEN.sub(" ", line).strip().lstrip(">|").strip()


def _split(inside: list[str]) -> tuple[list[str], list[str]]:
    """The armor headers and the data; the blank line between them may be missing or hold other blanks."""
    count = 0
    while count < len(inside) and (_HEADER.fullmatch(inside[count]) or not inside[count]):
        count += 1
    return [line for line in inside[:count] if line], inside[count:]


def _decoded(body: list[str]) -> bytes:
    """The data lines as bytes; empty when they hold more than a little that is not base64 (RFC 9580 §6.2)."""
    data: list[str] = []
    for line in body:
        plain = re.sub(r"\s", "", line).replace("=3D", "=")
        if plain.startswith("="):
            break
        data.append(plain)
    joined = _undamaged("".join(data).rstrip("="), body)
    if not joined or not _BASE64.fullmatch(joined):
        return b""
    joined = joined[: len(joined) - (len(joined) % 4 == 1)]  # cut off in the middle of a byte
    try:
        return binascii.a2b_base64(joined + "=" * (-len(joined) % 4))
    except binascii.Error:
        return b""


def _undamaged(joined: str, body: list[str]) -> str:
    """*joined* with others in place of a few damaged characters, in lines without blanks.

    It does not open; but the mail is known for what it is: sealed, and not prose between armor lines.
    """
    left, damaged = _STRANGE.subn("A", joined)
    prose = damaged > len(joined) // 50 or any(" " in line for line in body)
    return joined if prose else left
