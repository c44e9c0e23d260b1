"""Mail addresses out of header fields; one meaning of *equal* for all of maild."""

import re
from dataclasses import dataclass

from maild.core.mail.headers import Headers
from maild.core.mail.quoted import covered, without_comments, without_quoted
from maild.core.mail.text import MAX_HEADER, decode_words, harmless
from maild.core.values.address import ADDRESS, normal

MAX_ADDRESSES = 100

_ANGLE = re.compile(r"<([^<>]*)>")


@dataclass(frozen=True, slots=True)
class Address:
    """An address with the display name that stood beside it (never proof of anything)."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        """The part after the last ``@``, lower case."""
        return self.address.rpartition("@")[2].lower()


def addresses(headers: Headers, *names: str) -> tuple[Address, ...]:
    """Every address in the fields *names* (RFC 5322 §3.4), at most ``MAX_ADDRESSES``, each once."""
    found: dict[str, Address] = {}
    for name in names:
        for value in headers.all(name):
            for item in _split(value[:MAX_HEADER]):
                address = _parse(item)
                if address and len(found) < MAX_ADDRESSES:
                    found.setdefault(address.address, address)
    return tuple(found.values())


def sender(headers: Headers) -> Address | None:
    """The one address in From; ``None`` when there is none, or several From lines or addresses.

    Two From lines or two authors prove that somebody plays tricks or that nobody can be answered
    (case 28 of hostile mail); ``first_author`` still gives something to show.
    """
    found = addresses(headers, "From")
    return found[0] if len(headers.all("From")) == 1 and len(found) == 1 else None


def first_author(headers: Headers) -> Address | None:
    """The first address in any From line, for showing only."""
    found = addresses(headers, "From")
    return found[0] if found else None


def _split(value: str) -> list[str]:
    """*value* at the commas that stand outside quotes, comments and angle brackets."""
    hidden = _ANGLE.sub(lambda m: "x" * len(m[0]), covered(value))
    cuts = [i for i, letter in enumerate(hidden) if letter in ",;"]
    return [value[a:b] for a, b in zip([0, *(c + 1 for c in cuts)], [*cuts, len(value)], strict=True)]


def _parse(item: str) -> Address | None:
    bare = without_comments(item)
    unquoted = without_quoted(bare)
    angle = _ANGLE.search(unquoted) or _ANGLE.search(bare)
    words = [angle[1].strip()] if angle else unquoted.split()
    found = next((word for word in words if ADDRESS.fullmatch(word)), "")
    if not found:
        return None
    name = _ANGLE.sub("", bare).strip().strip('"') if angle else ""
    return Address(normal(found), harmless(decode_words(name), 80))
