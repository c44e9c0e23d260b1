"""Protected headers: the fields inside the encryption or the signature (RFC 9788; the older v1 draft).

Only the outermost cryptographic payload speaks; a nested part or a part of an unprotected mail that says
``protected-headers`` is a fake and not looked at.
"""

import re
from dataclasses import replace

from maild.core.mail.address import sender
from maild.core.mail.charset import decode_bytes
from maild.core.mail.headers import Headers
from maild.core.mail.mime import Part, parse
from maild.core.mail.text import decode_words

FIELDS = (
    "subject",
    "from",
    "to",
    "cc",
    "reply-to",
    "date",
    "message-id",
    "in-reply-to",
    "references",
)

_LEGACY_CLASS = "header-protection-legacy-display"
_DIV = re.compile(r"<(/?)div\b[^<>]*>", re.IGNORECASE)
_LEGACY_TYPES = ("text/plain", "text/rfc822-headers")


def has_protected(payload: Part) -> bool:
    """Whether the cryptographic *payload* says that its own header fields are the mail's."""
    given = payload.parameters
    return given.get("hp", "").lower() in ("clear", "cipher") or given.get("protected-headers") == "v1"


def protected_headers(payload: Part) -> dict[str, str]:
    """The fields of ``FIELDS`` in the cryptographic *payload*, lower-case name to decoded text."""
    if not has_protected(payload):
        return {}
    return wrapped_headers(payload)


def unwrapped(payload: Part, outer: Headers) -> Part | None:
    """The message in *payload* where that wraps the mail itself with all its fields (RFC 8551 §3.1).

    ``None`` for a forwarded message. Where the parameter that tells them apart is missing, author and
    Message-ID do: they have to be those of the *outer* fields.
    """
    if payload.content_type not in ("message/rfc822", "message/global"):
        return None
    root, said = parse(payload.content).root, payload.parameters.get("forwarded", "").lower()
    inner, given = sender(root.headers), sender(outer)
    same = inner is not None and given is not None and inner.address == given.address
    same = same and root.headers.get("Message-ID").strip() == outer.get("Message-ID").strip()
    return root if said == "no" or (not said and same) else None


def wrapped_headers(root: Part) -> dict[str, str]:
    """The fields of ``FIELDS`` in a message that was wrapped."""
    return {name: decode_words(root.headers.get(name)) for name in FIELDS if root.headers.has(name)}


def without_legacy_display(payload: Part) -> Part:
    """*payload* without the copies of its header fields that were put in for clients that know nothing.

    The draft gives them a part of their own, RFC 9788 §2.1.2 the first lines of the main text.
    """
    given = payload.parameters
    if given.get("hp", "").lower() in ("clear", "cipher"):
        return _trimmed(payload)
    wrapped = given.get("protected-headers") == "v1" and payload.content_type == "multipart/mixed"
    if not (wrapped and payload.children):
        return payload
    first = payload.children[0]
    marked = first.parameters.get("protected-headers") == "v1" and first.content_type in _LEGACY_TYPES
    return replace(payload, children=payload.children[1:]) if marked else payload


def _trimmed(part: Part) -> Part:
    """*part* and the parts below it, marked text shortened by its legacy display."""
    if part.children:
        return replace(part, children=tuple(_trimmed(child) for child in part.children))
    if part.parameters.get("hp-legacy-display") != "1":
        return part
    if part.content_type == "text/plain":
        return _rewritten(part, _after_blank_line(part.content))
    if part.content_type == "text/html":
        return _rewritten(part, _without_division(part.content))
    return part


def _after_blank_line(content: bytes) -> bytes:
    match = re.search(rb"\r?\n[ \t]*\r?\n", content)
    return content[match.end() :] if match else content


def _without_division(content: bytes) -> bytes:
    """HTML without its first division of the legacy display class."""
    text = decode_bytes(content)
    marked = (tag for tag in _DIV.finditer(text) if not tag[1] and _LEGACY_CLASS in tag[0].lower())
    opened = next(marked, None)
    if not opened:
        return content
    depth = 1
    for tag in _DIV.finditer(text, opened.end()):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return (text[: opened.start()] + text[tag.end() :]).encode("utf-8", "replace")
    return content


def _rewritten(part: Part, content: bytes) -> Part:
    """*part* with *content* in place of its body, no transfer encoding on it."""
    fields = tuple(
        (name, value) for name, value in part.headers.fields if name.lower() != "content-transfer-encoding"
    )
    block = part.source[part.start : part.body_start]
    source = block + content
    return Part(source, 0, len(block), len(source), Headers(fields))
