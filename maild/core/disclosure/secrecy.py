"""Whether a case is public: before that, nothing of it goes to anybody but those who may know."""

from datetime import datetime

from maild.core.disclosure import stages
from maild.core.disclosure.verdicts import VULNERABILITY
from maild.core.facts.table import OPEN, VERDICT
from maild.core.values.case import Case, CaseState
from maild.core.values.process import Process

PUBLIC = ("announced", "closed")
"""The stages at which everybody may read of it."""
STAYS_SECRET = ("", VULNERABILITY, "duplicate")
"""Verdicts whose closed cases may still hold a vulnerability; a duplicate's is in the other case."""


def unannounced(case: Case, process: Process, now: datetime) -> str:
    """Why nothing of *case* may be published at *now* (aware UTC); empty when it may."""
    at = case.record.embargo
    if case.record.value(OPEN):
        return ""
    if at and now < at:
        return f"the embargo of {case.id} ends at {at:%Y-%m-%d %H:%M} UTC"
    return "" if stages.current(case, process) in PUBLIC else f"{case.id} is not announced"


def secret(case: Case, process: Process, now: datetime) -> str:
    """Why *case* is for those only who may know; empty when it is public, or was closed as nothing secret."""
    at = case.record.embargo
    harmless = case.state is CaseState.CLOSED and case.record.value(VERDICT) not in STAYS_SECRET
    if harmless and not (at and now < at):
        return ""
    return unannounced(case, process, now)
