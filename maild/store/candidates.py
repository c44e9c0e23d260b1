"""Loading what a decision may need to know, before it is made and in its own transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from sqlalchemy import Connection, bindparam, func, select

from maild.core.candidates import Candidates
from maild.core.candidates.mail import Chosen, Listed, MailCandidates, ReceiptCounts, SentLetter
from maild.core.candidates.said import CaseCandidates, EnvelopeCandidates, HeldCandidates, LetterCandidates
from maild.core.candidates.times import CanaryCandidates, SweepCandidates
from maild.core.cases import alike, heldwords
from maild.core.cases.replying import answer_address
from maild.core.change import Verdict
from maild.core.event import (
    CanaryDue,
    CaseExported,
    DatabaseRestored,
    DigestDue,
    Doubt,
    Event,
    ForgetPerson,
    HeldDigestDue,
    KeysSeen,
    LetLetterGo,
    LetterSettled,
    MailArrived,
    MailOpened,
    MailPutAside,
    MailShunted,
    MemberSaid,
    OpeningDelayed,
    OperatorSaid,
    PurgeDue,
    RejectMail,
    RetryMail,
    SweepDue,
    TeamSeen,
    TextPrepared,
)
from maild.core.keeping import retention
from maild.core.letters import payloads
from maild.core.letters.kinds import LetterKind
from maild.core.mail import thread
from maild.core.policy import Policy
from maild.core.promises import digest
from maild.core.values import ids
from maild.core.values.case import Case
from maild.core.words import reading
from maild.store import (
    announced,
    answered_mails,
    board,
    bundles,
    canaries,
    cases,
    correspondents,
    envelopes,
    features,
    keys,
    lapses,
    letters,
    mails,
    pacing,
    purge,
    seconds,
    signatures,
    team,
)
from maild.store import facts as recorded
from maild.store.schema import case, clock, escalation, letter


def load(  # noqa: C901, PLR0911, PLR0912 - one line an event
    connection: Connection, event: Event, policy: Policy, now: datetime
) -> Candidates:
    """What the database knows that matters to *event*."""
    match event:
        case MailArrived() | MailOpened():
            return _for_mail(connection, event, policy, now)
        case SweepDue():
            on_the_road = (cases.get(connection, one) for one in recorded.watched(connection))
            due = lapses.due(connection, now, all_late=event.first)
            later = pacing.carried_later(connection, now, policy.limits)
            return SweepCandidates(due, tuple(one for one in on_the_road if one), later)
        case DigestDue():
            return board.at(connection, digest.end_of_day(policy, now))
        case HeldDigestDue():
            return board.held(connection)
        case CanaryDue():
            return CanaryCandidates(canaries.last(connection))
        case TextPrepared():
            there = announced.looked_for(connection, event.text, policy)
            return CaseCandidates(cases.get(connection, event.case_id), announced=there)
        case LetterSettled():
            return CaseCandidates(cases.get(connection, event.case_id))
        case MailPutAside():
            return CaseCandidates(cases.by_envelope(connection, event.envelope))
        case OpeningDelayed():
            return CaseCandidates(cases.by_envelope(connection, event.arrival.envelope))
        case OperatorSaid():
            other, about = (
                cases.current(connection, event.word.rest.upper()),
                cases.get(connection, event.case_id),
            )
            return _for_word(connection, about, other, now)
        case LetLetterGo():
            return LetterCandidates(*(letters.waiting(connection, event.letter) or ()))
        case PurgeDue():
            return purge.due(connection, retention.cutoffs(policy, now))
        case ForgetPerson():
            return purge.person(connection, event.address)
        case TeamSeen():
            return team.known(connection)
        case RetryMail():
            return EnvelopeCandidates(envelopes.state(connection, event.envelope))
        case RejectMail():
            here = event.envelope
            return HeldCandidates(envelopes.verdict(connection, here), cases.held(connection, here))
        case KeysSeen() | MemberSaid() | MailShunted() | DatabaseRestored() | CaseExported():
            return CaseCandidates(None)
        case _:
            assert_never(event)


def _for_mail(
    connection: Connection, event: MailArrived | MailOpened, policy: Policy, now: datetime
) -> MailCandidates:
    facts = event.facts
    named = thread.keys(facts, policy.desk)
    author = facts.author.address if facts.author else ""
    by_token = cases.by_token(connection, named.tokens)
    current = cases.by_envelope(connection, event.arrival.envelope)
    known_ids = (*([named.own] if named.own else ()), *named.references)
    outward = announced.outward(connection, known_ids, policy)
    private = [one for one in named.references if outward.get(one) is not LetterKind.ANNOUNCEMENT]
    same_id, second = seconds.find(connection, event.arrival.envelope, facts, policy)
    asks = answer_address(facts, policy)
    people = (author, asks.address if asks else "", *(one.address for one in facts.recipients))
    by_reference = same_id if second else cases.by_message_id(connection, private, people, current)
    answered = announced.answered(connection, outward) if outward else None
    by_tag = cases.by_tag(connection, named.case_tags)
    shares = alike.hashed(alike.features(facts, event.opened, policy.screening.words), policy.desk.secret)
    likely = by_token.case if by_token else by_reference or current or by_tag
    likely = likely or (answered[0] if answered else None)
    outside = cases.outside(connection, likely.id, now) if likely else cases.Outside()
    fresh = _fresh_case_id(connection, event.arrival.identity, policy)
    # What only a new case asks for is not looked up for a mail that has one.
    return MailCandidates(
        fresh_case_id="" if current else fresh,
        by_token=by_token,
        by_reference=by_reference,
        by_tag=by_tag,
        current=current,
        author_known=current is None and cases.reporter_known(connection, author),
        receipts=_receipts(connection, event, policy, now) if current is None else ReceiptCounts(),
        followups=_followups(connection, event, likely, {author, asks.address if asks else ""}, now),
        bounced=_bounced(connection, facts.returned_mark),
        known_key=keys.fingerprint(connection, author, likely.id if likely else fresh),
        their_key=keys.fingerprint(connection, author),
        offered=keys.offers(connection, likely.id) if likely else (),
        mails=mails.of_case(connection, likely.id) if likely and reading.read(facts.text) else (),
        opens=envelopes.verdict(connection, event.arrival.envelope) == Verdict.REPORT,
        correspondents=correspondents.of_case(connection, likely, facts.references) if likely else (),
        reporters=correspondents.of_case(connection, likely) if likely and reading.read(facts.text) else (),
        guests=outside.guests,
        told=outside.told,
        # His token may be one of a case that was joined to this one, where he has none.
        gone=author in outside.gone or bool(by_token and by_token.over(now)),
        named=cases.current(connection, named.other_case) if named.other_case else None,
        chosen=_chosen(connection, event, policy),
        features=shares,
        alike=features.like(connection, shares, likely.id if likely else ""),
        canary=canaries.flown(connection, facts.own_mark),
        replayed=signatures.used(connection, facts, event.arrival.envelope),
        held=cases.held(connection, event.arrival.envelope),
        listed=_listed(connection, facts.references),
        own_parked=letters.is_parked(connection, facts.own_mark),
        announced=announced.looked_for(connection, f"{facts.subject}\n{facts.text}", policy),
        announcement=announced.by_message_id(connection, facts.message_id, policy),
        answered=answered,
        unreached=cases.newest_with(connection, facts.unreached) if facts.unreached else None,
        shown=answered_mails.shown(connection, facts, policy),
        second=second,
        by_own_id=None if second else same_id,
    )


def _followups(
    connection: Connection,
    event: MailArrived | MailOpened,
    likely: Case | None,
    authors: set[str],
    now: datetime,
) -> int:
    """How often the author has written in the case within the hour."""
    if likely is None:
        return 0
    this = event.arrival.envelope
    return bundles.lately(connection, likely.id, authors - {""}, this, now - timedelta(hours=1), now)


def _for_word(
    connection: Connection, about: Case | None, other: Case | None, now: datetime
) -> CaseCandidates:
    """For a word from the command line: the case, the other that it names, and who may be written to."""
    if about is None:
        return CaseCandidates(None, other)
    guests = cases.outside(connection, about.id, now).guests
    offered = keys.offers(connection, about.id)
    people, kept = correspondents.of_case(connection, about), mails.of_case(connection, about.id)
    return CaseCandidates(about, other, people, guests, offered=offered, mails=kept)


def _listed(connection: Connection, references: Sequence[str]) -> Listed | None:
    """What the escalation letter among *references* tells of; ``None`` when there is none."""
    if not references:
        return None
    is_one = (letter.c.message_id.in_(references[:50])) & (letter.c.kind == LetterKind.ESCALATION)
    query = (
        select(clock.c.id, clock.c.case_id, clock.c.mail)
        .join(escalation, escalation.c.clock_id == clock.c.id)
        .join(letter, letter.c.id == escalation.c.letter_id)
        .where(is_one, clock.c.met.is_(None), clock.c.stopped.is_(None))
        .order_by(clock.c.due, clock.c.id)
    )
    rows = connection.execute(query).all()
    named = dict.fromkeys(row.case_id for row in rows if row.case_id)
    found = [one for one in (cases.get(connection, name) for name in named) if one]
    held = dict.fromkeys(row.id for row in rows if row.mail is not None)
    return Listed(tuple(found), tuple(held)) if rows else None


def _chosen(connection: Connection, event: MailArrived | MailOpened, policy: Policy) -> tuple[Chosen, ...]:
    """The held mails that the mail has words for; hardly any mail has, so the list is read then only."""
    if not heldwords.said(event.facts):
        return ()
    return heldwords.chosen(event.facts, board.releasable(connection), policy)


_TAKEN = select(case.c.id).where(case.c.id == bindparam("name"))
_LATELY = (letter.c.owed > bindparam("hour")) & (letter.c.owed <= bindparam("now"))
_TODAY = (letter.c.owed > bindparam("day")) & (letter.c.owed <= bindparam("now"))
_DOMAIN = letter.c.recipient.like(bindparam("domain"), escape="\\")
_WAITS = letter.c.state.in_((letters.OWED, letters.SENDING))
_RECEIPTS = select(
    func.count().filter(_TODAY, letter.c.recipient == bindparam("address")),
    func.count().filter(_LATELY, _DOMAIN),
    func.count().filter(_LATELY),
    func.count().filter(_WAITS),
    func.count().filter(_WAITS, _DOMAIN),
).where(
    letter.c.kind == LetterKind.RECEIPT,
    letter.c.state != letters.PARKED,
    letter.c.owed > bindparam("day"),
)
"""A window ends now: after a clock was set back, what is dated later counts in none."""


def _fresh_case_id(connection: Connection, identity: str, policy: Policy) -> str:
    names = ids.case_ids(policy.desk.secret, policy.desk.prefix, identity)
    return next(n for n in names if not connection.execute(_TAKEN, {"name": n}).first())


def _receipts(
    connection: Connection, event: MailArrived | MailOpened, policy: Policy, now: datetime
) -> ReceiptCounts:
    """How many receipts were owed lately; counted when owed, so that a slow SMTP server hides none."""
    if event.arrival.doubt is not Doubt.NONE:
        return ReceiptCounts()  # what is parked or went out long ago floods nobody now
    answer = answer_address(event.facts, policy)
    address = answer.address if answer else ""
    hour, day = now - timedelta(hours=1), now - timedelta(days=1)
    domain = "%@" + address.rpartition("@")[2].replace("%", "").replace("_", r"\_")
    about = {"day": day, "hour": hour, "now": now, "address": address, "domain": domain}
    return ReceiptCounts(*connection.execute(_RECEIPTS, about).one())


def _bounced(connection: Connection, reference: str) -> SentLetter | None:
    if not reference:
        return None
    row = connection.execute(select(letter).where(letter.c.reference == reference)).one_or_none()
    if row is None:
        return None
    case_of = cases.get(connection, row.case_id)
    doubtful = cases.doubtful_report(connection, row.case_id) if row.case_id else None
    by = payloads.by(payloads.read(row.kind, row.facts))
    return SentLetter(row.id, LetterKind(row.kind), case_of, row.reporter, doubtful, by, row.recipient)
