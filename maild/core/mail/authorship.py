"""A member's own address where they sign a patch with it: that much is theirs to give.

Elsewhere no member's address goes to an outsider. Git writes it into a patch's head and trailers.
"""

import re
from collections.abc import Iterable

_DIFF = re.compile(r"^[> \t]{0,8}(?:diff --git |@@ -\d|\+\+\+ \S|\*\*\* \S)", re.MULTILINE)
_SIGNS = re.compile(
    r"^[> \t]{0,8}(?:from|author|(?:signed-off|co-authored|reviewed|tested|acked|suggested|reported)-by)"
    r":? [^\n<>]{0,200}<([^\s<>]{1,320})>[ \t\r]{0,8}$",
    re.IGNORECASE | re.MULTILINE,
)


def unsigned(texts: Iterable[str], own: Iterable[str]) -> list[str]:
    """*texts* without the *own* addresses (lower case) that sign a patch; unchanged where there is none."""
    given, mine = list(texts), frozenset(own)
    if not mine or not any(_DIFF.search(text) for text in given):
        return given
    return [_SIGNS.sub(lambda line: "" if line[1].lower() in mine else line[0], text) for text in given]
