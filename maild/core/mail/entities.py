"""What HTML writes by number or name, as the characters meant."""

import html
import re

_ZEROS = re.compile(r"(&#[xX]?)0++(?=[0-9a-fA-F])")
_NUMBER = re.compile(r"&#(?:[0-9]{8,}+|[xX][0-9a-fA-F]{7,}+);?")
"""No character has so many digits; Python reads at most 4,300 of them as a number and fails beyond."""


def unescape(text: str) -> str:
    """*text* with its character references resolved; what stands for no character is the replacement mark.

    A browser shows the same for it (WHATWG HTML, numeric character reference end state).
    """
    if "&" not in text:
        return text
    return html.unescape(_NUMBER.sub("\ufffd", _ZEROS.sub(r"\1", text)))
