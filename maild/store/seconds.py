"""Mail that came before under the same Message-ID: the same mail again, or another one (ruling 20)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from maild.core.cases.replying import answer_address
from maild.core.mail.facts import Facts
from maild.core.mail.mime import parse
from maild.core.mail.secondcopy import second_copy
from maild.core.policy import Policy
from maild.core.values.case import Case
from maild.core.values.phrases import Phrases
from maild.store import cases, envelopes
from maild.store.schema import message

MOST = 20
"""How many mails with one Message-ID are looked at, the newest first."""

_SAME = (
    select(message)
    .where(
        message.c.message_id == bindparam("name"),
        message.c.envelope_id.is_distinct_from(bindparam("this")),
    )
    .order_by(message.c.id.desc())
    .limit(MOST)
)


def find(
    connection: Connection, mail: int, facts: Facts, policy: Policy, led: Sequence[str]
) -> tuple[Case | None, bool]:
    """The case that knows the own Message-ID of *mail*, an envelope, and whether it is there already.

    It is there when the same author wrote the same, apart from a list's footer, or when it is our own letter;
    and when the case is one that the mail is *led* to, or theirs where it is led to none. Else somebody took
    their words elsewhere.
    """
    if not facts.message_id:
        return None, False
    rows = connection.execute(_SAME, {"name": facts.message_id, "this": mail}).all()
    if not rows:
        return None, False
    author, answered = facts.author.address if facts.author else "", answer_address(facts, policy)
    names = {author, answered.address if answered else ""}
    ours = facts.from_desk
    same = [
        row
        for row in rows
        if (row.envelope_id is None and ours)
        or (_at_home(connection, row, led) and _again(connection, mail, row, names, policy.phrases))
    ]
    return cases.current(connection, (same or rows)[0].case_id), bool(same)


def _at_home(connection: Connection, row: Row[Any], led: Sequence[str]) -> bool:
    """Whether the message stands where the mail leads; else in its author's case, or is a proved member's."""
    case = cases.current(connection, row.case_id)
    if led:
        return case is not None and case.id in led
    return row.authority.startswith("team:") or (case is not None and row.author in case.reporters)


def _again(connection: Connection, mail: int, row: object, names: set[str], phrases: Phrases) -> bool:
    envelope_id, wrote = getattr(row, "envelope_id", None), getattr(row, "author", "")
    if envelope_id is None or wrote not in names:
        return False
    kept = envelopes.get(connection, envelope_id), envelopes.get(connection, mail)
    if any(one is None or one.purged for one in kept):
        return False
    first, again = (parse(one.content).root for one in kept if one)
    return second_copy(first, again, phrases)
