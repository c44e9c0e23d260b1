"""The text of a mail, as a person would read it."""

import re
from collections.abc import Container, Iterable

from maild.core.mail import invitation
from maild.core.mail.armor import html_text
from maild.core.mail.mime import Part
from maild.core.mail.rtf import MAX_RTF, text_of

MAX_TEXT = 200_000
MAX_PLACEHOLDER = 300
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_ODD = frozenset({"plain/text", "application/text", "text/markdown", "text/x-markdown", "text/enriched"})
"""Types that programs give to plain text."""
_RICH = frozenset({"text/rtf", "application/rtf", "text/richtext"})
_NOT_READ = frozenset({"text/vcard", "text/x-vcard", "text/directory", "text/x-amp-html", "text/css"})
_UNKNOWN = frozenset({"application/octet-stream", "application/unknown", "application/x-unknown"})
_LOOKED_AT = 4096
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_ENRICHED = re.compile(r"<param>[^<>]{0,200}</param>|</?[A-Za-z-]{1,60}>|<(?=<)", re.IGNORECASE)
"""Its marks (RFC 1896); of two brackets one is text."""
MAX_SOURCE = 4 * MAX_TEXT
"""Characters of source, tags included, that are looked at in all parts of a mail together."""
MAX_LINES = 50_000
"""Lines that are looked at in all parts together: a report of 200,000 characters has some 4,000."""


def content_leaves(root: Part) -> tuple[Part, ...]:
    """The parts that hold what the author wrote: what stands beside a signed part is not signed."""
    beside = {
        (leaf.start, leaf.end)
        for part in root.walk()
        if part.content_type == "multipart/signed" and len(part.children) == 2
        for leaf in part.children[1].leaves
    }
    return tuple(leaf for leaf in root.leaves if (leaf.start, leaf.end) not in beside)


def readable(root: Part) -> str:
    """The text a person would read: plain parts, and HTML parts that have no plain twin; no attachments."""
    return read(root)[0]


def read(root: Part, without: Container[int] = ()) -> tuple[str, bool]:
    """The ``readable`` text, at most ``MAX_TEXT`` characters, and whether there was more of it.

    *without*: the parts, by ``id``, that are left out too.
    """
    shown = [
        part
        for part in content_leaves(root)
        if (part is root or part.disposition != "attachment") and id(part) not in without
    ]
    twice = _twice(root)
    kept = [one for one in shown if _is_text(one) and id(one) not in twice]
    kept = kept or [one for one in content_leaves(root) if id(one) not in without and _is_after_all(one)]
    begun, cut = _begun(kept)
    plain = _spaced("\n".join(text for html, text in begun if not html))
    texts = [text if not html else _unsaid(html_text(text), plain) for html, text in begun]
    whole = "\n".join(texts) if any(text.strip() for text in texts) else ""
    return whole[:MAX_TEXT], cut or len(whole) > MAX_TEXT


def _begun(parts: Iterable[Part]) -> tuple[list[tuple[bool, str]], bool]:
    """The source of each part with whether it is HTML, within a budget for all; and whether there was more.

    Of each part ``MAX_TEXT`` characters are looked at, of all together ``MAX_SOURCE`` in ``MAX_LINES`` lines
    (ruling 38); what is read in the end is far less.
    """
    found: list[tuple[bool, str]] = []
    left, lines, cut = MAX_SOURCE, MAX_LINES, False
    for part in parts:
        if not (left and lines):
            return found, True
        text = _source(part)
        kept = first_lines(text[: min(MAX_TEXT, left)], lines)
        cut = cut or len(kept) < len(text)
        left, lines = left - len(kept), lines - kept.count("\n")
        found.append((part.content_type in _HTML, kept))
    return found, cut


def first_lines(text: str, most: int) -> str:
    """*text* up to the end of its line number *most*."""
    if text.count("\n") < most:
        return text
    end = 0
    for _ in range(most):
        end = text.index("\n", end) + 1
    return text[:end]


def _is_text(part: Part) -> bool:
    """Whether people read it in the message itself; by another type only where it is no file."""
    kind = part.content_type
    return kind == "text/plain" or kind in _HTML or (kind in _ODD and not part.filename)


def _is_after_all(part: Part) -> bool:
    """Whether a part without a name is text that people read, where a mail has no other."""
    kind = part.content_type
    if part.filename or kind in _NOT_READ:
        return False
    if kind in _UNKNOWN:
        begins = part.first(_LOOKED_AT)
        return b"\0" not in begins and b"-----BEGIN PGP" not in begins and not _CONTROLS.search(begins)
    return kind.startswith("text/") or kind in _RICH


def _source(part: Part) -> str:
    """As much of a part as is looked at, in HTML or as plain text."""
    if part.content_type == "text/calendar":
        return invitation.written(part)
    if part.content_type in _RICH:
        return text_of(part.first(MAX_RTF))
    text = part.beginning(4 * MAX_TEXT)
    return _ENRICHED.sub("", text) if part.content_type == "text/enriched" else text


def _unsaid(text: str, plain: str) -> str:
    """The *text* of an HTML part, or nothing where the *plain* parts say the same (some programs forget)."""
    return "" if plain.strip() and _spaced(text) in plain else text


def _spaced(text: str) -> str:
    return f" {' '.join(text.split())} "


def _twice(root: Part) -> frozenset[int]:
    """The parts that say what a plain part beside them says (RFC 2046 §5.1.4), by ``id``."""
    found: set[int] = set()
    for part in root.walk():
        if part.content_type == "multipart/alternative":
            leaves = [one for one in part.leaves if one.disposition != "attachment"]
            plain = [one for one in leaves if one.content_type == "text/plain"]
            if said := "".join(one.beginning(MAX_TEXT) for one in plain).strip():
                instead = _html_instead(said, leaves)
                found.update(id(one) for one in leaves if (one.content_type == "text/plain") is instead)
    return frozenset(found)


def _html_instead(said: str, leaves: list[Part]) -> bool:
    """Whether what the plain part has *said* is short and about HTML, which then says the same or more."""
    if len(said) > MAX_PLACEHOLDER or "html" not in said.lower():
        return False
    return any(one.content_type in _HTML and html_text(one.beginning(MAX_TEXT)).strip() for one in leaves)


def spoken(root: Part) -> str:
    """The ``readable`` text without what has a file name, if there is text without one."""
    return spoken_part(root)[0]


def spoken_part(root: Part) -> tuple[str, bool]:
    """What is ``spoken``, and whether there was more of it than is read."""
    leaves = content_leaves(root)
    bare = [one for one in leaves if one.content_type.startswith("text/") and not one.filename]
    if not bare:
        return read(root)
    return read(root, {id(one) for one in leaves if one.filename})
