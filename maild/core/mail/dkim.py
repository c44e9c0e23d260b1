"""What the servers of an author's domain signed of a mail (DKIM, RFC 6376), as far as its head tells.

Our exchanger says that a signature is good, not what it covers. Whoever has somebody's message can send it
again with fields of their own wherever the signature leaves some out: Microsoft 365 leaves out To, nearly
everybody In-Reply-To where there was none.
"""

import re
from collections import Counter
from dataclasses import dataclass

from maild.core.mail.headers import MAX_FIELDS, Headers

_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Covered:
    """The ``fields``, each there once, that every signature of the domain covers; ``whole``: all the text."""

    fields: frozenset[str] = frozenset()
    whole: bool = False

    @property
    def addressed(self) -> bool:
        """Whether they say to whom it goes."""
        return not self.fields.isdisjoint(("to", "cc"))


def covered(headers: Headers, domain: str) -> Covered | None:
    """What the signatures of *domain*, or of one that belongs with it, cover; ``None`` where there is none.

    Which of several our exchanger found good is not told, so only what all of them cover counts. A head that
    is too long to be read to its end may have one that covers nothing. Anybody may put blanks into a
    signature, which is read in full.
    """
    if len(headers.fields) >= MAX_FIELDS:
        return Covered()
    signatures = [_tags(value) for value in headers.all("DKIM-Signature")]
    theirs = [one for one in signatures if _together(one.get("d", ""), domain)]
    if not theirs:
        return None
    fields = (frozenset(one.get("h", "").lower().split(":")) for one in theirs)
    once = frozenset.intersection(*fields) - headers.odd - _repeated(headers)
    return Covered(once, not any("l" in one for one in theirs))


def _repeated(headers: Headers) -> set[str]:
    """The fields that are there more than once: the lowest is signed (§5.4.2), and the highest is read."""
    counted = Counter(name.lower() for name, _ in headers.fields)
    return {name for name, number in counted.items() if number > 1}


def _tags(value: str) -> dict[str, str]:
    """The tags of a signature, without blanks (§3.2)."""
    pairs = (one.partition("=") for one in _BLANKS.sub("", value).split(";"))
    return {name: found for name, _, found in pairs}


def _together(one: str, other: str) -> bool:
    """Whether two domains end in the same two names, as those do that DMARC takes for one (RFC 7489 §3.1)."""
    return _labels(one) == _labels(other)


def _labels(domain: str) -> list[str]:
    """The last two names of a domain, as they stand in the DNS, whichever way it was written (RFC 5890)."""
    try:
        there = domain.encode("idna").decode("ascii")
    except UnicodeError:
        there = domain
    return there.lower().removesuffix(".").split(".")[-2:]
