"""What is known of an author from earlier reports: how many, and what the team found them to be.

For the team only. Of an author who is not proved nothing is known, and the address that a platform writes
from for everybody is nobody's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from maild.core.cases.authority import Author, Standing
from maild.core.disclosure.verdicts import VERDICTS, VULNERABILITY
from maild.core.mail.facts import Facts
from maild.core.mail.platforms import elsewhere, report_name
from maild.core.policy import Policy
from maild.core.values import ids

AUTHOR = "author"
"""The kind of feature that says whose report a case is, by a keyed hash."""
REPORT = "elsewhere"
"""The kind of feature that says which report on a platform a case is about, by a keyed hash."""


@dataclass(frozen=True, slots=True)
class Known:
    """The verdicts on the earlier reports of the author of a case; empty for one without a verdict yet."""

    verdicts: tuple[str, ...] = ()

    @property
    def confirmed(self) -> bool:
        """Whether one of them was a vulnerability."""
        return VULNERABILITY in self.verdicts


def who(facts: Facts, author: Author, policy: Policy) -> str:
    """The keyed hash of the author of a mail; empty for one of the team, or one who is not proved."""
    if facts.author is None or author.standing is not Standing.OUTSIDE:
        return ""
    if not facts.authentication.author and author.authority != "reporter":
        return ""
    if elsewhere(facts.headers, facts.author.address):
        return who_there(facts, policy.desk.secret)
    unread = policy.unread(facts.author.address)
    return "" if unread else ids.author(policy.desk.secret, facts.author.address)


def who_there(facts: Facts, secret: bytes) -> str:
    """The keyed hash of whoever wrote the text of a proved platform's notice; empty when it names nobody."""
    author = facts.author if facts.authentication.author else None
    there = elsewhere(facts.headers, author.address) if author else None
    return ids.author(secret, f"{there.platform}:{there.handle}") if there and there.handle else ""


def report(facts: Facts, secret: bytes) -> str:
    """The keyed hash of the report that a proved platform's notice is about; empty when it is none such."""
    author = facts.author if facts.authentication.author else None
    name = report_name(facts.headers, author.address, facts.text) if author else ""
    return ids.digest(secret, "report elsewhere", name).hex() if name else ""


def said(known: Known | None) -> str:
    """What the team is told; empty where the author is not proved."""
    if known is None:
        return ""
    number = len(known.verdicts)
    if not number:
        return "first report here"
    reports = f"{number} earlier report{'' if number == 1 else 's'} here"
    return f"{reports}, {_summed(known.verdicts)}"


def _summed(verdicts: Sequence[str]) -> str:
    """``confirmed``, ``both confirmed``, ``2 confirmed, 1 out-of-scope, 1 not judged yet``."""
    words = ["confirmed" if one == VULNERABILITY else one or "not judged yet" for one in verdicts]
    if len(set(words)) == 1:
        return {1: "", 2: "both "}.get(len(words), "all ") + words[0]
    order = dict.fromkeys(["confirmed", *VERDICTS, "not judged yet"])
    return ", ".join(f"{words.count(one)} {one}" for one in order if one in words)
