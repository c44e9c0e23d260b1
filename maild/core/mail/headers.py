"""The header block of a mail or of a part, kept as written, read lazily and within limits."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from maild.core.mail.text import decode_words
from maild.core.mail.undeclared import undeclared

MAX_BLOCK = 64 * 1024
"""Bytes of a header block that are read; the rest is left out and flagged."""
MAX_FIELDS = 200
MAX_MORE = 5
_TRACE = re.compile(r"received|x-|arc-|dkim-|authentication-results|(?:resent-)?return-path", re.IGNORECASE)

_FIELD = re.compile(rb"([!-9;-~]{1,200})([ \t]*):[ \t]*(.*)", re.DOTALL)
_MARK = b"\xef\xbb\xbf"
"""Some programs write a byte order mark before the first field; before another it makes that no field."""


@dataclass(frozen=True, slots=True)
class Headers:
    """Header fields in order, names as written, values unfolded but not decoded.

    ``odd`` are names, in lower case, with a blank before the colon: not everybody reads such a field.
    """

    fields: tuple[tuple[str, str], ...] = ()
    odd: frozenset[str] = frozenset()

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of the field *name* (any case), from the top."""
        wanted = name.lower()
        return tuple(value for field, value in self.fields if field.lower() == wanted)

    def get(self, name: str, default: str = "") -> str:
        """The first value of the field *name*, not decoded."""
        wanted = name.lower()
        return next((value for field, value in self.fields if field.lower() == wanted), default)

    def has(self, name: str) -> bool:
        """Whether the field *name* is there at all."""
        return bool(self.all(name))

    def text(self, name: str) -> str:
        """The first value of *name* with encoded words decoded, cut at ``MAX_HEADER`` characters."""
        return decode_words(self.get(name))


def parse_headers(block: bytes, source: bytes = b"") -> Headers:
    """The fields of a header *block* (RFC 5322 §2.2); stray lines are skipped.

    At most ``MAX_FIELDS``, then of every field that is no trace or extension ``MAX_MORE``: relays and filters
    can heap any number of their own above the author. *source* is the whole mail, whose labels tell what
    eight-bit text in a field is. NULs are left out (``decode_words``).
    """
    found: list[tuple[str, str]] = []
    more: Counter[str] = Counter()
    odd: set[str] = set()
    for line in _unfolded(block[:MAX_BLOCK].removeprefix(_MARK)):
        match = _FIELD.match(line)
        if not match:
            continue
        name = match[1].decode("ascii")
        if len(found) >= MAX_FIELDS:
            if _TRACE.match(name):
                continue
            more[name.lower()] += 1
            if more[name.lower()] > MAX_MORE or len(more) > MAX_FIELDS:
                continue
        odd.update([name.lower()] if match[2] else ())
        found.append((name, undeclared(match[3], source).replace("\0", "").strip()))
    return Headers(tuple(found), frozenset(odd))


def _unfolded(block: bytes) -> Iterator[bytes]:
    """The lines of *block*, each with those that continue it."""
    line = bytearray()
    for ended in block.split(b"\n"):
        text = ended.rstrip(b"\r")
        if text[:1] in (b" ", b"\t") and line:
            line += b" " + text.lstrip()
            continue
        yield bytes(line)
        line = bytearray(text)
    yield bytes(line)
