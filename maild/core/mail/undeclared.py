"""Eight-bit text in header fields, which names no charset: file names above all, and subjects.

UTF-8 is told by its form. Else what the rest of the mail is labelled with decides, if it fits; then which of
the charsets that people still write makes words of it. A wrong guess shows strange letters, never fewer.
"""
# ruff: noqa: RUF001 - letters of many alphabets

import re
from collections.abc import Callable, Iterator
from itertools import islice

from maild.core.mail.charset import as_utf8, decode_bytes, says_nothing
from maild.core.mail.usual import HANGUL, JAPANESE, SIMPLIFIED, TRADITIONAL

MAX_GUESSED = 4096
"""Bytes that are looked at; a longer value is read byte by byte."""
MAX_LABELLED = 256 * 1024
"""Bytes of the mail in which labels are looked for."""
MAX_LABELS = 1000
"""Labels that are looked at: a mail may be made of nothing else."""
_LABEL = re.compile(
    rb"charset[ \t]{0,4}=[ \t]{0,4}[\"']?([\w:.-]{1,40})|=\?([\w:.-]{1,40})\?[bq]\?", re.IGNORECASE
)
_WESTERN = re.compile(r"iso-?8859-?15?|latin-?1|windows-?1252|cp-?1252", re.IGNORECASE)
_WORD = re.compile("[A-Za-z\u0080-\U0010ffff]+")
_LATIN_SIGNS = frozenset("–—‘’“”„…«»°´·€§©®²³ºª¿¡\u00a0")
_CYRILLIC_SIGNS = re.compile("[№«»–—\u00a0]")
_CYRILLIC = re.compile("[А-ЯЁІЇЄҐ]?[а-яёіїєґў]+|([А-ЯЁІЇЄҐ]{2,})")
_VOWEL = re.compile("[аеиоуыэюяёіїє]", re.IGNORECASE)
_EASTERN_SIGNS = frozenset("、。・ー「」【】（）《》：，！？\u3000")
_PLAIN, _SURE, _LIKELY = 2.5, 2.0, 0.6
_FEWEST = 2
"""Letters of the east that are no accident where all of them are usual."""


def undeclared(raw: bytes, source: bytes = b"") -> str:
    """The header value *raw* of the mail *source* as text."""
    if raw.isascii() or (text := as_utf8(raw)):
        return decode_bytes(raw) if raw.isascii() else text
    for label in _labels(source):
        if "\ufffd" not in (text := decode_bytes(raw, label)):
            return text
    return _guessed(raw)


def _labels(source: bytes) -> Iterator[str]:
    """The first charset that the mail names and that says more than that it is Western or UTF-8."""
    for found in islice(_LABEL.finditer(source[:MAX_LABELLED]), MAX_LABELS):
        label = (found[1] or found[2]).decode("ascii", "replace").lower()
        if not (says_nothing(label) or label.startswith("utf") or _WESTERN.fullmatch(label)):
            yield label
            return


def _guessed(raw: bytes) -> str:
    """*raw* by the charset that makes most of it; by the first of those that make as much."""
    best, found = _LIKELY, ""
    for codec, score in _CHARSETS if len(raw) <= MAX_GUESSED else ():
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        if (worth := score(text)) > best:
            best, found = worth, text
    return found or raw.decode("latin-1")


def _latin(text: str) -> float:
    """Sure where accented letters stand among plain ones, or alone."""
    for word in _WORD.findall(text):
        accented = [one for one in word if not one.isascii() and one not in _LATIN_SIGNS]
        plain = sum(one.isascii() for one in word)
        if not all(one.isalpha() for one in accented) or len(accented) > max(2 * plain, len(word) == 1):
            return 0.0
    return _SURE


def _cyrillic(text: str) -> float:
    """Sure where every word is written as such words are; capitals alone may be by chance."""
    worth = _SURE
    for word in _WORD.findall(_CYRILLIC_SIGNS.sub(" ", text)):
        if word.isascii():
            continue
        formed = _CYRILLIC.fullmatch(word)
        vowels = len(_VOWEL.findall(word)) / len(word)
        if not formed or (len(word) > 2 and not 0.2 <= vowels <= 0.7):
            return 0.0
        worth = min(worth, 0.9) if formed[1] else worth
    return worth


def _eastern(
    codec: str, first: int, last: int, letters: frozenset[str], kana: bool = False
) -> Callable[[str], float]:
    """Plain where all are usual *letters*; else the share of common ones, by the byte that begins them."""

    def common(one: str) -> bool:
        if one in _EASTERN_SIGNS or "ぁ" <= one <= "ヺ":
            return kana or one in _EASTERN_SIGNS
        try:
            return first <= one.encode(codec)[0] <= last
        except UnicodeEncodeError:
            return False

    return lambda text: _usual(text, letters, kana) or _share(text, common)


def _usual(text: str, letters: frozenset[str], kana: bool = False) -> float:
    """Whether all letters of *text* are usual ones, or, with *kana*, of an alphabet of Japanese."""
    strange = [one for one in text if not one.isascii() and one not in _EASTERN_SIGNS]
    known = all(one in letters or (kana and "ぁ" <= one <= "ヺ") for one in strange)
    fewest = _FEWEST if any(one in letters for one in strange) else _FEWEST + 1
    return _PLAIN if known and len(strange) >= fewest else 0.0


def _japanese(text: str) -> float:
    """As the others of the east, but only where there are kana: without them it would be Chinese as well."""
    kana = any("ぁ" <= one <= "ヺ" for one in text)
    score = _eastern("euc-jp", 0xB0, 0xCF, JAPANESE, kana=True)
    return score(text) if kana else _usual(text, JAPANESE)


def _korean(text: str) -> float:
    """Plain where all syllables are usual; a little more than nothing else where a third of them are."""
    hangul = _share(text, lambda one: "가" <= one <= "힣")
    some = hangul + 0.05 if _share(text, HANGUL.__contains__) >= 1 / 3 else 0.0
    return _usual(text, HANGUL) or some


def _share(text: str, common: Callable[[str], bool]) -> float:
    strange = [one for one in text if not one.isascii()]
    return sum(map(common, strange)) / max(len(strange), 1)


_CHARSETS: tuple[tuple[str, Callable[[str], float]], ...] = (
    ("cp1252", _latin),
    ("cp1251", _cyrillic),
    ("koi8-u", _cyrillic),
    ("euc-jp", _japanese),
    ("euc-kr", _korean),
    ("gb18030", _eastern("gb2312", 0xB0, 0xD7, SIMPLIFIED)),
    ("big5", _eastern("big5", 0xA4, 0xC6, TRADITIONAL)),
    ("cp932", _eastern("shift_jis", 0x88, 0x97, JAPANESE, kana=True)),
)
"""What people write, with what speaks for each; common ideographs are the first level of each standard."""
