"""Mail as received, sealed: kept first, recognised wherever it appears again, never lost."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from maild.core.change import Keep
from maild.core.changes.keeping import SetAside, TryAgain
from maild.core.journal import Detail, What
from maild.core.keeping.states import MailState, before
from maild.store import journal, longrows, namesakes, suspects
from maild.store.dialect import insert_new
from maild.store.schema import envelope, location, raw

KEPT, TO_OPEN, DONE, SHUNTED = MailState
MAX_ATTEMPTS = 3
"""Deaths of the process on one envelope after which it is shunted and the queue goes on."""
OPENED_AT_ONCE = 2
"""How many mails are opened side by side."""


_THIS = envelope.c.id == bindparam("this")
_KEPT = select(raw.c.envelope_id).where(raw.c.envelope_id == envelope.c.id).exists()
_KNOWN = select(envelope, _KEPT.label("there")).where(envelope.c.identity == bindparam("identity"))
_WHOLE = select(envelope, raw.c.content).outerjoin(raw, raw.c.envelope_id == envelope.c.id).where(_THIS)
_VERDICT = select(envelope.c.verdict).where(_THIS)
_NEW = insert(envelope)
_CHANGE = update(envelope).where(_THIS)
_OTHER = insert_new(location)
# A mailbox that was restored gives a UID to a second mail.
_PLACE = _OTHER.on_conflict_do_update(
    index_elements=["folder", "uidvalidity", "uid"],
    set_={
        "envelope_id": _OTHER.excluded.envelope_id,
        "mark": _OTHER.excluded.mark,
        "marked": False,
        "date": _OTHER.excluded.date,
    },
    where=location.c.envelope_id.is_distinct_from(_OTHER.excluded.envelope_id),
)
_BECOMES = {
    state: _CHANGE.where(envelope.c.state.in_(before(state))).values(state=state) for state in MailState
}
_REMARK = update(location).where(location.c.envelope_id == bindparam("this"))


@dataclass(frozen=True, slots=True)
class Received:
    """A mail as the IMAP server gave it: where, when, and its bytes (cut when *truncated*).

    ``date`` is its INTERNALDATE (aware), which goes with it when it is moved (RFC 3501 §6.4.7).
    """

    folder: str
    uidvalidity: int
    uid: int
    role: str
    at: datetime
    odd: bool
    size: int
    truncated: bool
    sha256: str
    identity: str = field(repr=False)
    content: bytes = field(repr=False)
    doubt: str = ""
    date: datetime | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """A kept mail; ``at`` is the instant promises count from, ``purged`` says that its bytes are gone.

    ``doubt``: what a restore lost may have answered it (a ``Doubt``).
    """

    id: int
    identity: str = field(repr=False)
    role: str
    at: datetime
    odd: bool
    truncated: bool
    state: str
    attempts: int
    content: bytes = field(repr=False)
    purged: bool = False
    doubt: str = ""


def keep(connection: Connection, mail: Received, now: datetime) -> int | None:
    """Keep *mail*; its id when it has to be handled, ``None`` when it is known already.

    A known mail that shows up in the Sent folder is handled again: there it has proved its author.
    """
    name = namesakes.name(connection, mail.identity, mail.content, mail.sha256, mail.role)
    mail = replace(mail, identity=name)
    known = connection.execute(_KNOWN, {"identity": mail.identity}).one_or_none()
    if known is None:
        found = _insert(connection, mail, now)
        _locate(connection, mail, found, "")
        return found
    _locate(connection, mail, known.id, verdict(connection, known.id))
    if not known.there:
        return None  # a tombstone: it was handled, and its text given up
    if mail.role == "sent" and known.role != "sent":
        _becomes(connection, known.id, KEPT, role="sent")
        return int(known.id)
    return int(known.id) if known.state == KEPT else None


def _insert(connection: Connection, mail: Received, now: datetime) -> int:
    row = {
        "identity": mail.identity,
        "sha256": mail.sha256,
        "role": mail.role,
        "at": mail.at,
        "seen": now,
        "odd": mail.odd,
        "size": mail.size,
        "truncated": mail.truncated,
        "doubt": mail.doubt,
        "state": KEPT,
    }
    made = connection.execute(_NEW, row).inserted_primary_key
    assert made is not None
    longrows.put(connection, raw, {"envelope_id": made[0]}, mail.content)
    return int(made[0])


def _locate(connection: Connection, mail: Received, envelope_id: int, mark: str) -> None:
    """Where it stands; a mail handled before gets its *mark* in the new place too."""
    row = {
        "folder": mail.folder,
        "uidvalidity": mail.uidvalidity,
        "uid": mail.uid,
        "envelope_id": envelope_id,
        "mark": mark or None,
        "date": mail.date,
    }
    connection.execute(_PLACE, row)


def get(connection: Connection, envelope_id: int) -> Envelope | None:
    """The envelope with its bytes."""
    row = connection.execute(_WHOLE, {"this": envelope_id}).one_or_none()
    return _envelope(row) if row else None


def of_case(connection: Connection, case_id: str) -> list[Envelope]:
    """The mail of a case with its bytes, in the order it came."""
    query = select(envelope.c.id).where(envelope.c.case_id == case_id).order_by(envelope.c.at, envelope.c.id)
    found = (get(connection, number) for number in connection.execute(query).scalars().all())
    return [mail for mail in found if mail]


def unhandled(connection: Connection, state: MailState, now: datetime) -> list[int]:
    """The ids of the envelopes in *state* whose time has come, oldest first."""
    ready = envelope.c.retry_at.is_(None) | (envelope.c.retry_at <= now)
    query = select(envelope.c.id).where(envelope.c.state == state, ready).order_by(envelope.c.id)
    return list(connection.execute(query).scalars())


def recover(connection: Connection) -> list[int]:
    """At start: what may have killed us comes under suspicion; the ids of what did so ``MAX_ATTEMPTS`` times.

    A suspicion counts once: only a death while a suspect was under way again, as ``begin`` notes it, adds.
    """
    first = [*_suspects(connection, KEPT, 1), *_suspects(connection, TO_OPEN, OPENED_AT_ONCE)]
    here = envelope.c.id.in_(first)
    connection.execute(update(envelope).where(here, envelope.c.attempts == 0).values(attempts=1))
    poison = select(envelope.c.id).where(here, envelope.c.attempts >= MAX_ATTEMPTS)
    return list(connection.execute(poison.order_by(envelope.c.id)).scalars())


def _suspects(connection: Connection, state: MailState, at_once: int) -> list[int]:
    """The mail that was under way when the process died; what stood behind it in the queue is innocent.

    Mail goes through in the order of its ids, *at_once* side by side; one under suspicion goes alone. What
    only waits (gpg cannot be asked) did not kill anybody.
    """
    left = select(envelope.c.id).where(envelope.c.state == state, envelope.c.retry_at.is_(None))
    left = left.order_by(envelope.c.id)
    again = connection.execute(left.where(envelope.c.attempts > 0).limit(1)).scalar()
    return [again] if again else list(connection.execute(left.limit(at_once)).scalars())


def suspected(connection: Connection, state: MailState) -> list[int]:
    """The envelopes in *state* that may have killed the process before."""
    query = select(envelope.c.id).where(envelope.c.state == state, envelope.c.attempts > 0)
    return list(connection.execute(query.order_by(envelope.c.id)).scalars())


def begin(connection: Connection, envelope_id: int, process: str = "") -> None:
    """A suspect is about to be handled or opened: if we die now, it was that once more.

    Not where *process*, which goes on, has begun it before.
    """
    if process and not suspects.first_time(connection, envelope_id, process):
        return
    counted = update(envelope).where(envelope.c.id == envelope_id, envelope.c.attempts > 0)
    connection.execute(counted.values(attempts=envelope.c.attempts + 1))


def set_state(connection: Connection, envelope_id: int, state: MailState) -> None:
    """An envelope goes on to *state*; handled ones start counting attempts anew."""
    anew = {"attempts": 0} if state in (TO_OPEN, DONE) else {}
    _becomes(connection, envelope_id, state, retry_at=None, **anew)


def _becomes(connection: Connection, envelope_id: int, state: MailState, **values: str | int | None) -> bool:
    """An envelope is in *state* from now on; ``False``, and nothing is changed, where that may not follow."""
    return connection.execute(_BECOMES[state], {"this": envelope_id, **values}).rowcount > 0


def set_aside(connection: Connection, change: SetAside, now: datetime) -> None:
    """An envelope that maild cannot handle is kept whole and out of the way, and how often so is counted."""
    if not _becomes(connection, change.envelope, SHUNTED, trouble=change.fingerprint):
        return
    counted = update(envelope).where(envelope.c.id == change.envelope)
    connection.execute(counted.values(shunted=envelope.c.shunted + 1))
    detail: Detail = {"envelope": change.envelope, "fingerprint": change.fingerprint}
    journal.write(connection, now, _case(connection, change.envelope), What.MAIL_SET_ASIDE, detail)


def try_again(connection: Connection, change: TryAgain, now: datetime) -> None:
    """An envelope goes on where it stopped: what had its verdict before has still to be opened only."""
    stopped = TO_OPEN if verdict(connection, change.envelope) else KEPT
    _becomes(connection, change.envelope, stopped, attempts=0, retry_at=None, trouble=None)
    detail: Detail = {"envelope": change.envelope, "by": change.by}
    journal.write(connection, now, _case(connection, change.envelope), What.MAIL_TRIED_AGAIN, detail)


def _case(connection: Connection, envelope_id: int) -> str:
    return connection.execute(select(envelope.c.case_id).where(envelope.c.id == envelope_id)).scalar() or ""


def state(connection: Connection, envelope_id: int) -> str:
    """Where an envelope stands; empty when there is none of this number."""
    return connection.execute(select(envelope.c.state).where(envelope.c.id == envelope_id)).scalar() or ""


def wait(connection: Connection, envelope_id: int, until: datetime, trouble: str) -> bool:
    """An envelope could not be opened now and is tried again; whether this is the first time it waits."""
    first = (
        connection.execute(select(envelope.c.trouble).where(envelope.c.id == envelope_id)).scalar() is None
    )
    values = {"retry_at": until, "trouble": trouble}
    connection.execute(update(envelope).where(envelope.c.id == envelope_id).values(**values))
    return first


def keep_verdict(connection: Connection, change: Keep, now: datetime) -> None:
    """What an envelope turned out to be; every place it stands in gets that mark."""
    values = {
        "this": change.envelope,
        "verdict": change.verdict,
        "reasons": list(change.reasons),
        "score": change.score,
        "judged": now,
        "case_id": change.case_id or None,
    }
    connection.execute(_CHANGE, values)
    mark = {"this": change.envelope, "mark": change.verdict, "marked": False}
    connection.execute(_REMARK, mark)


def verdict(connection: Connection, envelope_id: int) -> str:
    """What an envelope was taken for; empty when there is no such envelope."""
    return connection.execute(_VERDICT, {"this": envelope_id}).scalar() or ""


def count(connection: Connection, *states: MailState) -> int:
    """How many envelopes are in one of *states*."""
    query = select(func.count()).select_from(envelope).where(envelope.c.state.in_(states))
    return connection.execute(query).scalar_one()


def _envelope(row: Row) -> Envelope:  # type: ignore[type-arg]  # rows of a join have no static type
    return Envelope(
        id=row.id,
        identity=row.identity,
        role=row.role,
        at=row.at,
        odd=row.odd,
        truncated=row.truncated,
        state=row.state,
        attempts=row.attempts,
        content=row.content or b"",
        purged=row.content is None,
        doubt=row.doubt,
    )
