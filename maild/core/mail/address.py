"""Mail addresses out of header fields; one meaning of *equal* for all of maild."""

import re
from dataclasses import dataclass

from maild.core.mail.headers import Headers
from maild.core.mail.quoted import covered, without_comments, without_quoted
from maild.core.mail.text import MAX_HEADER, decode_words, harmless
from maild.core.values.address import ADDRESS, normal

MAX_ADDRESSES = 100

_ANGLE = re.compile(r"<([^<>]*)>")
_NEEDLESS = re.compile(r'(?<![^\s<])"([\w!#$%&*+/=?^`{|}~-]{1,64}(?:\.[\w!#$%&*+/=?^`{|}~-]{1,64})*)"@')
"""A local part in quotes that it does without, which mean nothing (RFC 5321 §4.1.2)."""
_SCHEME = re.compile(r"mailto:", re.IGNORECASE)
"""What some programs put before an address that they took from a page."""


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
    (case 28 of hostile mail), and so does an address that cannot be read beside one that can, or a line cut
    short; ``first_author`` still gives something to show.
    """
    values = headers.all("From")
    if len(values) != 1 or len(values[0]) > MAX_HEADER:
        return None
    found = [_parse(item) for item in _split(values[0]) if "@" in item or "<" in item]
    return found[0] if found and len({one and one.address for one in found}) == 1 else None


def in_group(headers: Headers) -> bool:
    """Whether From is written as a group (RFC 6854), in which filters disagree about who its author is."""
    hidden = [_ANGLE.sub("", covered(one[:MAX_HEADER])) for one in headers.all("From")]
    return any(":" in one or ";" in one for one in hidden)


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
    """The address in *item*: in its one pair of angle brackets, else the one word that it is.

    What a quote or a comment parts is never joined, and of several words none is picked.
    """
    bare = _NEEDLESS.sub(r"\1@", without_comments(item))
    unquoted = without_quoted(bare, " ")
    angles = _ANGLE.findall(unquoted) or _ANGLE.findall(bare)
    group, _, member = unquoted.rpartition(":")
    words = [angle.strip() for angle in angles] or (unquoted if "@" in group else member).split()
    words = [_SCHEME.sub("", word) for word in words] if angles else words
    if len(words) != 1 or not ADDRESS.fullmatch(words[0]):
        return None
    name = _ANGLE.sub("", bare).strip().strip('"') if angles else ""
    return Address(normal(words[0]), harmless(decode_words(name), 80))
