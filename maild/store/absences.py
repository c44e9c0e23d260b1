"""Absences said by word: one a member, on top of those of the configuration."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from maild.core.change import SetAway
from maild.core.journal import What
from maild.core.policy import Policy
from maild.core.values.people import Member, Team
from maild.store import journal
from maild.store.schema import absence

_ALL = select(absence)


def put(connection: Connection, change: SetAway, now: datetime) -> None:
    """A new word of or about a member replaces the one before; one without length ends it."""
    connection.execute(delete(absence).where(absence.c.member == change.member))
    if change.until > change.since:
        row = {"member": change.member, "since": change.since, "until": change.until}
        connection.execute(insert(absence).values(**row))
    span = {"since": change.since.isoformat(), "until": change.until.isoformat()}
    journal.write(connection, now, "", What.AWAY, {"member": change.member, **span, "by": change.by})


def applied(connection: Connection, policy: Policy) -> Policy:
    """*policy* with its people away when they, or an operator, said so."""
    said = {row.member: (row.since, row.until) for row in connection.execute(_ALL)}
    if not said:
        return policy

    def gone(member: Member) -> Member:
        return replace(member, away=(*member.away, said[member.name])) if member.name in said else member

    return replace(policy, team=Team(tuple(gone(member) for member in policy.team.members)))
