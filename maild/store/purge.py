"""Giving texts up: what is due, and how it goes. Rows that prove what was done stay."""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import Column, ColumnElement, Connection, and_, delete, false, or_, select, update

from maild.core.candidates.said import Person
from maild.core.candidates.times import Purgeable
from maild.core.change import Verdict
from maild.core.changes.keeping import Forget, PurgeCase, PurgeMail
from maild.core.facts.table import OUTSIDER
from maild.core.journal import Detail, What
from maild.core.keeping.retention import Cutoffs
from maild.core.keeping.states import UNHANDLED
from maild.core.mail.address import first_author
from maild.core.mail.headers import MAX_BLOCK
from maild.core.mail.mime import outermost
from maild.store import journal, letterbytes, letters, redaction, standing
from maild.store.dialect import beginning
from maild.store.envelopes import DONE
from maild.store.schema import (
    case,
    clock,
    envelope,
    fact,
    key_scope,
    letter,
    message,
    offered_key,
    participant,
    raw,
    reporter_key,
)

T = TypeVar("T")

BATCH = 200
"""Cases, and mails, that go in one transaction."""
_MACHINES = (Verdict.AUTOMATIC, Verdict.BOUNCE, Verdict.OWN)
_GOING = (letters.OWED, letters.SENDING)


def due(connection: Connection, before: Cutoffs) -> Purgeable:
    """The cases and the mail of no case whose texts are to go, a batch of each."""
    ended = [*_closed(before.closed, case.c.close_reason.is_distinct_from("spam"))]
    ended += _closed(before.spam, case.c.close_reason == "spam")
    apart = [*_judged(before.spam, envelope.c.verdict == Verdict.REJECTED)]
    # Mail of machines that belongs to no case was never anybody's to look at; it goes with the closed cases.
    apart += _judged(before.closed, envelope.c.verdict.in_(_MACHINES) & envelope.c.case_id.is_(None))
    return Purgeable(_first(connection, case.c.id, ended), _first(connection, envelope.c.id, apart))


def _closed(before: datetime | None, kind: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    new = case.c.purged.is_(None) | (case.c.purged < case.c.closed)
    return [] if before is None else [and_(case.c.state == "closed", kind, case.c.closed < before, new)]


def _judged(before: datetime | None, kind: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    there = envelope.c.id.in_(select(raw.c.envelope_id))
    done = envelope.c.state == DONE
    return [] if before is None else [and_(kind, done, envelope.c.judged < before, there)]


def _first(connection: Connection, name: Column[T], where: list[ColumnElement[bool]]) -> tuple[T, ...]:
    query = select(name).where(or_(false(), *where)).limit(BATCH)
    return tuple(connection.execute(query).scalars())


def purge_case(connection: Connection, change: PurgeCase, now: datetime) -> None:
    """The text of every mail and letter of a case goes, and its subject; mail set aside stays."""
    mine = select(envelope.c.id).where(envelope.c.case_id == change.case_id, envelope.c.state == DONE)
    gone = _purge(connection, raw.c.envelope_id.in_(mine), envelope.c.id.in_(mine))
    settled = (letter.c.case_id == change.case_id) & letter.c.state.not_in(_GOING)
    letterbytes.drop(connection, settled)
    connection.execute(delete(offered_key).where(offered_key.c.case_id == change.case_id))
    redaction.given_up(connection, change.case_id)
    values = {"subject": "", "purged": now}
    connection.execute(update(case).where(case.c.id == change.case_id).values(**values))
    journal.write(connection, now, change.case_id, What.TEXTS_GIVEN_UP, {"mails": gone})


def purge_mail(connection: Connection, change: PurgeMail, now: datetime) -> None:
    """The text of one mail goes."""
    row = connection.execute(select(envelope).where(envelope.c.id == change.envelope)).one()
    _purge(connection, raw.c.envelope_id == row.id, envelope.c.id == row.id)
    detail: Detail = {"envelope": row.id, "verdict": row.verdict}
    journal.write(connection, now, row.case_id or "", What.TEXT_GIVEN_UP, detail)


def _purge(connection: Connection, texts: ColumnElement[bool], mails: ColumnElement[bool]) -> int:
    """The bytes go and their plain digest, by which a guess could be proved; the keyed identity stays."""
    connection.execute(update(envelope).where(mails).values(sha256=""))
    return connection.execute(delete(raw).where(texts)).rowcount


def person(connection: Connection, address: str) -> Person:
    """What there is of somebody outside the team: his cases, and his mail of no case."""
    takes_part = select(participant.c.case_id).where(participant.c.address == address)
    wrote = select(message.c.case_id).where(message.c.author == address)
    in_copy = select(fact.c.case_id).where(fact.c.name == OUTSIDER, fact.c.value == address)
    his = case.c.id.in_(takes_part) | case.c.id.in_(wrote) | case.c.id.in_(in_copy)
    rows = connection.execute(select(case.c.id, case.c.state).where(his).order_by(case.c.opened)).all()
    return Person(
        closed=tuple(row.id for row in rows if row.state == "closed"),
        open=tuple(row.id for row in rows if row.state != "closed"),
        mails=_mails(connection, address),
    )


def _mails(connection: Connection, address: str) -> tuple[int, ...]:
    """The mail of no case that names *address* as its author; only the texts know.

    What is still to be handled or opened may yet become a case, and needs its text for that.
    """
    query = select(raw.c.envelope_id, beginning(raw.c.content, MAX_BLOCK).label("head"))
    query = query.join(envelope, envelope.c.id == raw.c.envelope_id).where(
        envelope.c.case_id.is_(None), envelope.c.state.not_in(UNHANDLED)
    )
    found = []
    for row in connection.execute(query.order_by(raw.c.envelope_id)):
        author = first_author(outermost(row.head))
        if author and author.address == address:
            found.append(int(row.envelope_id))
    return tuple(found)


def forget(connection: Connection, change: Forget) -> None:
    """An address goes out of closed cases: a keyed name stands where a name is needed.

    Nothing leads to these cases any more: whoever writes again is somebody new, with a case and promises.
    """
    here, there = change.address, change.name
    cases = list(change.cases)
    sent = select(letter.c.message_id).where(letter.c.case_id.in_(cases), letter.c.recipient == here)
    connection.execute(delete(message).where(message.c.letter_id.is_(None), message.c.message_id.in_(sent)))
    wrote = message.c.case_id.in_(cases) & (message.c.author == here)
    connection.execute(update(message).where(wrote).values(author=there, message_id=""))
    who = participant.c.case_id.in_(cases) & (participant.c.address == here)
    connection.execute(delete(participant).where(who))
    in_copy = fact.c.case_id.in_(cases) & (fact.c.name == OUTSIDER) & (fact.c.value == here)
    connection.execute(update(fact).where(in_copy).values(value=there))
    ran = clock.c.case_id.in_(cases) & (clock.c.reporter == here)
    connection.execute(update(clock).where(ran).values(reporter=there))
    _forget_letters(connection, change)
    standing.forget(connection, change.author)
    if change.whole:
        connection.execute(delete(reporter_key).where(reporter_key.c.address == here))
        connection.execute(delete(key_scope).where(key_scope.c.address == here))
    theirs = offered_key.c.case_id.in_(cases) & (offered_key.c.address == here)
    connection.execute(delete(offered_key).where(theirs))


def _forget_letters(connection: Connection, change: Forget) -> None:
    """Letters to him, and whatever of letters about him names his address."""
    here, there = change.address, change.name
    for row in connection.execute(select(letter).where(letter.c.case_id.in_(change.cases))).all():
        his = here in (row.recipient, row.reporter)
        values = {
            name: _renamed(getattr(row, name), here, there) for name in ("dedupe", "recipient", "reporter")
        }
        values |= {"facts": _renamed(row.facts, here, there), "trouble": _renamed(row.trouble, here, there)}
        if his:
            values |= {"in_reply_to": "", "references": ""}
            letterbytes.drop(connection, letter.c.id == row.id)
        connection.execute(update(letter).where(letter.c.id == row.id).values(**values))


def _renamed(value: object, here: str, there: str) -> object:
    """*value* with the address replaced wherever it stands in it."""
    match value:
        case str():
            return value.replace(here, there)
        case dict():
            return {key: _renamed(one, here, there) for key, one in value.items()}
        case list():
            return [_renamed(one, here, there) for one in value]
    return value
