"""Copies that were sent: their bytes are the kept mail's over again, one by one for each member."""

from sqlalchemy import Connection, bindparam, select

from maild.core.letters.kinds import LetterKind
from maild.core.mail import copy
from maild.store import longrows
from maild.store.schema import letter, letter_bytes

MOST_TOP = 1 << 20
"""Bytes of a copy in which its top is looked for; the block there takes a few thousand."""
_OF_A_MAIL = select(letter.c.id).where(
    letter.c.id == bindparam("this"),
    letter.c.kind == LetterKind.COPY,
    letter.c.facts["envelope"].as_integer().is_not(None),
)
_ENDS = tuple(end.encode() for end in copy.FENCE_ENDS)


def top(connection: Connection, letter_id: int) -> bytes | None:
    """What is kept of the copy of a mail when it was sent; ``None`` of any other letter, which is kept whole.

    A copy keeps its top, which no reporter may read (ruling 40); an encrypted one its head. It is never sent
    again, and everything below is in the mail that is kept once.
    """
    if connection.execute(_OF_A_MAIL, {"this": letter_id}).scalar() is None:
        return None
    beginning = longrows.beginning(connection, letter_bytes, letter_id, MOST_TOP)
    if not beginning:
        return None
    for end in _ENDS:
        above, fence, _ = beginning.partition(end)
        if fence:
            return above + fence
    return b"".join(beginning.partition(b"\r\n\r\n")[:2])
