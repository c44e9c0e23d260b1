"""The mail that a member's mail answers: what its copy carried, or the mail itself in observe mode."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from maild.core.letters import payloads
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Copy
from maild.core.mail.body import quotable
from maild.core.mail.facts import Facts, FolderRole
from maild.core.mail.mime import parse
from maild.core.mail.sealed import find_sealed
from maild.core.policy import Policy
from maild.store import envelopes
from maild.store.schema import letter, message

MOST = 50
"""References that are looked at, the nearest first."""


def shown(connection: Connection, facts: Facts, policy: Policy) -> str:
    """The text that a member's mail, it may be, answers; empty when it came encrypted, or is not known."""
    author = facts.author.address if facts.author else ""
    ours = facts.role is FolderRole.SENT or facts.signatures or policy.team.claimed_by(author)
    found = find(connection, facts.references) if ours else None
    kept = envelopes.get(connection, found) if found else None
    if kept is None or kept.purged:
        return ""
    tree = parse(kept.content)
    return "" if find_sealed(tree) else quotable(tree.root)


def find(connection: Connection, references: Sequence[str], case_id: str = "") -> int | None:
    """The envelope of the mail that the nearest known of *references* shows, in the case if one is given."""
    names = list(references[:MOST])
    copies = select(letter.c.message_id, letter.c.case_id, letter.c.kind, letter.c.facts).where(
        letter.c.message_id.in_(names), letter.c.kind == LetterKind.COPY
    )
    mails = select(message.c.message_id, message.c.case_id, message.c.envelope_id).where(
        message.c.message_id.in_(names), message.c.envelope_id.is_not(None)
    )
    known = {row.message_id: (row.envelope_id, row.case_id) for row in connection.execute(mails)}
    for row in connection.execute(copies):
        says = payloads.read(row.kind, row.facts)
        if isinstance(says, Copy):
            known[row.message_id] = (says.envelope, row.case_id)
    found = (known[name] for name in names if name in known)
    return next((envelope for envelope, case in found if case_id in ("", case)), None)
