"""Mail of no known thread: screened; what is not plainly spam opens a case with clocks and receipt."""

from dataclasses import replace

from maild.core.candidates.mail import ReceiptCounts
from maild.core.cases import flood, outsiders, relay, standing
from maild.core.cases.authority import Standing
from maild.core.cases.findings import unread, unreadable
from maild.core.cases.forwarded import resent
from maild.core.cases.incoming import Incoming
from maild.core.cases.receipt import LATER, acknowledge, own_list, reply_subject
from maild.core.change import (
    RELEASED,
    AddFeatures,
    AddParticipant,
    Change,
    Keep,
    OpenCase,
    SetFlag,
    Verdict,
)
from maild.core.decision import Acknowledgement, Decision
from maild.core.letters import keys
from maild.core.letters.budget import Rank
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Receipt
from maild.core.mail.automatic import INVITES, Kind
from maild.core.mail.away import away
from maild.core.mail.opened import SignatureStatus
from maild.core.promises import clocks
from maild.core.screening import Screening, screen
from maild.core.values import ids
from maild.core.values.case import Case, CaseState, Flag
from maild.core.values.people import Audience, Side
from maild.core.writing import notice, owing

AWAY = "subject of an automatic answer"


def new(mail: Incoming) -> Decision:
    """A mail of no known thread: screened, unless something lets it pass, then a case or the quarantine."""
    screening = screen(mail.facts.subject, mail.facts.headers, mail.policy.screening)
    if reasons := _answered_by_machine(mail):
        kept = mail.keep(Verdict.QUARANTINE, *reasons, score=screening.score)
        return Decision((kept,), acknowledgement=Acknowledgement(send=False, reasons=reasons))
    passes = bypass(mail)
    if mail.facts.automatic and not passes and not speaks_for_report(screening):
        reasons = mail.facts.automatic.reasons
        ack = Acknowledgement(send=False, reasons=reasons)
        kept = mail.keep(Verdict.QUARANTINE, *reasons, *screening.reasons, score=screening.score)
        return Decision((kept,), acknowledgement=ack)
    if not passes and screening.verdict == "quarantine":
        kept = mail.keep(Verdict.QUARANTINE, *screening.reasons, score=screening.score)
        return Decision((kept,), acknowledgement=Acknowledgement(send=False, reasons=("quarantined",)))
    return _opens(mail, screening, passes)


def _answered_by_machine(mail: Incoming) -> tuple[str, ...]:
    """Why it only answers a letter of ours: a program of somebody who takes part in a case wrote it.

    It repeats our subject, so that this says nothing; it opens no case, and people see it in quarantine.
    """
    facts = mail.facts
    if mail.event.released or facts.sealed or not mail.known.author_known:
        return ()
    found = facts.automatic
    if found and found.kind in (Kind.OUT_OF_OFFICE, Kind.CALENDAR) and INVITES not in found.reasons:
        return found.reasons
    return (AWAY,) if away(facts.subject, mail.policy.phrases) else ()


def speaks_for_report(screening: Screening) -> bool:
    """Whether the rules found positive evidence of a report, more than against it (ruling 4)."""
    return screening.score < 0


def invites(mail: Incoming) -> bool:
    """Whether it is an invitation, without text of its own, to talk about a report."""
    invitation = mail.facts.automatic is not None and INVITES in mail.facts.automatic.reasons
    return invitation and speaks_for_report(
        screen(mail.facts.subject, mail.facts.headers, mail.policy.screening)
    )


def bypass(mail: Incoming) -> str:
    """Why this mail is not screened, if so (rulings 6 and 23)."""
    rows = (
        (mail.event.released, RELEASED),
        (mail.facts.sealed, "sealed mail is never quarantined"),
        (_signed_by_known_key(mail), "signed by a known key"),
        (mail.known.author_known, "author takes part in a case"),
        (mail.author.standing is not Standing.OUTSIDE, "author is, or claims to be, the team"),
    )
    return next((reason for applies, reason in rows if applies), "")


def _opens(mail: Incoming, screening: Screening, passes: str) -> Decision:
    """A new case, its reporter, its clocks and its receipt, all in one decision."""
    case_id, facts, policy = mail.known.fresh_case_id, mail.facts, mail.policy
    arrival, team = mail.event.arrival, mail.author.standing is Standing.TEAM
    evidence = speaks_for_report(screening) or facts.sealed or mail.event.released
    rank = flood.rank(mail.event, mail.known, screening.score)
    ack = acknowledge(facts, mail.author, evidence, _ahead(mail.known.receipts, rank), policy, arrival.at)
    reasons = (passes,) if passes else screening.reasons
    subject = "" if facts.sealed else facts.subject
    changes: list[Change] = [
        OpenCase(case_id, arrival.at, facts.sealed, subject, mail.thread.guessed),
        Keep(arrival.envelope, Verdict.REPORT, reasons, case_id, screening.score),
        mail.message(case_id),
        *_flags(mail, case_id),
        *outsiders.flagged(mail, Case(case_id, CaseState.OPEN, arrival.at, facts.sealed, ())),
        *unread(facts.faults, case_id),
    ]
    if author := standing.who(facts, mail.author, policy):
        changes.append(AddFeatures(case_id, ((standing.AUTHOR, author),)))
    if there := standing.report(facts, policy.desk.secret):
        changes.append(AddFeatures(case_id, ((standing.REPORT, there),)))
    if not team:
        changes += _promises(mail, case_id, ack, rank)
    if mail.event.opened:
        audience = Audience.TEAM if team else Audience.REPORTER
        changes += relay.copies(mail, case_id, audience, facts.sealed)
    changes += unreadable(mail.event.opened, case_id, mail.event.arrival.envelope, policy)
    return Decision(tuple(changes), thread=mail.thread, acknowledgement=ack)


def _ahead(counts: ReceiptCounts, rank: Rank) -> ReceiptCounts:
    """What is ahead of a receipt of this *rank*: a likely report waits for other likely ones only."""
    return replace(counts, waiting=counts.likely_waiting) if rank > Rank.ANY else counts


def _promises(mail: Incoming, case_id: str, ack: Acknowledgement, rank: Rank) -> list[Change]:
    """What a reporter is owed: the clocks, and the receipt by itself or by hand."""
    policy, at, reporter = mail.policy, mail.event.arrival.at, mail.answered_at
    token = ids.token(policy.desk.secret, case_id, reporter, Audience.REPORTER)
    changes: list[Change] = (
        [AddParticipant(case_id, reporter, Side.REPORTER, Audience.REPORTER, token)] if reporter else []
    )
    changes += clocks.open_clocks(case_id, reporter, at, policy)
    if not ack.send or ack.to is None:
        capped = any(reason.startswith("limit:") for reason in ack.reasons)
        return changes + notice.by_hand(case_id, capped, at, policy)
    due = clocks.next_promise(policy, at)
    subject = reply_subject(mail.facts, ack.to)
    says = Receipt(at.isoformat(), due, mail.facts.sealed, mail.event.released, subject)
    receipt = owing.letter(
        LetterKind.RECEIPT,
        keys.receipt(case_id),
        ack.to.address,
        says,
        policy.desk,
        case_id=case_id,
        reporter=reporter,
        in_reply_to=mail.facts.message_id,
        references=tuple(reversed(mail.facts.references[:10])),
    )
    delayed = any(reason.startswith(LATER) for reason in ack.reasons)
    told = notice.delayed(case_id, at, policy) if delayed else []
    pace = None if mail.event.released else rank
    return [*changes, replace(receipt, pace=pace, share=ack.to.domain), *told]


def _flags(mail: Incoming, case_id: str) -> list[Change]:
    rows = (
        (mail.event.arrival.odd, Flag.ODD_ARRIVAL),
        (mail.event.arrival.truncated, Flag.TRUNCATED),
        (resent(mail.facts, mail.policy), Flag.FORWARDED),
        (bool(mail.thread.guessed), Flag.POSSIBLY_RELATED),
    )
    changes: list[Change] = [SetFlag(case_id, flag) for applies, flag in rows if applies]
    if mail.author.standing is Standing.CLAIMED:
        changes += notice.flag(case_id, Flag.UNVERIFIED_MEMBER, mail.policy)
    outside = mail.author.standing is Standing.OUTSIDE
    if outside and mail.facts.from_desk and not own_list(mail.facts, mail.policy):
        changes += notice.flag(case_id, Flag.FROM_DESK, mail.policy)
    if mail.facts.smime:
        changes += notice.flag(case_id, Flag.SMIME, mail.policy)
    return changes


def _signed_by_known_key(mail: Incoming) -> bool:
    """By any key that is known; text signed in the clear by its author's own, since anybody can paste it."""
    opened = mail.event.opened
    if opened is None or opened.signature.status is not SignatureStatus.GOOD:
        return False
    theirs = {mail.known.known_key, mail.known.their_key} - {""}
    return not opened.signature.clear or opened.signature.fingerprint in theirs
