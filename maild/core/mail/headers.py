"""The header block of a mail or of a part, kept as written, read lazily and within limits."""

import re
from dataclasses import dataclass

from maild.core.mail.text import MAX_HEADER, decode_words

MAX_BLOCK = 64 * 1024
"""Bytes of a header block that are read; the rest is left out and flagged."""
MAX_FIELDS = 200

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*(.*)", re.DOTALL)
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,60})\s*=\s*("(?:\\.|[^"\\])*"|[^;]*)')


@dataclass(frozen=True, slots=True)
class Headers:
    """Header fields in order, names as written, values unfolded but not decoded."""

    fields: tuple[tuple[str, str], ...] = ()

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


def parse_headers(block: bytes) -> Headers:
    """The fields of a header *block* (RFC 5322 §2.2), at most ``MAX_FIELDS``; stray lines are skipped."""
    lines: list[bytearray] = []
    for line in block[:MAX_BLOCK].split(b"\n"):
        text = line.rstrip(b"\r")
        if text[:1] in (b" ", b"\t") and lines:
            lines[-1] += b" " + text.lstrip()
        elif len(lines) < MAX_FIELDS:
            lines.append(bytearray(text))
        else:
            break
    found = (_FIELD.match(bytes(line)) for line in lines)
    return Headers(tuple((m[1].decode("ascii"), _value(m[2])) for m in found if m))


def _value(raw: bytes) -> str:
    try:
        return raw.decode("utf-8").strip()
    except UnicodeDecodeError:
        return raw.decode("latin-1").strip()


def parameters(value: str) -> dict[str, str]:
    """The parameters of a structured field such as Content-Type, names lower case, quotes removed.

    RFC 2231 pieces keep their starred names; ``parameter`` puts them together.
    """
    found: dict[str, str] = {}
    for name, text in _PARAMETER.findall(value[:MAX_HEADER]):
        clean = re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text.strip()
        found.setdefault(name.lower(), clean)
    return found
