"""A mail that was opened in pieces, put side by side again: as texts and files, labelled, never as HTML.

HTML of one piece could swallow the next and carry it off (EFAIL's direct exfiltration), so what people read
of such a mail is plain text, and what is attached stays a file.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from maild.core.mail import wire
from maild.core.mail.armor import MAX_HTML, html_text
from maild.core.mail.mime import Part, Tree, parse
from maild.core.mail.opened import Opened
from maild.core.mail.pieces import FORWARDS, Piece

CLEAR = "came unencrypted"
_ENDINGS = (".gpg", ".pgp", ".asc")


@dataclass(frozen=True, slots=True)
class Beside:
    """One piece as it is shown: its label (empty: nothing is said of it) and its MIME entities."""

    label: str
    entities: tuple[bytes, ...] = field(repr=False)


def in_clear(piece: Piece) -> tuple[bytes, ...]:
    """The entities of a *piece* as it came: words of a text, or the whole part."""
    return tuple(entities(piece.part)) if piece.text is None else (_text(piece.text),)


def entities(part: Part, name: str = "") -> Iterator[bytes]:
    """*part* and the parts below it as texts and files; *name* is that of the file it was encrypted in."""
    kind = part.content_type
    if kind == "multipart/alternative" and part.children:
        plain = [child for child in part.children if child.content_type == "text/plain"]
        yield from entities((plain or list(part.children))[0], name)
    elif part.children:
        for child in part.children:
            yield from entities(child)
    elif kind in ("text/plain", "text/html") and part.disposition != "attachment" and not part.filename:
        yield _text(_read(part), _named(name))
    elif kind == "text/html" or kind in FORWARDS:
        yield _file(part, part.filename or ("page.html.txt" if kind == "text/html" else "forwarded.eml"))
    elif name and not part.filename:
        yield _file(part, name)
    else:
        yield wire.fields(part) + b"\r\n" + part.body


def file_name(piece: Piece) -> str:
    """The name of what was encrypted in a file, as the name of that file tells it."""
    name = piece.part.filename.rpartition("/")[2].rpartition("\\")[2]
    return next((name[: -len(one)] for one in _ENDINGS if name.lower().endswith(one)), name)


def beside(shown: Sequence[Beside]) -> tuple[Tree, tuple[str, ...]]:
    """The pieces as one mail, and the label of each of its parts (empty: none of its own)."""
    labels = [
        one.label if first else "" for one in shown for first in [True] + [False] * (len(one.entities) - 1)
    ]
    return parse(_mixed([entity for one in shown for entity in one.entities])), tuple(labels)


def labelled(opened: Opened) -> Part:
    """What people are shown of an *opened* mail: the mail itself, or its pieces, each below its label."""
    root = opened.tree.root
    if not opened.labels:
        return root
    parts: list[bytes] = []
    for label, child in zip(opened.labels, root.children, strict=False):
        parts += [_text(f"[{label}]\n")] if label else []
        parts.append(child.raw)
    return parse(_mixed(parts)).root


def _mixed(parts: Sequence[bytes]) -> bytes:
    """A multipart/mixed of *parts*; nobody can know its boundary who writes one of them."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    edge = b"=-p" + digest.hexdigest()[:40].encode()
    head = b'Content-Type: multipart/mixed; boundary="' + edge + b'"\r\n\r\n'
    return b"".join(
        (head, *(b"--" + edge + b"\r\n" + part + b"\r\n" for part in parts), b"--", edge, b"--\r\n")
    )


def _text(words: str, more: str = "") -> bytes:
    head = f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n{more}\r\n"
    lines = words.replace("\r\n", "\n").replace("\n", "\r\n")
    return head.encode() + lines.encode("utf-8", "replace")


def _read(part: Part) -> str:
    return html_text(part.beginning(MAX_HTML)) if part.content_type == "text/html" else part.text


def _named(name: str) -> str:
    return f'Content-Disposition: inline; filename="{_harmless(name)}"\r\n' if name else ""


def _file(part: Part, name: str) -> bytes:
    """*part* as a file that no program shows by itself."""
    shown = _harmless(name)
    head = f'Content-Type: application/octet-stream; name="{shown}"\r\n'
    head += (
        f'Content-Disposition: attachment; filename="{shown}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    )
    return head.encode() + wire.in_base64(part.content)


def _harmless(name: str) -> str:
    """*name* without what could end a header field or its value."""
    kept = "".join(one for one in name if one.isprintable() and one.isascii() and one not in '"\\/;')
    return kept[:100] or "file"
