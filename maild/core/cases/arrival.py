"""Deciding about a mail: what it is, which case it belongs to, what follows.

The road: automatic mail is kept; the team's mail answers or tells; mail of a known thread joins its case;
everything else is screened, and what is not plainly spam opens a case with its clocks and its receipt.
"""

from dataclasses import replace

from maild.core import canary
from maild.core.candidates.mail import MailCandidates
from maild.core.cases import (
    correspondence,
    findings,
    forwarded,
    freshness,
    heldwords,
    keys,
    public,
    relay,
    report,
    returned,
)
from maild.core.cases.authority import Author, Proved, Standing, author_of, team
from maild.core.cases.incoming import Incoming
from maild.core.cases.replying import answer_address
from maild.core.change import Change, ClearFlag, UseSignature, Verdict
from maild.core.changes.keeping import LetterWasSent
from maild.core.decision import Decision
from maild.core.disclosure import copies
from maild.core.event import MailArrived, MailOpened
from maild.core.mail.automatic import Kind
from maild.core.mail.facts import Facts, FolderRole
from maild.core.mail.gestures import GESTURES
from maild.core.mail.opened import Decryption
from maild.core.mail.platforms import dependency_alert
from maild.core.mail.thread import Thread, find
from maild.core.policy import Policy
from maild.core.values.case import Case, Flag
from maild.core.values.desk import Mode
from maild.core.values.people import Side
from maild.core.words import reading


def mail_arrived(event: MailArrived, known: MailCandidates, policy: Policy) -> Decision:
    """What follows from a mail that stands in a folder of the desk."""
    facts = event.facts
    author = _author(event, known, policy)
    insider = known.by_tag is not None and _takes_part(facts, author, known.by_tag, policy)
    by_reference = known.by_reference or known.current or _public(facts, author, known, policy)
    thread = find(known.by_token, by_reference, known.by_tag, insider, known.by_own_id, known.by_report)
    mail = _sent_by(Incoming(event, known, policy, author, thread))
    decision = _taken_for(mail)
    return replace(decision, changes=(*decision.changes, *_used(mail)))


def _used(mail: Incoming) -> tuple[Change, ...]:
    """The signatures of a member's mail that was accepted; each is used once, whatever was done with it."""
    accepted = mail.author.standing is Standing.TEAM and not _unproved(mail)
    if not (accepted and mail.facts.signatures):
        return ()
    return (UseSignature(mail.facts.signatures, mail.event.arrival.envelope),)


def _taken_for(mail: Incoming) -> Decision:  # noqa: PLR0911 - one line a kind of mail
    """What the mail is, and what follows from that."""
    facts, event, thread = mail.facts, mail.event, mail.thread
    if ours := _ours(mail):
        return ours
    if (kind := _machine(mail)) and not event.released:
        return returned.automatic(mail, kind)
    if other := heldwords.obey(mail) or public.answers(mail):
        return other
    if _unproved(mail) and event.opened is None and (facts.sealed or facts.signed):
        return Decision((mail.keep(Verdict.WAITING, "claims to be the team; to be opened first"),))
    if not (thread.case or event.released) and _dependency(facts):
        return Decision((mail.keep(Verdict.AUTOMATIC, "a dependency alert of GitHub"),))
    if thread.case and _again(mail):
        return Decision((mail.keep(Verdict.CORRESPONDENCE, correspondence.SECOND, case=thread.case),))
    if thread.case:
        joins = correspondence.held if _unproved(mail) else correspondence.joins
        return Decision(tuple(joins(mail, thread.case)), thread=thread)
    return _of_no_thread(mail)


def _dependency(facts: Facts) -> bool:
    """Whether GitHub, proved, tells of a weakness in what the project uses: listed, and no report."""
    author = facts.author if facts.authentication.author else None
    return author is not None and dependency_alert(facts.headers, author.address)


def _machine(mail: Incoming) -> Kind | None:
    """The kind of a mail that is kept and no more; text of an outsider's own is for people (ruling 5)."""
    kind = mail.facts.automatic.kind if mail.facts.automatic else None
    if mail.author.member and returned.away_by_subject(mail):
        return kind or Kind.OUT_OF_OFFICE
    if mail.author.member and kind and mail.facts.automatic and GESTURES & set(mail.facts.automatic.reasons):
        return kind
    if kind not in returned.BOUNCES | returned.KEPT:
        return None
    outside = mail.author.standing is Standing.OUTSIDE and not _unproved(mail)
    may_be_written = outside and kind in returned.MAY_BE_WRITTEN
    return None if may_be_written and (returned.has_own_text(mail) or report.invites(mail)) else kind


def _ours(mail: Incoming) -> Decision | None:
    """What follows from a letter of our own that came back."""
    if mail.known.canary is not None:
        seen = canary.arrived(mail.known.canary, mail.event.arrival.envelope, mail.facts.role, mail.policy)
        return Decision((mail.keep(Verdict.OWN, "maild's own delivery test"), *seen))
    if mail.known.announcement and not mail.facts.sealed:
        return Decision((mail.keep(Verdict.OWN, "a copy of our announcement"),))
    of_us = mail.facts.from_desk or mail.author.standing is Standing.TEAM
    if mail.facts.own_mark and of_us:
        return Decision((mail.keep(Verdict.OWN, "our own letter"), *_proved(mail)))
    if copies.looks_like_one(mail.event, mail.known, mail.policy):
        return Decision((mail.keep(Verdict.QUARANTINE, "looks like a copy of our announcement"),))
    return None


def _proved(mail: Incoming) -> list[Change]:
    """A letter that stands in the Sent folder did go out, even if we did not know (ruling 27)."""
    if not mail.known.own_parked or mail.facts.role is not FolderRole.SENT:
        return []
    return [LetterWasSent(mail.facts.own_mark, mail.event.arrival.at, "it is in the Sent folder")]


def _of_no_thread(mail: Incoming) -> Decision:
    """A mail that belongs to no case yet."""
    if _unproved(mail) and mail.policy.desk.mode is Mode.RELAY:
        return Decision(tuple(correspondence.held_apart(mail)), thread=mail.thread)
    return _of_team(mail) if mail.author.standing is Standing.TEAM else report.new(mail)


def _of_team(mail: Incoming) -> Decision:
    """A member's mail of no case: about himself, about held mail, a report that he forwards, or his own.

    Which it is may only be seen inside. Nobody is owed a receipt for it, so it waits until it was opened.
    """
    if mail.facts.role is FolderRole.SENT and not mail.event.released:
        return Decision((mail.keep(Verdict.CORRESPONDENCE, "sent by the team, no case"),))
    if mail.event.opened is None:
        return Decision((mail.keep(Verdict.WAITING, "mail of the team; to be opened first"),))
    if _about_no_case(mail):
        return Decision(tuple(correspondence.of_no_case(mail)), thread=mail.thread)
    found = forwarded.original(mail)
    if found:
        return forwarded.opens(mail, found)
    return forwarded.proposes(mail) if forwarded.within(mail) else report.new(mail)


def _about_no_case(mail: Incoming) -> bool:
    """Whether a member answers a letter about held mail, or says a word about himself."""
    said = reading.read(mail.facts.text)
    answers = mail.known.listed is not None or mail.known.answers_list
    return answers or any(word.own for word in said)


def mail_opened(event: MailOpened, known: MailCandidates, policy: Policy) -> Decision:
    """What opening a mail adds: flags, and whatever had to wait for the proof of its author."""
    case = known.current
    if case is None:
        decision = mail_arrived(_whole(event), known, policy)
        return replace(decision, changes=decision.changes + _told_inside(event, decision, policy))
    changes = findings.unreadable(event.opened, case.id, event.arrival.envelope, policy)
    changes += findings.flags(event.opened, case.id, policy)
    if event.opened.decryption is Decryption.OK:
        changes += findings.unread((*event.opened.tree.faults, *event.facts.cut), case.id)
    author = _author(_whole(event), known, policy)
    thread = Thread(case, token=known.by_token)
    mail = _sent_by(Incoming(_whole(event), known, policy, author, thread))
    changes += [*keys.offered(mail, case, event.keys), *_who_wrote(mail, case), *_used(mail)]
    if Flag.NOT_OPENED_YET in case.flags:
        changes.append(ClearFlag(case.id, Flag.NOT_OPENED_YET))
    return Decision(tuple(changes), thread=thread)


def _who_wrote(mail: Incoming, case: Case) -> list[Change]:
    """What waited for the author's proof; only now is it seen whether a signature was borrowed."""
    if _again(mail):
        return []
    if _unproved(mail):
        return correspondence.held(mail, case)
    proved = [mail.message(case.id)] if mail.author.authority != "none" else []
    if mail.author.standing is Standing.TEAM:
        return [*correspondence.from_team(mail, case), *proved]
    sealed = case.sealed or mail.facts.sealed
    joined = mail.facts.sealed and not (mail.known.opens or mail.known.second)
    told = correspondence.said(mail, case) if joined else []
    return [*told, *relay.copies(mail, case.id, relay.audience(mail), sealed), *proved]


def _whole(event: MailOpened) -> MailArrived:
    """An opened mail as one that has just arrived."""
    return MailArrived(event.arrival, event.facts, event.opened, event.released)


def _author(event: MailArrived, known: MailCandidates, policy: Policy) -> Author:
    """Whose mail it is; a person who released what claims to be a member's said that it is his."""
    author = author_of(event.facts, event.opened, policy, known.known_key, known.by_token)
    if event.released and author.standing is Standing.CLAIMED and author.member:
        return team(author.member, Proved.PERSON)
    return author


def _told_inside(event: MailOpened, decision: Decision, policy: Policy) -> tuple[Change, ...]:
    """The flags of a mail that was opened before it had a case, now that it has one."""
    kept = decision.kept
    return tuple(findings.flags(event.opened, kept.case_id, policy)) if kept and kept.case_id else ()


def _unproved(mail: Incoming) -> bool:
    """Whether it claims to be a member's, or bears a token or a signature of somebody else's."""
    if mail.event.released:
        return False
    replayed = mail.author.standing is Standing.TEAM and mail.known.replayed
    claimed = mail.author.standing is Standing.CLAIMED
    doubted = mail.author.standing is Standing.TEAM and bool(freshness.doubt(mail))
    return claimed or replayed or doubted or _borrowed(mail) or _stolen(mail) or correspondence.too_late(mail)


def _again(mail: Incoming) -> bool:
    """Whether it is a second copy of what a member signed, in the same case: no replay, and nothing new."""
    seen = mail.known.second and mail.known.replayed and not mail.event.released
    return seen and mail.author.standing is Standing.TEAM


def _stolen(mail: Incoming) -> bool:
    """Whether an outsider uses a token that leads to the team and was given to somebody else (ruling 16)."""
    token = mail.thread.token
    if token is None or mail.author.standing is not Standing.OUTSIDE:
        return False
    lent = token.side in (Side.GUEST, Side.OUTSIDE) and token.address != mail.reporter
    return token.side is Side.MEMBER or lent


def _borrowed(mail: Incoming) -> bool:
    """Whether a reporter of the case sends what a member signed: that was made for something else."""
    case, of_team = mail.thread.case, mail.author.standing is Standing.TEAM
    return of_team and case is not None and mail.reporter in case.reporters and not _own(mail)


def _sent_by(mail: Incoming) -> Incoming:
    """*mail* as its sender's own, where a person let it in with a borrowed signature."""
    borrowed = mail.event.released and _borrowed(mail)
    return replace(mail, author=Author(Standing.OUTSIDE)) if borrowed else mail


def _own(mail: Incoming) -> bool:
    """Whether the mail comes from an address of the team, or lies in the desk's own Sent folder."""
    return mail.facts.role is FolderRole.SENT or mail.policy.team.claimed_by(mail.reporter) is not None


def _public(facts: Facts, author: Author, known: MailCandidates, policy: Policy) -> Case | None:
    """The case whose letter to outsiders is answered by somebody who takes part in it."""
    case = known.answered[0] if known.answered else None
    return case if case and _takes_part(facts, author, case, policy) else None


def _takes_part(facts: Facts, author: Author, case: Case, policy: Policy) -> bool:
    """Whether the author already takes part in the case that the subject names.

    An address that a platform or a robot writes from for everybody says nothing of who wrote.
    """
    if author.standing is Standing.TEAM:
        return True
    found = answer_address(facts, policy, also_ours=True)
    named = (one.address for one in (facts.author, found) if one)
    return any(one in case.reporters and not policy.unread(one) for one in named)
