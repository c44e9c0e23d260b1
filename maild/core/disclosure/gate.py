"""The last look before a letter to outsiders leaves: whether what it was owed for is still so.

Between owing and sending people go on deciding, for hours where the server is down: the instant moves,
another text is prepared, the case is closed. Nothing leaves for having been composed before that.
"""

from dataclasses import dataclass
from datetime import datetime

from maild.core.disclosure.listed import outside
from maild.core.disclosure.outward import other_key, outdated, unapproved
from maild.core.disclosure.secrecy import PUBLIC
from maild.core.disclosure.sending import over
from maild.core.facts.table import PREPARED, STAGE, TOLD_DATE
from maild.core.letters.kinds import LetterKind
from maild.core.policy import Policy
from maild.core.values.case import Case, CaseState


@dataclass(frozen=True, slots=True)
class Barred:
    """Why a letter may not leave now; *until* when that passes by itself (aware UTC), if it does."""

    why: str
    until: datetime | None = None


def barred(kind: str, item: str, digest: str, case: Case, now: datetime) -> Barred | None:
    """Whether the letter of *kind* with this text of *case* may not leave at *now*; ``None`` when it may."""
    stage, at = case.record.value(STAGE), case.record.embargo
    if case.state is CaseState.CLOSED and stage not in PUBLIC:
        return Barred("its case was closed")
    if case.record.value(PREPARED, item) != digest:
        return Barred("another text was prepared since")
    if kind == LetterKind.ANNOUNCEMENT:
        early = at is not None and now < at
        return Barred("the instant was moved to a later one", at) if early else None
    if outdated(case, item):
        return Barred("its text names an instant that is not the one any more")
    if over(case) or (at is not None and now >= at):
        return Barred("the instant has passed: it is no early notice any more")
    return None


def withdrawn(kind: str, item: str, to: str, case: Case, policy: Policy) -> str:
    """Why the letter of *kind* with the text of *item* needs people again; empty when it does not.

    ``recipient``: its place is configured otherwise by now than the address *to* that it was owed to.
    ``key``: the list's key is configured otherwise by now than the one that was approved.
    ``list``: its severity, track or steps make the case none for the list, which was told nothing yet.
    ``approval``: two members of today's team, with today's keys, no longer stand for its text.
    """
    listed = policy.targets.listed(item)
    places = [one.to for one in policy.targets.mailed()] if kind == LetterKind.ANNOUNCEMENT else []
    if to not in (places or ([listed.to] if listed else [])):
        return "recipient"
    if listed and other_key(case, listed):
        return "key"
    if listed and not case.record.value(TOLD_DATE, item) and outside(listed, case, policy.process):
        return "list"
    return "approval" if unapproved(case, item, policy.team) else ""
