"""The team's copies: what is said in a case, shown to every member and guest but its author."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from maild.core.candidates.mail import Passed
from maild.core.change import AddParticipant, Change, OweLetter
from maild.core.letters import keys
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Copy, SentCopy
from maild.core.policy import Policy
from maild.core.values import ids
from maild.core.values.case import Case
from maild.core.values.desk import Desk, Mode
from maild.core.values.noticekind import NoticeKind
from maild.core.values.people import Audience, Member, Side
from maild.core.writing import notice, owing


@dataclass(frozen=True, slots=True)
class Shown:
    """What the copies show; ``unique`` tells them from the copies of anything else.

    ``sealed``: the case holds encrypted mail, so a member without a key gets a notice and never the text.
    """

    unique: str
    case_id: str
    sealed: bool
    says: Copy | SentCopy


def to_team(shown: Shown, author: Member | None, guests: Iterable[str], policy: Policy) -> list[Change]:
    """One copy for each member but the *author*, and for each guest; none where a list delivers."""
    if policy.desk.mode is not Mode.RELAY:
        return []
    others = [member for member in policy.team.members if member is not author]
    to_members = [change for member in others for change in _to_member(shown, member, policy)]
    inside = replace(shown, says=replace(shown.says, audience=Audience.TEAM.value))
    return [*to_members, *(_letter(inside, guest, policy.desk) for guest in guests)]


def so_far(passed: Passed, guest: str, case: Case, now: datetime, desk: Desk) -> OweLetter:
    """The copy for a *guest* of what was said before they were let in."""
    says = replace(passed.says, audience=Audience.TEAM.value, at=passed.at.isoformat())
    unique = f"so-far:{now:%Y%m%dT%H%M%S}:{passed.unique}"
    return _letter(Shown(unique, case.id, case.sealed or passed.sealed, says), guest, desk)


def _to_member(shown: Shown, member: Member, policy: Policy) -> list[Change]:
    address, case_id, secret = member.addresses[0], shown.case_id, policy.desk.secret
    if shown.sealed and not member.fingerprint:
        name = keys.notice(NoticeKind.NO_KEY, shown.unique, address)
        return [notice.to_one(name, case_id, NoticeKind.NO_KEY, member.contact, policy)]
    known = [
        AddParticipant(case_id, address, Side.MEMBER, one, ids.token(secret, case_id, address, one))
        for one in Audience
    ]
    return [*known, _letter(shown, address, policy.desk)]


def _letter(shown: Shown, address: str, desk: Desk) -> OweLetter:
    return owing.letter(
        LetterKind.COPY,
        keys.copy(shown.unique, address),
        address,
        shown.says,
        desk,
        case_id=shown.case_id,
        audience=Audience(shown.says.audience),
        sealed=shown.sealed,
        references=(root(shown.case_id, desk),),
    )


def root(case_id: str, desk: Desk) -> str:
    """The Message-ID that every copy of a case names first, so that clients thread them (ruling 18)."""
    token = ids.token(desk.secret, case_id, "", "root")
    return ids.message_id(desk.secret, f"root:{case_id}", token, desk.domain)
