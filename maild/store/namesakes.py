"""Mails that say the same under one Message-ID and went different ways: each has a name of its own."""

from sqlalchemy import Connection, bindparam, exists, select

from maild.core.change import Verdict
from maild.core.mail import way
from maild.core.mail.headers import MAX_BLOCK
from maild.store.database import secret
from maild.store.dialect import beginning
from maild.store.schema import envelope, message, raw, used_signature

_SILENT = (Verdict.AUTOMATIC, Verdict.BOUNCE, Verdict.QUARANTINE, Verdict.REJECTED)
"""What nobody looks at, or late: the same words may have been sent ahead so that they are taken for that."""
_SENT = "sent"
_MEMBERS = exists().where(message.c.envelope_id == envelope.c.id, message.c.authority.startswith("team:"))
_SIGNED = exists().where(used_signature.c.envelope_id == envelope.c.id)
_THERE = (
    select(envelope.c.sha256, envelope.c.role, envelope.c.verdict)
    .add_columns((_MEMBERS & ~_SIGNED).label("vouched"))
    .add_columns(beginning(raw.c.content, MAX_BLOCK).label("head"))
    .join(raw, raw.c.envelope_id == envelope.c.id)
    .where(envelope.c.identity == bindparam("name"))
)


def name(connection: Connection, identity: str, content: bytes, sha256: str, role: str) -> str:
    """The name under which to keep a mail: its *identity*, unless that is of a mail that went another way.

    What lies in the Sent folder has proved its author, and so has a copy of it: neither is another mail. Nor
    is a copy of what was taken for a member's without a signature of theirs: what it went by does not cover
    the thread, and a member answers once.
    """
    there = connection.execute(_THERE, {"name": identity}).one_or_none()
    if there is None or there.sha256 == sha256 or there.vouched:
        return identity
    if _SENT in (there.role, role) and way.same_mark(there.head, content):
        return identity
    if way.one_delivery(there.head, content):
        return identity  # moved, and written anew on the way
    same = there.role == role and way.same_way(there.head, content)
    if same and there.verdict not in _SILENT:
        return identity
    return way.named(identity, content, secret(connection))
