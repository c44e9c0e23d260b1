"""Quoted strings and comments in header text (RFC 5322 §3.2), found in one pass over it.

An opening quote without a closing one is read to the end once. A pattern that gave up there would start
again at every quote behind it, and a header full of them would cost its length squared.
"""

import re
from collections.abc import Callable

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+(?:(")|\\?\Z)', re.DOTALL)
_COMMENT = re.compile(r"\([^()]*\)")


def without_quoted(text: str, instead: str = "") -> str:
    """*text* with *instead* in place of each quoted string; an unclosed one stays as it is."""
    return _replaced(text, lambda _: instead)


def without_comments(text: str) -> str:
    """*text* with a blank in place of each comment that holds no other comment."""
    return _COMMENT.sub(" ", text)


def covered(text: str) -> str:
    """*text*, as long as before, with its quoted strings and innermost comments crossed out."""
    unquoted = _replaced(text, lambda found: "x" * len(found))
    return _COMMENT.sub(lambda found: "x" * len(found[0]), unquoted)


def _replaced(text: str, by: Callable[[str], str]) -> str:
    return _QUOTED.sub(lambda found: by(found[0]) if found[1] else found[0], text)
