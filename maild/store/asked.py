"""What a member's message answers in its case, as its mail server may have signed it."""

from typing import Any

from sqlalchemy import Connection, or_, select

from maild.core.candidates.mail import Asked
from maild.core.cases import readers
from maild.core.change import Verdict
from maild.core.event import MailArrived, MailOpened
from maild.core.mail.attached import quotable
from maild.core.mail.facts import Facts, authentication
from maild.core.mail.listauthor import origin
from maild.core.mail.mime import Part, parse
from maild.core.mail.sealed import find_sealed
from maild.core.policy import Policy
from maild.core.values.case import Case
from maild.store import answered_mails, envelopes
from maild.store.schema import envelope, message

MOST = 10
"""Messages of reporters that are looked at: the reports, then the newest."""


def answers(connection: Connection, facts: Facts, case: Case) -> frozenset[str]:
    """Those of the references of *facts* that a reporter, the team or maild wrote in *case*."""
    theirs = or_(
        message.c.author.in_(case.reporters),
        message.c.authority.startswith("team:"),
        message.c.envelope_id.is_(None),
    )
    query = select(message.c.message_id).where(message.c.case_id == case.id, theirs)
    return frozenset(connection.execute(query.where(message.c.message_id.in_(facts.references))).scalars())


def asked(
    connection: Connection, event: MailArrived | MailOpened, case: Case, policy: Policy
) -> tuple[Asked, ...]:
    """What the reporters of *case* wrote, where only that tells whom a member's message answers."""
    if not readers.to_be_told(event.facts, case, policy):
        return ()
    first = envelope.c.verdict != Verdict.REPORT
    query = (
        select(message.c.envelope_id, message.c.author, envelope.c.verdict)
        .join(envelope, envelope.c.id == message.c.envelope_id)
        .where(message.c.case_id == case.id, message.c.author.in_(case.reporters))
        .order_by(first, message.c.id.desc())
        .limit(MOST)
    )
    answered = answered_mails.find(connection, event.facts.references)
    inside = event.opened.answers if event.opened else ""
    rows = [tuple(row) for row in connection.execute(query)]
    found = (_said(connection, row, inside if row[0] == answered else "", policy) for row in rows)
    return tuple(one for one in found if one)


def _said(connection: Connection, row: tuple[Any, ...], inside: str, policy: Policy) -> Asked | None:
    """What one message says; *inside* is what it says where it came encrypted and was opened."""
    number, author, verdict = row
    kept = envelopes.get(connection, number)
    if kept is None or kept.purged:
        return None
    root = parse(kept.content).root
    if verdict != Verdict.REPORT and not _proved(root, author, policy):
        return None
    text = inside if find_sealed(parse(kept.content), policy.phrases) else quotable(root)
    return Asked(author, root.headers.text("Subject"), text)


def _proved(root: Part, author: str, policy: Policy) -> bool:
    """Whether our exchanger vouches for *author*: anybody can write in their name."""
    written = origin(root.headers, policy.desk, policy.phrases)
    theirs = written.author is not None and written.author.address == author
    return theirs and authentication(root.headers, written, policy).author
