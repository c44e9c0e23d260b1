"""How many messages of one sender a case has got lately, and how many of them the team has no copies of."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from maild.core.letters.kinds import LetterKind
from maild.core.values.ids import named
from maild.store.schema import envelope, letter, message

_IN = (message.c.case_id == bindparam("case")) & (envelope.c.seen > bindparam("since"))
_UNTIL = envelope.c.seen <= bindparam("now")
_OF = message.join(envelope, envelope.c.id == message.c.envelope_id)
_LATELY = (
    select(func.count())
    .select_from(_OF)
    .where(
        _IN,
        _UNTIL,
        message.c.author.in_(bindparam("authors", expanding=True)),
        envelope.c.id != bindparam("this"),
    )
)
_AUTHORS = select(message.c.author, envelope.c.id).select_from(_OF).where(_IN, _UNTIL)
_COPIED = select(letter.c.facts["envelope"].as_integer()).where(
    letter.c.case_id == bindparam("case"), letter.c.kind == LetterKind.COPY
)


def lately(
    connection: Connection, case_id: str, authors: Collection[str], this: int, since: datetime, now: datetime
) -> int:
    """How many mails of these *authors* a case has got between *since* and *now*, *this* envelope apart."""
    about = {"case": case_id, "authors": list(authors), "this": this, "since": since, "now": now}
    return int(connection.execute(_LATELY, about).scalar_one())


def uncopied(
    connection: Connection, case_id: str, who: str, secret: bytes, since: datetime, now: datetime
) -> int:
    """How many mails by somebody (by the keyed name) nobody got a copy of, since an instant."""
    about = {"case": case_id, "since": since, "now": now}
    copied = set(connection.execute(_COPIED, {"case": case_id}).scalars())
    rows = connection.execute(_AUTHORS, about)
    return sum(number not in copied and named(secret, case_id, author) == who for author, number in rows)
