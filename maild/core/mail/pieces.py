"""A mail in pieces: every ciphertext by itself, and what stands in clear between them.

Structure decides, never a vendor's header or a file name. The pieces are never joined again: a ciphertext
that somebody else wrote may have been put into a mail to have us read it out (the attacks known as EFAIL).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from maild.core.mail.armor import MAX_ARMOR, MAX_HTML, MESSAGE, SIGNED_MESSAGE, Block, blocks, html_text
from maild.core.mail.charset import decode_bytes
from maild.core.mail.footer import blank, idle
from maild.core.mail.mime import Part, parse
from maild.core.mail.opened import Form
from maild.core.mail.packets import Container, is_binary, scan
from maild.core.mail.peeking import ascii_in_place, holds
from maild.core.values.phrases import Phrases

MAX_BLOCKS = 24
"""Armored blocks of one text that are looked for."""
LONG = 2 * 1024 * 1024
"""Bytes from which on a text is looked at for armor only, in a way that costs little memory."""
_BEGINS = b"-----BEGIN"
"""How armor begins; a long file without it is no text worth making."""
_NO_BREAK = "\u00a0".encode()
_ASCII = bytes(range(128)) + b"?" * 128
_VERSION = "application/pgp-encrypted"
_VERSION_LINE = re.compile(rb"\s*Version:[ \t]*\d+\s*", re.IGNORECASE)
_DATA = frozenset({"application/octet-stream", "application/pgp", "text/plain", _VERSION})
_NEUTRAL = frozenset(
    {"application/pgp-keys", "application/pgp-signature", "application/pkcs7-signature"}
    | {"application/x-pkcs7-signature", "text/rfc822-headers"}
)
FORWARDS = frozenset({"message/rfc822", "message/global"})
_MAX_FORWARDS = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A ciphertext, if it has a ``form``, or something in clear; where it stands in a mail.

    ``text``: the words of its part that it is, ``None`` for the whole part. ``charset`` is what the armor or
    the part names, for text encrypted without MIME inside. ``quoted``: in a quote or a forwarded message.
    ``idle``: it says nothing of its own (blank, a short footer, a key, a version line).
    """

    part: Part
    form: Form = Form.NONE
    ciphertext: bytes = field(default=b"", repr=False)
    charset: str = ""
    quoted: bool = False
    text: str | None = field(default=None, repr=False)
    idle: bool = False


def pieces(part: Part, phrases: Phrases, forwards: int = 0) -> Iterator[Piece]:
    """The pieces of *part* and the parts below it, in order (the tree is bounded by its parser).

    *forwards*: how deep forwarded messages are looked into; a ciphertext in one is quoted all the same.
    """
    if not part.children:
        yield from _leaf(part, phrases, forwards)
    elif (data := _data_beside_version(part)) is not None:
        form = Form.PGP_MIME if part.content_type == "multipart/encrypted" else Form.MANGLED
        for child in part.children:
            yield from _data(form, data, phrases) if child is data else pieces(child, phrases, forwards)
    elif part.content_type == "multipart/alternative":
        yield from _alternatives(part, phrases, forwards)
    else:
        for child in part.children:
            yield from pieces(child, phrases, forwards)


def _data_beside_version(part: Part) -> Part | None:
    """The data part that stands with a PGP/MIME version part in *part* (RFC 3156 §4), mangled or not."""
    kinds = [child.content_type for child in part.children]
    if _VERSION in kinds:
        after = part.children[kinds.index(_VERSION) + 1 :]
        return next((child for child in after if child.content_type in _DATA), None)
    protocol = part.parameters.get("protocol", "").lower()
    if part.content_type == "multipart/encrypted" and protocol == _VERSION:
        return next((child for child in reversed(part.children) if child.content_type in _DATA), None)
    return None


def _data(form: Form, part: Part, phrases: Phrases) -> Iterator[Piece]:
    """The ciphertext in a data part, and the text around its armor."""
    if not is_binary(part.first(1)):
        text = (part.end - part.body_start > LONG and ascii_in_place(part)) or decode_bytes(part.content)
        if found := _messages(blocks(text, MAX_BLOCKS)):
            yield from _cut(part, form, text, found, phrases)
            return
    yield Piece(part, form, part.content)


def _leaf(part: Part, phrases: Phrases, forwards: int) -> Iterator[Piece]:
    """A part without parts, judged by its content and not by its name."""
    kind = part.content_type
    if kind in _NEUTRAL:
        yield Piece(part, idle=True)
    elif kind in FORWARDS:
        yield from _forward(part, phrases, forwards)
    elif kind in ("text/plain", "text/html") and not _is_file(part):
        form = Form.ATTACHMENT if part.disposition == "attachment" else Form.INLINE
        text = words(part)
        yield from _text(part, form, text, blocks(text, MAX_BLOCKS), phrases)
    else:
        yield from _attachment(part, phrases)


def _forward(part: Part, phrases: Phrases, forwards: int) -> Iterator[Piece]:
    if b"-----BEGIN PGP MESSAGE-----" not in part.body and _VERSION.encode() not in part.body.lower():
        yield Piece(part)
    elif not forwards:
        yield Piece(part, Form.ATTACHMENT, quoted=True)
    else:
        inner = parse(part.content).root
        for one in pieces(inner, phrases, min(forwards, _MAX_FORWARDS) - 1):
            quoted = one.form is not Form.NONE
            yield Piece(one.part, one.form, one.ciphertext, one.charset, quoted, one.text, one.idle)


def _is_file(part: Part) -> bool:
    """Whether a part that calls itself text is an encrypted file: some clients take .asc for text."""
    return bool(part.filename) and is_binary(part.content) and _is_sealed(part.content)


def _is_sealed(content: bytes) -> bool:
    seen = scan(content)
    return seen.container is not Container.NONE and bool(seen.recipients or seen.passwords)


def _attachment(part: Part, phrases: Phrases) -> Iterator[Piece]:
    begins = part.first(LONG)
    if is_binary(begins):
        yield Piece(part, Form.ATTACHMENT, part.content) if _is_sealed(begins) else Piece(part)
        return
    text = "" if len(begins) == LONG and not holds(part, _BEGINS) else _decoded(part.content)
    found = blocks(text, MAX_BLOCKS)
    if _messages(found):
        yield from _text(part, Form.ATTACHMENT, text, found, phrases)
        return
    version = len(begins) < 200 and (part.content_type == _VERSION or _VERSION_LINE.fullmatch(begins))
    keys = bool(found) and all(block.label not in (MESSAGE, SIGNED_MESSAGE) for block in found)
    empty = not begins or (begins.isspace() and part.content.isspace())
    yield Piece(part, idle=bool(version or keys or empty))


def words(part: Part) -> str:
    """The text of a text part, HTML as text; what is long only as far as armor needs it."""
    hypertext = part.content_type == "text/html"
    content = part.first(MAX_HTML) if hypertext else part.content
    text = _decoded(content, part.parameters.get("charset", ""))
    return html_text(text) if hypertext else text


def _decoded(content: bytes, charset: str = "") -> str:
    """*content* as text; a long one at one byte a character: armor is ASCII, and one emoji makes it four."""
    if len(content) <= LONG:
        return decode_bytes(content, charset)
    if content.isascii():
        return content.decode("ascii")
    return content.replace(_NO_BREAK, b" ").translate(_ASCII).decode("ascii")


def _text(part: Part, form: Form, text: str, found: Sequence[Block], phrases: Phrases) -> Iterator[Piece]:
    """A text and its blocks: an armored message that is real PGP data, or is all, is a ciphertext."""
    messages = _messages(found)
    if any(_is_pgp(block) for block in messages) or (messages and _alone(text, messages, phrases)):
        yield from _cut(part, form, text, messages, phrases)
        return
    version = len(text) < 200 and _VERSION_LINE.fullmatch(text.encode("utf-8", "replace"))
    yield Piece(part, idle=bool(version) or idle(text, phrases, found))


def _cut(part: Part, form: Form, text: str, messages: Sequence[Block], phrases: Phrases) -> Iterator[Piece]:
    """The armored *messages* of *text*, and what stands around them."""
    given, at = part.parameters.get("charset", ""), 0
    for block in messages:
        before = text[at : block.start]
        if not blank(before):
            yield Piece(part, text=before)
        shown = text[block.start : block.end] if block.quoted or len(messages) > 1 else None
        yield Piece(part, form, block.packets, block.charset or given, block.quoted, shown)
        at = block.end
    after = text[at:MAX_ARMOR]
    if not blank(after):
        yield Piece(part, text=after, idle=idle(after, phrases))


def _messages(found: Sequence[Block]) -> list[Block]:
    """The blocks that call themselves a message and hold base64 (prose between armor lines is prose)."""
    return [block for block in found if block.label == MESSAGE and block.packets]


def _is_pgp(block: Block) -> bool:
    """Whether *block* is a ciphertext (a message that is only signed is just text, unless it is all)."""
    seen = scan(block.packets)
    found = seen.container is not Container.NONE or seen.recipients > 0 or seen.passwords > 0
    return found and not seen.plain


def _alone(text: str, messages: Sequence[Block], phrases: Phrases) -> bool:
    """Whether nothing meaningful stands around the blocks: nothing before, at most a footer after."""
    return blank(text[: messages[0].start]) and idle(text[messages[-1].end : MAX_ARMOR], phrases)


def _alternatives(part: Part, phrases: Phrases, forwards: int) -> Iterator[Piece]:
    """The copies of one text: where the plain one is sealed, the HTML copy only may not say more."""
    found = [list(pieces(child, phrases, forwards)) for child in part.children]
    every = [one for items in found for one in items]
    if all(one.form is Form.NONE for one in every):
        yield Piece(part, idle=all(one.idle for one in every))
        return
    sealed = any(one.form is not Form.NONE for one in found[0])
    for child, items in zip(part.children, found, strict=True):
        if sealed and child is not part.children[0] and child.content_type == "text/html":
            yield Piece(child, idle=_only_armor(words(child), phrases))
        else:
            yield from items


def _only_armor(text: str, phrases: Phrases) -> bool:
    messages = [block for block in blocks(text, MAX_BLOCKS) if block.label == MESSAGE]
    return _alone(text, messages, phrases) if messages else idle(text, phrases)
