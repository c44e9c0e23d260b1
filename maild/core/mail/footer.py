"""Text around a ciphertext that says nothing of its own: blanks, placeholders, keys, a short footer."""

import re
from collections.abc import Sequence

from maild.core.mail.armor import MAX_ARMOR, MESSAGE, SIGNED_MESSAGE, Block, line_feeds
from maild.core.values.phrases import Phrases

MAX_FOOTER = 1000
"""Characters of a footer (a signature block, a mailing list's lines) that may follow a ciphertext."""
_FOOTER = re.compile(r"\s*(?:--|_{5,}|-{5,}|={5,}|\*{5,})[ \t\u00a0]*(?:\n|$)")
_PHONE = r"\s*@sent-line@[^\n]{0,80}\s*"
"""The line that a phone puts below what its owner wrote."""
_UNSEEN = re.compile(r"[\s\u00a0\u200b-\u200f\u2007\u202f\u2060\ufeff]+")
_PLACEHOLDERS = frozenset({"", "empty message"})
"""What gateways put into the text part they invent."""


def blank(text: str) -> bool:
    """Whether *text* holds nothing that can be seen, or a gateway's placeholder."""
    return _UNSEEN.sub(" ", text[: 2 * MAX_FOOTER]).strip().lower() in _PLACEHOLDERS and (
        len(text) <= 2 * MAX_FOOTER or not _UNSEEN.sub("", text)
    )


def idle(text: str, phrases: Phrases, found: Sequence[Block] = ()) -> bool:
    """Whether *text*, with its armored blocks *found*, is blank, a placeholder, keys, or a short footer."""
    rest = _without_keys(text, found) if found else text
    if len(rest) > 2 * MAX_FOOTER:
        return blank(rest)
    rest = line_feeds(rest)
    short = len(rest) <= MAX_FOOTER and _FOOTER.match(rest.removeprefix("\n"))
    phone = phrases.pattern(_PHONE, re.IGNORECASE)
    return blank(rest) or bool(short) or phone.fullmatch(rest) is not None


def _without_keys(text: str, found: Sequence[Block]) -> str:
    """*text* with empty lines where its keys stood."""
    pieces, at = [], 0
    for block in found:
        if block.label not in (MESSAGE, SIGNED_MESSAGE):
            lines = line_feeds(text[block.start : block.end]).count("\n")
            pieces += [line_feeds(text[at : block.start]), "\n" * lines]
            at = block.end
    return "".join([*pieces, line_feeds(text[at:MAX_ARMOR])])
