"""Letters as the eye takes them: one form for all the ways to write the same word."""

import re
import unicodedata

SOLID = re.compile(
    r"[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0eff\u1100-\u11ff\u3040-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
"""A letter of a script without spaces between words, or whose words carry their small words glued on."""

_MARKS = re.compile(r"[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]")
_LETTERS = str.maketrans(
    {"\u0131": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)
_APOSTROPHES = re.compile(r"(?<=\w)['\u2019\u02bc`\u00b4](?=\w)")
_WORD = re.compile(r"[^\W_]+")
_SEAM = re.compile(rf"(?<=[a-z0-9])(?={SOLID.pattern})|(?<={SOLID.pattern})(?=[a-z0-9])")


def fold(text: str) -> str:
    """*text* in lower case, without accents, width variants and apostrophes inside words."""
    if text.isascii():
        return text.lower().replace("'", "")
    lowered = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    bare = _MARKS.sub("", unicodedata.normalize("NFD", lowered))
    return _APOSTROPHES.sub("", unicodedata.normalize("NFC", bare))


def words(folded: str) -> tuple[str, ...]:
    """The words of a *folded* text; underscores, hyphens and a change between scripts part words."""
    apart = folded if folded.isascii() else _SEAM.sub(" ", folded)
    return tuple(_WORD.findall(apart))
