"""Parameters of structured fields such as Content-Type (RFC 2045 §5.1), and what RFC 2231 makes of them."""

import re

from maild.core.mail.charset import decode_bytes
from maild.core.mail.text import MAX_HEADER, decode_words

MAX_PIECES = 500
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,60})\s*=\s*("(?:\\.|[^"\\])*"|[^;]*)')
_LOOSE = re.compile(r'[,\s]([^\s=,;"]{1,60}+)\s*+=\s*+("(?:\\.|[^"\\])*"|[^;]*)')
"""The same where a program forgot the semicolon."""
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")

_LETTERS = re.compile(r"%[c-f][0-9a-f]%[89ab][0-9a-f]", re.IGNORECASE)
"""The beginning of a letter outside ASCII in UTF-8."""


def parameters(value: str) -> dict[str, str]:
    """The parameters of a structured field, names lower case, quotes removed.

    RFC 2231 pieces keep their starred names; ``parameter`` puts them together.
    """
    found: dict[str, str] = {}
    value = value[:MAX_HEADER]
    for name, text in _PARAMETER.findall(value) or _LOOSE.findall(value):
        found[name.lower()] = found.get(name.lower()) or _clean(text)
    return found


def _clean(text: str) -> str:
    """The value without its quotes; the second one may be missing."""
    if not text.startswith('"'):
        return text.strip()
    return re.sub(r"\\(.)", r"\1", text[1:-1] if text.endswith('"') and len(text) > 1 else text[1:].rstrip())


def parameter(given: dict[str, str], name: str) -> str:
    """The value of the parameter *name*, decoded: the extended form comes before the plain one beside it.

    Pieces (RFC 2231 §4.1) may be encoded or not, each by itself; a gap in their numbers ends them. Encoded
    words have no place in parameters, but clients put them there.
    """
    if f"{name}*" in given:
        charset, raw = _labelled(given[f"{name}*"])
        return decode_bytes(raw, charset)
    return _pieces(given, name) or _as_in_links(decode_words(given.get(name, "")))


def _as_in_links(value: str) -> str:
    """*value* with the letters that a program wrote as in a link; other percent signs are its author's."""
    if not _LETTERS.search(value):
        return value
    try:
        return _unescaped(value).decode()
    except UnicodeDecodeError:
        return value


def _pieces(given: dict[str, str], name: str) -> str:
    charset, raw, text = "", b"", ""
    first = int(f"{name}*0" not in given and f"{name}*0*" not in given)  # some programs begin with 1
    for number in range(first, MAX_PIECES):
        coded, plain = given.get(f"{name}*{number}*"), given.get(f"{name}*{number}")
        if coded is not None:
            label, piece = _labelled(coded) if number == first else ("", _unescaped(coded))
            charset, raw = charset or label, raw + piece
        elif plain is not None:
            text, raw = text + decode_bytes(raw, charset) + plain, b""
        else:
            break
    return decode_words(text) + decode_bytes(raw, charset)


def _labelled(value: str) -> tuple[str, bytes]:
    """The charset and the bytes of ``charset'language'value``; a value without them is taken as it stands."""
    charset, _, rest = value.partition("'")
    _, quote, encoded = rest.partition("'")
    return (charset, _unescaped(encoded)) if quote else ("", _unescaped(value))


def _unescaped(value: str) -> bytes:
    return _PERCENT.sub(lambda found: bytes([int(found[1], 16)]), value.encode("utf-8", "replace"))
