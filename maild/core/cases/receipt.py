"""Whether the automatic receipt goes out by itself, from outer facts only (rulings 1-5; RFC 3834 §2)."""

import re
from datetime import datetime, timedelta

from maild.core.candidates.mail import ReceiptCounts
from maild.core.cases.authority import Author, Standing
from maild.core.cases.forwarded import FORWARDED, resent
from maild.core.cases.replying import answer_address
from maild.core.decision import Acknowledgement
from maild.core.letters import budget
from maild.core.letters.budget import Rank
from maild.core.mail.address import Address
from maild.core.mail.away import away
from maild.core.mail.facts import Facts, FolderRole
from maild.core.mail.lists import list_marks
from maild.core.mail.text import harmless
from maild.core.policy import Limits, Policy
from maild.core.values.rule import Happening

LATER = "later, by a limit:"
"""How a reason begins why a receipt may have to wait for its turn."""

_ANSWERS = re.compile(r"^\s{0,9}(?:re\s{0,9}:\s{0,9}){1,9}", re.IGNORECASE)
NOBODY = "no single author to answer"
UNNAMED = "came from the desk's own address, through a list or form that is not named"


def acknowledge(
    facts: Facts, author: Author, evidence: bool, counts: ReceiptCounts, policy: Policy, at: datetime
) -> Acknowledgement:
    """The receipt for a case opened *at*; when not ``send``, the reasons why a person has to answer by hand.

    *evidence*: there is positive evidence of a report, which Junk and forged authors need (ruling 4).
    """
    if author.standing is Standing.TEAM:
        return Acknowledgement(send=False, reasons=("from the team",))
    to = answer_address(facts, policy)
    if to is None:
        return Acknowledgement(send=False, reasons=(UNNAMED if facts.from_desk else NOBODY,))
    against = [*_doubts(facts, author, to, evidence, policy), *_caps(counts, policy, at)]
    later = () if against else _later(counts, policy.limits)
    return Acknowledgement(not against, to, (*against, *later) or ("new case",))


def reply_subject(facts: Facts, to: Address) -> str:
    """The subject that the receipt *to* somebody answers, without its "Re:"; empty: a fixed one stands.

    Only of a report that came unencrypted, and only to its proved author: else anybody could have the desk
    carry words of theirs to a stranger.
    """
    proved = facts.authentication.author and facts.author and facts.author.address == to.address
    if facts.sealed or not proved:
        return ""
    return harmless(_ANSWERS.sub("", facts.subject))


def _doubts(facts: Facts, author: Author, to: Address, evidence: bool, policy: Policy) -> list[str]:
    found = []
    if facts.from_desk and not own_list(facts, policy):
        found.append(UNNAMED)
    if author.standing is Standing.CLAIMED or policy.desk.owns(to.address):
        found.append("claims to be the team")
    if resent(facts, policy):
        found.append(FORWARDED)
    if policy.nobody_at(to.address):
        found.append("nobody reads what is sent to its address")
    elsewhere = facts.author is not None and facts.author.domain != to.domain
    if elsewhere and not facts.authentication.author:
        found.append("wants replies at another domain, and nothing proves its author")
    if facts.automatic:
        found.append(f"automatic: {facts.automatic.kind}")
    found += [f"marked: {mark}" for mark in facts.marks]
    if away(facts.subject, policy.phrases):
        found.append("away in the subject")  # a person may have written it, and a program answers answers
    if facts.role is FolderRole.JUNK and not evidence:
        found.append("in the junk folder without evidence of a report")
    if facts.authentication.dmarc_failed and not evidence:
        found.append("author probably forged, without evidence of a report")
    return found


def own_list(facts: Facts, policy: Policy) -> bool:
    """Whether it came by a list of the desk's own, and one person is named behind it."""
    ours = (policy.desk.address, *policy.desk.aliases, *policy.desk.own_lists)
    return facts.author is not None and list_marks(facts.headers, ours).own


def _caps(counts: ReceiptCounts, policy: Policy, at: datetime) -> list[str]:
    """Above a cap the receipt is owed by hand: nobody can use maild to flood a third person (ruling 2).

    Above an hour's it only waits for its turn, unless that would come too late.
    """
    limits, hours = policy.limits, hours_left(policy, at)
    rows = (
        (counts.address_day, limits.per_address_day, "limit: receipts to this address in a day"),
        (counts.domain_waiting, limits.per_domain_hour * hours, "limit: receipts to this domain in time"),
        (counts.waiting, budget.part(limits.per_hour, Rank.ANY) * hours, "limit: receipts in time"),
    )
    return [name for count, limit, name in rows if count >= limit]


def _later(counts: ReceiptCounts, limits: Limits) -> tuple[str, ...]:
    """The limits of an hour for which it may have to wait."""
    rows = (
        (counts.domain_hour, limits.per_domain_hour, f"{LATER} receipts to this domain in an hour"),
        (counts.hour, budget.part(limits.per_hour, Rank.ANY), f"{LATER} receipts in an hour"),
    )
    return tuple(name for count, limit, name in rows if count >= limit)


def hours_left(policy: Policy, at: datetime) -> int:
    """How many hours there are to acknowledge a report of the instant *at*, by the shortest promise."""
    kept = (r for r in policy.rules if r.starts is Happening.REPORT and Happening.RECEIPT in r.met_by)
    return max(1, min(((rule.due(at) - at) // timedelta(hours=1) for rule in kept), default=24))
