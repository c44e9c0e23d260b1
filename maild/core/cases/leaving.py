"""Members who came and left: who is new is told how it works; who left loses every case."""

from collections.abc import Iterator
from datetime import datetime

from maild.core.candidates.times import TeamCandidates
from maild.core.change import Change
from maild.core.changes.team import MemberLeft, MemberMoved, RememberTeam
from maild.core.letters import keys
from maild.core.letters.payloads import Detail
from maild.core.policy import Policy
from maild.core.values.noticekind import NoticeKind
from maild.core.values.people import Known, Left, Member
from maild.core.writing import notice


def seen(known: TeamCandidates, policy: Policy, now: datetime) -> list[Change]:
    """What follows from the team of *policy*, held against the one that was known.

    Each who left is told of once: they keep what they were sent, and perhaps the key and the passwords too.
    Each who joins gets the page for members, once; so does the first team of a new desk.
    """
    team, key = policy.team, policy.desk.fingerprint
    current = tuple(
        Known(m.name, tuple(dict.fromkeys((*m.addresses, m.contact))), m.fingerprint) for m in team.members
    )
    gone = [one for one in known.members if not one.within(team)]
    left = (*(one for one in known.left if one.key == key), *(Left(one.name, now, key) for one in gone))
    if (current, left) == (known.members, known.left):
        return []
    ended = [MemberLeft(one.name, one.addresses) for one in gone]
    moved = _moved(known, policy)
    told = [change for one in gone for change in _told(one, policy, now)]
    new = [one for one in team.members if not any(other.is_(one) for other in known.members)]
    joined = new if known.members or known.begins else []  # a desk that is upgraded has had its team for long
    return [*ended, *moved, *told, *(_welcome(one, policy) for one in joined), RememberTeam(current, left)]


def _moved(known: TeamCandidates, policy: Policy) -> Iterator[Change]:
    """Who is still here, and has not all the addresses that they had: nobody knows who reads those now."""
    for one in known.members:
        member = next((now for now in policy.team.members if one.is_(now)), None)
        old = tuple(address for address in one.addresses if policy.team.claimed_by(address) is None)
        if member and old:
            yield MemberMoved(old, member.addresses[0], member.contact)


def _welcome(one: Member, policy: Policy) -> Change:
    name = keys.notice(NoticeKind.WELCOME, one.name, one.contact)
    return notice.to_one(name, "", NoticeKind.WELCOME, one.contact, policy)


def _told(one: Known, policy: Policy, now: datetime) -> list[Change]:
    name = keys.notice(NoticeKind.MEMBER_LEFT, one.name, now.isoformat())
    everybody = [member.contact for member in policy.team.members]
    facts: dict[str, Detail] = {"member": one.name, "key": policy.desk.fingerprint}
    return notice.to_people(name, "", NoticeKind.MEMBER_LEFT, everybody, policy, facts)
