"""Whether two mails under one Message-ID are one that came twice, perhaps with a footer (ruling 20)."""

import hashlib
import re

from maild.core.mail.body import content_leaves
from maild.core.mail.mime import Part
from maild.core.mail.text import harmless
from maild.core.values.phrases import Phrases

MAX_FOOTER = 3000
"""Characters of a footer or banner: the longest are legal notices."""

_TAGS = re.compile(r"\A(?:\s*+(?:\[[^\[\]]{1,100}+\]:?|\([^()]{1,100}+\):?|external:))*+\s*+")
"""Tags such as ``[Reports]`` and ``(external):``."""
_SAYS_SO = "@list-footer@"
"""What a list or a gateway says of itself: whoever appends something else has something to say."""


def second_copy(one: Part, other: Part, phrases: Phrases) -> bool:
    """Whether two mails say the same, apart from what a list or a gateway put above or below."""
    return (
        _same_subject(one, other)
        and _files(one) == _files(other)
        and (_within(one, other, phrases) or _within(other, one, phrases))
    )


def _same_subject(one: Part, other: Part) -> bool:
    """Whether the subjects are one, apart from the tags that lists and gateways put before it."""
    first, second = (harmless(root.headers.text("Subject")).lower() for root in (one, other))
    return first == second or _TAGS.sub("", first, count=1) == _TAGS.sub("", second, count=1) != ""


def _files(root: Part) -> list[str]:
    """Everything that is not text to be read, by its content."""
    return sorted(hashlib.sha256(one.content).hexdigest() for one in content_leaves(root) if not _shown(one))


def _shown(part: Part) -> bool:
    return part.content_type.startswith("text/") and part.disposition != "attachment"


def _texts(root: Part, kind: str) -> list[str]:
    return [" ".join(one.text.split()) for one in content_leaves(root) if _shown(one) and _kind(one) == kind]


def _kind(part: Part) -> str:
    return "html" if part.content_type == "text/html" else "plain"


def _within(short: Part, long: Part, phrases: Phrases) -> bool:
    """Whether every text of *short* stands in *long*, where the rest is a footer or a banner.

    A list may leave the HTML out; where both have it, it has to be the same too.
    """
    plain = _paired(_texts(short, "plain"), _texts(long, "plain"), phrases)
    html = _texts(short, "html"), _texts(long, "html")
    return plain and (_paired(*html, phrases) if all(html) or not any(_texts(short, "plain")) else True)


def _paired(short: list[str], long: list[str], phrases: Phrases) -> bool:
    left = list(short)
    for text in long:
        if left and _is_in(left[0], text, phrases):
            left.pop(0)
        elif text and not _footer(text, phrases):
            return False
    return not any(left)


def _is_in(short: str, long: str, phrases: Phrases) -> bool:
    if short == long:
        return True
    if not short:
        return False
    above, found, below = long.partition(short)
    return bool(found) and all(not one.strip() or _footer(one, phrases) for one in (above, below))


def _footer(text: str, phrases: Phrases) -> bool:
    said = phrases.pattern(_SAYS_SO, re.IGNORECASE)
    return len(text) <= MAX_FOOTER and said.search(text) is not None
