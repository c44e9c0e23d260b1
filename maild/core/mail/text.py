"""Text out of hostile headers, and what is safe to show."""

import quopri
import re
from itertools import groupby

from maild.core.mail.base64 import unbase64
from maild.core.mail.charset import decode_bytes

MAX_HEADER = 4096
"""Characters of one header that are decoded."""

_WORD = r"=\?[^?\s]{1,60}\?[bBqQ]\?.*?\?="
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?(.*?)\?=", re.DOTALL)
_ENCODED_RUN = re.compile(rf"{_WORD}(?:\s*{_WORD})*", re.DOTALL)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def decode_words(value: str) -> str:
    """The header text *value* with its encoded words (RFC 2047) decoded, cut at ``MAX_HEADER`` characters.

    Neighbours of one charset and encoding are joined before they are decoded: many clients cut in the middle
    of a character.
    """
    value, text, end = value[:MAX_HEADER], "", 0
    for run in _ENCODED_RUN.finditer(value):
        text += value[end : run.start()]
        words = _ENCODED_WORD.findall(run[0])
        for kind, same in groupby(words, key=lambda word: (word[0].lower(), word[1].lower())):
            text += _decoded(*kind, "".join(word[2] for word in same))
        end = run.end()
    return text + value[end:]


def _decoded(charset: str, encoding: str, written: str) -> str:
    raw = written.encode("utf-8", "replace")
    return decode_bytes(unbase64(raw) if encoding == "b" else quopri.decodestring(raw, header=True), charset)


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
