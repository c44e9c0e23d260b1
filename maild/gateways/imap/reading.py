"""Reading one mail in windows: RFC822.SIZE is wrong on some servers, so the end is where the text ends."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from imapclient import IMAPClient

from maild.core.mail.beginning import FIRST_WINDOW, KEPT_BODY, beginning
from maild.gateways.imap.account import UNKNOWN_DATE, Fetched

WINDOW = 1024 * 1024
_SINCE_EVER = datetime(1971, 1, 1, tzinfo=UTC)
"""The first second of 1970 is how servers say that they do not know when a mail arrived."""

Item = dict[bytes, Any]
"""What the server said about one message, by data item."""


class _GoneError(Exception):
    """The message vanished while it was being read."""


def chunks(uids: Sequence[int], length: int) -> Iterator[list[int]]:
    """*uids* in pieces of at most *length*."""
    for start in range(0, len(uids), length):
        yield list(uids[start : start + length])


def listed(uids: int | Sequence[int]) -> Sequence[int]:
    """One UID as a list of one."""
    return [uids] if isinstance(uids, int) else uids


def first_look(cap: int) -> list[str]:
    """The data items to ask of every new mail at once, for ``complete``."""
    return ["INTERNALDATE", "RFC822.SIZE", "FLAGS", f"BODY.PEEK[]<0.{min(FIRST_WINDOW, cap + 1)}>"]


def complete(client: IMAPClient, uid: int, item: Item, cap: int) -> Fetched | None:
    """The mail whose ``first_look`` is ``item``, the rest of it read now; None when it is gone.

    A text that the server has but cannot give (NIL) comes out empty and truncated: it stays visible to
    people, and the mails after it go on. Dovecot says NIL of a mail, too, that somebody has just deleted.
    """
    if b"RFC822.SIZE" not in item:  # nothing, or only somebody's change of flags
        return None
    date, size = facts(item)
    first, everything = _text(item)
    keywords = _keywords(item)
    if first is None:
        client.noop()
        there = client.search(["UID", str(uid)])
        return Fetched(uid, date, size, b"", truncated=True, keywords=keywords) if uid in there else None
    try:
        whole = first if everything else _whole(client, uid, first, size, cap)
    except _GoneError:
        return None
    if whole is not None and len(whole) <= cap:
        return Fetched(uid, date, size, whole, keywords=keywords)
    return Fetched(uid, date, size, beginning(first, cap), truncated=True, keywords=keywords)


def head_look() -> list[str]:
    """The data items to ask of a mail whose text cannot be had, for ``head_only``."""
    return ["INTERNALDATE", "RFC822.SIZE", "FLAGS", f"BODY.PEEK[HEADER]<0.{KEPT_BODY}>"]


def head_only(uid: int, item: Item) -> Fetched | None:
    """The mail whose ``head_look`` is ``item``: its headers, truncated; None when it is gone."""
    if b"RFC822.SIZE" not in item:
        return None
    date, size = facts(item)
    found = (text for key, text in item.items() if key.startswith(b"BODY[HEADER]"))
    head = next(found, None)
    raw = head if isinstance(head, bytes) else b""
    return Fetched(uid, date, size, raw, truncated=True, keywords=_keywords(item))


def _keywords(item: Item) -> frozenset[str]:
    return frozenset(flag.decode("ascii", "replace").lower() for flag in item.get(b"FLAGS", ()))


def facts(item: Item) -> tuple[datetime, int]:
    """INTERNALDATE in UTC and RFC822.SIZE."""
    date, size = item.get(b"INTERNALDATE"), item.get(b"RFC822.SIZE")
    try:
        moment = date.astimezone(UTC) if isinstance(date, datetime) and date.tzinfo else UNKNOWN_DATE
    except OverflowError:
        moment = UNKNOWN_DATE
    if moment < _SINCE_EVER:
        moment = UNKNOWN_DATE
    return moment, size if isinstance(size, int) else 0


def _whole(client: IMAPClient, uid: int, first: bytes, size: int, cap: int) -> bytes | None:
    """The mail from its first window on; None when it is longer than ``cap``.

    Ends at a short read, but not before the size that the server gave, unless nothing more comes.
    """
    if size > cap and _piece(client, uid, cap, 1):
        return None
    pieces, length, asked, piece = [first], len(first), min(FIRST_WINDOW, cap + 1), first
    while length <= cap and piece and (len(piece) >= asked or length < size):
        asked = min(WINDOW, cap + 1 - length)
        piece = _piece(client, uid, length, asked)
        pieces.append(piece)
        length += len(piece)
    return b"".join(pieces) if length <= cap else None


def _piece(client: IMAPClient, uid: int, start: int, length: int) -> bytes:
    item = client.fetch([uid], [f"BODY.PEEK[]<{start}.{length}>"]).get(uid)
    if item is None:
        raise _GoneError
    return _text(item)[0] or b""


def _text(item: Item) -> tuple[bytes | None, bool]:
    """The piece of text, and whether the server sent the whole text instead of a piece."""
    for key, value in item.items():
        if key.startswith(b"BODY[]"):
            return (value if isinstance(value, bytes) else None), key == b"BODY[]"
    return None, False
