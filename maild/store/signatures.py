"""The signatures of members that were accepted: each is used once, on one mail (ruling 14)."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select

from maild.core.change import UseSignature
from maild.core.keeping.restored import SLACK
from maild.core.mail.facts import Facts
from maild.store import backup, folders
from maild.store.database import get_setting
from maild.store.dialect import insert_new
from maild.store.schema import envelope, used_signature

AHEAD = timedelta(hours=1)
"""How far ahead of its arrival a signature accepted by an older version can be dated."""

_ELSEWHERE = used_signature.c.envelope_id != bindparam("envelope")
_IS_USED = select(used_signature.c.signature).where(
    used_signature.c.signature.in_(bindparam("names", expanding=True)), _ELSEWHERE
)
_TEXT_IS_USED = (
    select(used_signature.c.signature)
    .outerjoin(envelope, envelope.c.id == used_signature.c.envelope_id)
    .where(
        used_signature.c.signature.in_(bindparam("names", expanding=True)),
        _ELSEWHERE,
        envelope.c.at.is_(None) | (envelope.c.at >= bindparam("made")),
    )
)


def use(connection: Connection, change: UseSignature) -> None:
    """Remember that the mail's signatures were accepted from it."""
    rows = [{"signature": name, "envelope_id": change.envelope} for name in change.signatures]
    connection.execute(insert_new(used_signature).on_conflict_do_nothing(), rows)


def used(connection: Connection, facts: Facts, envelope_id: int) -> bool:
    """Whether one of the mail's good signatures was accepted from another mail before.

    A name that an older version gave is one of the signed text: a later signature over the same words is
    another one.
    """
    if not facts.signatures or facts.signed_at is None:
        return False
    about = {"names": facts.signatures, "envelope": envelope_id}
    if connection.execute(_IS_USED, about).first():
        return True
    about = {"names": facts.covered, "envelope": envelope_id}
    return bool(connection.execute(_TEXT_IS_USED, {**about, "made": facts.signed_at - AHEAD}).first())


def lost(connection: Connection, facts: Facts, came: datetime) -> bool:
    """Whether a restore may have lost that a mail's signature was accepted from another one.

    It was made after the backup was taken and before that was put back, and the mail that *came* is later.
    What was in the mailbox then is read again, and its signatures count.
    """
    made = facts.signed_at if facts.signatures else None
    until = folders.doubtful_until(connection) if made else None
    taken = get_setting(connection, backup.TAKEN) if until else ""
    if not (made and until and taken):
        return False
    return datetime.fromisoformat(taken) - AHEAD <= made <= until - SLACK and until < came
