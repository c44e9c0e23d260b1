"""The mail that a member's mail answers: what its copy carried, or the mail itself in observe mode.

A letter in maild's own words (a draft, a reminder) carries none: what is quoted of it is told by its shape.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from maild.core.event import MailArrived, MailOpened
from maild.core.letters import kinds, payloads
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Copy
from maild.core.mail.attached import quotable
from maild.core.mail.facts import FolderRole
from maild.core.mail.mime import parse
from maild.core.mail.sealed import find_sealed
from maild.core.policy import Policy
from maild.core.values.phrases import Phrases
from maild.store import envelopes
from maild.store.schema import letter, message

MOST = 50
"""References that are looked at, the nearest first."""
NEWEST = 10
"""Mails of a case that are looked at where no reference is known."""
NO_MAIL = 0
"""Stands for the mail of a letter in maild's own words."""
_OWN = [
    one for one in LetterKind if one is not LetterKind.COPY and kinds.row(one).reader is kinds.Reader.TEAM
]


def shown(connection: Connection, event: MailArrived | MailOpened, case_id: str, policy: Policy) -> str:
    """The text that a member's mail, it may be, answers; empty when it came encrypted, or is not known.

    Where no reference tells which mail that is, the texts of the newest mails of the case, newest first.
    """
    facts = event.facts
    author = facts.author.address if facts.author else ""
    if not (facts.role is FolderRole.SENT or facts.signatures or policy.team.claimed_by(author)):
        return ""
    if event.opened and event.opened.answers:
        return event.opened.answers
    found = find(connection, facts.references)
    if found == NO_MAIL:
        return ""
    if found is not None:
        return _text(connection, found, policy.phrases)
    newest = lately(connection, case_id, event.arrival.envelope) if case_id else []
    return "\n".join(_text(connection, one, policy.phrases) for one in newest)


def lately(connection: Connection, case_id: str, but: int) -> list[int]:
    """The newest mails of the case *but* one, newest first: one of them is answered, whichever it is."""
    query = select(message.c.envelope_id).where(
        message.c.case_id == case_id, message.c.envelope_id.is_not(None)
    )
    query = query.where(message.c.envelope_id != but).order_by(message.c.id.desc()).limit(NEWEST)
    return list(connection.execute(query).scalars())


def _text(connection: Connection, mail: int, phrases: Phrases) -> str:
    kept = envelopes.get(connection, mail)
    if kept is None or kept.purged:
        return ""
    tree = parse(kept.content)
    return "" if find_sealed(tree, phrases) else quotable(tree.root)


def find(connection: Connection, references: Sequence[str], case_id: str = "") -> int | None:
    """The envelope of the mail that the nearest known of *references* shows, in the case if one is given.

    ``NO_MAIL`` when that is a letter to the team in maild's own words; ``None`` when none is known.
    """
    names = list(references[:MOST])
    copies = select(letter.c.message_id, letter.c.case_id, letter.c.kind, letter.c.facts).where(
        letter.c.message_id.in_(names), letter.c.kind.in_([LetterKind.COPY, *_OWN])
    )
    mails = select(message.c.message_id, message.c.case_id, message.c.envelope_id).where(
        message.c.message_id.in_(names), message.c.envelope_id.is_not(None)
    )
    known = {row.message_id: (row.envelope_id, row.case_id) for row in connection.execute(mails)}
    for row in connection.execute(copies):
        says = payloads.read(row.kind, row.facts)
        known[row.message_id] = (says.envelope if isinstance(says, Copy) else NO_MAIL, row.case_id)
    found = (known[name] for name in names if name in known)
    return next((envelope for envelope, case in found if case_id in ("", case)), None)
