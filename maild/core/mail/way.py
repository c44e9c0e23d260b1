"""What a mail says of its way, beside its words: to whom it goes, what it answers, how it is read.

The identity of a mail leaves this out, since servers and lists write some of it anew. So of a mail that
others have seen, a public post or one on its way, somebody could send a copy ahead that leads elsewhere, is
answered elsewhere, or cannot be read; the true one would be taken for known and be seen by nobody.
"""

import re

from maild.core.mail.address import addresses
from maild.core.mail.facts import references
from maild.core.mail.headers import MAX_BLOCK, Headers
from maild.core.mail.mime import outermost
from maild.core.values.ids import MARK_HEADER, digest

_READ = ("Content-Type", "Content-Transfer-Encoding", "Content-Disposition")
_MARKS = (
    "Auto-Submitted",
    "Precedence",
    "List-Id",
    "List-Unsubscribe",
    "X-Loop",
    "Content-Class",
    MARK_HEADER,
)
"""What tells mail of machines, of lists and of our own, which nobody may look at."""
_DMARC = re.compile(r"\bdmarc\s*=\s*(\w+)", re.IGNORECASE)
_AROUND = re.compile(r'[\s"]+')
_DIGITS = 16


def one_delivery(one: bytes, other: bytes) -> bool:
    """Whether both are of one delivery, and only a server wrote one of them anew since (RFC 5321 §4.4)."""
    here, there = (outermost(content[:MAX_BLOCK]).get("Received") for content in (one, other))
    return here == there != ""


def same_way(one: bytes, other: bytes) -> bool:
    """Whether two mails that say the same, given from their beginning, also went the same way."""
    return _way(one) == _way(other)


def same_mark(one: bytes, other: bytes) -> bool:
    """Whether both bear the same mark of a letter of ours, or none."""
    here, there = (outermost(content[:MAX_BLOCK]).all(MARK_HEADER) for content in (one, other))
    return here == there


def named(identity: str, content: bytes, secret: bytes) -> str:
    """The name of a mail that says what the one called *identity* says, and went another way."""
    parts = (word for words in _way(content) for word in ("", *words))
    return f"{identity}.{digest(secret, 'way', *parts).hex()[:_DIGITS]}"


def said(name: str) -> str:
    """The name of what a mail says, whichever way it went."""
    return name.partition(".")[0]


def _way(content: bytes) -> tuple[tuple[str, ...], ...]:
    headers = outermost(content[:MAX_BLOCK])
    answered = references(headers)
    return (_people(headers, "To", "Cc"), _people(headers, "Reply-To"), answered, _reading(headers))


def _people(headers: Headers, *fields: str) -> tuple[str, ...]:
    return tuple(sorted(one.address for one in addresses(headers, *fields)))


def _reading(headers: Headers) -> tuple[str, ...]:
    """What says how its body is read, whether anybody looks, and what was found of its author.

    Servers may fold and quote these fields.
    """
    said = (_AROUND.sub("", "\n".join(headers.all(name))).lower() for name in (*_READ, *_MARKS))
    found = _DMARC.search(headers.get("Authentication-Results"))
    return (*said, found[1].lower() if found else "")
