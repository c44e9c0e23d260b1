"""The tokens of a desk, which stand for its participants in addresses of replies: what no other may read."""

from sqlalchemy import BindParameter, ColumnElement, Connection, bindparam, select

from maild.core.values import ids
from maild.core.values.people import Side
from maild.core.writing.gate.check import MOST_LIKE_TOKENS
from maild.store import lastlook
from maild.store.schema import participant

MANY = 2_000
"""Participants of a desk from which on it takes longer to read them all than to ask for some."""

_MANY = select(participant.c.side).offset(MANY).limit(1)
_NAMED: BindParameter[list[str]] = bindparam("named", expanding=True)


def for_reporter(
    connection: Connection, case_id: str, reader: str, secret: bytes, named: frozenset[str] | None = None
) -> frozenset[str] | None:
    """Every token of the desk among those *named*, of whatever case, but those of its *reader*.

    ``None``: none is named, and there are too many to read.
    """
    others = _tokens(connection, participant.c.address != reader, named)
    return None if others is None else others | {ids.token(secret, case_id, "", "root")}


def for_guest(
    connection: Connection, case_id: str, guest: str, named: frozenset[str] | None = None
) -> frozenset[str] | None:
    """The same for a *guest* of the case: members' of any case, everybody's of other cases."""
    foreign = (participant.c.side == Side.MEMBER) | (participant.c.case_id != case_id)
    return _tokens(connection, foreign & (participant.c.address != guest), named)


def _tokens(
    connection: Connection, which: ColumnElement[bool], named: frozenset[str] | None
) -> frozenset[str] | None:
    """The tokens of *which* participants; where somebody names many, all are read all the same."""
    if named is None and connection.execute(_MANY).first():
        return None
    query = select(participant.c.token).where(which)
    if named is None or len(named) > MOST_LIKE_TOKENS:
        return frozenset(connection.execute(query).scalars())
    asked = query.where(participant.c.token.in_(_NAMED))
    found = (connection.execute(asked, {"named": part}).scalars() for part in lastlook.parts(named))
    return frozenset(one for part in found for one in part)
