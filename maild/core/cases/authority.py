"""Whose mail a mail is. A From line proves nothing (ruling 14)."""

import re
from dataclasses import dataclass
from enum import StrEnum

from maild.core.mail.address import sender
from maild.core.mail.facts import Facts, FolderRole
from maild.core.mail.opened import Opened, SignatureStatus
from maild.core.mail.text import MAX_HEADER, decode_words, harmless
from maild.core.mail.thread import Token
from maild.core.policy import Policy
from maild.core.values.people import Member, Side


class Standing(StrEnum):
    """What an author is to the desk."""

    TEAM = "team"
    CLAIMED = "claimed"
    OUTSIDE = "outside"


class Proved(StrEnum):
    """What proved that a mail is the team's, as journal and ``explain`` show it."""

    NOTHING = ""
    FOLDER = "sent-folder"
    SIGNATURE = "signature"
    EXCHANGER = "exchanger"
    TOKEN = "token"  # noqa: S105 - a word, not a password
    PERSON = "person"
    """Somebody looked at the message and released it."""


@dataclass(frozen=True, slots=True)
class Author:
    """An author's standing; ``authority`` is the word that journal and ``explain`` show.

    ``reporter``: the mail is signed by the key remembered for its author. That gives no standing.
    """

    standing: Standing
    member: Member | None = None
    authority: str = "none"
    proved: Proved = Proved.NOTHING


def author_of(
    facts: Facts, opened: Opened | None, policy: Policy, known_key: str = "", token: Token | None = None
) -> Author:
    """The author of a mail: proved by the Sent folder, a listed signature, our exchanger's word, or a token.

    The desk's own address in From proves nobody: lists, forms and scripts write in its name (ruling 14).
    *known_key* is the fingerprint remembered for the author's address, empty when there is none; *token* is
    the one that ties the mail to its case.
    """
    addresses = [a.address for a in (facts.author, facts.shown_author) if a]
    claimed = next((m for m in map(policy.team.claimed_by, (*addresses, *_named(facts))) if m), None)
    if facts.role is FolderRole.SENT:
        return team(claimed, Proved.FOLDER)
    signed_by = _signed_by(opened)
    signer = policy.team.signed_by(signed_by)
    if signer:
        written = facts.author or facts.from_desk
        return team(signer, Proved.SIGNATURE) if written else Author(Standing.CLAIMED, signer)
    if claimed or (facts.from_desk and facts.authentication.logged_in):
        if _authenticated(facts, policy):
            return team(claimed, Proved.EXCHANGER)
        if claimed and token and _given(token, facts, opened, policy):
            return team(claimed, Proved.TOKEN)
        return Author(Standing.CLAIMED, claimed)
    by_known_key = bool(known_key) and signed_by == known_key
    return Author(Standing.OUTSIDE, authority="reporter" if by_known_key else "none")


def _named(facts: Facts) -> list[str]:
    """Every address that stands anywhere in From: in a second line, or as a name beside another address."""
    shown = " ".join(harmless(decode_words(value), MAX_HEADER) for value in facts.headers.all("From")[:5])
    return [word for word in re.split(r"[\s<>,;:\"'()\[\]]+", shown) if "@" in word]


def _authenticated(facts: Facts, policy: Policy) -> bool:
    """Whether our exchanger vouches for the one address in From, and that is the team's."""
    if facts.author is None or not facts.authentication.author:
        return False
    if facts.from_desk:
        return facts.authentication.logged_in
    return policy.team.claimed_by(facts.author.address) is not None


def _given(token: Token, facts: Facts, opened: Opened | None, policy: Policy) -> bool:
    """Whether *token* was given to the member whose address stands in From, and may prove them (ruling 14).

    It never does in an encrypted case or against the exchanger's word, nor before a signature was looked at.
    """
    shown = sender(facts.headers)
    if not policy.tokens or shown is None or facts.author is None or shown.address != facts.author.address:
        return False
    unopened = opened is None and (facts.sealed or facts.signed)
    if unopened or token.case.sealed or facts.authentication.dmarc_failed or token.side is not Side.MEMBER:
        return False
    member = policy.team.claimed_by(shown.address)
    return member is not None and policy.team.claimed_by(token.address) == member


def signer(opened: Opened | None, policy: Policy) -> Member | None:
    """The member whose listed key signed the mail, whoever it says that it is from."""
    fingerprint = _signed_by(opened)
    return policy.team.signed_by(fingerprint) if fingerprint else None


def signed_in_place(opened: Opened | None, policy: Policy) -> bool:
    """Whether a listed key signed the text in place, or a file alone: it does not cover the whole mail."""
    return (
        opened is not None
        and opened.signature.clear
        and opened.signature.status is SignatureStatus.GOOD
        and policy.team.signed_by(opened.signature.fingerprint) is not None
    )


def _signed_by(opened: Opened | None) -> str:
    """The fingerprint of a good signature; text signed in the clear proves nothing about the whole mail."""
    if opened is None or opened.signature.clear or opened.signature.status is not SignatureStatus.GOOD:
        return ""
    return opened.signature.fingerprint


def team(member: Member | None, proved: Proved) -> Author:
    """*member* (nobody by name: the desk's own account) as a proved author."""
    return Author(Standing.TEAM, member, f"team:{member.name if member else 'desk'}", proved)
