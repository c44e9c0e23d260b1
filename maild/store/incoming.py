"""Loading what a decision about a mail may need to know, in its own transaction."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, select

from maild.core.candidates.mail import Chosen, MailCandidates, ReceiptCounts, SentLetter
from maild.core.cases import alike, heldwords, standing
from maild.core.cases.heldorders import HeldList
from maild.core.cases.replying import answer_address
from maild.core.change import Verdict
from maild.core.event import (
    Doubt,
    MailArrived,
    MailOpened,
)
from maild.core.letters import payloads
from maild.core.letters.budget import Rank
from maild.core.letters.kinds import LetterKind
from maild.core.mail import thread
from maild.core.mail.facts import Facts
from maild.core.policy import Policy
from maild.core.values import ids
from maild.core.values.case import Case
from maild.core.words import reading
from maild.store import (
    announced,
    answered_mails,
    asked,
    bundles,
    canaries,
    cases,
    correspondents,
    envelopes,
    features,
    heldmail,
    keys,
    letters,
    listed,
    mails,
    passed,
    seconds,
    signatures,
    unread,
    withheld,
)
from maild.store.schema import case, letter
from maild.store.standing import opened


def known(
    connection: Connection, event: MailArrived | MailOpened, policy: Policy, now: datetime
) -> MailCandidates:
    """What matters to a mail that arrived or was opened."""
    found = _threads(connection, event, policy)
    likely = _likely(found)
    found = _of_author(connection, event, found, likely, policy, now)
    found = _of_mail(connection, event, found, likely, policy)
    return _of_case(connection, event, found, likely, policy, now) if likely else found


def _threads(connection: Connection, event: MailArrived | MailOpened, policy: Policy) -> MailCandidates:
    """The cases and the letters that the mail's keys, references and tags lead to."""
    facts, this = event.facts, event.arrival.envelope
    named = thread.keys(facts, policy.desk)
    current = cases.by_envelope(connection, this)
    known_ids = (*([named.own] if named.own else ()), *named.references)
    outward = announced.outward(connection, known_ids, policy)
    private = [one for one in named.references if outward.get(one) is not LetterKind.ANNOUNCEMENT]
    people = (*_authors(event, policy), *(one.address for one in facts.recipients))
    other = reading.other_case(reading.read(facts.text), policy.desk)
    by_token = cases.by_token(connection, named.tokens)
    by_reference = cases.by_message_id(connection, private, people, current)
    led = [one.id for one in (current, by_token.case if by_token else None, by_reference) if one]
    same_id, second = seconds.find(connection, this, facts, policy, led)
    return MailCandidates(
        # What only a new case asks for is not looked up for a mail that has one.
        fresh_case_id="" if current else _fresh_case_id(connection, event.arrival.identity, policy),
        by_token=by_token,
        by_reference=same_id if second else by_reference,
        by_tag=cases.by_tag(connection, named.case_tags),
        current=current,
        named=cases.current(connection, other) if other else None,
        announcement=announced.by_message_id(connection, facts.message_id, policy),
        answered=announced.answered(connection, outward) if outward else None,
        second=second,
        by_own_id=None if second else same_id,
        by_report=_by_report(connection, facts, policy),
    )


def _by_report(connection: Connection, facts: Facts, policy: Policy) -> Case | None:
    """The case about the report that a proved platform's notice names."""
    name = standing.report(facts, policy.desk.secret)
    of = features.about(connection, name) if name else ""
    return cases.current(connection, of) if of else None


def _authors(event: MailArrived | MailOpened, policy: Policy) -> tuple[str, str]:
    """Who wrote it, and where an answer would go; empty where there is nobody."""
    author, asks = event.facts.author, answer_address(event.facts, policy)
    return author.address if author else "", asks.address if asks else ""


def _likely(found: MailCandidates) -> Case | None:
    """The case that the mail most likely belongs to, for what is looked up because of it."""
    if found.by_token:
        return found.by_token.case
    answered = found.answered[0] if found.answered else None
    return found.by_reference or found.current or found.by_report or found.by_tag or answered


def _of_author(
    connection: Connection,
    event: MailArrived | MailOpened,
    found: MailCandidates,
    likely: Case | None,
    policy: Policy,
    now: datetime,
) -> MailCandidates:
    """What the author is to us: known, with a key, with receipts of the last day."""
    author, fresh = _authors(event, policy)[0], found.current is None
    theirs = keys.fingerprint(connection, author)
    here = likely.id if likely else found.fresh_case_id
    return replace(
        found,
        author_known=fresh and not policy.unread(author) and cases.reporter_known(connection, author),
        receipts=_receipts(connection, event, policy, now) if fresh else ReceiptCounts(),
        followups=_followups(connection, event, likely, policy, now),
        known_key=theirs and keys.fingerprint(connection, author, here),
        their_key=theirs,
    )


def _of_mail(
    connection: Connection,
    event: MailArrived | MailOpened,
    found: MailCandidates,
    likely: Case | None,
    policy: Policy,
) -> MailCandidates:
    """What the mail itself is, answers, or is like."""
    facts, this = event.facts, event.arrival.envelope
    chosen, held_list = _about_held(connection, facts, policy)
    found_in = alike.features(facts, event.opened, policy.screening.words, policy.common_names)
    shares = alike.hashed(found_in, policy.desk.secret)
    return replace(
        found,
        bounced=_bounced(connection, facts.returned_mark, policy),
        opens=envelopes.verdict(connection, this) == Verdict.REPORT,
        chosen=chosen,
        answers_list=held_list is not None,
        features=shares,
        alike=features.like(connection, shares, likely.id if likely else ""),
        canary=canaries.flown(connection, facts.own_mark),
        replayed=signatures.used(connection, facts, this),
        maybe_used=signatures.lost(connection, facts, event.arrival.at),
        held=cases.held(connection, this),
        listed=listed.of(connection, facts.references),
        own_parked=withheld.is_parked(connection, facts.own_mark),
        announced=announced.looked_for(connection, f"{facts.subject}\n{facts.text}", policy),
        unreached=cases.newest_with(connection, facts.unreached) if facts.unreached else None,
        shown=answered_mails.shown(connection, event, likely.id if likely else "", policy),
        handles=_handles(connection, event, policy),
    )


def _of_case(
    connection: Connection,
    event: MailArrived | MailOpened,
    found: MailCandidates,
    likely: Case,
    policy: Policy,
    now: datetime,
) -> MailCandidates:
    """Who takes part in the case that it most likely belongs to, and what waits there."""
    facts = event.facts
    author = facts.author.address if facts.author else ""
    outside = cases.outside(connection, likely.id, now)
    commands = bool(reading.read(facts.text))
    writer = standing.who_there(facts, policy.desk.secret)
    ours = _perhaps_ours(facts, policy)
    return replace(
        found,
        by_opener=bool(writer) and opened(connection, likely.id, writer),
        offered=keys.offers(connection, likely.id),
        mails=mails.of_case(connection, likely.id) if commands else (),
        passed=passed.of_case(connection, likely.id) if commands else (),
        correspondents=correspondents.of_case(connection, likely, facts.references),
        reporters=correspondents.of_case(connection, likely) if commands else (),
        waiting=withheld.for_a_look(connection, likely.id) if commands else (),
        joined=cases.joined_to(connection, likely.id) if ours else (),
        answers=asked.answers(connection, facts, likely) if ours else frozenset(),
        asked=asked.asked(connection, event, likely, policy),
        guests=outside.guests,
        other_guests=cases.outside(connection, found.named.id, now).guests if found.named else (),
        told=outside.told,
        # Their token may be one of a case that was joined to this one, where they have none.
        gone=author in outside.gone or bool(found.by_token and found.by_token.over(now)),
    )


def _perhaps_ours(facts: Facts, policy: Policy) -> bool:
    """Whether the mail is signed, or a member's address stands in From."""
    return bool(facts.signatures) or bool(facts.author and policy.team.claimed_by(facts.author.address))


def _followups(
    connection: Connection,
    event: MailArrived | MailOpened,
    likely: Case | None,
    policy: Policy,
    now: datetime,
) -> int:
    """How often the author has written in the case within the hour."""
    this, proved = event.arrival.envelope, event.facts.authentication.author
    authors = set(_authors(event, policy)) - {""}
    return bundles.lately(connection, likely.id, authors, this, now, policy, proved) if likely else 0


def _handles(connection: Connection, event: MailArrived | MailOpened, policy: Policy) -> tuple[Case, ...]:
    """The open cases of a member who says something about themselves, such as that they are away."""
    member = policy.team.claimed_by(_authors(event, policy)[0])
    own = member is not None and any(word.own for word in reading.read(event.facts.text))
    return cases.handled_by(connection, member.name) if member and own else ()


def _about_held(
    connection: Connection, facts: Facts, policy: Policy
) -> tuple[tuple[Chosen, ...], HeldList | None]:
    """The held mails that the mail has words for, and the daily list that it answers.

    Hardly any mail has such words, so the lists are read then only.
    """
    member = heldwords.reader(facts, policy)
    spoken = heldwords.said(facts)
    if member is None or not spoken:
        return (), None
    senders = any(order.sender for order in spoken.orders)
    answers = heldmail.answered(connection, facts.references, member.contact, senders)
    return heldwords.chosen(facts, heldmail.releasable(connection), policy, answers), answers


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
    func.count().filter(_WAITS, letter.c.pace >= int(Rank.LIKELY)),
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


def _bounced(connection: Connection, reference: str, policy: Policy) -> SentLetter | None:
    if not reference:
        return None
    row = connection.execute(select(letter).where(letter.c.reference == reference)).one_or_none()
    if row is None:
        return None
    case_of = cases.get(connection, row.case_id)
    doubtful = cases.doubtful_report(connection, row.case_id) if row.case_id else None
    says = payloads.read(row.kind, row.facts)
    mail = says.envelope if isinstance(says, payloads.Copy) else 0
    alone = mail if mail and unread.nobody_has(connection, row.case_id, mail, policy, row.id) else 0
    by = payloads.by(says)
    return SentLetter(row.id, LetterKind(row.kind), case_of, row.reporter, doubtful, by, row.recipient, alone)
