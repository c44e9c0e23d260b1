"""Text out of hostile headers, and what is safe to show."""

import json
import quopri
import re
from collections.abc import Iterator
from itertools import groupby

from maild.core.mail.base64 import unbase64
from maild.core.mail.charset import decode_bytes
from maild.core.values.invisible import INVISIBLE

MAX_HEADER = 4096
"""Characters of one header that are decoded."""
_Kind = tuple[str, str]
"""Charset and encoding of an encoded word, in lower case."""

_OPENING = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?")
_SCHEME = re.compile(r"([a-z]{2,10}):", re.IGNORECASE)
_CONTROLS = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f{INVISIBLE}]")


def decode_words(value: str) -> str:
    """The header text *value* with its encoded words (RFC 2047) decoded, cut at ``MAX_HEADER`` characters.

    Neighbours of one charset and encoding are joined before they are decoded: many clients cut in the middle
    of a character. No NUL comes out: it says nothing, and PostgreSQL takes none into a text.
    """
    value, end = value[:MAX_HEADER], 0
    pieces: list[tuple[_Kind | None, str]] = []
    for start, stop, kind, written in _words(value):
        between = value[end:start]
        if end == 0 or between.strip():
            pieces.append((None, between))
        pieces.append((kind, written))
        end = stop
    runs = ((kind, "".join(text for _, text in same)) for kind, same in groupby(pieces, key=_kind))
    return "".join(_decoded(*kind, text) if kind else text for kind, text in runs) + value[end:]


def _kind(piece: tuple[_Kind | None, str]) -> _Kind | None:
    return piece[0]


def _words(value: str) -> Iterator[tuple[int, int, _Kind, str]]:
    """Where each encoded word begins and ends, its charset and encoding, and what is written in it."""
    end = 0
    while (found := _OPENING.search(value, end)) and (close := value.find("?=", found.end())) >= 0:
        end = close + 2
        yield found.start(), end, (found[1].lower(), found[2].lower()), value[found.end() : close]


def _decoded(charset: str, encoding: str, written: str) -> str:
    raw = written.encode("utf-8", "replace")
    plain = unbase64(raw) if encoding == "b" else quopri.decodestring(raw, header=True)
    return decode_bytes(plain, charset).replace("\0", "")


def unlinked(text: str) -> str:
    """*text* so that no mail client makes a link of it: schemes and the dots of names are broken."""
    apart = re.sub(r"(?i)([a-z]{2,10}):(?=//)", r"\1[:]", text)
    apart = re.sub(r"(?<!\S)\S+@", lambda found: _SCHEME.sub(r"\1[:]", found[0]), apart)
    return re.sub(r"(?<=\w)\.(?=\w)", "[.]", apart)


def disarmed(text: str) -> str:
    """*text* without what a terminal obeys or a reader does not see; line feeds and tabs stay."""
    return _CONTROLS.sub("", text)


def escaped(json_text: str) -> str:
    """JSON with the same characters by their numbers, as JSON itself escapes only some of them."""
    return _CONTROLS.sub(lambda found: json.dumps(found[0])[1:-1], json_text)


def harmless(text: str, limit: int = 200) -> str:
    """*text* on one line, without control or invisible characters, at most *limit* characters."""
    line = disarmed(re.sub(r"\s+", " ", text[: limit * 4])).strip()
    return line if len(line) <= limit else line[: limit - 1] + "…"
