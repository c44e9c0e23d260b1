"""The team as it was known last, and who left it while the desk had the key that it has."""

import json
from datetime import datetime

from sqlalchemy import Connection, select, update

from maild.core.candidates.times import TeamCandidates
from maild.core.changes.team import MemberLeft, RememberTeam
from maild.core.journal import What
from maild.core.values.people import Known, Left, Side
from maild.store import journal, withheld
from maild.store.database import get_setting, put_setting
from maild.store.schema import case, envelope, participant

_SETTING = "team"


def known(connection: Connection) -> TeamCandidates:
    """What was remembered; nothing before the first start."""
    found = json.loads(get_setting(connection, _SETTING) or "{}")
    members = [
        Known(one["name"], tuple(one["addresses"]), one["fingerprint"]) for one in found.get("members", ())
    ]
    left = [Left(one["name"], datetime.fromisoformat(one["at"]), one["key"]) for one in found.get("left", ())]
    return TeamCandidates(tuple(members), tuple(left), begins(connection))


def begins(connection: Connection) -> bool:
    """Whether no message was ever kept: a desk that is upgraded, and knows no team yet, has some."""
    return connection.execute(select(envelope.c.id).limit(1)).first() is None


def remember(connection: Connection, change: RememberTeam) -> None:
    """The team of now is the one to be held against the next."""
    members = [
        {"name": one.name, "addresses": one.addresses, "fingerprint": one.fingerprint}
        for one in change.members
    ]
    left = [{"name": one.name, "at": one.at.isoformat(), "key": one.key} for one in change.left]
    put_setting(connection, _SETTING, json.dumps({"members": members, "left": left}))


def leave(connection: Connection, change: MemberLeft, now: datetime) -> None:
    """His time in every case ends, what is owed to him is not sent, and no case is his to look after."""
    his = participant.c.address.in_(change.addresses) & (participant.c.side == Side.MEMBER)
    connection.execute(update(participant).where(his).values(until=now))
    withheld.withdraw(connection, change.addresses, "its reader has left the team", now)
    looked_after = update(case).where(case.c.handler == change.name).returning(case.c.id)
    for case_id in connection.execute(looked_after.values(handler="")).scalars().all():
        journal.write(connection, now, case_id, What.HANDLER, {"handler": ""})
    journal.write(connection, now, "", What.MEMBER_LEFT, {"member": change.name})
