"""Rules about mail that somebody asked for. Each answers how strongly: 0 for not at all, then 1, 2 or 3."""

import re

from maild.core.mail.lists import list_marks
from maild.core.screening.fold import fold, words
from maild.core.screening.seen import Seen

_POSTED = frozenset({"list-post", "mailing-list"})
_LEAVES = frozenset({"list-unsubscribe", "x-list-unsubscribe"})
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

    The header of a newsletter says so too, and most plainly together with such a word or sender.

    Whoever warns of an account, or claims to be a known company, gains little by it.
    """
    found = seen.about("newsletter")
    if any(seen.about(topic) for topic in _WARNINGS):
        return 1 if found == _PLAIN else 0
    sender = seen.words.pattern(_SENDER, re.IGNORECASE).search(seen.headers.get("From")[:_MAX_FROM])
    if _titled(seen) or (_subscribed(seen) and (found or sender)):
        return _PLAIN
    return max(found, 2 if sender or _subscribed(seen) else 0)


def _subscribed(seen: Seen) -> bool:
    """Whether its header is that of something sent to subscribers, who can leave (RFC 2369).

    A list whose members write to each other is another thing: spam comes by it too.
    """
    if seen.names & _POSTED:
        return False
    bulk = seen.headers.get("Precedence").strip().lower() == "bulk" and "list-id" not in seen.names
    return bulk or not seen.names.isdisjoint(_LEAVES)


def _titled(seen: Seen) -> bool:
    """Whether a title of several words stands in front that names a periodical: ``Some Weekly: …``."""
    head, colon, _ = seen.text.partition(":")
    title = words(fold(head)) if colon else ()
    return 1 < len(title) <= _MAX_TITLE and not seen.words.wording("newsletter-head").isdisjoint(title)
