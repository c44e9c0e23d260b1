"""A message that says thank you and nothing else: it reopens nothing (ruling 12)."""

import re
from collections.abc import Iterable

from maild.core.values.phrases import Phrases
from maild.core.words.substance import substance

MOST_WORDS = 20
"""Words above which a message says more than thank you."""


def only_thanks(text: str, phrases: Phrases, names: Iterable[str] = ()) -> bool:
    """Whether *text*, its author's own, thanks and says no more; *names* may be thanked by name."""
    if "?" in text:
        return False
    if _is(text, phrases, names):
        return True
    return _is(substance(text, phrases, names), phrases, names)


def _is(text: str, phrases: Phrases, names: Iterable[str]) -> bool:
    words = re.findall(r"[^\W\d_]+", text.lower()[:2000])
    known = {word for name in names for word in re.findall(r"[^\W\d_]+", name.lower())}
    thanks, beside = phrases.of["thanks"], phrases.of["beside-thanks"]
    thanked = any(word in thanks for word in words)
    few = 0 < len(words) <= MOST_WORDS and not re.search(r"\d", text[:2000])
    return thanked and few and all(word in thanks or word in beside or word in known for word in words)
