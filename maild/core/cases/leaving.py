"""Members who left: who is in the configuration no more loses every case, and the desk changes its key."""

from datetime import datetime

from maild.core.candidates.times import TeamCandidates
from maild.core.change import Change
from maild.core.changes.team import MemberLeft, RememberTeam
from maild.core.letters import keys
from maild.core.letters.payloads import Detail
from maild.core.policy import Policy
from maild.core.values.about import About
from maild.core.values.people import Known, Left
from maild.core.writing import notice


def seen(known: TeamCandidates, policy: Policy, now: datetime) -> list[Change]:
    """What follows from the team of *policy*, held against the one that was known.

    Each who left is told of once. He keeps what he was sent, and perhaps the key and the passwords too.
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
    told = [change for one in gone for change in _told(one, policy, now)]
    return [*ended, *told, RememberTeam(current, left)]


def _told(one: Known, policy: Policy, now: datetime) -> list[Change]:
    name = keys.notice(About.MEMBER_LEFT, one.name, now.isoformat())
    everybody = [member.contact for member in policy.team.members]
    facts: dict[str, Detail] = {"member": one.name, "key": policy.desk.fingerprint}
    return notice.to_people(name, "", About.MEMBER_LEFT, everybody, policy, facts)
