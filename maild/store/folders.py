"""How far each folder was read, the mail that was there before maild, and the marks owed to the mailbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from maild.core.changes.keeping import DoubtUntil
from maild.errors import Refused
from maild.store import database, facts, unfetched, withheld
from maild.store.dialect import insert_new
from maild.store.schema import backlog, folder, location


@dataclass(frozen=True, slots=True)
class Position:
    """How far a folder was read."""

    uidvalidity: int
    next_uid: int
    read_at: datetime | None


def position(connection: Connection, name: str) -> Position | None:
    """How far the folder *name* was read, ``None`` before its first reading."""
    row = connection.execute(select(folder).where(folder.c.name == name)).one_or_none()
    return Position(row.uidvalidity, row.next_uid, row.read_at) if row else None


def advance(connection: Connection, name: str, uidvalidity: int, next_uid: int) -> None:
    """Everything below *next_uid* is kept."""
    values = {"uidvalidity": uidvalidity, "next_uid": next_uid}
    statement = insert_new(folder).values(name=name, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def read(connection: Connection, name: str, now: datetime) -> None:
    """The folder was read to its end at *now*."""
    connection.execute(update(folder).where(folder.c.name == name).values(read_at=now))


def baseline(
    connection: Connection,
    name: str,
    uidvalidity: int,
    found: Mapping[int, tuple[datetime, int]],
    next_uid: int,
) -> None:
    """The first reading: the mail *found* (by UID: arrival and size) is backlog, answered to nobody."""
    rows = [
        {"folder": name, "uidvalidity": uidvalidity, "uid": uid, "at": at, "size": size}
        for uid, (at, size) in found.items()
    ]
    if rows:
        connection.execute(insert(backlog), rows)
    advance(connection, name, uidvalidity, next_uid)


def renumber(
    connection: Connection, name: str, uidvalidity: int, found: Mapping[int, tuple[datetime, int]]
) -> set[int]:
    """The server gave new UIDs: backlog is recognised by arrival and size and stays backlog; its new UIDs."""
    rows = connection.execute(select(backlog).where(backlog.c.folder == name).order_by(backlog.c.uid)).all()
    waiting: dict[tuple[datetime, int], list[int]] = {}
    for uid in sorted(found, reverse=True):
        waiting.setdefault(found[uid], []).append(uid)
    taken: set[int] = set()
    for row in rows:
        places = waiting.get((row.at, row.size))
        if places:
            uid = places.pop()
            taken.add(uid)
            values = {"uidvalidity": uidvalidity, "uid": uid}
            connection.execute(update(backlog).where(backlog.c.id == row.id).values(**values))
    _anew(connection, name, uidvalidity)
    return taken


def rewound(
    connection: Connection, name: str, uidvalidity: int, found: Mapping[int, tuple[datetime, int]]
) -> None:
    """The server went back to an older state: UIDs it gave before it gives again, to other mail.

    Backlog is only what still stands where it stood.
    """
    rows = connection.execute(select(backlog).where(backlog.c.folder == name)).all()
    for row in rows:
        if found.get(row.uid) != (row.at, row.size):
            connection.execute(delete(backlog).where(backlog.c.id == row.id))
    stale = (location.c.folder == name) & (location.c.uidvalidity == uidvalidity)
    connection.execute(delete(location).where(stale))  # what is still there is known again when it is read
    _anew(connection, name, uidvalidity)


def _anew(connection: Connection, name: str, uidvalidity: int) -> None:
    unfetched.forget(connection, name)
    advance(connection, name, uidvalidity, 1)


def backlog_uids(connection: Connection, name: str, uidvalidity: int, *, wanted: bool) -> list[int]:
    """The UIDs of a folder's backlog: those an operator wants taken in, or those that stay out."""
    query = select(backlog.c.uid).where(
        backlog.c.folder == name, backlog.c.uidvalidity == uidvalidity, backlog.c.wanted == wanted
    )
    return list(connection.execute(query.order_by(backlog.c.uid)).scalars())


def adopted(connection: Connection, name: str, uidvalidity: int, uid: int) -> None:
    """A wanted mail was kept, or is gone from the server: it is backlog no more."""
    here = (backlog.c.folder == name) & (backlog.c.uidvalidity == uidvalidity) & (backlog.c.uid == uid)
    connection.execute(delete(backlog).where(here))


def adopt(connection: Connection, backlog_id: int | None) -> int:
    """Want one mail of the backlog, or all of it; how many. ``Refused`` when there is no such mail."""
    statement = update(backlog).values(wanted=True)
    if backlog_id is not None:
        statement = statement.where(backlog.c.id == backlog_id)
    count = connection.execute(statement).rowcount
    if backlog_id is not None and not count:
        raise Refused(f"there is no message {backlog_id} in the backlog; `maild adopt` lists it")
    return count


def backlog_left(connection: Connection) -> int:
    """How many mails stand in the backlog and are not wanted."""
    query = select(func.count()).select_from(backlog).where(~backlog.c.wanted)
    return connection.execute(query).scalar_one()


def marks_owed(connection: Connection, name: str, uidvalidity: int) -> dict[str, list[int]]:
    """UIDs of a folder whose mail was handled and not marked yet, by verdict."""
    query = select(location.c.uid, location.c.mark).where(
        location.c.folder == name,
        location.c.uidvalidity == uidvalidity,
        ~location.c.marked,
        location.c.mark.is_not(None),
    )
    found: dict[str, list[int]] = {}
    for row in connection.execute(query):
        found.setdefault(row.mark, []).append(row.uid)
    return found


def marked(connection: Connection, name: str, uidvalidity: int, uids: Sequence[int]) -> None:
    """The mailbox shows these verdicts now (or cannot)."""
    here = (location.c.folder == name) & (location.c.uidvalidity == uidvalidity)
    connection.execute(update(location).where(here, location.c.uid.in_(uids)).values(marked=True))


_DOUBT = "doubt-until"


def doubt_until(connection: Connection, change: DoubtUntil, now: datetime) -> None:
    """The mailbox knows more than we: mail from before then may have been answered, letters wait."""
    facts.void_approvals(connection, now)
    database.put_setting(connection, _DOUBT, change.until.isoformat())
    withheld.park(connection, change.kinds, change.why)


def doubtful_until(connection: Connection) -> datetime | None:
    """Mail that arrived by then and is not known may have been answered before a restore; else ``None``."""
    until = database.get_setting(connection, _DOUBT)
    return datetime.fromisoformat(until) if until else None


def last_read(connection: Connection, names: Sequence[str]) -> datetime | None:
    """Since when all the folders *names* are known to be read, ``None`` when one never was."""
    times = [found.read_at if (found := position(connection, name)) else None for name in names]
    return None if None in times else min(t for t in times if t)
