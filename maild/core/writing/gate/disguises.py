"""Disguises of a text, each taken off by itself: markup, escapes, codings, what a terminal shows."""

import quopri
import re
import sys
from urllib.parse import unquote

from maild.core.mail.charset import decode_bytes
from maild.core.mail.entities import unescape
from maild.core.mail.text import decode_words

_TAG = re.compile(r"<[^<>]{1,2000}>")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_HYPHENS = re.compile(r"[-\u2010][ \t]*\r?\n[ \t>|]*")
_POINTS = re.compile(r"(?:\\u|%u|U\+)([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\u\{([0-9a-fA-F]{1,5})\}")
_OCTAL = re.compile(r"\\([0-3][0-7]{2})")
_STYLED = re.compile(r"\\(?:([0-9a-fA-F]{1,6})(?:\r\n|[ \t\r\n\f])?|\r?\n|([^0-9a-fA-F\r\n]))")
"""A character of CSS by its number, with the blank that ends it, a line that goes on, or one as it is."""
_PLACE = re.compile(r"^[ \t>|]*+0x[0-9a-fA-F]{1,16}(?: <[^<>\n]{1,80}>)?:[ \t]*+", re.MULTILINE)
_COLOUR = re.compile(r"\x1b\[[0-9;?]{0,40}[A-Za-z]")
_OVER = re.compile(r"[^\n]\x08")
_BLANKS = re.compile(r"\\[nrtfv]")


def printable(text: str) -> str:
    """Quoted-printable decoded (RFC 2045 §6.7)."""
    if "=" not in text:
        return text
    return decode_bytes(quopri.decodestring(text.encode("utf-8", "replace")))


def unescaped(text: str) -> str:
    """Without tags, each a blank, and with HTML's characters by number or name."""
    return unescape(_TAG.sub(" ", text)) if "&" in text or "<" in text else text


def unmarked(text: str) -> str:
    """Without the escapes of Markdown."""
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def untagged(text: str) -> str:
    """Without tags, where no blank stood: word processors cut words into pieces."""
    return unescape(_TAG.sub("", text)) if "<" in text else text


def unhyphenated(text: str) -> str:
    """With words that were broken at line ends in one piece."""
    return _HYPHENS.sub("", text) if "-" in text or "\u2010" in text else text


def lowered(text: str) -> str:
    """In small letters: some capitals of other alphabets look like Latin ones, their small letters do not."""
    return text if text.isascii() else text.lower()


def shown(text: str) -> str:
    """As a terminal shows it: without colours, and without what was written over."""
    return _OVER.sub("", _COLOUR.sub("", text)) if "\x1b" in text or "\b" in text else text


def unplaced(text: str) -> str:
    """Without the place in memory that debuggers write before each line."""
    return _PLACE.sub("", text) if "0x" in text else text


def percent(text: str) -> str:
    """With the percent signs of links decoded."""
    return unquote(text.replace("+", " ")) if "%" in text else text


def code(text: str) -> str:
    """Without the escapes of JSON, of programs and of old browsers, and with code points as letters."""
    if "\\" not in text and "%u" not in text and "U+" not in text:
        return text
    text = _POINTS.sub(lambda one: chr(int(one[1] or one[2] or one[3], 16)), _BLANKS.sub(" ", text))
    return _OCTAL.sub(lambda one: chr(int(one[1], 8)), text)


def styled(text: str) -> str:
    """Without the escapes of style sheets (CSS Syntax 3, §4.3.7), which pages and pictures hold."""
    return _STYLED.sub(_of_style, unescape(text)) if "\\" in text or "&#" in text else text


def _of_style(one: re.Match[str]) -> str:
    point = int(one[1], 16) if one[1] else 0
    return chr(point) if 0 < point < 0xD800 or 0xDFFF < point <= sys.maxunicode else one[2] or ""


def headed(text: str) -> str:
    """With the encoded words of pasted header fields decoded (RFC 2047)."""
    return "\n".join(map(decode_words, text.splitlines())) if "=?" in text else text


IN_TURN = (printable, printable, unescaped, unescaped, unmarked, printable)
"""One after the other, each on what the one before it left."""
ALONE = (lowered, shown, unplaced, unescaped, unmarked, untagged, unhyphenated, percent, code, styled, headed)
"""Each on the text as it stands."""
