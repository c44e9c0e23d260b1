"""Deciding about a mail: what it is, which case it belongs to, what follows.

The road: automatic mail is kept; the team's mail answers or tells; mail of a known thread joins its case;
everything else is screened, and what is not plainly spam opens a case with its clocks and its receipt.
"""

from dataclasses import dataclass

from maild.core import ids
from maild.core.candidates import MailCandidates, SentLetter
from maild.core.cases import keys, notice
from maild.core.cases.authority import Author, Standing, author_of
from maild.core.cases.case import Case, CaseState, Flag
from maild.core.cases.people import Audience, Side
from maild.core.cases.receipt import acknowledge
from maild.core.cases.thread import Thread, find
from maild.core.decision import (
    Acknowledgement,
    AddMessage,
    AddParticipant,
    BounceLetter,
    CaseClosed,
    CaseReopened,
    Change,
    Decision,
    Keep,
    LetterKind,
    OpenCase,
    OweLetter,
    SetFlag,
    SetHandler,
    Verdict,
)
from maild.core.event import MailArrived, MailOpened
from maild.core.mail.automatic import Kind
from maild.core.mail.facts import Facts, FolderRole
from maild.core.mail.opened import LEAKED_KEY, OTHER_AUTHOR, Decryption, Opened
from maild.core.policy import Policy, Promise
from maild.core.promises import clocks
from maild.core.screening import Screening, screen

KEPT = {Kind.OUT_OF_OFFICE, Kind.READ_RECEIPT, Kind.CALENDAR, Kind.FEEDBACK_REPORT}
"""Automatic mail that is kept and never opens a case (ruling 5); lists and bulk are screened instead."""
BOUNCES = {Kind.BOUNCE, Kind.DELAY}


@dataclass(frozen=True, slots=True)
class Mail:
    """Everything about one mail that the steps below share."""

    event: MailArrived
    known: MailCandidates
    policy: Policy
    author: Author
    thread: Thread

    @property
    def facts(self) -> Facts:
        """The facts of the mail."""
        return self.event.facts

    @property
    def reporter(self) -> str:
        """The author's address, or an empty string when From names nobody or several."""
        return self.facts.author.address if self.facts.author else ""

    def keep(self, verdict: Verdict, *reasons: str, case: Case | None = None, score: float = 0.0) -> Keep:
        """The verdict on this mail."""
        return Keep(self.event.arrival.envelope, verdict, reasons, case.id if case else "", score)


def mail_arrived(event: MailArrived, known: MailCandidates, policy: Policy) -> Decision:
    """What follows from a mail that stands in a folder of the desk."""
    facts = event.facts
    author = author_of(facts, event.opened, policy)
    inside = known.by_tag is not None and _takes_part(facts, author, known.by_tag)
    thread = find(known.by_token, known.by_reference or known.current, known.by_tag, inside)
    mail = Mail(event, known, policy, author, thread)
    if facts.own_mark and mail.author.standing is not Standing.OUTSIDE:
        return Decision((mail.keep(Verdict.OWN, "our own letter"),))
    if facts.automatic and facts.automatic.kind in BOUNCES | KEPT:
        return _automatic(mail, facts.automatic.kind)
    if mail.author.standing is Standing.CLAIMED and event.opened is None and (facts.sealed or facts.signed):
        return Decision((mail.keep(Verdict.WAITING, "claims to be the team; to be opened first"),))
    if thread.case:
        return Decision(tuple(_joins(mail, thread.case)), thread=thread)
    if mail.author.standing is Standing.TEAM and facts.role is FolderRole.SENT:
        return Decision((mail.keep(Verdict.CORRESPONDENCE, "sent by the team, no case"),))
    return _new(mail)


def mail_opened(event: MailOpened, known: MailCandidates, policy: Policy) -> Decision:
    """What opening a mail adds: flags, and whatever had to wait for the proof of its author."""
    case = known.current
    if case is None:
        arrived = MailArrived(event.arrival, event.facts, event.opened)
        return mail_arrived(arrived, known, policy)
    changes = _unreadable(event.opened, case.id, policy) + _inside(event, case.id, policy)
    author = author_of(event.facts, event.opened, policy)
    if author.standing is Standing.OUTSIDE and event.facts.author:
        address, sealed = event.facts.author.address, event.facts.sealed
        changes += keys.offered(case.id, address, event.keys, known.known_key, sealed, policy)
    if author.standing is Standing.TEAM:
        mail = Mail(
            MailArrived(event.arrival, event.facts, event.opened), known, policy, author, Thread(case)
        )
        changes += _from_team(mail, case)
    return Decision(tuple(changes), thread=Thread(case))


def _takes_part(facts: Facts, author: Author, case: Case) -> bool:
    """Whether the author already takes part in the case that the subject names."""
    if author.standing is Standing.TEAM:
        return True
    return facts.author is not None and facts.author.address in case.reporters


def _automatic(mail: Mail, kind: Kind) -> Decision:
    verdict = Verdict.BOUNCE if kind in BOUNCES else Verdict.AUTOMATIC
    reasons = mail.facts.automatic.reasons if mail.facts.automatic else ()
    letter = mail.known.bounced if kind is Kind.BOUNCE else None
    case = letter.case if letter else mail.thread.case
    changes: list[Change] = [mail.keep(verdict, *reasons, case=case)]
    if letter and case:
        changes.append(BounceLetter(letter.id, case.id))
        if letter.kind is LetterKind.RECEIPT:
            changes += _receipt_bounced(mail, letter, case)
    return Decision(
        tuple(changes), thread=mail.thread, acknowledgement=Acknowledgement(send=False, reasons=reasons)
    )


def _receipt_bounced(mail: Mail, letter: SentLetter, case: Case) -> list[Change]:
    """The reporter cannot be reached: people must look. What was hardly a report goes to quarantine."""
    if letter.doubtful is None or case.answered:
        unreachable = notice.flag(case.id, Flag.REPORTER_UNREACHABLE, mail.policy)
        return [*clocks.receipt_bounced(case, letter.reporter), *unreachable]
    at = mail.event.arrival.at
    held = Keep(letter.doubtful, Verdict.QUARANTINE, ("receipt bounced, no evidence of a report",))
    return [held, *clocks.stop_all(case, at, "quarantined"), CaseClosed(case.id, at, "quarantined", "maild")]


def _joins(mail: Mail, case: Case) -> list[Change]:
    """A mail of a known thread: it belongs to the case whatever its subject says, and reopens it."""
    arrival = mail.event.arrival
    message = AddMessage(
        case.id, arrival.envelope, mail.facts.message_id, mail.reporter, mail.author.authority, arrival.at
    )
    reasons = (f"thread: {mail.thread.by}",)
    changes: list[Change] = [mail.keep(Verdict.CORRESPONDENCE, *reasons, case=case), message]
    if case.state is CaseState.CLOSED and mail.facts.automatic is None:
        changes.append(CaseReopened(case.id, arrival.at, "mail arrived"))
        owed = Promise.UPDATE if case.answered else Promise.RESPOND
        changes += [clocks.start(case.id, owed, r, arrival.at, mail.policy) for r in case.reporters]
    if mail.author.standing is Standing.TEAM:
        changes += _from_team(mail, case)
    elif mail.author.standing is Standing.CLAIMED:
        changes += notice.flag(case.id, Flag.UNVERIFIED_MEMBER, mail.policy)
    return changes + _unreadable(mail.event.opened, case.id, mail.policy)


def _from_team(mail: Mail, case: Case) -> list[Change]:
    """A member wrote: to a reporter, with words of his own, it is a reply (ruling 9)."""
    changes: list[Change] = []
    if mail.author.member and not case.handler:
        changes.append(SetHandler(case.id, mail.author.member.name))
    if not _is_reply(mail):
        return changes
    addressed = {a.address for a in mail.facts.recipients}
    at, by = mail.event.arrival.at, mail.author.authority
    for reporter in (r for r in case.reporters if r in addressed):
        changes += clocks.answered(case, reporter, at, by, mail.policy)
    return changes


def _is_reply(mail: Mail) -> bool:
    """Not automatic, and with text of its own; one sealed to the reporter alone counts unseen."""
    opened = mail.event.opened
    unseen = mail.facts.sealed and (opened is None or opened.decryption is not Decryption.OK)
    return mail.facts.automatic is None and (unseen or mail.facts.own_words >= mail.policy.respond_min_words)


def _new(mail: Mail) -> Decision:
    """A mail of no known thread: screened, unless something lets it pass, then a case or the quarantine."""
    screening = screen(mail.facts.subject, mail.facts.headers, mail.policy.screening)
    passes = _bypass(mail)
    if mail.facts.automatic and not passes and not speaks_for_report(screening):
        reasons = mail.facts.automatic.reasons
        ack = Acknowledgement(send=False, reasons=reasons)
        return Decision((mail.keep(Verdict.AUTOMATIC, *reasons, score=screening.score),), acknowledgement=ack)
    if not passes and screening.verdict == "quarantine":
        kept = mail.keep(Verdict.QUARANTINE, *screening.reasons, score=screening.score)
        return Decision((kept,), acknowledgement=Acknowledgement(send=False, reasons=("quarantined",)))
    return _opens(mail, screening, passes)


def speaks_for_report(screening: Screening) -> bool:
    """Whether the rules found positive evidence of a report, more than against it (ruling 4)."""
    return screening.score < 0


def _bypass(mail: Mail) -> str:
    """Why this mail is not screened, if so (rulings 6 and 23)."""
    rows = (
        (mail.event.released, "released by a person"),
        (mail.facts.sealed, "sealed mail is never quarantined"),
        (mail.known.author_known, "author takes part in a case"),
        (mail.author.standing is not Standing.OUTSIDE, "author is, or claims to be, the team"),
    )
    return next((reason for applies, reason in rows if applies), "")


def _opens(mail: Mail, screening: Screening, passes: str) -> Decision:
    """A new case, its reporter, its clocks and its receipt, all in one decision."""
    case_id, facts, policy = mail.known.fresh_case_id, mail.facts, mail.policy
    arrival, team = mail.event.arrival, mail.author.standing is Standing.TEAM
    evidence = speaks_for_report(screening) or facts.sealed or mail.event.released
    ack = acknowledge(facts, mail.author, evidence, mail.known.receipts, policy)
    reasons = (passes,) if passes else screening.reasons
    subject = "" if facts.sealed else facts.subject
    changes: list[Change] = [
        OpenCase(case_id, arrival.at, facts.sealed, subject, mail.thread.guessed),
        Keep(arrival.envelope, Verdict.REPORT, reasons, case_id, screening.score),
        AddMessage(
            case_id, arrival.envelope, facts.message_id, mail.reporter, mail.author.authority, arrival.at
        ),
        *_flags(mail, case_id),
    ]
    if not team:
        changes += _promises(mail, case_id, ack)
    changes += _unreadable(mail.event.opened, case_id, policy)
    return Decision(tuple(changes), thread=mail.thread, acknowledgement=ack)


def _promises(mail: Mail, case_id: str, ack: Acknowledgement) -> list[Change]:
    """What a reporter is owed: the clocks, and the receipt by itself or by hand."""
    policy, at, reporter = mail.policy, mail.event.arrival.at, mail.reporter
    token = ids.token(policy.desk.secret, case_id, reporter, Audience.REPORTER)
    changes: list[Change] = (
        [AddParticipant(case_id, reporter, Side.REPORTER, Audience.REPORTER, token)] if reporter else []
    )
    changes += clocks.open_clocks(case_id, reporter, at, policy)
    if not ack.send or ack.to is None:
        capped = any(reason.startswith("limit:") for reason in ack.reasons)
        return changes + notice.by_hand(case_id, capped, at, policy)
    facts: dict[str, object] = {
        "received": at.isoformat(),
        "respond_due": (at + policy.promises[Promise.RESPOND]).isoformat(),
        "sealed": mail.facts.sealed,
    }
    receipt = OweLetter(
        dedupe=f"receipt:{case_id}",
        kind=LetterKind.RECEIPT,
        case_id=case_id,
        recipient=ack.to.address,
        token=token,
        facts=facts,
        reporter=reporter,
        in_reply_to=mail.facts.message_id,
        references=tuple(reversed(mail.facts.references[:10])),
    )
    return [*changes, receipt]


def _flags(mail: Mail, case_id: str) -> list[Change]:
    rows = (
        (mail.event.arrival.odd, Flag.ODD_ARRIVAL),
        (mail.event.arrival.truncated, Flag.TRUNCATED),
        (bool(mail.thread.guessed), Flag.POSSIBLY_RELATED),
    )
    changes: list[Change] = [SetFlag(case_id, flag) for applies, flag in rows if applies]
    if mail.author.standing is Standing.CLAIMED:
        changes += notice.flag(case_id, Flag.UNVERIFIED_MEMBER, mail.policy)
    if mail.facts.smime:
        changes += notice.flag(case_id, Flag.SMIME, mail.policy)
    return changes


def _inside(event: MailOpened, case_id: str, policy: Policy) -> list[Change]:
    """What the team should know of the inside of a mail beyond its text."""
    told = {OTHER_AUTHOR: Flag.OTHER_AUTHOR_INSIDE, LEAKED_KEY: Flag.LEAKED_KEY}
    flags = [flag for reason, flag in told.items() if reason in event.opened.reasons]
    return [change for flag in flags for change in notice.flag(case_id, flag, policy)]


def _unreadable(opened: Opened | None, case_id: str, policy: Policy) -> list[Change]:
    """What could not be opened is told to the team only; the receipt never depends on it (ruling 3)."""
    if opened is None or opened.decryption in (Decryption.NONE, Decryption.OK):
        return []
    return notice.flag(case_id, Flag.UNREADABLE, policy)
