"""The reporters' keys: one an address, as bytes for ``--recipient-file`` (no keyring that only grows)."""

from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as insert_new

from maild.core.change import RememberKey
from maild.store.schema import reporter_key


def remember(connection: Connection, change: RememberKey, now: datetime) -> None:
    """Keep or renew the key of an address; whether a change is allowed was decided before.

    ``seals`` only ever grows: a forged mail that carries the known key must not turn sealing off.
    """
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


def fingerprint(connection: Connection, address: str) -> str:
    """The fingerprint of the key remembered for *address*, or an empty string."""
    query = select(reporter_key.c.fingerprint).where(reporter_key.c.address == address)
    return connection.execute(query).scalar() or ""


def content(connection: Connection, address: str) -> bytes:
    """The key remembered for *address*, or nothing."""
    query = select(reporter_key.c.content).where(reporter_key.c.address == address)
    return connection.execute(query).scalar() or b""
