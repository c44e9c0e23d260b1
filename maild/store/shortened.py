"""Copies that were sent: their bytes are the kept mail's over again, one by one for each member."""

from sqlalchemy import Connection, bindparam, case, func, literal, update

from maild.core.letters.kinds import LetterKind
from maild.core.mail import copy
from maild.store.schema import letter

_END = copy.FENCE_END.encode()
_TOP = func.instr(letter.c.content, literal(_END))
_HEAD = func.instr(letter.c.content, literal(b"\r\n\r\n"))
_SHORTEN = (
    update(letter)
    .where(
        letter.c.id == bindparam("this"),
        letter.c.kind == LetterKind.COPY,
        letter.c.facts["envelope"].as_integer().is_not(None),
    )
    .values(
        content=case(
            (_TOP > 0, func.substr(letter.c.content, 1, _TOP + len(_END) - 1)),
            else_=func.substr(letter.c.content, 1, _HEAD + 3),
        )
    )
)


def shorten(connection: Connection, letter_id: int) -> None:
    """A copy of a mail keeps its top, which no reporter may read (ruling 40); an encrypted one its head.

    It is never sent again, and everything below is in the mail that is kept once.
    """
    connection.execute(_SHORTEN, {"this": letter_id})
