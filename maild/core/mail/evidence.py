"""What the newest messages of a mailbox tell about it: who vouches, which lists deliver, to whom."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from maild.core.mail.address import Address, addresses, first_author
from maild.core.mail.addressed import RECIPIENTS, bare
from maild.core.mail.authentication import writer
from maild.core.mail.headers import Headers
from maild.core.mail.lists import key, managed_by, named, posts
from maild.core.mail.robots import is_robot

MANY = 2
"""A list delivers to the team when at least one in so many messages came by it."""

Counted = tuple[tuple[str, int], ...]
"""Names with how many messages bear them, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many messages were looked at, and what they bear.

    ``writers``: hosts that wrote Authentication-Results. ``lists``: addresses of lists. ``to``: addresses of
    the desk's domain that messages went to, without the desk's. ``people``: authors in the desk's domain.
    ``for_desk``: how many name the desk as a recipient.
    """

    total: int = 0
    for_desk: int = 0
    writers: Counted = ()
    lists: Counted = field(default=(), repr=False)
    to: Counted = field(default=(), repr=False)
    people: Counted = field(default=(), repr=False)

    @property
    def delivered_by(self) -> str:
        """The list that delivers the desk's mail, if one does."""
        return next((name for name, count in self.lists if count * MANY >= self.total), "")


def evidence(heads: Iterable[Headers], address: str, subaddress: str = "+") -> Evidence:
    """What *heads* tell about the desk at *address*."""
    found: dict[str, Counter[str]] = {name: Counter() for name in ("writers", "lists", "to", "people")}
    domain, total, ours = address.rpartition("@")[2], 0, 0
    for headers in heads:
        total += 1
        to = {bare(one.address, subaddress) for one in addresses(headers, *RECIPIENTS)}
        ours += address in to
        author = first_author(headers)
        found["writers"].update({writer(headers)} - {""})
        found["lists"].update(posts(headers))
        found["to"].update(one for one in to if one.endswith(f"@{domain}") and one != address)
        if author and author.domain == domain and author.address != address and not _listed(headers, author):
            found["people"][author.address] += 1
    counted = {name: tuple(one.most_common(8)) for name, one in found.items()}
    return Evidence(total, ours, **counted)


def _listed(headers: Headers, author: Address) -> bool:
    """Whether a list wrote in its own name or its manager's, or a program did: nobody of the team."""
    return bool(managed_by(author.address) & named(headers)) or is_robot(author.address)


def is_desk(name: str, address: str) -> bool:
    """Whether the list *name* is at the desk's own address, in whichever form it is named."""
    return key(name) == key(address)
