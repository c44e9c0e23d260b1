"""The canary: a letter that the desk mails to its own public address, to see that a report would arrive.

Silence is the alarm. It opens no case: its mark says that it is ours. Beside it another one flies to the
address with a tag, as replies do; where only that one stays away, people are told what to set.
"""

from datetime import datetime, timedelta

from maild.core.candidates.times import CanaryCandidates, Flight
from maild.core.change import Change, OweLetter, SeeCanary
from maild.core.letters import keys
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Canary
from maild.core.mail.facts import FolderRole
from maild.core.policy import Policy
from maild.core.values.desk import Desk
from maild.core.values.noticekind import NoticeKind
from maild.core.writing import owing
from maild.core.writing.notice import tell


def fly(known: CanaryCandidates, blind: bool, policy: Policy, now: datetime) -> list[Change]:
    """The next canary when its time has come; the word that the last one is missing, or only the tagged one.

    Of a mailbox that cannot be read (*blind*) silence says nothing: that has an alarm of its own.
    """
    changes: list[Change] = []
    last = known.last
    every = policy.canary.every
    if every is not None and (last is None or now - last.owed >= every):
        changes += _letters(policy, now)
    if last and not blind and silent_since(last, policy, now):
        name, facts = keys.notice(NoticeKind.CANARY_SILENT, last.letter), {"sent": _iso(last.sent)}
        changes += tell(name, "", NoticeKind.CANARY_SILENT, policy, facts)
    if not blind and tag_lost(known, policy, now):
        name = keys.notice(NoticeKind.CANARY_TAG, f"{now:%Y-%m}")
        changes += tell(name, "", NoticeKind.CANARY_TAG, policy, {"address": tagged(policy.desk)})
    return changes


def tag_lost(known: CanaryCandidates, policy: Policy, now: datetime) -> bool:
    """Whether only the canary to the address with a tag stays away, or was refused."""
    last, other = known.last, known.tagged
    if last is None or other is None or last.seen is None or other.seen is not None:
        return False
    if not policy.desk.subaddress or policy.canary.every is None:
        return False
    return other.refused or (other.sent is not None and now - other.sent >= policy.canary.within)


def tagged(desk: Desk) -> str:
    """The desk's address with a tag, as replies have one."""
    local, _, domain = desk.address.partition("@")
    return f"{local}{desk.subaddress}canary@{domain}"


def silent_since(last: Flight | None, policy: Policy, now: datetime) -> datetime | None:
    """Since when the canary is missing; ``None`` while all is well, or where none flies."""
    if last is None or last.sent is None or last.seen is not None or policy.canary.every is None:
        return None
    return last.sent if now - last.sent >= policy.canary.within else None


def arrived(letter: int, envelope: int, role: FolderRole, policy: Policy) -> list[Change]:
    """A canary is back: seen, unless it is the copy in Sent; in Junk the handlers are told once."""
    found: list[Change] = [SeeCanary(letter, envelope)]
    if role is FolderRole.JUNK:
        found += tell(keys.notice(NoticeKind.CANARY_IN_JUNK, letter), "", NoticeKind.CANARY_IN_JUNK, policy)
    return found


def _letters(policy: Policy, now: datetime) -> list[OweLetter]:
    """One to the public address, and one with a tag where replies carry one."""
    desk, says = policy.desk, Canary(now.isoformat(), int(policy.canary.within / timedelta(minutes=1)))
    kinds = {LetterKind.CANARY: desk.address} | ({LetterKind.TAGGED: tagged(desk)} if desk.subaddress else {})
    return [owing.letter(kind, keys.canary(now, kind), to, says, desk) for kind, to in kinds.items()]


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
