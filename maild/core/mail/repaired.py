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
_AUTHOR = re.compile(rb"^from[ \t]*:", re.IGNORECASE | re.MULTILINE)
_MULTIPART = re.compile(rb"^content-type[ \t]*:\s*multipart/", re.IGNORECASE | re.MULTILINE)
_OF_HEADS = re.compile(
    rb"^(?:from|to|cc|subject|date|sender|reply-to|references|in-reply-to|message-id|received|return-path"
    rb"|delivered-to|mime-version|authentication-results|(?:content|x|list|dkim|arc)-[!-9;-~]{1,60})[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
"""Fields that stand in the heads of mails, and are no beginnings of sentences."""
_LINE = re.compile(rb"^(?!>?From )[^\r\n]+", re.MULTILINE)
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
    return _parted(_joined(source))


def _parted(source: bytes) -> bytes:
    """*source* with the blank line that is missing between its head and its text, if that is surely so.

    A line that is no field ends the head (as in Python's ``MissingHeaderBodySeparatorDefect``) where no
    field of a mail stands below it, or where it is the first line between the parts of a multipart.
    """
    blank = _BLANK.search(source, 0, MAX_BLOCK)
    head = source[: blank.start() if blank else MAX_BLOCK]
    stray = next((one for one in _LINE.finditer(head) if not _FIELD.match(one[0])), None)
    above, below = (head[: stray.start()], head[stray.start() :]) if stray else (b"", b"")
    if not _AUTHOR.search(above):
        return source
    edge = below.startswith(b"--") and _MULTIPART.search(above)
    return source if _OF_HEADS.search(below) and not edge else above + b"\r\n" + source[len(above) :]


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
