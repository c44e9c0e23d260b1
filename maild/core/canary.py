"""The canary: a letter that the desk mails to its own public address, to see that a report would arrive.

Silence is the alarm. It opens no case: its mark says that it is ours.
"""

from datetime import datetime, timedelta

from maild.core.candidates.times import Flight
from maild.core.change import Change, OweLetter, SeeCanary
from maild.core.letters import keys
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Canary
from maild.core.mail.facts import FolderRole
from maild.core.policy import Policy
from maild.core.values.about import About
from maild.core.writing import owing
from maild.core.writing.notice import tell


def fly(last: Flight | None, blind: bool, policy: Policy, now: datetime) -> list[Change]:
    """The next canary when its time has come; the word that the last one is missing.

    Of a mailbox that cannot be read (*blind*) silence says nothing: that has an alarm of its own.
    """
    changes: list[Change] = []
    every = policy.canary.every
    if every is not None and (last is None or now - last.owed >= every):
        changes.append(_letter(policy, now))
    if last and not blind and silent_since(last, policy, now):
        name, facts = keys.notice(About.CANARY_SILENT, last.letter), {"sent": _iso(last.sent)}
        changes += tell(name, "", About.CANARY_SILENT, policy, facts)
    return changes


def silent_since(last: Flight | None, policy: Policy, now: datetime) -> datetime | None:
    """Since when the canary is missing; ``None`` while all is well, or where none flies."""
    if last is None or last.sent is None or last.seen is not None or policy.canary.every is None:
        return None
    return last.sent if now - last.sent >= policy.canary.within else None


def arrived(letter: int, envelope: int, role: FolderRole, policy: Policy) -> list[Change]:
    """A canary is back: seen, unless it is the copy in Sent; in Junk the handlers are told once."""
    found: list[Change] = [SeeCanary(letter, envelope)]
    if role is FolderRole.JUNK:
        found += tell(keys.notice(About.CANARY_IN_JUNK, letter), "", About.CANARY_IN_JUNK, policy)
    return found


def _letter(policy: Policy, now: datetime) -> OweLetter:
    says = Canary(now.isoformat(), int(policy.canary.within / timedelta(minutes=1)))
    return owing.letter(LetterKind.CANARY, keys.canary(now), policy.desk.address, says, policy.desk)


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
