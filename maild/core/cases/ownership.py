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


def named(found: Sequence[str], facts: Facts, policy: Policy) -> tuple[list[str], list[str]]:
    """The ciphertexts *found* by their keyed hashes, and the same as those of the author of the mail."""
    secret, owner = policy.desk.secret, answer_address(facts, policy)
    theirs = owner.address if owner else ""
    return (
        [ciphers.known(one, secret)[1] for one in found],
        [ciphers.owned(one, theirs, secret)[1] for one in found],
    )


def remembered(
    decision: Decision, event: MailArrived | MailOpened, known: MailCandidates, policy: Policy
) -> Decision:
    """*decision* on a mail of a case, the ciphertexts that were opened in it kept as its author's."""
    kept, found = decision.kept, event.opened.ciphers if event.opened else ()
    case_id = kept.case_id if kept else known.current.id if known.current else ""
    spoken = kept is None or kept.verdict in (Verdict.REPORT, Verdict.CORRESPONDENCE, Verdict.HELD)
    if not (found and case_id and spoken):
        return decision
    here, theirs = named(found, event.facts, policy)
    features = [(ciphers.CIPHER, one) for one in here] + [(ciphers.OWNED, one) for one in theirs]
    return replace(decision, changes=(*decision.changes, AddFeatures(case_id, tuple(features))))
