"""What a part holds, found out without all of its content in memory: attachments are long."""

from contextlib import suppress

from maild.core.mail.base64 import coded_until, stretches
from maild.core.mail.mime import Part
from maild.core.mail.uuencoded import ENCODINGS

_CODED = ("base64", "quoted-printable", *ENCODINGS)


def holds(part: Part, words: bytes) -> bool:
    """Whether *words* stand in the content of *part*; long base64 is decoded a stretch at a time."""
    if part.encoding not in _CODED:
        return part.source.find(words, part.body_start, part.end) >= 0
    base64 = part.encoding == "base64"
    end = coded_until(part.source, part.body_start, part.end) if base64 else part.body_start
    if end == part.body_start:
        return words in part.content
    tail = b""
    for stretch in stretches(part.source, part.body_start, end):
        if words in (tail := tail + stretch):
            return True
        tail = tail[-len(words) :]
    return False


def ascii_in_place(part: Part) -> str:
    """The content of *part* as text where it is ASCII as it stands, without a copy of it; else nothing."""
    if part.encoding in _CODED:
        return ""
    with memoryview(part.source) as source, suppress(UnicodeDecodeError):
        return str(source[part.body_start : part.end], "ascii")
    return ""
