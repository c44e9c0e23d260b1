"""What is asked of a server about its mails, and what its answers are worth."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError
from imapclient.response_parser import parse_fetch_response

from maild.gateways.imap.account import UNKNOWN_DATE

LISTED = 500
"""UIDs named in one command: servers limit the length of a line."""
SEARCH_SPAN = 50_000
"""Messages a SEARCH may answer at once: imaplib refuses lines of a megabyte."""
_SINCE_EVER = datetime(1971, 1, 1, tzinfo=UTC)
"""The first second of 1970 is how servers say that they do not know when a mail arrived."""

_NO_FOLDERS = frozenset({b"\\Noselect", b"\\NonExistent"})

Item = dict[bytes, Any]
"""What the server said about one message, by data item."""


def chunks(uids: Sequence[int], length: int) -> Iterator[list[int]]:
    """*uids* in pieces of at most *length*."""
    for start in range(0, len(uids), length):
        yield list(uids[start : start + length])


def listed(uids: int | Sequence[int]) -> Sequence[int]:
    """One UID as a list of one."""
    return [uids] if isinstance(uids, int) else uids


def ask(client: IMAPClient, uids: Sequence[int], items: Sequence[str]) -> dict[int, Item]:
    """What the server says about each of *uids*, without those that it says nothing about.

    The library files an answer without UID under its sequence number, which may be another mail's UID. Here
    such an answer counts for nothing.
    """
    return {item[b"UID"]: item for item in answers(client, uids, items) if b"UID" in item}


def answers(client: IMAPClient, uids: Sequence[int], items: Sequence[str]) -> list[Item]:
    """Every answer to a request for *items* of *uids*, as the server gave it."""
    if not uids:
        return []
    imap = client._imap  # noqa: SLF001 - the library offers UID FETCH only with the reading that is avoided here
    imap.response("FETCH")  # what was said during other commands may have numbered the mails otherwise
    status, data = imap.uid("FETCH", ",".join(str(uid) for uid in uids), f"({' '.join(items)})")
    if status != "OK":
        raise IMAPClientError("fetch failed")
    return list(parse_fetch_response(data, normalise_times=False, uid_is_key=False).values())


def uids_from(client: IMAPClient, uid: int, exists: int) -> list[int]:
    """UIDs from ``uid`` on, ascending, in a folder of *exists* messages or a few more."""
    found: set[int] = set()
    for start in range(1, max(exists, 1) + 1, SEARCH_SPAN):
        last = start + SEARCH_SPAN > exists
        among = [] if start == 1 and last else [f"{start}:{'*' if last else start + SEARCH_SPAN - 1}"]
        # "n:*" always matches the last message (RFC 3501 §6.4.8), hence the comparison
        found.update(one for one in client.search([*among, "UID", f"{uid}:*"]) if one >= uid)
    return sorted(found)


def still_there(client: IMAPClient, uids: Sequence[int]) -> set[int]:
    """Those of *uids* that a search finds now."""
    if not uids:
        return set()
    client.noop()  # else the server may not have told yet what was expunged
    return set(client.search(["UID", ",".join(str(uid) for uid in uids)])).intersection(uids)


class Folders(list[str]):
    """Names of folders. ``junk`` and ``sent``: those that the server names so (RFC 6154); empty for none."""

    junk = sent = ""


def folders(client: IMAPClient) -> Folders:
    """The folders that can be selected (RFC 3501 §7.2.2); a use that several have is nobody's."""
    listed = [(str(name), frozenset(flags)) for flags, _, name in client.list_folders()]
    there = [(name, flags) for name, flags in listed if not flags & _NO_FOLDERS]
    found = Folders(name for name, _ in there)
    junk, sent = ([name for name, flags in there if use in flags] for use in (b"\\Junk", b"\\Sent"))
    found.junk = junk[0] if len(junk) == 1 else ""
    found.sent = sent[0] if len(sent) == 1 else ""
    return found


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


def describe(client: IMAPClient, uids: Sequence[int]) -> dict[int, tuple[datetime, int]]:
    """INTERNALDATE and RFC822.SIZE of each of *uids* that is there; ``UNKNOWN_DATE`` and 0 if not said."""
    items = ask(client, uids, ["INTERNALDATE", "RFC822.SIZE"])
    silent = still_there(client, [uid for uid in uids if uid not in items])
    return {uid: facts(items.get(uid, {})) for uid in (*items, *silent)}


def clock(client: IMAPClient, folder: str) -> datetime:
    """The date that the server gives to a mail now (RFC 3501 §6.3.11), in a *folder* made for it."""
    if not client.folder_exists(folder):
        client.create_folder(folder)
    try:
        client.append(folder, b"Subject: What time is it?\r\n\r\n")
        client.select_folder(folder, readonly=True)
        newest = max(client.search("ALL"))  # whatever else lies there may have been put there with any date
        return describe(client, [newest])[newest][0]
    finally:
        client.unselect_folder() if b"UNSELECT" in client.capabilities() else client.close_folder()
        client.delete_folder(folder)
