"""Letters that strangers' mail causes: how many left in the last hour, and which of them may leave now."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from maild.core.letters import kinds
from maild.core.letters.budget import WINDOW, Caps, Rank, Waiting, pick, spent
from maild.core.letters.kinds import LetterKind
from maild.core.letters.states import State
from maild.core.policy import Limits
from maild.store.schema import letter

LONG = timedelta(days=8)
"""How long ago a letter that leaves now was owed, at the most, as far as an hour's limit is concerned."""
_RANK = func.coalesce(letter.c.pace, int(Rank.SURE))
_RECEIPT = letter.c.kind == LetterKind.RECEIPT
_RECENT = letter.c.owed > bindparam("long")
_LEFT = (letter.c.state == State.SENDING) | (
    letter.c.state.in_((State.SENT, State.BOUNCED))
    & (letter.c.settled > bindparam("since"))
    & (letter.c.settled <= bindparam("now"))
)
_USED = {
    True: select(_RANK, letter.c.share, func.count())
    .where(_RECEIPT, _RECENT, _LEFT)
    .group_by(_RANK, letter.c.share),
    False: select(_RANK, letter.c.share, func.count())
    .where(letter.c.kind.in_(kinds.flooding()), letter.c.pace.is_not(None), _RECENT, _LEFT)
    .group_by(_RANK, letter.c.share),
}
_READY = (letter.c.state == State.OWED) & (letter.c.next_at <= bindparam("now")) & letter.c.pace.is_not(None)
_COLUMNS = (letter.c.id, letter.c.pace, letter.c.share, letter.c.case_id, letter.c.next_at)
_WAITING = {
    True: select(*_COLUMNS).where(_READY, _RECEIPT),
    False: select(*_COLUMNS).where(_READY, ~_RECEIPT),
}
_ANY = {True: _WAITING[True].limit(1), False: _WAITING[False].limit(1)}
_CARRIED_LATER = (
    select(letter.c.case_id)
    .where(_READY, letter.c.kind == LetterKind.COPY, letter.c.attempts == 0)
    .group_by(letter.c.case_id)
    .order_by(func.max(letter.c.pace).desc(), func.min(letter.c.id))
)


def chosen(connection: Connection, now: datetime, most: int, limits: Limits) -> list[int]:
    """The letters of these kinds that may leave *now*, at most *most*: receipts first."""
    found: list[int] = []
    for receipts, caps in _caps(limits).items():
        if len(found) < most and connection.execute(_ANY[receipts], {"now": now}).first():
            found += _picked(connection, now, most - len(found), caps, receipts=receipts)
    return found


def _picked(
    connection: Connection, now: datetime, most: int, caps: Caps, *, receipts: bool
) -> tuple[int, ...]:
    used = _used(connection, now, receipts=receipts)
    if spent(used, caps, Rank.SURE):
        return ()
    rows = connection.execute(_WAITING[receipts], {"now": now})
    return pick([_waiting(row, alone=receipts) for row in rows], used, caps, most)


def _waiting(row: Any, *, alone: bool) -> Waiting:
    """A letter as it waits; *alone*, or together with those of its case."""
    return Waiting(row.id, row.pace, row.share, str(row.id) if alone else row.case_id or "", row.next_at)


def carried_later(connection: Connection, now: datetime, limits: Limits) -> tuple[str, ...]:
    """The cases whose copies wait because the hour's limit for letters to the team is used up."""
    cases = tuple(connection.execute(_CARRIED_LATER, {"now": now}).scalars())
    goes_on = cases and _picked(connection, now, 1, _caps(limits)[False], receipts=False)
    return () if goes_on else cases


def _caps(limits: Limits) -> dict[bool, Caps]:
    """The limits for receipts (``True``), and for letters to the team."""
    return {True: Caps(limits.per_hour, limits.per_domain_hour), False: Caps(limits.team_hour)}


def _used(connection: Connection, now: datetime, *, receipts: bool) -> Mapping[tuple[int, str], int]:
    """What left in the hour before *now*, by rank and domain; what is dated later left at no such time."""
    about = {"now": now, "since": now - WINDOW, "long": now - LONG}
    return {(rank, share): count for rank, share, count in connection.execute(_USED[receipts], about)}
