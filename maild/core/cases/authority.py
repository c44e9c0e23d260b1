"""Whose mail a mail is. A From line proves nothing (ruling 14)."""

from dataclasses import dataclass
from enum import StrEnum

from maild.core.cases.people import Member
from maild.core.mail.facts import Facts, FolderRole
from maild.core.mail.opened import Opened, SignatureStatus
from maild.core.policy import Policy


class Standing(StrEnum):
    """What an author is to the desk."""

    TEAM = "team"
    CLAIMED = "claimed"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Author:
    """An author's standing; ``authority`` is the word that journal and ``explain`` show."""

    standing: Standing
    member: Member | None = None
    authority: str = "none"


def author_of(facts: Facts, opened: Opened | None, policy: Policy) -> Author:
    """The author of a mail: proved by the Sent folder, a listed signature, or our own exchanger's word."""
    addresses = [a.address for a in (facts.author, facts.shown_author) if a]
    claimed = next((m for m in map(policy.team.claimed_by, addresses) if m), None)
    if facts.role is FolderRole.SENT:
        return _team(claimed)
    signer = _signer(opened, policy)
    if signer:
        return _team(signer)
    if claimed or any(policy.desk.owns(address) for address in addresses):
        return _team(claimed) if facts.authentication.author else Author(Standing.CLAIMED, claimed)
    return Author(Standing.OUTSIDE)


def _signer(opened: Opened | None, policy: Policy) -> Member | None:
    """The member who signed; text signed in the clear proves nothing about the rest of the mail."""
    if opened is None or opened.signature.clear or opened.signature.status is not SignatureStatus.GOOD:
        return None
    return policy.team.signed_by(opened.signature.fingerprint)


def _team(member: Member | None) -> Author:
    return Author(Standing.TEAM, member, f"team:{member.name if member else 'desk'}")
