"""Reading one mail in windows: RFC822.SIZE is wrong on some servers, so the end is where the text ends."""

import re

from imapclient import IMAPClient

from maild.core.mail.beginning import FIRST_WINDOW, KEPT_BODY, beginning
from maild.gateways.imap.account import Fetched
from maild.gateways.imap.asking import Item, answers, ask, facts

WINDOW = 1024 * 1024
_PART = re.compile(rb"BODY\[(?P<what>|HEADER)\](?:<(?P<from>\d++)[\d.]*+>)?")
_ABOUT = ("INTERNALDATE", "RFC822.SIZE", "FLAGS")


class _UngivenError(Exception):
    """The server gave less than was asked for. Whether the mail is gone, only a search can tell."""


def first_look(cap: int) -> list[str]:
    """The data items to ask of every new mail at once, for ``complete``."""
    return [*_ABOUT, f"BODY.PEEK[]<0.{min(FIRST_WINDOW, cap + 1)}>"]


def complete(client: IMAPClient, uid: int, item: Item, cap: int) -> Fetched | None:
    """The mail whose ``first_look`` is ``item``, the rest of it read now.

    None when the server gave too little of it: no size, no text, NIL, an empty text of a mail that is not
    empty, or a later window that is missing or empty before the end.
    """
    date, size = facts(item)
    first, everything = _text(item)
    if first is None or (size and not first) or not isinstance(item.get(b"RFC822.SIZE"), int):
        return None
    try:
        whole = first if everything else _whole(client, uid, first, size, cap)
    except _UngivenError:
        return None
    if whole is not None and len(whole) <= cap:
        return Fetched(uid, date, size, whole, keywords=_keywords(item))
    return Fetched(uid, date, size, beginning(first, cap), truncated=True, keywords=_keywords(item))


def scrap(client: IMAPClient, uid: int, heads: bool) -> Fetched | None:
    """What one request gives of a mail that cannot be had whole, marked as truncated; None for nothing.

    The only answer to a request for one mail is believed without a UID and without a size.
    """
    asked = f"BODY.PEEK[HEADER]<0.{KEPT_BODY}>" if heads else f"BODY.PEEK[]<0.{FIRST_WINDOW}>"
    found = [item for item in answers(client, [uid], [*_ABOUT, asked]) if _text(item)[0]]
    if len(found) != 1 or found[0].get(b"UID", uid) != uid:
        return None
    date, size = facts(found[0])
    raw = beginning(_text(found[0])[0] or b"", FIRST_WINDOW)
    return Fetched(uid, date, size, raw, truncated=True, keywords=_keywords(found[0]))


def _keywords(item: Item) -> frozenset[str]:
    return frozenset(flag.decode("ascii", "replace").lower() for flag in item.get(b"FLAGS", ()))


def _whole(client: IMAPClient, uid: int, first: bytes, size: int, cap: int) -> bytes | None:
    """The mail from its first window on; None when it is longer than ``cap``.

    Ends at a short read, but not before the size that the server gave, unless nothing more comes and one
    big window from the start is no longer either: some servers (Exchange) say sizes that are too large.
    """
    if size > cap and _piece(client, uid, cap, 1):
        return None
    pieces, length, asked, piece = [first], len(first), min(FIRST_WINDOW, cap + 1), first
    while length <= cap and piece and (len(piece) >= asked or length < size):
        asked = min(WINDOW, cap + 1 - length)
        piece = _piece(client, uid, length, asked)
        pieces.append(piece)
        length += len(piece)
    if not piece and length < size:
        pieces = [_piece(client, uid, 0, cap + 1)]
        if len(pieces[0]) < length:
            raise _UngivenError
        length = len(pieces[0])
    return b"".join(pieces) if length <= cap else None


def _piece(client: IMAPClient, uid: int, start: int, length: int) -> bytes:
    """One window; empty beyond the end of the text (RFC 3501 §6.4.5)."""
    text, _ = _text(ask(client, [uid], [f"BODY.PEEK[]<{start}.{length}>"]).get(uid, {}), start)
    if text is None:
        raise _UngivenError
    return text


def _text(item: Item, start: int = 0) -> tuple[bytes | None, bool]:
    """The piece of text from *start* on, and whether the server sent the whole text instead of a piece."""
    for key, value in item.items():
        part = _PART.fullmatch(key)
        if part and isinstance(value, bytes):
            if part["from"] is None:
                return value[start:], part["what"] == b""
            if int(part["from"]) == start:
                return value, False
    return None, False
