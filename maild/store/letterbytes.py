"""The bytes that letters go out with; apart from the letters, whose rows change often."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, select, update

from maild.core.letters.states import State
from maild.store import longrows
from maild.store.schema import letter, letter_bytes

_THIS = letter_bytes.c.letter_id == bindparam("this")
_READ = select(letter_bytes.c.content).where(_THIS)
_CUT = update(letter_bytes).where(_THIS)
FIXED = exists().where(letter_bytes.c.letter_id == letter.c.id).correlate(letter)
"""Whether the bytes of a letter are fixed."""
OF_LETTER = letter_bytes.c.letter_id == letter.c.id
"""How the two are joined."""


def fix(connection: Connection, letter_id: int, content: bytes, sealed_to: str = "") -> None:
    """The bytes a letter goes out with, now and in every later try, and the key that they are for."""
    longrows.put(connection, letter_bytes, {"letter_id": letter_id, "sealed_to": sealed_to}, content)


def read(connection: Connection, letter_id: int) -> bytes:
    """The bytes that were fixed for a letter, if any."""
    return connection.execute(_READ, {"this": letter_id}).scalar() or b""


def of_case(connection: Connection, case_id: str) -> list[tuple[datetime, bytes]]:
    """The letters of a case as they went out (of copies the top), with the instants they were accepted at."""
    query = select(letter.c.settled, letter_bytes.c.content).join(letter_bytes, OF_LETTER)
    query = query.where(letter.c.case_id == case_id, letter.c.state.in_((State.SENT, State.BOUNCED)))
    return [(row.settled, row.content) for row in connection.execute(query.order_by(letter.c.id))]


def cut(connection: Connection, letter_id: int, content: bytes) -> None:
    """Of a letter that was sent *content* is kept, and the rest given up."""
    connection.execute(_CUT, {"this": letter_id, "content": content})


def drop(connection: Connection, *which: ColumnElement[bool]) -> None:
    """*Which* letters have no bytes any more; those that leave are composed anew."""
    these = select(letter.c.id).where(*which)
    connection.execute(delete(letter_bytes).where(letter_bytes.c.letter_id.in_(these)))
