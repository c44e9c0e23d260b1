"""The CVSS vector that a reporter gives: kept as his claim, beside what the team says and never for it."""

import re
from dataclasses import replace

from cvss import CVSS3, CVSS4, CVSSError

from maild.core.candidates.mail import MailCandidates
from maild.core.change import OpenCase
from maild.core.decision import Decision
from maild.core.event import MailArrived, MailOpened
from maild.core.facts.change import SetFact
from maild.core.facts.record import REPORTER, kept_in
from maild.core.facts.table import CLAIM

MAX_TEXT = 50_000
_VECTOR = re.compile(r"CVSS:(?:3\.[01]|4\.0)(?:/[A-Z]{1,3}:[A-Z]{1,8}){4,40}+")


def claimed(decision: Decision, event: MailArrived | MailOpened, known: MailCandidates) -> Decision:
    """*decision* on a reporter's mail, with the first vector in it; of sealed mail only where it stands."""
    case_id = _of_reporter(decision, event, known)
    vector = vector_in(event.facts.text[:MAX_TEXT]) if case_id and event.opened else ""
    if not vector:
        return decision
    sealed = event.facts.sealed or (known.current is not None and known.current.sealed)
    kept = kept_in(event.arrival.envelope) if sealed else vector
    return replace(decision, changes=(*decision.changes, SetFact(case_id, CLAIM, kept, REPORTER)))


def _of_reporter(decision: Decision, event: MailArrived | MailOpened, known: MailCandidates) -> str:
    """The case that its reporter writes the mail about; empty when somebody else does."""
    opened = next((one.case_id for one in decision.changes if isinstance(one, OpenCase)), "")
    case = known.by_token.case if known.by_token else known.by_reference or known.current
    author = event.facts.author.address if event.facts.author else ""
    kept = decision.kept
    if opened or case is None or author not in case.reporters:
        return opened
    return case.id if kept is None or kept.case_id == case.id else ""


def vector_in(text: str) -> str:
    """The first CVSS vector of version 3 or 4 in *text* that is one; empty when there is none."""
    return next((match[0] for match in _VECTOR.finditer(text) if valid(match[0])), "")


def valid(vector: str) -> bool:
    """Whether *vector* is a whole CVSS vector of version 3.0, 3.1 or 4.0."""
    try:
        (CVSS4 if vector.startswith("CVSS:4.0/") else CVSS3)(vector)
    except CVSSError:
        return False
    return True
