"""The tokens of a desk, which stand for its participants in addresses of replies: what no other may read."""

from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, select

from maild.core.values import ids
from maild.core.values.people import Side
from maild.core.writing.gate.check import MOST_LIKE_TOKENS
from maild.store import lastlook
from maild.store.schema import participant

MANY = 2_000
"""Participants of a desk from which on it takes longer to read them all than to ask for some."""

# Statements that run for every letter are made once: building one takes as long as running it.
_MANY = select(participant.c.side).offset(MANY).limit(1)
_READER: BindParameter[str] = bindparam("reader")
_NAMED: BindParameter[list[str]] = bindparam("named", expanding=True)
_OTHERS = select(participant.c.token).where(participant.c.address != _READER)
_FOREIGN = _OTHERS.where((participant.c.side == Side.MEMBER) | (participant.c.case_id != bindparam("this")))
_AMONG = participant.c.token.in_(_NAMED)


def for_reporter(
    connection: Connection, case_id: str, reader: str, secret: bytes, named: frozenset[str] | None = None
) -> frozenset[str] | None:
    """Every token of the desk among those *named*, of whatever case, but those of its *reader*.

    ``None``: none is named, and there are too many to read.
    """
    others = _tokens(connection, _OTHERS, {"reader": reader}, named)
    return None if others is None else others | {ids.token(secret, case_id, "", "root")}


def for_guest(
    connection: Connection, case_id: str, guest: str, named: frozenset[str] | None = None
) -> frozenset[str] | None:
    """The same for a *guest* of the case: members' of any case, everybody's of other cases."""
    return _tokens(connection, _FOREIGN, {"reader": guest, "this": case_id}, named)


def _tokens(
    connection: Connection, query: Select[Any], values: dict[str, str], named: frozenset[str] | None
) -> frozenset[str] | None:
    """The tokens that *query* finds with *values*; where very many are named, all are read all the same."""
    if named is None and connection.execute(_MANY).first():
        return None
    if named is None or len(named) > MOST_LIKE_TOKENS:
        return frozenset(connection.execute(query, values).scalars())
    asked = query.where(_AMONG)
    found = (connection.execute(asked, values | {"named": part}).scalars() for part in lastlook.parts(named))
    return frozenset(one for part in found for one in part)
