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
from maild.store import answered_mails
from maild.store.dialect import beginning
from maild.store.schema import envelope, message, raw

MOST = 10
"""Messages of reporters that are looked at: the reports, then the newest."""
BEGINS = 256 * 1024
"""Bytes of each that are read: nobody else can write to the database meanwhile."""
_BEGINNING = beginning(raw.c.content, BEGINS).label("begins")


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
        select(message.c.envelope_id, message.c.author, envelope.c.verdict, _BEGINNING)
        .join(envelope, envelope.c.id == message.c.envelope_id)
        .join(raw, raw.c.envelope_id == envelope.c.id)
        .where(message.c.case_id == case.id, message.c.author.in_(case.reporters))
        .order_by(first, message.c.id.desc())
        .limit(MOST)
    )
    answered = answered_mails.find(connection, event.facts.references)
    inside = event.opened.answers if event.opened else ""
    found = (
        _said(row, inside if row.envelope_id == answered else "", policy) for row in connection.execute(query)
    )
    return tuple(one for one in found if one)


def _said(row: Any, inside: str, policy: Policy) -> Asked | None:
    """What one message says; *inside* is what it says where it came encrypted and was opened."""
    tree = parse(bytes(row.begins))
    if row.verdict != Verdict.REPORT and not _proved(tree.root, row.author, policy):
        return None
    text = inside if find_sealed(tree, policy.phrases) else quotable(tree.root)
    return Asked(row.author, tree.root.headers.text("Subject"), text)


def _proved(root: Part, author: str, policy: Policy) -> bool:
    """Whether our exchanger vouches for *author*: anybody can write in their name."""
    written = origin(root.headers, policy.desk, policy.phrases)
    theirs = written.author is not None and written.author.address == author
    return theirs and authentication(root.headers, written, policy).author
