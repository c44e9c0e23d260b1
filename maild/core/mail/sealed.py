"""Sealed mail known by its shape: where the ciphertext is, and whether it may be opened at all.

Structure decides, never a vendor's header or a file name. One ciphertext a mail is opened, and only when
it is the whole meaningful body: a ciphertext put beside other text, into a forward or into a quote may be
somebody else's, replayed to make us read it out (the attacks known as EFAIL). It stays closed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from maild.core.mail.armor import (
    MAX_ARMOR,
    MAX_HTML,
    MESSAGE,
    PRIVATE_KEY,
    SIGNED_MESSAGE,
    Block,
    blocks,
    html_text,
    line_feeds,
)
from maild.core.mail.charset import decode_bytes
from maild.core.mail.mime import Part, Tree
from maild.core.mail.opened import Form
from maild.core.mail.packets import Container, is_binary, scan, scan_key

BESIDE = "ciphertext beside other text"
QUOTED = "ciphertext in a quote or forward"
SEVERAL = "more than one ciphertext"

MAX_FOOTER = 1000
"""Characters of a footer (a signature block, a mailing list's lines) that may follow a ciphertext."""

LONG = 2 * 1024 * 1024
"""Bytes from which on a text is looked at for armor only, in a way that costs little memory."""
_NO_BREAK = "\u00a0".encode()
_ASCII = bytes(range(128)) + b"?" * 128

_FOOTER = re.compile(r"\s*(?:--|_{5,}|-{5,}|={5,}|\*{5,})[ \t\u00a0]*(?:\n|$)")
_UNSEEN = re.compile(r"[\s\u00a0\u200b-\u200f\u2007\u202f\u2060\ufeff]+")
_PLACEHOLDERS = frozenset({"", "empty message"})
"""What gateways put into the text part they invent."""
_VERSION = "application/pgp-encrypted"
_DATA = frozenset({"application/octet-stream", "application/pgp", "text/plain", _VERSION})
_NEUTRAL = frozenset(
    {"application/pgp-keys", "application/pgp-signature", "application/pkcs7-signature"}
    | {"application/x-pkcs7-signature", "text/rfc822-headers"}
)
_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_FORWARDS = frozenset({"message/rfc822", "message/global"})
_MAX_LAYERS = 3


@dataclass(frozen=True, slots=True)
class Sealed:
    """A mail that holds ciphertext: bare packets where they could be cut out, else the bytes as they came.

    ``refused`` says why it stays closed; its ciphertext is then empty, so that nobody opens it by mistake.
    ``charset`` is what the armor or the part around it names, for text sealed without MIME inside.
    """

    form: Form
    ciphertext: bytes = field(default=b"", repr=False)
    refused: str = ""
    charset: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    """What one part is to the question: a ciphertext (``form``), other content, or neither."""

    form: Form = Form.NONE
    ciphertext: bytes = b""
    charset: str = ""
    quoted: bool = False
    several: bool = False
    other: bool = False


def find_sealed(tree: Tree) -> Sealed | None:
    """The ciphertext of the mail *tree*, or ``None`` when it holds none (text *about* PGP holds none).

    Bounces hold none either: what they return is an old mail and never opened.
    """
    root = within_signature(tree.root)
    if root.content_type == "multipart/report":
        return None
    found = tuple(_look(root))
    ciphers = [item for item in found if item.form is not Form.NONE]
    if not ciphers:
        return None
    form = ciphers[0].form
    if form is Form.PGP_MIME and root.content_type != "multipart/encrypted":
        form = Form.MANGLED
    if any(item.quoted for item in ciphers):
        return Sealed(form, refused=QUOTED)
    if any(item.several for item in ciphers) or len({item.ciphertext for item in ciphers}) > 1:
        return Sealed(form, refused=SEVERAL)
    if any(item.other for item in found):
        return Sealed(form, refused=BESIDE)
    return Sealed(form, ciphers[0].ciphertext, charset=ciphers[0].charset)


def within_signature(part: Part) -> Part:
    """What a multipart/signed (RFC 1847 §2.1) wraps; *part* itself when it is none."""
    for _ in range(_MAX_LAYERS):
        if part.content_type != "multipart/signed" or not part.children:
            break
        part = part.children[0]
    return part


def is_smime(tree: Tree) -> bool:
    """Whether the mail is sealed or wrapped with S/MIME (RFC 8551), which is not opened here."""
    return any(part.content_type in _SMIME for part in tree.root.walk())


def leaks_secret_key(tree: Tree) -> bool:
    """Whether somebody mailed a secret key, armored or as a file: never imported, the team is told."""
    return any(_is_secret(part.content) for part in tree.root.leaves)


def _is_secret(content: bytes) -> bool:
    if is_binary(content):
        found = scan_key(content, 64)  # text in an old charset may begin like a packet, hence the whole shape
        return bool(found.secret and found.primary == 1 and found.names and not found.others)
    if b"-----BEGIN PGP PRIVATE KEY BLOCK" not in content:
        return False
    return any(block.label == PRIVATE_KEY for block in blocks(decode_bytes(content)))


def _look(part: Part) -> Iterator[_Found]:
    """What *part* and the parts below it hold (the tree is bounded by its parser)."""
    if not part.children:
        yield _leaf(part)
    elif (data := _data_beside_version(part)) is not None:
        form = Form.PGP_MIME if part.content_type == "multipart/encrypted" else Form.MANGLED
        yield _data(form, data)
        for child in part.children:
            if child is not data:
                yield from _look(child)
    elif part.content_type == "multipart/alternative":
        yield from _alternatives(part.children)
    else:
        for child in part.children:
            yield from _look(child)


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


def _data(form: Form, part: Part) -> _Found:
    """The ciphertext in a data part; text around its armor counts as other text."""
    if not is_binary(part.content):
        text = decode_bytes(part.content)  # one copy while the armor is taken off
        if messages := _messages(blocks(text)):
            return _armored(form, text, messages)
    return _Found(form, part.content)


def _leaf(part: Part) -> _Found:
    """A part without parts, judged by its content and not by its name."""
    kind = part.content_type
    if kind in _NEUTRAL:
        return _Found()
    if kind in _FORWARDS:
        return _forward(part.body)
    if kind in ("text/plain", "text/html"):
        form = Form.ATTACHMENT if part.disposition == "attachment" else Form.INLINE
        text = _words(part)
        found = _text(form, text, blocks(text))
        return found if found.charset else replace(found, charset=part.parameters.get("charset", ""))
    return _attachment(part)


def _forward(body: bytes) -> _Found:
    if b"-----BEGIN PGP MESSAGE-----" in body or _VERSION.encode() in body.lower():
        return _Found(Form.ATTACHMENT, quoted=True)
    return _Found(other=True)


def _attachment(part: Part) -> _Found:
    content = part.content
    if is_binary(content):
        seen = scan(content)
        sealed = seen.container is not Container.NONE and (seen.recipients or seen.passwords)
        return _Found(Form.ATTACHMENT, content) if sealed else _Found(other=True)
    text = _decoded(content)
    found = blocks(text)
    if _messages(found):
        return _text(Form.ATTACHMENT, text, found)
    version = part.content_type == _VERSION and len(content) < 200
    keys = bool(found) and all(block.label not in (MESSAGE, SIGNED_MESSAGE) for block in found)
    return _Found(other=not (version or keys or not content.strip()))


def _words(part: Part) -> str:
    hypertext = part.content_type == "text/html"
    content = part.content[:MAX_HTML] if hypertext else part.content
    text = _decoded(content, part.parameters.get("charset", ""))
    return html_text(text) if hypertext else text


def _decoded(content: bytes, charset: str = "") -> str:
    """*content* as text; a long one at one byte a character: armor is ASCII, and one emoji makes it four."""
    if len(content) <= LONG:
        return decode_bytes(content, charset)
    if content.isascii():
        return content.decode("ascii")
    return content.replace(_NO_BREAK, b" ").translate(_ASCII).decode("ascii")


def _text(form: Form, text: str, found: Sequence[Block]) -> _Found:
    """A text and its blocks: an armored message that is real PGP data, or is all, is a ciphertext."""
    messages = _messages(found)
    if any(_is_pgp(block) for block in messages):
        return _armored(form, text, messages)
    if messages and _alone(text, messages):
        return _Found(form, messages[0].packets, several=len(messages) > 1)
    return _Found(other=not _idle(text, found))


def _armored(form: Form, text: str, messages: Sequence[Block]) -> _Found:
    first = messages[0]
    return _Found(
        form,
        first.packets,
        first.charset,
        quoted=any(block.quoted for block in messages),
        several=len(messages) > 1,
        other=not _alone(text, messages),
    )


def _messages(found: Sequence[Block]) -> list[Block]:
    """The blocks that call themselves a message and hold base64 (prose between armor lines is prose)."""
    return [block for block in found if block.label == MESSAGE and block.packets]


def _is_pgp(block: Block) -> bool:
    """Whether *block* is a ciphertext (a message that is only signed is just text, unless it is all)."""
    seen = scan(block.packets)
    found = seen.container is not Container.NONE or seen.recipients > 0 or seen.passwords > 0
    return found and not seen.plain


def _alone(text: str, messages: Sequence[Block]) -> bool:
    """Whether nothing meaningful stands around the one block: nothing before it, at most a footer after."""
    before, after = text[: messages[0].start], text[messages[-1].end : MAX_ARMOR]
    return _blank(line_feeds(before)[:-1]) and _idle(line_feeds(after)[1:], ())


def _idle(text: str, found: Sequence[Block]) -> bool:
    """Whether *text* says nothing of its own: blank, a placeholder, keys, or a short footer."""
    rest = _without_keys(text, found) if found else text
    rest = rest.replace("\r\n", "\n") if len(rest) <= 2 * MAX_FOOTER else rest
    return _blank(rest) or (len(rest) <= MAX_FOOTER and bool(_FOOTER.match(rest)))


def _without_keys(text: str, found: Sequence[Block]) -> str:
    """*text* with empty lines where its keys stood."""
    pieces, at = [], 0
    for block in found:
        if block.label not in (MESSAGE, SIGNED_MESSAGE):
            lines = line_feeds(text[block.start : block.end]).count("\n")
            pieces += [line_feeds(text[at : block.start]), "\n" * lines]
            at = block.end
    return "".join([*pieces, line_feeds(text[at:MAX_ARMOR])])


def _blank(text: str) -> bool:
    return _UNSEEN.sub(" ", text[: 2 * MAX_FOOTER]).strip().lower() in _PLACEHOLDERS and (
        len(text) <= 2 * MAX_FOOTER or not _UNSEEN.sub("", text)
    )


def _alternatives(children: Sequence[Part]) -> Iterator[_Found]:
    """The copies of one text: where the plain one is sealed, the HTML copy only may not say more."""
    found = [list(_look(child)) for child in children]
    sealed = any(item.form is not Form.NONE for item in found[0])
    for child, items in zip(children, found, strict=True):
        if sealed and child is not children[0] and child.content_type == "text/html":
            yield _Found(other=not _only_armor(_words(child)))
        else:
            yield from items


def _only_armor(text: str) -> bool:
    messages = [block for block in blocks(text) if block.label == MESSAGE]
    return _alone(text, messages) if messages else _idle(text, ())
