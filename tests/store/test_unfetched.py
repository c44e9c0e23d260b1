"""Mail that could not be fetched, and UIDs that are given twice."""

from datetime import timedelta

from maild.store import folders, unfetched
from maild.store.database import Database
from maild.store.unfetched import Tried
from tests.support.desk import NOW

LATER = NOW + timedelta(minutes=1)


def test_failures_are_remembered_by_place_until_they_are_settled(database: Database) -> None:
    """Counted anew each time, of this folder and numbering only; the oldest is known."""
    database.call(unfetched.failed, "INBOX", 7, {3: Tried(1, NOW, NOW), 4: Tried(1, LATER, LATER)})
    database.call(unfetched.failed, "INBOX", 7, {3: Tried(2, NOW, LATER)})
    found = {3: Tried(2, NOW, LATER), 4: Tried(1, LATER, LATER)}
    assert database.call(unfetched.of_folder, "INBOX", 7) == found
    assert database.call(unfetched.of_folder, "INBOX", 8) == {}
    assert database.call(unfetched.oldest) == NOW
    database.call(unfetched.settled, "INBOX", 7, [3])
    assert database.call(unfetched.of_folder, "INBOX", 7) == {4: found[4]}


def test_a_restored_mailbox_keeps_the_backlog_that_still_stands_there(database: Database) -> None:
    """What stands under another's UID is new mail; reading begins anew, failures are forgotten."""
    database.call(folders.baseline, "INBOX", 7, {1: (NOW, 100), 2: (NOW, 200), 3: (NOW, 300)}, 4)
    database.call(unfetched.failed, "INBOX", 7, {3: Tried(1, NOW, NOW)})
    database.call(folders.rewound, "INBOX", 7, {1: (NOW, 100), 2: (LATER, 900)})
    assert database.call(folders.backlog_uids, "INBOX", 7, wanted=False) == [1]
    where = database.call(folders.position, "INBOX")
    assert where is not None
    assert (where.uidvalidity, where.next_uid) == (7, 1)
    assert database.call(unfetched.oldest) is None
