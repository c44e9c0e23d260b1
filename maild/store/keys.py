"""The reporters' keys: one an address, as bytes for ``--recipient-file`` (no keyring that only grows)."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.sqlite import insert as insert_new

from maild.core.change import RememberKey
from maild.store.schema import reporter_key

_OF = reporter_key.c.address == bindparam("address")
_FINGERPRINT = select(reporter_key.c.fingerprint).where(_OF)
_CONTENT = select(reporter_key.c.content).where(_OF)


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
    return connection.execute(_FINGERPRINT, {"address": address}).scalar() or ""


def content(connection: Connection, address: str) -> bytes:
    """The key remembered for *address*, or nothing."""
    return connection.execute(_CONTENT, {"address": address}).scalar() or b""
