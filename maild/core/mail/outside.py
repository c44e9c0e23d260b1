"""What stands outside the parts of a message: above the first and below the last line between them.

Mail programs show nothing of it (RFC 2046 §5.1.1); gateways and scripts put words of people there.
"""

import re

from maild.core.mail.charset import decode_bytes
from maild.core.mail.mime import Part
from maild.core.values.phrases import Phrases

MAX_OUTSIDE = 16 * 1024
"""Bytes that are looked at on either side."""
MAX_FOOTER = 1000
_FOOTER = "@list-footer@"
_WORDS = re.compile(r"\w{2}")


def outside(root: Part, phrases: Phrases) -> str:
    """The text outside the parts of *root*, below each other; empty where only programs wrote it."""
    if not root.children:
        return ""
    edge = b"--" + root.boundary.encode("utf-8", "surrogateescape")
    said = (_above(root, edge), _below(root, edge))
    texts = (decode_bytes(one[:MAX_OUTSIDE]).strip() for one in said)
    return "\n\n".join(one for one in texts if _WORDS.search(one) and not _of_programs(one, phrases))


def _above(root: Part, edge: bytes) -> bytes:
    return root.source[root.body_start : max(root.children[0].start, root.body_start)].partition(edge)[0]


def _below(root: Part, edge: bytes) -> bytes:
    last = root.children[-1].end
    _, closed, rest = root.source[last : root.end].partition(edge + b"--")
    return rest.partition(b"\n")[2] if closed else b""


def _of_programs(text: str, phrases: Phrases) -> bool:
    """Whether it says that this is MIME, or is the footer of a list or gateway."""
    short = len(text) <= MAX_FOOTER
    footer = phrases.pattern(_FOOTER, re.IGNORECASE)
    return short and ("mime" in text.lower() or footer.search(text) is not None)
