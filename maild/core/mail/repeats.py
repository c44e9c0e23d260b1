"""Whether a text repeats what another says, as mail does that quotes what it answers."""

import re

from maild.core.mail.length import word_count
from maild.core.mail.reply import own_text
from maild.core.values.phrases import Phrases

MOST = 50_000
"""Characters of each text that are compared."""
RUN = 40
"""Letters in a row that are compared at once: some eight words."""
ENOUGH = 80
"""Places where such runs are alike: a paragraph, or two lines that are quoted in full."""
_DEVICE = 8
"""Words that a program may add of its own: which telephone a message was sent from."""
_LETTERS = re.compile(r"[^\W_]+")
_SIGNED = re.compile(r"^--[ \t]*$", re.MULTILINE)


def repeats(text: str, other: str) -> bool:
    """Whether *text* holds a good piece of *other*, or half of it, whatever marks stand before its lines."""
    said, there = _runs(text), _runs(other)
    return bool(there) and len(said & there) >= min(ENOUGH, (len(there) + 1) // 2)


def quotes(text: str, phrases: Phrases) -> bool:
    """Whether *text* quotes anything at all, above or below what its author signed off with."""
    return any(
        word_count(one) > word_count(own_text(one, phrases)) + _DEVICE for one in _SIGNED.split(text[:MOST])
    )


def _runs(text: str) -> set[str]:
    """The runs of letters in *text*; addresses of pages and people, which many texts name, do not count."""
    words = (one for one in text[:MOST].lower().split() if "/" not in one and "@" not in one)
    letters = "".join(_LETTERS.findall(" ".join(words)))
    return {letters[at : at + RUN] for at in range(max(1, len(letters) - RUN + 1))} - {""}
