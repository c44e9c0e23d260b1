"""The one handler: whatever happens is loaded, decided and recorded in a single transaction."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from maild.core.candidates.mail import Chosen
from maild.core.change import Keep
from maild.core.decide import decide
from maild.core.decision import Decision
from maild.core.event import (
    Arrival,
    Delivery,
    Doubt,
    Event,
    LetterSettled,
    MailArrived,
    MailOpened,
    RejectMail,
)
from maild.core.keeping.states import MailState
from maild.core.letters import payloads
from maild.core.mail.facts import Facts, FolderRole, read_facts
from maild.core.mail.mime import Tree, parse
from maild.core.mail.offered import OfferedKey, offered
from maild.core.mail.opened import Opened
from maild.core.mail.sealed import leaks_secret_key
from maild.core.policy import Policy
from maild.errors import Refused
from maild.gateways.tnef import unpacked
from maild.store import absences, candidates, cases, envelopes, record, releasing, unread
from maild.store.envelopes import Envelope
from maild.store.letters import Letter


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came of a mail's arrival: whether it has still to be opened, and the verdict."""

    closed: bool
    kept: Keep | None


@dataclass(frozen=True, slots=True)
class Looked:
    """A mail as it was read from outside; ``opened`` is missing where something has still to be opened."""

    arrival: Arrival
    facts: Facts
    opened: Opened | None


def handle(connection: Connection, event: Event, policy: Policy, now: datetime) -> Decision:
    """Load, decide, record; a refusal records nothing. *now* is aware UTC.

    What recording finds out happens in the same transaction, one event after the other.
    """
    waiting: deque[Event] = deque([event])
    decided: list[Decision] = []
    while waiting:
        decision, found_out = _happens(connection, waiting.popleft(), policy, now)
        decided.append(decision)
        waiting.extend(found_out)
    return decided[0]


def _happens(
    connection: Connection, event: Event, policy: Policy, now: datetime
) -> tuple[Decision, list[Event]]:
    """One event: what was decided, and what recording it found out."""
    policy = absences.applied(connection, policy)
    known = candidates.load(connection, event, policy, now)
    decision = decide(event, known, policy, now)
    if decision.refusal:
        return decision, []
    sent = record.record(connection, decision, policy.desk, now)
    if isinstance(event, MailArrived | MailOpened):
        envelopes.set_state(connection, event.arrival.envelope, _goes_on(event, decision))
    found_out: list[Event] = [settled(letter, Delivery.SENT, at) for letter, at in sent]
    return decision, [*found_out, *(_looked_at(connection, one, policy) for one in decision.chosen)]


def _goes_on(event: MailArrived | MailOpened, decision: Decision) -> MailState:
    """Where a mail stands now: one whose words were obeyed has nothing inside to wait for."""
    closed = event.opened is None and not decision.chosen
    return envelopes.TO_OPEN if closed else envelopes.DONE


def _looked_at(connection: Connection, one: Chosen, policy: Policy) -> Event:
    """A member's word about a held mail is what the operator's would be."""
    if not one.release:
        return RejectMail(one.envelope, f"team:{one.by}")
    return _released(connection, one.envelope, policy)


def _released(connection: Connection, envelope_id: int, policy: Policy) -> MailArrived:
    """A kept mail arrives as a report after all; ``Refused`` if it is one or its text is gone."""
    if why := releasing.unreleasable(connection, envelope_id):
        raise Refused(f"message {envelope_id} {why}")
    mail = _looked(connection, envelope_id, policy)
    return MailArrived(mail.arrival, mail.facts, mail.opened, released=True)


def settled(letter: Letter, delivery: Delivery, at: datetime | None = None) -> LetterSettled:
    """What became of a letter, as an event; *at* if it was not now."""
    return LetterSettled(
        letter=letter.id,
        kind=letter.kind,
        case_id=letter.case_id,
        reporter=letter.reporter,
        delivery=delivery,
        sealed=letter.sealed,
        by=payloads.by(letter.says),
        brief=payloads.brief(letter.says),
        recipient=letter.recipient,
        at=at,
        mail=letter.says.envelope if isinstance(letter.says, payloads.Copy) else 0,
    )


def refused(connection: Connection, letter: Letter, policy: Policy, now: datetime) -> None:
    """A server refused a letter: everybody hears it when it was the copy of what nobody on the team has."""
    event = settled(letter, Delivery.NOBODY)
    if event.mail and unread.nobody_has(connection, letter.case_id, event.mail, policy):
        handle(connection, event, policy, now)


def look(envelope: Envelope, policy: Policy, tree: Tree | None = None) -> Looked:
    """Read a mail as far as it can be without opening it; before the transaction, as it may take long.

    *tree*: the mail, where it is parsed already.
    """
    tree = tree or parse(envelope.content)
    facts = read_facts(tree, policy, FolderRole(envelope.role))
    keys = bool(offered(tree.root.headers, tree, facts.author)) or leaks_secret_key(tree)
    closed = facts.sealed or facts.signed or keys
    return Looked(arrival(envelope), facts, None if closed else Opened(tree, unpacked=unpacked(tree.root)))


def handle_arrival(
    connection: Connection,
    envelope_id: int,
    policy: Policy,
    now: datetime,
    released: bool = False,
    looked: Looked | None = None,
) -> Arrived:
    """A kept envelope goes through *mail arrived* (rulings 3 and 23); *looked*: as it was read before."""
    mail = looked or _looked(connection, envelope_id, policy)
    event = MailArrived(mail.arrival, mail.facts, mail.opened, released)
    decision = handle(connection, event, policy, now)
    return Arrived(_goes_on(event, decision) == envelopes.TO_OPEN, decision.kept)


def _looked(connection: Connection, envelope_id: int, policy: Policy) -> Looked:
    """The mail of this number; ``Refused`` when it is not kept (any more)."""
    envelope = envelopes.get(connection, envelope_id)
    if envelope is None or envelope.purged:
        raise Refused(f"there is no message {envelope_id}")
    return look(envelope, policy)


def release(connection: Connection, envelope_id: int, policy: Policy, now: datetime) -> None:
    """A person says that a kept mail is a report after all; ``Refused`` if it is one or its text is gone."""
    handle(connection, _released(connection, envelope_id, policy), policy, now)


def handle_opened(
    connection: Connection,
    envelope: Envelope,
    facts: Facts,
    opened: Opened,
    keys: tuple[OfferedKey, ...],
    policy: Policy,
    now: datetime,
) -> None:
    """What opening gave, read as *facts* before the transaction, goes through *mail opened*."""
    released = cases.released(connection, envelope.id)
    handle(connection, MailOpened(arrival(envelope), facts, opened, keys, released), policy, now)


def arrival(envelope: Envelope) -> Arrival:
    """Where and when *envelope* came in."""
    return Arrival(
        envelope.id,
        envelope.identity,
        envelope.at,
        envelope.odd,
        envelope.truncated,
        Doubt(envelope.doubt),
    )
