"""Rules about mail that somebody asked for. Each answers how strongly: 0 for not at all, then 1, 2 or 3."""

import re

from maild.core.mail.lists import list_marks
from maild.core.screening.fold import fold, words
from maild.core.screening.seen import Seen

_POSTED = frozenset({"list-post", "mailing-list"})
_SENDER = r"(?<![a-z])@newsletter-sender@(?![a-z])"
_PLAIN = 3
_MAX_FROM = 300
_MAX_TITLE = 5
_WARNINGS = ("phishing", "account-word", "brand", "tax")


def list_post(seen: Seen) -> int:
    """A post on a mailing list with other members; two when the subject shows it, too."""
    if not seen.names & _POSTED or list_marks(seen.headers, seen.policy.own_lists).own:
        return 0
    return 2 if seen.text != seen.subject.strip() else 1


def newsletter(seen: Seen) -> int:
    """An issue of something that is sent to subscribers; plainly when its name stands in front.

    Whoever warns of an account, or claims to be a known company, gains little by it.
    """
    found = seen.about("newsletter")
    if any(seen.about(topic) for topic in _WARNINGS):
        return 1 if found == _PLAIN else 0
    sender = seen.words.pattern(_SENDER, re.IGNORECASE).search(seen.headers.get("From")[:_MAX_FROM])
    return _PLAIN if _titled(seen) else max(found, 2 if sender else 0)


def _titled(seen: Seen) -> bool:
    """Whether a title of several words stands in front that names a periodical: ``Some Weekly: …``."""
    head, colon, _ = seen.text.partition(":")
    title = words(fold(head)) if colon else ()
    return 1 < len(title) <= _MAX_TITLE and not seen.words.wording("newsletter-head").isdisjoint(title)
