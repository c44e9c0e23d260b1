"""The lines between the parts of a multipart, where its head does not say what they are.

Programs and gateways leave the parameter out, spell it wrong or change it on one side only. Other mail
programs show such a mail as text; where the lines can be told from what stands below them, so can the parts.
"""

import re

MAX_GUESSED = 250
"""Bytes of a boundary that is guessed; the standard has 70 (RFC 2046 §5.1.1)."""
_MAX_PREAMBLE = 400
_EDGE = re.compile(
    rb"^--([!-~][ -~]{0,248}+)\r?\n(?=content-[a-z-]{1,40}[ \t]{0,8}:|mime-version:)",
    re.IGNORECASE | re.MULTILINE,
)
"""A boundary line is one with the header fields of a part below it."""
_PAGE = re.compile(rb"\s{0,200}<(?:!doctype\s|html|head|body|div|p|table|meta)\b", re.IGNORECASE)


def guessed(source: bytes, start: int, end: int) -> bytes:
    """The boundary of the body between *start* and *end*; empty where none can be told.

    What stands before the first one must be no text of the author's, as it would not be shown.
    """
    found = _EDGE.search(source, start, end)
    edge = found[1].rstrip() if found else b""
    if found is None or edge.endswith(b"--"):
        return b""
    before = source[start : found.start()].strip()
    programs = len(before) < _MAX_PREAMBLE and b"mime" in before.lower()
    return edge if programs or not before else b""


def text_type(source: bytes, start: int, end: int) -> str:
    """What the body between *start* and *end* is, read as one text."""
    return "text/html" if _PAGE.match(source, start, end) else "text/plain"
