"""Whose a ciphertext is: its first author's whom we opened it for, and of nobody who sends it after them."""

from collections.abc import Sequence
from dataclasses import replace

from maild.core.candidates.mail import MailCandidates
from maild.core.cases.replying import answer_address
from maild.core.change import AddFeatures, Verdict
from maild.core.decision import Decision
from maild.core.event import MailArrived, MailOpened
from maild.core.mail import ciphers
from maild.core.mail.facts import Facts
from maild.core.policy import Policy


def here(found: Sequence[str], policy: Policy) -> list[str]:
    """The ciphertexts *found* by their keyed hashes, whoever sent them."""
    return [ciphers.known(one, policy.desk.secret)[1] for one in found]


def theirs(found: Sequence[str], facts: Facts, policy: Policy) -> list[str]:
    """The same as those of the author of the mail."""
    owner = answer_address(facts, policy)
    return [ciphers.owned(one, owner.address if owner else "", policy.desk.secret)[1] for one in found]


def remembered(
    decision: Decision, event: MailArrived | MailOpened, known: MailCandidates, policy: Policy
) -> Decision:
    """*decision* on a mail of a case, the ciphertexts that were opened in it kept as its author's."""
    kept, found = decision.kept, event.opened.ciphers if event.opened else ()
    case_id = kept.case_id if kept else known.current.id if known.current else ""
    spoken = kept is None or kept.verdict in (Verdict.REPORT, Verdict.CORRESPONDENCE, Verdict.HELD)
    if not (found and case_id and spoken):
        return decision
    features = (
        *((ciphers.CIPHER, one) for one in here(found, policy)),
        *((ciphers.OWNED, one) for one in theirs(found, event.facts, policy)),
    )
    return replace(decision, changes=(*decision.changes, AddFeatures(case_id, features)))
