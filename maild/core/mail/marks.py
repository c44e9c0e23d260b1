"""The marks that mail programs put before each line that they quote, and that are not ``>`` alone.

Initials and names (Fidonet, The Bat!, supercite: ``RD> text``), and the signs of older programs (``: text``).
A prompt looks the same: whoever asks must know of something else that the line is a quote.
"""

import re

_MARK = re.compile(r"\s{0,8}(?P<mark>[^\W\d_][\w.'-]{0,14}>|[:%}\]»#=|])(?P<rest>>*[ \t]?)")
_WORD = re.compile(r"[^\W\d_]+")


def mark(line: str) -> str:
    """The mark that *line* may bear, without blanks and further levels; empty when it bears none."""
    found = _MARK.match(line)
    return found["mark"] if found else ""


def bare(line: str) -> str:
    """*line* without such a mark, whatever it is."""
    found = _MARK.match(line)
    return line[found.end() :] if found else line


def names(given: str, said: str) -> bool:
    """Whether the mark *given* is a name in *said*, the line above it (``Rita>``), or initials (``RD>``)."""
    name = given.removesuffix(">")
    if not name[:1].isupper():
        return False
    words = _WORD.findall(said)
    initials = "".join(word[0] for word in words)
    return name in words or name in initials
