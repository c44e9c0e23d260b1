"""A letter as anybody could come to read it: every text of it, in every decoding that hides one.

Headers, parts, files, archives and nested mail; Markdown and HTML escapes and quoted-printable undone,
UTF-16 tried. Each text gives at most a handful of readings, so the work grows as the letter does (ruling 38).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from maild.core.mail.charset import decode_bytes
from maild.core.mail.mime import UNREAD, Part, parse
from maild.core.values.invisible import INVISIBLE
from maild.core.values.lookalike import TWINS
from maild.core.writing.gate import coded, disguises, files, personal, recordings, streams
from maild.core.writing.gate.files import Budget

_UNSEEN = re.compile(f"[{INVISIBLE}]")
_HIDDEN = re.compile(rf"(?<=[!-~{INVISIBLE}])(?!\u00ad)[{INVISIBLE}]")
"""What nobody sees, beside a plain letter or more of it; where words break, a soft hyphen is usual."""
MOST_HIDDEN = 40
"""Such letters in a text from which on they may be one of their own."""
_LITERAL = re.compile(r"\\(?:x([0-9a-fA-F]{2})|(.))")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_FIRST_LINE = re.compile(r"^(?:\d{1,12}[ \t]*|>?From [^\n]*)\r?\n")
_RTF = re.compile(r"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,5}) ?\??|\\[a-z]{1,32}-?\d{0,10} ?|[{}]|\\\r?\n")
_MAIL = re.compile(r"\s*(?:\d{1,12}[ \t]*\r?\n)?(?:>?From \S[^\n]*\n)?[A-Za-z][A-Za-z0-9-]{1,40}:[ \t]*[^\s]")
"""How a saved mail begins: a field, below the line of an mbox file or the count of an Apple one."""
_NEXT_MAIL = re.compile(r"\n(?=From \S[^\n]{3,200}\r?\n)")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Letters of Thai, Lao, Khmer, Japanese and Chinese, which write no blanks between words."""
_DOTLESS = {0x131: "i"}
"""In Turkish the capital of this letter is that of i elsewhere."""
_WORD = re.compile(r"[^\W\d_]+")
"""A word has letters only: numbers of lines, times and underscores between words hide nothing."""


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
    if budget.over and not budget.unread:
        budget.unread.append("more than is looked at")
    return Seen(texts, tuple(dict.fromkeys(budget.unread)), tuple(dict.fromkeys(budget.private)))


def of_file(name: str, content: bytes) -> list[str]:
    """Every text of one file."""
    return list(_file(name, content, Budget(), 1))


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
        if personal.holds_card(part.text):
            budget.private.append("the text")
        if files.holds_ciphertext(part.text):
            budget.unread.append("the text, a part of which is encrypted")
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
    if personal.is_private(name, content):
        budget.private.append(name)
    inside = files.unpacked(name, content, budget)
    if inside is not None:
        yield content.decode("latin-1")  # names, remarks, and what stands before or behind the archive
        for inner, what in inside:
            yield from _file(inner, what, budget, depth + 1)
    elif files.closed(content):
        budget.unread.append(name)
    elif files.is_known(content):
        yield from _within(name, content, budget, depth)
    elif files.is_text(content):
        yield from _readings(_decoded(content), budget, depth)
        yield from files.otherwise(content)
    elif content:
        budget.unread.append(name)


def _within(name: str, content: bytes, budget: Budget, depth: int) -> Iterator[str]:
    """What stands among other bytes, as it is and compressed; in a recording, what each side said."""
    yield from (content.decode("latin-1"), files.wide(content))
    yield from _readings(files.strings(content), budget, depth + 1)
    if recordings.unreadable(content):
        budget.unread.append(name)
    if depth >= files.MOST_DEPTH:
        return
    for side in recordings.said(content):
        if budget.inflates(len(side), 0):
            yield from _within(name, side, budget, depth + 1)
    for one in streams.inflated(content, budget):
        yield streams.drawn(one)
        yield from _coded(one, budget, depth)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")) or files.is_widest(content):
        return _widest(content)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    if files.is_wide(content):
        low = content[1:4096:2].count(0) >= content[0:4096:2].count(0)
        return content.decode("utf-16-le" if low else "utf-16-be", "replace")
    return decode_bytes(content)


def _widest(content: bytes) -> str:
    """UTF-32, with its mark or without."""
    marked = content.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff"))
    low = content[3:4096:4].count(0) >= content[0:4096:4].count(0)
    return content.decode("utf-32" if marked else "utf-32-le" if low else "utf-32-be", "replace")


def _readings(text: str, budget: Budget, depth: int) -> Iterator[str]:
    """*text* as it is, and with each disguise taken off; what begins like a mail is read as one."""
    if depth < files.MOST_DEPTH and _MAIL.match(text) and "\n" in text:
        for one in _mails(text):
            if budget.takes(len(one)):
                yield from _mail(one.encode("utf-8", "replace"), budget, depth + 1)
    if not text.isascii() and len(_HIDDEN.findall(text)) >= MOST_HIDDEN:
        budget.unread.append("characters that nobody sees")
    found = [text]
    if text.lstrip().startswith("{\\rtf"):
        found.append(_RTF.sub(_of_rtf, text))
        yield from files.otherwise(found[-1].encode("latin-1", "ignore"))
    if "%" in text:
        yield from files.otherwise(unquote_to_bytes(text))
    for undo in disguises.IN_TURN:
        found.append(undo(found[-1]))
    found += [undo(text) for undo in disguises.ALONE]
    found = list(dict.fromkeys(found))
    yield from found
    yield from _blocks(found, budget, depth)


def _blocks(readings: list[str], budget: Budget, depth: int) -> Iterator[str]:
    """What stands coded in any of the *readings* of a text, each once."""
    budget.over = budget.over or coded.too_many(readings[0])
    texts = dict.fromkeys((*readings, *map(coded.for_links, readings)))
    found = [one for text in texts for one in coded.blocks(text)]
    for content in dict.fromkeys((*found, _as_bytes(readings[0]))):
        yield decode_bytes(content)
        yield from _coded(content, budget, depth) if depth < files.MOST_DEPTH else ()


def _as_bytes(text: str) -> bytes:
    """What a program writes as bytes, with escapes for those that are no letters; else nothing."""
    if "\\x" not in text:
        return b""
    return _LITERAL.sub(_of_literal, text).encode("latin-1", "ignore")


def _of_literal(one: re.Match[str]) -> str:
    return chr(int(one[1], 16)) if one[1] else _LETTERS.get(one[2], one[2])


def _coded(content: bytes, budget: Budget, depth: int) -> Iterator[str]:
    """The texts of a file that stands coded among others; one that cannot be read is most likely none."""
    inner = budget.inside()
    yield from _file("", content, inner, depth + 1)
    if inner.unread:
        yield from _within("", content, inner, depth + 1)
    budget.spent(inner)


def _of_rtf(one: re.Match[str]) -> str:
    if one[2]:
        return chr(int(one[2]) % 0x10000)
    return chr(int(one[1], 16)) if one[1] else ""


def _mails(text: str) -> list[str]:
    """The mails of a saved file, without what stands above the first field of each."""
    found = _NEXT_MAIL.split(text.lstrip())[: files.MOST_FILES]
    return [_FIRST_LINE.sub("", one, count=1) for one in found]


def normal(text: str) -> str:
    """*text* in one form of letters that look alike, nothing invisible or struck through, in lower case."""
    apart = unicodedata.normalize("NFKD", text)
    if not apart.isascii():
        apart = "".join(one for one in apart if not unicodedata.category(one).startswith("M"))
    return (
        _UNSEEN.sub("", unicodedata.normalize("NFKC", apart)).translate(TWINS).casefold().translate(_DOTLESS)
    )


def words(text: str) -> list[str]:
    """The words of *text*, in one form each; of a script without blanks, pieces of three letters or so."""
    plain = normal(text)
    return _WORD.findall(plain if plain.isascii() else _UNSPACED.sub(_ended, plain))


def _ended(letter: re.Match[str]) -> str:
    """A letter with a blank behind it or none, whatever stands around it: a piece is always the same."""
    return letter[0] if ord(letter[0]) % 3 else f"{letter[0]} "
