"""Which processes have begun to handle a mail that may have killed one: each of them counts once.

A process that begins it again was not killed by it: the database was away, or another host had the desk.
"""

import json

from sqlalchemy import Connection, select

from maild.store.database import get_setting, put_setting
from maild.store.schema import envelope

_SETTING = "begun"


def first_time(connection: Connection, envelope_id: int, process: str) -> bool:
    """Whether *process* begins this mail for the first time; from now on it has."""
    known = _known(connection)
    before = known.get(str(envelope_id), [])
    if process in before:
        return False
    known[str(envelope_id)] = [*before, process]
    put_setting(connection, _SETTING, json.dumps(known))
    return True


def _known(connection: Connection) -> dict[str, list[str]]:
    """The processes by mail, of mail that is not handled yet."""
    known: dict[str, list[str]] = json.loads(get_setting(connection, _SETTING) or "{}")
    these = envelope.c.id.in_([int(one) for one in known])
    waits = select(envelope.c.id).where(these, envelope.c.state.in_(("kept", "to-open")))
    left = {str(one) for one in connection.execute(waits).scalars()}
    return {one: processes for one, processes in known.items() if one in left}
