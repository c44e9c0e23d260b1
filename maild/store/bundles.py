"""How many messages of one sender a case has got lately, and how many of them the team has no copies of."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, select

from maild.core.letters.kinds import LetterKind
from maild.core.mail.facts import authentication
from maild.core.mail.headers import MAX_BLOCK
from maild.core.mail.listauthor import origin
from maild.core.mail.mime import outermost
from maild.core.policy import Policy
from maild.core.values.ids import named
from maild.store.schema import envelope, letter, message, raw

MOST = 500
"""Messages whose heads are looked at to see which of them are proved."""
HOUR = timedelta(hours=1)

_IN = (message.c.case_id == bindparam("case")) & (envelope.c.seen > bindparam("since"))
_UNTIL = envelope.c.seen <= bindparam("now")
_OF = message.join(envelope, envelope.c.id == message.c.envelope_id)
_BY = _IN & _UNTIL & message.c.author.in_(bindparam("authors", expanding=True))
_THEIRS = _BY & (envelope.c.id != bindparam("this"))
_LATELY = select(func.count()).select_from(_OF).where(_THEIRS)
_HEADS = (
    select(func.substr(raw.c.content, 1, MAX_BLOCK).label("head"))
    .select_from(_OF.join(raw, raw.c.envelope_id == envelope.c.id))
    .where(_THEIRS)
    .order_by(envelope.c.id.desc())
    .limit(MOST)
)
_AUTHORS = select(message.c.author, envelope.c.id).select_from(_OF).where(_IN, _UNTIL)
_COPIED = select(letter.c.facts["envelope"].as_integer()).where(
    letter.c.case_id == bindparam("case"), letter.c.kind == LetterKind.COPY
)


def lately(
    connection: Connection,
    case_id: str,
    authors: Collection[str],
    this: int,
    now: datetime,
    policy: Policy,
    proved: bool,
) -> int:
    """How many mails of these *authors* a case has got in the hour before *now*, *this* envelope apart.

    Where *this* is *proved* to be theirs, and all would be too many, only such count: anybody can write so.
    """
    about = {"case": case_id, "authors": list(authors), "this": this, "since": now - HOUR, "now": now}
    count = int(connection.execute(_LATELY, about).scalar_one())
    if not proved or count < policy.limits.followups_hour:
        return count
    return sum(_vouched(head, authors, policy) for head in connection.execute(_HEADS, about).scalars())


def _vouched(head: bytes, authors: Collection[str], policy: Policy) -> bool:
    """Whether our exchanger vouches for one of *authors* as the one who wrote a message."""
    headers = outermost(head)
    written = origin(headers, policy.desk, policy.phrases)
    theirs = written.author is not None and written.author.address in authors
    return theirs and authentication(headers, written, policy).author


def uncopied(
    connection: Connection, case_id: str, who: str, secret: bytes, since: datetime, now: datetime
) -> int:
    """How many mails by somebody (by the keyed name) nobody got a copy of, since an instant."""
    about = {"case": case_id, "since": since, "now": now}
    copied = set(connection.execute(_COPIED, {"case": case_id}).scalars())
    rows = connection.execute(_AUTHORS, about)
    return sum(number not in copied and named(secret, case_id, author) == who for author, number in rows)
