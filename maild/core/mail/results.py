"""One Authentication-Results field taken apart (RFC 8601 §2.2): whose it is, and what it found.

Comments between a result and its properties say nothing and are skipped, and so is a quoted reason. A comment
or a quoted string *inside* a value is a value that a stranger can shape: it is kept as tainted and proves
nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from maild.core.mail.text import MAX_HEADER

_TOKEN = re.compile(r'\s+|;|"(?:[^"\\]|\\.)*+(?:"|(?P<open>\\?\Z))|[()]|[^\s;"()]+', re.DOTALL)
_BROKEN = re.compile(r'\s+|[;"()]|[^\s;"()]+')
"""The pieces behind a quote that nothing closes: there a quote is a piece alone."""
_METHOD = re.compile(r"([a-z][a-z0-9-]*)(?:/[0-9]+)?=([a-z]+)", re.IGNORECASE)
_SPACED = re.compile(r"([a-z][a-z0-9-]*)(?:/[0-9]+)?\s*+=\s*+([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"([a-z][a-z0-9._-]*)=(.+)", re.IGNORECASE | re.DOTALL)
_COMMENT, _QUOTED = "\0", "\1"
"""Stand in a word where a comment or a quoted string was."""
_TIGHT = ";"
"""The first word of a segment that follows its semicolon without a blank."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was found by one method: ``verdict``, and the properties it is about, all in lower case.

    ``clean`` is false when something stands in it that is no ``name=value``: then it proves nothing.
    ``tight``: no blank stands before it, so that it may be the end of a name that a stranger's host gave
    itself; then it proves nothing unless it says whom it is about.
    """

    method: str
    verdict: str
    about: Mapping[str, str] = field(default_factory=dict)
    clean: bool = True
    tight: bool = False

    def of(self, name: str) -> str:
        """The property *name*; empty when it is not there, or a stranger could have shaped it."""
        value = self.about.get(name, "")
        return "" if _tainted(value) else value


@dataclass(frozen=True, slots=True)
class Results:
    """One field: the host that it names as its writer (empty: none), in lower case, and what it found."""

    writer: str
    found: tuple[Result, ...]


def read(value: str) -> Results:
    """The field with this *value*."""
    segments = list(_segments(value[:MAX_HEADER]))
    head = segments[0] if segments else []
    named = bool(head) and "=" not in head[0] and not _tainted(head[0])
    results = (_result(one) for one in (segments[1:] if named else segments))
    return Results(head[0].lower() if named else "", tuple(one for one in results if one))


def _result(words: list[str]) -> Result | None:
    """The result in one segment; a verdict that is not one plain word is none."""
    tight = words[:1] == [_TIGHT]
    words = words[1:] if tight else words
    match = _METHOD.fullmatch(words[0].strip(_COMMENT)) if words else None
    if not match:
        return _spaced(words)
    pairs = [_PROPERTY.fullmatch(word) for word in words[1:]]
    about: dict[str, str] = {}
    for pair in pairs:
        if pair:
            name, value = pair[1].lower(), pair[2].lower()
            about[name] = value if about.get(name, value) == value else _QUOTED
    return Result(match[1].lower(), match[2].lower(), about, all(pairs), tight)


def _spaced(words: list[str]) -> Result | None:
    """The result that begins *words* with blanks or comments around its ``=`` (RFC 8601 §2.2 allows them).

    Hardly anybody writes it so, and it proves nothing; but what it says against an author is not missed.
    """
    joined = (" ".join(words[:end]).replace(_COMMENT, " ").strip() for end in (1, 2, 3))
    match = next((found for one in joined if (found := _SPACED.fullmatch(one))), None)
    return Result(match[1].lower(), match[2].lower(), clean=False) if match else None


def _tainted(value: str) -> bool:
    return _COMMENT in value or _QUOTED in value


def _segments(value: str) -> Iterator[list[str]]:
    """The words of each part between semicolons; of a part that a comment or a quote never ends, nothing."""
    words: list[str] = []
    depth, word, before = 0, "", ""
    for piece in _pieces(value):
        escaped = depth and len(before) - len(before.rstrip("\\")) & 1
        if before == ";" and not piece.isspace():
            words = [_TIGHT]
        before = piece
        if piece == "(" and not escaped:
            word += "" if depth else _COMMENT
            depth += 1
        elif depth:
            depth -= piece == ")" and not escaped
        elif piece == '"':
            return
        elif piece != ";" and not piece.isspace():
            word += _QUOTED if piece[0] in '")' else piece
        else:
            words += [word] if word.strip(_COMMENT) else []
            word = ""
            if piece == ";":
                yield words
                words = []
    if not depth:
        yield [*words, word] if word.strip(_COMMENT) else words


def _pieces(value: str) -> Iterator[str]:
    for found in _TOKEN.finditer(value):
        yield from [found[0]] if found["open"] is None else _BROKEN.findall(found[0])
