"""The reporters' keys: one an address, as bytes for ``--recipient-file`` (no keyring that only grows).

A key that something proves serves its address in every case; any other serves the cases that it opened. What
is only offered waits here until a member vouches for it (ruling 25).
"""

from datetime import datetime
from typing import assert_never

from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, insert, or_, select

from maild.core.candidates.mail import Offer
from maild.core.changes.keys import ForgetKey, KeyChange, OfferKey, RememberKey, UseKey
from maild.core.journal import Detail, What
from maild.core.mail.offered import Source
from maild.store import journal, withheld
from maild.store.dialect import insert_new
from maild.store.schema import key_scope, offered_key, reporter_key

_OF = reporter_key.c.address == bindparam("address")
_SCOPE = key_scope.c.address == bindparam("address")
_SERVES = or_(
    bindparam("case_id") == "",
    ~exists().where(_SCOPE),
    exists().where(_SCOPE, key_scope.c.case_id == bindparam("case_id")),
)
_OFFERS = (
    select(offered_key.c.address, offered_key.c.fingerprint)
    .where(offered_key.c.case_id == bindparam("case_id"), offered_key.c.fingerprint != "")
    .order_by(offered_key.c.id)
)
_FINGERPRINT = select(reporter_key.c.fingerprint).where(_OF, _SERVES)
_CONTENT = select(reporter_key.c.content).where(_OF, _SERVES)
_SEALS = select(reporter_key.c.seals).where(_OF, _SERVES)


def write(connection: Connection, change: KeyChange, now: datetime) -> None:
    """Record one change of a reporter's key; the journal names the key, never its owner."""
    named: Detail = {"fingerprint": change.fingerprint}
    match change:
        case RememberKey():
            _remember(connection, change, now)
            what, detail = What.KEY_REMEMBERED, {**named, "source": change.source}
        case OfferKey():
            _offer(connection, change, now)
            what = What.KEY_REFUSED if change.why else What.KEY_OFFERED
            detail = {"why": change.why} if change.why else {**named}
        case UseKey():
            _use(connection, change, now)
            what, detail = What.KEY_USED, {**named, "by": change.by}
        case ForgetKey():
            _forget(connection, change)
            what, detail = What.KEY_REVOKED, {**named}
        case _:
            assert_never(change)
    journal.write(connection, now, change.case_id, what, detail)


def _remember(connection: Connection, change: RememberKey, now: datetime) -> None:
    """Keep or renew the key of an address; whether a change is allowed was decided before.

    ``seals`` only ever grows: a forged mail that carries the known key must not turn encryption off.
    """
    before = fingerprint(connection, change.address)
    scoped = connection.execute(select(key_scope).where(_SCOPE), {"address": change.address}).first()
    _keep(connection, change, now)
    if change.proved:
        connection.execute(delete(key_scope).where(key_scope.c.address == change.address))
    elif not before or scoped:
        row = {"address": change.address, "case_id": change.case_id}
        connection.execute(insert_new(key_scope).values(**row).on_conflict_do_nothing())


def _keep(connection: Connection, change: RememberKey, now: datetime) -> None:
    values = {
        "fingerprint": change.fingerprint,
        "source": change.source,
        "seals": change.seals,
        "content": change.minimal,
        "since": now,
    }
    statement = insert_new(reporter_key).values(address=change.address, **values)
    grown = values | {"seals": reporter_key.c.seals | statement.excluded.seals}
    connection.execute(statement.on_conflict_do_update(index_elements=["address"], set_=grown))


def _offer(connection: Connection, change: OfferKey, now: datetime) -> None:
    """Keep a key that nobody uses, or the reason why one was refused, to be shown to the team."""
    if change.fingerprint:
        connection.execute(delete(offered_key).where(_offered(change)))
    row = {
        "case_id": change.case_id,
        "envelope_id": change.envelope,
        "address": change.address,
        "fingerprint": change.fingerprint,
        "source": change.source,
        "seals": change.seals,
        "content": change.minimal,
        "why": change.why,
        "since": now,
    }
    connection.execute(insert(offered_key).values(**row))


def _use(connection: Connection, change: UseKey, now: datetime) -> None:
    """The offered key is the address's from now on, in every case."""
    row = connection.execute(select(offered_key).where(_offered(change))).first()
    if row is not None:
        about = (change.case_id, change.address, row.fingerprint, Source(row.source), row.seals, row.content)
        _remember(connection, RememberKey(*about, proved=True), now)
        connection.execute(delete(offered_key).where(_offered(change)))


def _forget(connection: Connection, change: ForgetKey) -> None:
    """Nothing is encrypted to a revoked key any more, and what waits to be sent to its owner is held."""
    for table in (reporter_key, offered_key):
        theirs = (table.c.address == change.address) & (table.c.fingerprint == change.fingerprint)
        connection.execute(delete(table).where(theirs))
    connection.execute(delete(key_scope).where(key_scope.c.address == change.address))
    withheld.hold_sealed(connection, change.address, change.why)


def offers(connection: Connection, case_id: str) -> tuple[Offer, ...]:
    """The keys offered in a case that nobody uses yet."""
    rows = connection.execute(_OFFERS, {"case_id": case_id}).all()
    return tuple(Offer(row.address, row.fingerprint) for row in rows)


def came_with(connection: Connection, envelope_id: int) -> list[tuple[str, str]]:
    """What a mail offered that is not used, in order: the fingerprint, or why a key was refused."""
    query = select(offered_key).where(offered_key.c.envelope_id == envelope_id).order_by(offered_key.c.id)
    return [(row.fingerprint, row.why) for row in connection.execute(query).all()]


def fingerprint(connection: Connection, address: str, case_id: str = "") -> str:
    """The fingerprint of the key of *address* that serves a case (empty: any case), or an empty string."""
    return connection.execute(_FINGERPRINT, {"address": address, "case_id": case_id}).scalar() or ""


def content(connection: Connection, address: str, case_id: str = "") -> bytes:
    """The key of *address* that serves a case (empty: any case), or nothing."""
    return connection.execute(_CONTENT, {"address": address, "case_id": case_id}).scalar() or b""


def seals(connection: Connection, address: str, case_id: str) -> bool | None:
    """Whether answers to *address* in a case are encrypted whatever came; ``None`` without a key."""
    return connection.execute(_SEALS, {"address": address, "case_id": case_id}).scalar()


def _offered(change: OfferKey | UseKey) -> ColumnElement[bool]:
    return (
        (offered_key.c.case_id == change.case_id)
        & (offered_key.c.address == change.address)
        & (offered_key.c.fingerprint == change.fingerprint)
    )
