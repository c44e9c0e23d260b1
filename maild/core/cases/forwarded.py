"""Reports that reached a member's private address and were forwarded to the desk.

The case belongs to whoever wrote the report. Nothing goes to him by itself: his address is in a mail that a
member handed on, so his receipt waits for a member's word (``!acknowledge``).
"""

from dataclasses import dataclass, field

from maild.core.cases import relay
from maild.core.cases.authority import Standing
from maild.core.cases.findings import unreadable
from maild.core.cases.incoming import Incoming
from maild.core.change import AddMessage, AddParticipant, Change, Keep, OpenCase, SetFlag, Verdict
from maild.core.decision import Acknowledgement, Decision
from maild.core.letters import keys
from maild.core.letters.payloads import Detail
from maild.core.mail.address import Address, addresses, sender
from maild.core.mail.attached import is_message
from maild.core.mail.facts import Facts, message_id
from maild.core.mail.inline import begins_with_forward, is_forward, original_author
from maild.core.mail.mime import Tree, parse
from maild.core.mail.sealed import find_sealed
from maild.core.mail.text import harmless
from maild.core.policy import Policy
from maild.core.promises import clocks
from maild.core.values import ids
from maild.core.values.case import Flag
from maild.core.values.noticekind import NoticeKind
from maild.core.values.people import Audience, Side
from maild.core.writing import notice

FORWARDED = "forwarded by a member"
HANDED_ON = "forwarded by "
"""How the authority of a report begins that a member handed on, who may have written something above it."""
MAX_HANDS = 3
"""Hands through which an attached report may have gone."""


@dataclass(frozen=True, slots=True)
class Original:
    """The forwarded report: its author, Message-ID, subject, and whether it is sealed itself."""

    author: Address = field(repr=False)
    message_id: str = field(repr=False)
    subject: str = field(repr=False)
    sealed: bool


def resent(facts: Facts, policy: Policy) -> bool:
    """Whether a member redirected the mail as it was (RFC 5322 §3.6.6)."""
    by = addresses(facts.headers, "Resent-From", "Resent-Sender")
    return any(policy.team.claimed_by(one.address) for one in by)


def original(mail: Incoming) -> Original | None:
    """The one report attached whole (RFC 2046 §5.2.1) to a proved member's mail, by an outsider."""
    if mail.author.standing is not Standing.TEAM or mail.event.opened is None:
        return None
    tree, author = _attached(mail.event.opened.tree, mail.policy)
    if author is None or _ours(author.address, mail.policy):
        return None
    subject = harmless(tree.root.headers.text("Subject"))
    sealed = find_sealed(tree, mail.policy.phrases) is not None
    return Original(author, message_id(tree.root.headers), subject, sealed)


def _attached(tree: Tree, policy: Policy) -> tuple[Tree, Address | None]:
    """The one message attached to *tree*, and its author; one that a colleague handed on is looked into."""
    author = None
    for _ in range(MAX_HANDS):
        attached = [one for one in tree.root.leaves if is_message(one)]
        if len(attached) != 1:
            break
        tree = parse(attached[0].content)
        author = sender(tree.root.headers)
        if author is None or not _ours(author.address, policy):
            break
    return tree, author


def _ours(address: str, policy: Policy) -> bool:
    return policy.team.claimed_by(address) is not None or policy.desk.owns(address)


def opens(mail: Incoming, found: Original) -> Decision:
    """A new case of the original sender, its clocks running since the desk has it."""
    case_id, policy, arrival = mail.known.fresh_case_id, mail.policy, mail.event.arrival
    reporter, sealed = found.author.address, mail.facts.sealed or found.sealed
    token = ids.token(policy.desk.secret, case_id, reporter, Audience.REPORTER)
    by = f"{HANDED_ON}{mail.author.authority}"
    changes: list[Change] = [
        OpenCase(case_id, arrival.at, sealed, "" if sealed else found.subject),
        Keep(arrival.envelope, Verdict.REPORT, (FORWARDED,), case_id),
        AddMessage(case_id, arrival.envelope, found.message_id, reporter, by, arrival.at),
        AddParticipant(case_id, reporter, Side.REPORTER, Audience.REPORTER, token),
        *clocks.open_clocks(case_id, reporter, arrival.at, policy),
        *notice.flag(case_id, Flag.FORWARDED, policy),
        *relay.copies(mail, case_id, Audience.REPORTER, sealed, everybody=True),
        *unreadable(mail.event.opened, case_id, mail.event.arrival.envelope, policy),
    ]
    ack = Acknowledgement(send=False, reasons=(FORWARDED,))
    return Decision(tuple(changes), thread=mail.thread, acknowledgement=ack)


def within(mail: Incoming) -> bool:
    """Whether a member's program says that the mail is forwarded, without the original attached to it."""
    known, facts = mail.policy.phrases, mail.facts
    said = is_forward(facts.subject, known) or begins_with_forward(facts.text, known, facts.subject)
    return said and mail.author.member is not None


def proposes(mail: Incoming) -> Decision:
    """A new case whose reporter is not known for sure: the author that the text names is proposed.

    The promises run. A member's signed ``!reporter`` says who it is, and has the receipt sent.
    """
    case_id, policy, arrival = mail.known.fresh_case_id, mail.policy, mail.event.arrival
    author, sealed = original_author(mail.facts.text, policy.phrases), mail.facts.sealed
    if policy.team.claimed_by(author) or policy.desk.owns(author):
        author = ""
    about = NoticeKind.FORWARD_PROPOSED if author else NoticeKind.FORWARD_UNCLEAR
    told: dict[str, Detail] = {"author": "" if sealed else author}
    contacts = [mail.author.member.contact] if mail.author.member else []
    changes: list[Change] = [
        OpenCase(case_id, arrival.at, sealed, "" if sealed else mail.facts.subject),
        Keep(arrival.envelope, Verdict.REPORT, (FORWARDED,), case_id),
        mail.message(case_id),
        *clocks.open_clocks(case_id, "", arrival.at, policy),
        SetFlag(case_id, Flag.FORWARDED),
        *notice.to_people(keys.notice(about, case_id), case_id, about, contacts, policy, told),
        *relay.copies(mail, case_id, Audience.REPORTER, sealed, everybody=True),
        *unreadable(mail.event.opened, case_id, mail.event.arrival.envelope, policy),
    ]
    ack = Acknowledgement(send=False, reasons=(FORWARDED,))
    return Decision(tuple(changes), thread=mail.thread, acknowledgement=ack)
