"""How many words a text has, also where words are not parted by spaces."""

import re

_PARTED_BY_MARKS = re.compile("[\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]")
"""Punctuation of East Asia, which stands alone once the letters around it are counted."""
_IDEOGRAPHS = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_SYLLABLES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\uff66-\uff9f]")
"""Kana, and the letters of Thai, Lao, Burmese and Khmer."""


def word_count(text: str) -> int:
    """The words of *text*; two ideographs, and four letters of other scripts without spaces, count as one."""
    if text.isascii():
        return len(text.split())
    ideographs, syllables = len(_IDEOGRAPHS.findall(text)), len(_SYLLABLES.findall(text))
    rest = _PARTED_BY_MARKS.sub(" ", _SYLLABLES.sub(" ", _IDEOGRAPHS.sub(" ", text)))
    return len(rest.split()) + -(-ideographs // 2) + -(-syllables // 4)
