"""Mail that stands in the mailbox and could not be fetched: how often it was tried, and when it is again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from maild.store.dialect import insert_new
from maild.store.schema import unfetched


@dataclass(frozen=True, slots=True)
class Tried:
    """A mail that was asked for *tries* times in vain, first at *since*; not before *again* once more."""

    tries: int
    since: datetime
    again: datetime


def of_folder(connection: Connection, folder: str, uidvalidity: int) -> dict[int, Tried]:
    """What could not be fetched from a folder yet, by UID."""
    here = (unfetched.c.folder == folder) & (unfetched.c.uidvalidity == uidvalidity)
    rows = connection.execute(select(unfetched).where(here))
    return {row.uid: Tried(row.tries, row.since, row.again) for row in rows}


def failed(connection: Connection, folder: str, uidvalidity: int, tried: Mapping[int, Tried]) -> None:
    """These were asked for in vain once more."""
    for uid, one in tried.items():
        place = {"folder": folder, "uidvalidity": uidvalidity, "uid": uid}
        values = {"tries": one.tries, "since": one.since, "again": one.again}
        statement = insert_new(unfetched).values(**place, **values)
        connection.execute(statement.on_conflict_do_update(index_elements=list(place), set_=values))


def settled(connection: Connection, folder: str, uidvalidity: int, uids: Iterable[int]) -> None:
    """These are kept now, or gone from the server."""
    here = (unfetched.c.folder == folder) & (unfetched.c.uidvalidity == uidvalidity)
    connection.execute(delete(unfetched).where(here, unfetched.c.uid.in_(list(uids))))


def forget(connection: Connection, folder: str) -> None:
    """The folder is read anew, from its first mail on."""
    connection.execute(delete(unfetched).where(unfetched.c.folder == folder))


def oldest(connection: Connection) -> datetime | None:
    """Since when the mail that waits longest could not be fetched."""
    return connection.execute(select(func.min(unfetched.c.since))).scalar()


def count(connection: Connection) -> int:
    """How many mails the server lists and did not give so far."""
    return connection.execute(select(func.count()).select_from(unfetched)).scalar_one()
