"""Mail that cannot be fetched must not block the mail behind it.

When a fetch fails nobody knows which mail of the batch it was, or whether the server is to blame. So all of
them are counted, then asked for one by one after everything else, less and less often. Of what fails every
time the beginning is taken, then the headers alone, in the end nothing: a case that says so, and the mail is
in the mailbox. Only a mail that the server finds no more is gone (ruling 34).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from maild.gateways.imap import UNKNOWN_DATE, Batch, Fetched, Mailbox
from maild.store.unfetched import Tried

BATCH = 50
BATCH_BYTES = 8_000_000
WAITS = (0, 1, 2, 4, 8)
"""Minutes from one failure to the next try, the last for ever after."""
BEGINNING_AFTER = 4
HEADERS_AFTER = 5
NOTHING_AFTER = 7
"""Failures after which a mail is taken with less."""


def in_order(uids: Iterable[int], tried: Mapping[int, Tried], now: datetime) -> list[int]:
    """*uids* as they are to be fetched now: never tried in vain first, then the least often tried."""
    ready = [uid for uid in uids if uid not in tried or tried[uid].again <= now]
    return sorted(ready, key=lambda uid: (tried[uid].tries if uid in tried else 0, uid))


def head(uids: list[int], tried: Mapping[int, Tried]) -> list[int]:
    """What to ask for at once from the head of *uids*: what was tried in vain goes alone."""
    if uids[0] in tried:
        return uids[:1]
    fresh = next((place for place, uid in enumerate(uids) if uid in tried), len(uids))
    return uids[: min(BATCH, fresh)]


def take(mailbox: Mailbox, uids: list[int], cap: int, tried: Mapping[int, Tried]) -> Batch:
    """The mails of one batch of at most *cap* bytes each, what failed, and the UIDs left to do."""
    failures = tried[uids[0]].tries if uids[0] in tried else 0
    if failures < BEGINNING_AFTER:
        return mailbox.take(uids, cap, BATCH_BYTES)
    if failures < NOTHING_AFTER:
        return mailbox.salvage(uids[0], heads=failures >= HEADERS_AFTER)
    there = sorted(mailbox.there(uids))
    return Batch([Fetched(uid, UNKNOWN_DATE, 0, b"", truncated=True) for uid in there], [])


def once_more(uids: Iterable[int], tried: Mapping[int, Tried], now: datetime) -> dict[int, Tried]:
    """*uids* after one more failure."""
    found = {}
    for uid in uids:
        before = tried.get(uid, Tried(0, now, now))
        wait = timedelta(minutes=WAITS[min(before.tries, len(WAITS) - 1)])
        found[uid] = Tried(before.tries + 1, before.since, now + wait)
    return found
