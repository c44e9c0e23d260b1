"""How far folders were read, and the backlog."""

from datetime import timedelta

import pytest

from maild.errors import Refused
from maild.store import folders
from maild.store.database import Database
from tests.support.desk import NOW

HOUR = timedelta(hours=1)
FOUND = {1: (NOW, 100), 2: (NOW, 200), 5: (NOW - HOUR, 300)}


@pytest.fixture
def based(database: Database) -> Database:
    """INBOX with a backlog of three."""
    database.call(folders.baseline, "INBOX", 7, FOUND, 6)
    return database


def uids(database: Database, wanted: bool = False, uidvalidity: int = 7) -> list[int]:
    """The backlog of INBOX."""
    return database.call(folders.backlog_uids, "INBOX", uidvalidity, wanted=wanted)


def test_a_folder_never_read_has_no_position(database: Database) -> None:
    """Its first reading is the baseline."""
    assert database.call(folders.position, "INBOX") is None


def test_the_baseline_is_backlog_and_reading_goes_on_behind_it(based: Database) -> None:
    """What stood there is listed, the next UID is the one after it."""
    where = based.call(folders.position, "INBOX")
    assert where is not None
    assert (where.uidvalidity, where.next_uid, where.read_at) == (7, 6, None)
    assert uids(based) == [1, 2, 5]
    assert based.call(folders.backlog_left) == 3


def test_an_empty_folder_has_an_empty_baseline(database: Database) -> None:
    """Nothing there: no backlog, but the folder counts as begun."""
    database.call(folders.baseline, "INBOX", 7, {}, 1)
    assert database.call(folders.position, "INBOX") is not None
    assert database.call(folders.backlog_left) == 0


def test_wanted_mail_leaves_the_backlog_when_it_is_kept(based: Database) -> None:
    """``adopt`` only marks it; it is backlog until it was taken in or is gone."""
    assert based.call(folders.adopt, 2) == 1
    assert (uids(based, wanted=True), uids(based)) == ([2], [1, 5])
    assert based.call(folders.backlog_left) == 2
    based.call(folders.adopted, "INBOX", 7, 2)
    assert uids(based, wanted=True) == []


def test_all_of_the_backlog_can_be_wanted(based: Database) -> None:
    """``adopt --all``; of an empty backlog that is nothing, and no fault."""
    assert based.call(folders.adopt, None) == 3
    assert uids(based, wanted=True) == [1, 2, 5]
    for uid in (1, 2, 5):
        based.call(folders.adopted, "INBOX", 7, uid)
    assert based.call(folders.adopt, None) == 0


def test_a_mail_that_is_not_in_the_backlog_is_refused(based: Database) -> None:
    """The word names no such mail: refused, nothing changed."""
    with pytest.raises(Refused, match="there is no message 99 in the backlog"):
        based.call(folders.adopt, 99)
    assert uids(based, wanted=True) == []


def test_backlog_is_found_again_under_new_numbers(based: Database) -> None:
    """By arrival and size; what is wanted stays wanted; new mail among it is not taken for backlog."""
    based.call(folders.adopt, 3)
    found = {11: (NOW, 200), 12: (NOW + HOUR, 100), 13: (NOW, 100), 14: (NOW - HOUR, 300)}
    assert based.call(folders.renumber, "INBOX", 8, found) == {11, 13, 14}
    assert (uids(based, uidvalidity=8), uids(based, wanted=True, uidvalidity=8)) == ([11, 13], [14])
    where = based.call(folders.position, "INBOX")
    assert where is not None
    assert (where.uidvalidity, where.next_uid) == (8, 1)


def test_twins_of_the_backlog_stay_in_their_order(database: Database) -> None:
    """Two mails of one size and second are two, the older number first."""
    database.call(folders.baseline, "INBOX", 7, {1: (NOW, 100), 2: (NOW, 100)}, 3)
    database.call(folders.adopt, 1)
    database.call(folders.renumber, "INBOX", 8, {21: (NOW, 100), 22: (NOW, 100), 23: (NOW, 100)})
    assert (uids(database, wanted=True, uidvalidity=8), uids(database, uidvalidity=8)) == ([21], [22])


def test_since_when_all_folders_are_known_to_be_read(database: Database) -> None:
    """The oldest of the last readings; unknown while one was never read to its end."""
    for name in ("INBOX", "Sent"):
        database.call(folders.advance, name, 7, 1)
    database.call(folders.read, "INBOX", NOW)
    assert database.call(folders.last_read, ["INBOX", "Sent"]) is None
    database.call(folders.read, "Sent", NOW - HOUR)
    assert database.call(folders.last_read, ["INBOX", "Sent"]) == NOW - HOUR
    assert database.call(folders.last_read, ["INBOX", "Junk"]) is None
