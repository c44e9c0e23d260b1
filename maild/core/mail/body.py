"""The text of a mail, as a person would read it."""

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


def read(root: Part) -> tuple[str, bool]:
    """The ``readable`` text, at most ``MAX_TEXT`` characters, and whether there was more of it."""
    shown = [part for part in content_leaves(root) if part.disposition != "attachment"]
    for kind, convert in (("text/plain", str), ("text/html", html_text)):
        begun = [part.beginning(4 * MAX_TEXT) for part in shown if part.content_type == kind]
        texts = [convert(text[:MAX_TEXT]) for text in begun]
        if any(text.strip() for text in texts):
            whole = "\n".join(texts)
            return whole[:MAX_TEXT], max(map(len, (whole, *begun))) > MAX_TEXT
    return "", False
