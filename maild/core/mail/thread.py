"""Which case a mail belongs to.

Our own token proves that the author got a letter of ours; a known Message-ID that he saw the thread; a case
number in the subject proves nothing and counts only from somebody already in the case (ruling 20).
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from maild.core.mail.address import addresses
from maild.core.mail.facts import DELIVERED, Facts
from maild.core.values.case import Case
from maild.core.values.desk import Desk
from maild.core.values.ids import TOKEN_LENGTH
from maild.core.values.people import Audience, Side

_TOKEN = re.compile(rf"[a-z2-7]{{{TOKEN_LENGTH}}}")


class ThreadBy(StrEnum):
    """What tied a mail to its case."""

    TOKEN = "token"  # noqa: S105 - a word, not a password
    REFERENCES = "references"
    SUBJECT = "subject"
    PLATFORM = "platform"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Keys:
    """What to look a mail's case up by.

    ``own`` is the mail's own Message-ID, which ties it to a case only as a second copy (ruling 20).
    """

    tokens: tuple[str, ...]
    references: tuple[str, ...]
    case_tags: tuple[str, ...]
    own: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """What a token of ours stands for: a case, the participant it was given to, and where his mail goes.

    ``until``: when his time in the case ends (aware UTC), if it does.
    """

    case: Case
    address: str
    side: Side
    audience: Audience
    token: str = ""
    until: datetime | None = None

    def over(self, now: datetime) -> bool:
        """Whether his time in the case is over at *now*."""
        return self.until is not None and self.until <= now


@dataclass(frozen=True, slots=True)
class Thread:
    """The case a mail belongs to, if any; ``guessed`` is a case that a stranger's subject named."""

    case: Case | None = None
    by: ThreadBy = ThreadBy.NONE
    guessed: str = ""
    token: Token | None = None


def keys(facts: Facts, desk: Desk) -> Keys:
    """The lookup keys in *facts*: tokens in addresses and ids, references, case ids in the subject."""
    tokens = [_address_token(a.address, desk) for a in addresses(facts.headers, *DELIVERED)]
    named = (*facts.references, *([facts.returned_id] if facts.returned_id else ()))
    tokens += [_id_token(reference, desk) for reference in named]
    tags = re.findall(rf"\b{re.escape(desk.prefix)}-[0-9A-Z]{{6}}\b", facts.subject.upper())
    return Keys(
        tuple(dict.fromkeys(t for t in tokens if t)),
        tuple(named),
        tuple(dict.fromkeys(tags))[:5],
        facts.message_id,
    )


def find(
    by_token: Token | None,
    by_reference: Case | None,
    by_tag: Case | None,
    insider: bool,
    by_own_id: Case | None = None,
    by_report: Case | None = None,
) -> Thread:
    """The thread that the lookups gave; *insider*: the author already takes part in the tagged case.

    *by_own_id* has another mail with this one's Message-ID, as form mailers and scanners give them;
    *by_report* is about the report on a platform of which this is a proved notice.
    """
    if by_token:
        return Thread(by_token.case, ThreadBy.TOKEN, token=by_token)
    if by_reference:
        return Thread(by_reference, ThreadBy.REFERENCES)
    if by_tag and insider:
        return Thread(by_tag, ThreadBy.SUBJECT)
    if by_report:
        return Thread(by_report, ThreadBy.PLATFORM)
    guessed = by_tag or by_own_id
    return Thread(guessed=guessed.id if guessed else "")


def _address_token(address: str, desk: Desk) -> str:
    local = address.rpartition("@")[0]
    if not desk.subaddress or not desk.owns(address):
        return ""
    tail = local.rpartition(desk.subaddress)[2]
    return tail if _TOKEN.fullmatch(tail) else ""


def _id_token(reference: str, desk: Desk) -> str:
    local, _, domain = reference.strip("<>").rpartition("@")
    head = local.partition(".")[0]
    return head if domain.lower() == desk.domain and _TOKEN.fullmatch(head) else ""
