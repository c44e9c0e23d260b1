"""Mails whose head is damaged as a whole: by line ends of another system, by blank lines in the wrong place.

Scripts that write mail with line ends of two kinds put a blank line behind each field or into the head, and
mail programs then show the rest of it as text. What is not damaged stays the very bytes that came.
"""

import re

from maild.core.mail.headers import MAX_BLOCK

_BLANK = re.compile(rb"\r?\n[ \t]*\r?\n")
_FIELD = re.compile(rb"[!-9;-~]{1,100}[ \t]*:|[ \t]")
_OF_MAILS = re.compile(
    rb"^(?:message-id|received|return-path|mime-version)[ \t]*:", re.IGNORECASE | re.MULTILINE
)
_KIND = re.compile(rb"^content-type[ \t]*:", re.IGNORECASE | re.MULTILINE)
_SHOWN = re.compile(
    rb"^content-type[ \t]*:\s*(?:multipart/|text/(?:plain|html)\b)", re.IGNORECASE | re.MULTILINE
)
_MIME = re.compile(
    rb"^(?:(?:mime-version|content-transfer-encoding)[ \t]*:|content-type[ \t]*:\s*multipart/)",
    re.IGNORECASE | re.MULTILINE,
)


def repaired(source: bytes) -> bytes:
    """*source* with a head that can be read; as it came wherever that is so already."""
    begins = source[:MAX_BLOCK]
    if b"\r" in begins and b"\n" not in begins:
        source = source.replace(b"\r\n", b"\n").replace(b"\r", b"\r\n")
    if source[:1] in (b"\r", b"\n"):
        source = _without_blank_lines(source)
    return _joined(source)


def _without_blank_lines(source: bytes) -> bytes:
    """*source* without the blank lines above it, if what follows is surely the head of a mail."""
    below = source.lstrip(b"\r\n")
    end = _BLANK.search(below, 0, MAX_BLOCK)
    head = below[: end.start()] if end else b""
    return below if _is_head(head) and _OF_MAILS.search(head) else source


def _joined(source: bytes) -> bytes:
    """*source* without a blank line between the fields of its head, if the lower ones are about its body."""
    first = _BLANK.search(source, 0, MAX_BLOCK)
    second = _BLANK.search(source, first.end(), first.end() + MAX_BLOCK) if first else None
    if first is None or second is None:
        return source
    upper, lower = source[: first.start()], source[first.end() : second.start()]
    if _KIND.search(upper) or not _SHOWN.search(lower) or not (_is_head(upper) and _is_head(lower)):
        return source
    if not (_MIME.search(lower) or _MIME.search(upper)):
        return source
    return upper + b"\r\n" + source[first.end() :]


def _is_head(block: bytes) -> bool:
    """Whether every line of *block* is a header field or continues one."""
    return bool(block) and all(_FIELD.match(line) for line in block.split(b"\n"))
