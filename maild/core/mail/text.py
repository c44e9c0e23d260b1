"""Text out of hostile bytes: charsets, encoded words, and what is safe to show."""

import re
from email.header import decode_header

MAX_HEADER = 4096
"""Characters of one header that are decoded; encoded words are quadratic in the standard library."""

_ENCODED_WORD = re.compile(r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=")
_ODD_CODEC = re.compile(r"idna|punycode|escape|undefined|oem|mbcs|[^\w.:-]", re.IGNORECASE)
"""Python's codecs that are no charsets: slow without bound on hostile bytes, or with side meanings."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def decode_bytes(raw: bytes, charset: str = "") -> str:
    """*raw* as text: the charset named, else UTF-8, else Latin-1; never fails (case 29 of hostile mail)."""
    for name in (charset, "utf-8"):
        try:
            if name and not _ODD_CODEC.search(name):
                return _whole(raw.decode(name))
        except (LookupError, ValueError):
            continue
    return raw.decode("latin-1")


def _whole(text: str) -> str:
    """*text* without half characters (surrogates), which neither a database nor JSON can hold."""
    if text.isascii():
        return text  # no copies of what may be long
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text


def decode_words(value: str) -> str:
    """The header text *value* with its encoded words (RFC 2047) decoded, cut at ``MAX_HEADER`` characters."""
    value = value[:MAX_HEADER]
    if not _ENCODED_WORD.search(value):
        return value
    try:
        pieces = decode_header(value)
    except Exception:  # noqa: BLE001 - the standard library raises many kinds on hostile words
        return value
    return "".join(p if isinstance(p, str) else decode_bytes(p, c or "") for p, c in pieces)


def unlinked(text: str) -> str:
    """*text* so that no mail client makes a link of it: schemes and the dots of names are broken."""
    return re.sub(r"(?<=\w)\.(?=\w)", "[.]", re.sub(r"(?i)([a-z]{2,10}):(?=//|\S+@)", r"\1[:]", text))


def disarmed(text: str) -> str:
    """*text* without what a terminal obeys or hides; line feeds and tabs stay."""
    return _CONTROLS.sub("", text)


def escaped(json_text: str) -> str:
    """JSON with the same characters by their numbers, as JSON itself escapes only some of them."""
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", json_text)


def harmless(text: str, limit: int = 200) -> str:
    """*text* on one line, without control, bidi or zero-width characters, at most *limit* characters."""
    line = disarmed(re.sub(r"\s+", " ", text[: limit * 4])).strip()
    return line if len(line) <= limit else line[: limit - 1] + "…"
