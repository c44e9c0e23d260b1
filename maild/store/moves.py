"""Mail that changes folders: our own moves, recorded as intent first, and those of people (ruling 21)."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, delete, select, update

from maild.core.change import RELEASED, Verdict
from maild.store.schema import envelope, location

_OF_A_CASE = (Verdict.REPORT, Verdict.CORRESPONDENCE)


def _here(folder: str, uidvalidity: int) -> ColumnElement[bool]:
    return (location.c.folder == folder) & (location.c.uidvalidity == uidvalidity)


def intend(connection: Connection, folder: str, uidvalidity: int, uids: Sequence[int]) -> None:
    """These mails are about to be moved away by ourselves: where they lie proves nothing about people."""
    place = _here(folder, uidvalidity) & location.c.uid.in_(uids)
    connection.execute(update(location).where(place).values(moving=True))


def never_there(
    connection: Connection, folder: str, uidvalidity: int, uids: Sequence[int], quarantine: str
) -> list[int]:
    """Those of the mails that never lay in *quarantine*: the others were moved back by somebody."""
    lay = select(location.c.envelope_id).where(location.c.folder == quarantine)
    query = select(location.c.uid).where(
        _here(folder, uidvalidity), location.c.uid.in_(uids), location.c.envelope_id.not_in(lay)
    )
    return sorted(connection.execute(query).scalars())


def moved(connection: Connection, folder: str, uidvalidity: int, uids: Sequence[int]) -> None:
    """They are not there any more; they are known again where they appear."""
    connection.execute(delete(location).where(_here(folder, uidvalidity), location.c.uid.in_(uids)))


def stayed(connection: Connection, folder: str, uidvalidity: int, uids: Sequence[int]) -> None:
    """The server could not move them."""
    place = _here(folder, uidvalidity) & location.c.uid.in_(uids)
    connection.execute(update(location).where(place).values(moving=False))


def settle(connection: Connection, folder: str, uidvalidity: int, inboxes: Sequence[str]) -> None:
    """What has newly come into the quarantine *folder* lies in the *inboxes* no more."""
    new = select(location.c.envelope_id).where(_here(folder, uidvalidity), ~location.c.marked)
    elsewhere = location.c.folder.in_(inboxes) & location.c.envelope_id.in_(new)
    connection.execute(delete(location).where(elsewhere))


def put_aside(connection: Connection, folder: str, uidvalidity: int) -> list[int]:
    """Mail of a case that somebody has newly moved into *folder*; not what was released there."""
    query = (
        select(envelope.c.id, envelope.c.reasons)
        .join(location, location.c.envelope_id == envelope.c.id)
        .where(_here(folder, uidvalidity), ~location.c.marked, envelope.c.verdict.in_(_OF_A_CASE))
        .order_by(envelope.c.id)
    )
    return [row.id for row in connection.execute(query) if RELEASED not in (row.reasons or ())]


def taken_out(
    connection: Connection, folder: str, uidvalidity: int, there: Sequence[int], inboxes: Sequence[str]
) -> list[int]:
    """Held mail that lay in the quarantine *folder*, is not *there* now, and lies in one of the *inboxes*.

    What is gone and nowhere else was deleted, or moved where maild does not look: it stays held. So does what
    was only delivered once more: a moved mail keeps its date, another delivery has one of its own.
    """
    lay, now = location.alias("lay"), location.alias("now")
    same = (lay.c.envelope_id == now.c.envelope_id) & (lay.c.date == now.c.date)
    query = (
        select(envelope.c.id, lay.c.uid)
        .join(now, now.c.envelope_id == envelope.c.id)
        .join(lay, same & (lay.c.folder == folder) & (lay.c.uidvalidity == uidvalidity))
        .where(envelope.c.verdict == Verdict.QUARANTINE, now.c.folder.in_(inboxes), ~now.c.moving)
    )
    left = set(there)
    return sorted({row.id for row in connection.execute(query) if row.uid not in left})
