"""A letter as anybody could come to read it: every text of it, in every decoding that hides one.

Headers, parts, files, archives and nested mail; Markdown and HTML escapes and quoted-printable undone,
UTF-16 tried. Each text gives at most a handful of readings, so the work grows as the letter does (ruling 38).
"""

import html
import quopri
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from maild.core.mail.charset import decode_bytes
from maild.core.mail.mime import UNREAD, Part, parse
from maild.core.values.invisible import INVISIBLE
from maild.core.writing.gate import files
from maild.core.writing.gate.files import Budget

_UNSEEN = re.compile(f"[{INVISIBLE}]")
_TAG = re.compile(r"<[^<>]{1,2000}>")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_RTF = re.compile(r"\\'([0-9a-fA-F]{2})|\\[a-z]{1,32}-?\d{0,10} ?|[{}]|\\\r?\n")
_MAIL = re.compile(
    r"\s*(?:>?From \S|(?:From|To|Subject|Date|Message-ID|Received|Return-Path|MIME-Version|Content-Type|"
    r"Delivered-To|Reply-To|References|X-[A-Za-z-]+):)",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Seen:
    """What a look found: texts as people read them, and what could not be read or names its author."""

    texts: list[str] = field(default_factory=list)
    unread: tuple[str, ...] = ()
    private: tuple[str, ...] = ()


def look(raw: bytes) -> Seen:
    """Every text of the mail *raw*, headers of each part included."""
    budget = Budget()
    texts = list(_mail(raw, budget, 0))
    return Seen(texts, tuple(dict.fromkeys(budget.unread)), tuple(dict.fromkeys(budget.private)))


def _mail(raw: bytes, budget: Budget, depth: int) -> Iterator[str]:
    tree = parse(raw)
    if any(fault in UNREAD for fault in tree.faults):
        budget.unread.append("a message with too many or too deep parts")
    for part in tree.root.walk():
        for name, value in part.headers.fields:
            yield f"{name}: {value}"
            yield f"{name}: {part.headers.text(name)}"
        if not part.children:
            yield from _leaf(part, budget, depth)


def _leaf(part: Part, budget: Budget, depth: int) -> Iterator[str]:
    content = part.content
    if part.content_type == "message/rfc822":
        yield from _nested(content, budget, depth)
    elif part.content_type.startswith("text/") and not part.filename:
        if budget.takes(len(content)):
            yield from _readings(part.text, budget, depth)
        else:
            budget.unread.append("the text, which is too long to look through")
    else:
        yield from _file(part.filename or "attachment", content, budget, depth)


def _nested(content: bytes, budget: Budget, depth: int) -> Iterator[str]:
    if depth < files.MOST_DEPTH and budget.takes(len(content)):
        yield from _mail(content, budget, depth + 1)
    else:
        budget.unread.append("a message inside a message")


def _file(name: str, content: bytes, budget: Budget, depth: int) -> Iterator[str]:
    yield name
    if depth > files.MOST_DEPTH or not budget.takes(0 if depth else len(content)):
        budget.unread.append(name)
        return
    if files.is_private(name, content):
        budget.private.append(name)
    inside = files.unpacked(name, content, budget)
    if inside is not None:
        for inner, what in inside:
            yield from _file(inner, what, budget, depth + 1)
    elif files.closed(content):
        budget.unread.append(name)
    elif files.is_known(content):
        yield content.decode("latin-1")
    elif files.is_text(content):
        yield from _readings(_decoded(content), budget, depth)
    elif content:
        budget.unread.append(name)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    if files.is_wide(content):
        low = content[1:4096:2].count(0) >= content[0:4096:2].count(0)
        return content.decode("utf-16-le" if low else "utf-16-be", "replace")
    return decode_bytes(content)


def _readings(text: str, budget: Budget, depth: int) -> Iterator[str]:
    """*text* as it is, and with each disguise taken off; what begins like a mail is read as one."""
    if depth < files.MOST_DEPTH and _MAIL.match(text) and "\n" in text and budget.takes(len(text)):
        yield from _mail(text.lstrip().encode("utf-8", "replace"), budget, depth + 1)
    found = [text]
    if text.lstrip().startswith("{\\rtf"):
        found.append(_RTF.sub(lambda one: chr(int(one[1], 16)) if one[1] else "", text))
    for undo in (_printable, _printable, _unescaped, _unmarked, _printable):
        found.append(undo(found[-1]))
    found += [_unescaped(text), _unmarked(text)]
    yield from dict.fromkeys(found)


def _printable(text: str) -> str:
    if "=" not in text:
        return text
    return decode_bytes(quopri.decodestring(text.encode("utf-8", "replace")))


def _unescaped(text: str) -> str:
    return html.unescape(_TAG.sub(" ", text)) if "&" in text or "<" in text else text


def _unmarked(text: str) -> str:
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def normal(text: str) -> str:
    """*text* in one form of each letter, nothing invisible in it, in lower case."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).casefold()


def words(text: str) -> list[str]:
    """The words of *text*, in one form each."""
    return _WORD.findall(normal(text))
