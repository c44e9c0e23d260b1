"""The text of a mail, as a person would read it."""

from collections.abc import Container

from maild.core.mail.armor import html_text
from maild.core.mail.mime import Part

MAX_TEXT = 200_000


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
    """The text a person would read: the plain parts, else the HTML parts as text; attachments left out."""
    return read(root)[0]


def read(root: Part, without: Container[int] = ()) -> tuple[str, bool]:
    """The ``readable`` text, at most ``MAX_TEXT`` characters, and whether there was more of it.

    *without*: the parts, by ``id``, that are left out too.
    """
    shown = [
        part for part in content_leaves(root) if part.disposition != "attachment" and id(part) not in without
    ]
    for kind, convert in (("text/plain", str), ("text/html", html_text)):
        begun = [part.beginning(4 * MAX_TEXT) for part in shown if part.content_type == kind]
        texts = [convert(text[:MAX_TEXT]) for text in begun]
        if any(text.strip() for text in texts):
            whole = "\n".join(texts)
            return whole[:MAX_TEXT], max(map(len, (whole, *begun))) > MAX_TEXT
    return "", False


def quotable(root: Part) -> str:
    """Every text that a mail program may quote: what is read first, then the texts that are attached."""
    shown = readable(root)
    others = (one for one in content_leaves(root) if one.content_type.startswith("text/") and one.filename)
    return "\n".join((shown, *(one.beginning(MAX_TEXT) for one in others)))[: 2 * MAX_TEXT]


def spoken(root: Part) -> str:
    """The ``readable`` text without what has a file name, if there is text without one."""
    leaves = content_leaves(root)
    bare = [one for one in leaves if one.content_type.startswith("text/") and not one.filename]
    if not bare:
        return readable(root)
    named = {id(one) for one in leaves if one.filename}
    return read(root, named)[0]
