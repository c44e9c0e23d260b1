"""What stands in a mail beside its text; and what people read of one that has no text of its own.

That is the text of a message attached to it, or of an invitation. Nothing is obeyed or sent because of it, as
somebody else wrote it.
"""

from collections.abc import Iterator

from maild.core.mail import invitation
from maild.core.mail.body import MAX_TEXT, content_leaves, readable
from maild.core.mail.mime import Part, parse
from maild.core.mail.text import disarmed, harmless

MAX_MESSAGES = 5
MAX_DEPTH = 3
"""Attached messages that are read, and how deep in each other."""
MESSAGES = frozenset({"message/rfc822", "message/global", "message/news"})
_SHOWN = ("From", "Date", "Subject")


def attached_text(root: Part, depth: int = 0) -> str:
    """What the messages attached to *root* say, their heads in short; empty where it has text of its own."""
    leaves = root.leaves
    calendars = [one for one in leaves if one.content_type == "text/calendar"]
    own = "" if calendars and len(leaves) == len(calendars) else readable(root)
    if own.strip() or depth >= MAX_DEPTH:
        return ""
    said = "\n\n".join((*_messages(leaves, depth), *map(invitation.written, calendars)))
    return disarmed(said.replace("\r\n", "\n"))[:MAX_TEXT].strip()


def is_message(part: Part) -> bool:
    """Whether *part* is a message, by its type or by the ending that programs give to saved ones."""
    return part.content_type in MESSAGES or part.filename.lower().endswith(".eml")


def _messages(leaves: tuple[Part, ...], depth: int) -> Iterator[str]:
    found = [one for one in leaves if is_message(one)]
    for one in found[:MAX_MESSAGES]:
        inner = parse(one.content, max_parts=50, max_depth=10).root
        head = [f"{name}: {harmless(inner.headers.text(name))}" for name in _SHOWN if inner.headers.has(name)]
        if said := readable(inner).strip() or attached_text(inner, depth + 1):
            yield "\n".join((*head, "", said)).strip()


def quotable(root: Part) -> str:
    """Every text that a mail program may quote: what is read first, then the texts that are attached."""
    shown = readable(root)
    others = (one for one in content_leaves(root) if one.content_type.startswith("text/") and one.filename)
    texts = (shown, *(one.beginning(MAX_TEXT) for one in others), attached_text(root))
    return "\n".join(texts)[: 2 * MAX_TEXT]
