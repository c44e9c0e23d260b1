"""Deciding about a mail: what it is, which case it belongs to, what follows.

The road: automatic mail is kept; the team's mail answers or tells; mail of a known thread joins its case;
everything else is screened, and what is not plainly spam opens a case with its clocks and its receipt.
"""

from maild.core.candidates import MailCandidates
from maild.core.cases import correspondence, inside, keys, report, returned
from maild.core.cases.authority import Author, Standing, author_of
from maild.core.cases.case import Case
from maild.core.cases.incoming import Incoming
from maild.core.cases.thread import Thread, find
from maild.core.decision import Decision, Verdict
from maild.core.event import MailArrived, MailOpened
from maild.core.mail.facts import Facts, FolderRole
from maild.core.policy import Policy


def mail_arrived(event: MailArrived, known: MailCandidates, policy: Policy) -> Decision:
    """What follows from a mail that stands in a folder of the desk."""
    facts = event.facts
    author = author_of(facts, event.opened, policy)
    insider = known.by_tag is not None and _takes_part(facts, author, known.by_tag)
    thread = find(known.by_token, known.by_reference or known.current, known.by_tag, insider)
    mail = Incoming(event, known, policy, author, thread)
    if facts.own_mark and mail.author.standing is not Standing.OUTSIDE:
        return Decision((mail.keep(Verdict.OWN, "our own letter"),))
    if facts.automatic and facts.automatic.kind in returned.BOUNCES | returned.KEPT:
        return returned.automatic(mail, facts.automatic.kind)
    if mail.author.standing is Standing.CLAIMED and event.opened is None and (facts.sealed or facts.signed):
        return Decision((mail.keep(Verdict.WAITING, "claims to be the team; to be opened first"),))
    if thread.case:
        return Decision(tuple(correspondence.joins(mail, thread.case)), thread=thread)
    if mail.author.standing is Standing.TEAM and facts.role is FolderRole.SENT:
        return Decision((mail.keep(Verdict.CORRESPONDENCE, "sent by the team, no case"),))
    return report.new(mail)


def mail_opened(event: MailOpened, known: MailCandidates, policy: Policy) -> Decision:
    """What opening a mail adds: flags, and whatever had to wait for the proof of its author."""
    case = known.current
    if case is None:
        arrived = MailArrived(event.arrival, event.facts, event.opened)
        return mail_arrived(arrived, known, policy)
    changes = inside.unreadable(event.opened, case.id, policy) + inside.flags(event.opened, case.id, policy)
    author = author_of(event.facts, event.opened, policy)
    if author.standing is Standing.OUTSIDE and event.facts.author:
        address, sealed = event.facts.author.address, event.facts.sealed
        changes += keys.offered(case.id, address, event.keys, known.known_key, sealed, policy)
    if author.standing is Standing.TEAM:
        mail = Incoming(
            MailArrived(event.arrival, event.facts, event.opened), known, policy, author, Thread(case)
        )
        changes += correspondence.from_team(mail, case)
    return Decision(tuple(changes), thread=Thread(case))


def _takes_part(facts: Facts, author: Author, case: Case) -> bool:
    """Whether the author already takes part in the case that the subject names."""
    if author.standing is Standing.TEAM:
        return True
    return facts.author is not None and facts.author.address in case.reporters
