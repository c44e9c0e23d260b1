"""Telling the team something about a case, once, without any word of the report."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from maild.core.change import Change, OweLetter, SetFlag
from maild.core.letters import keys
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Detail, Notice
from maild.core.policy import Policy
from maild.core.values.case import Case, Flag
from maild.core.values.noticekind import NoticeKind
from maild.core.values.people import Role
from maild.core.writing import owing

SILENT = frozenset(
    {
        Flag.ODD_ARRIVAL,
        Flag.POSSIBLY_RELATED,
        Flag.BUNDLE,
        Flag.TRUNCATED,
        Flag.READ_IN_PART,
        Flag.NOT_CARRIED,
    }
)
"""Flags that are shown and not told by letter."""


def flag(case_id: str, what: Flag, policy: Policy) -> list[Change]:
    """Flag the case and tell the handlers why, once a case and flag."""
    return [SetFlag(case_id, what), *tell(keys.notice(case_id, what), case_id, what, policy)]


def by_hand(case_id: str, capped: bool, at: datetime, policy: Policy) -> list[Change]:
    """The receipt is owed by hand. During a flood the team is told once a day, not once a case (ruling 2)."""
    about = NoticeKind.RECEIPT_CAP if capped else Flag.RECEIPT_BY_HAND
    name = keys.notice("receipt-cap", at.date().isoformat()) if capped else keys.notice(case_id, about)
    return [SetFlag(case_id, Flag.RECEIPT_BY_HAND), *tell(name, case_id, about, policy)]


def delayed(case_id: str, at: datetime, policy: Policy) -> list[Change]:
    """Receipts wait for their turn within an hour's limit: told once a day."""
    name = keys.notice(NoticeKind.RECEIPTS_DELAYED, at.date().isoformat())
    return tell(name, case_id, NoticeKind.RECEIPTS_DELAYED, policy)


def to_one(
    name: str,
    case_id: str,
    about: NoticeKind | Flag,
    contact: str,
    policy: Policy,
    facts: Mapping[str, Detail] | None = None,
) -> OweLetter:
    """One letter about the case to one person."""
    says = Notice(str(about), facts or {})
    return owing.letter(LetterKind.NOTICE, name, contact, says, policy.desk, case_id=case_id)


def to_people(
    name: str,
    case_id: str,
    about: NoticeKind | Flag,
    contacts: Iterable[str],
    policy: Policy,
    facts: Mapping[str, Detail] | None = None,
) -> list[Change]:
    """The same letter to each of *contacts*, once."""
    people = dict.fromkeys(contacts)
    return [to_one(f"{name}:{contact}", case_id, about, contact, policy, facts) for contact in people]


def handlers(policy: Policy) -> list[str]:
    """Where the handlers (the coordinators where nobody is one) are told things."""
    people = policy.team.having(Role.HANDLER) or policy.team.having(Role.COORDINATOR)
    return [person.contact for person in people]


def concerned(case: Case, by: str, policy: Policy) -> list[str]:
    """Who hears what became of an answer: its author (authority *by*), the case's handler, the handlers."""
    named = [m.contact for m in policy.team.members if by == f"team:{m.name}" or m.name == case.handler]
    return [*named, *handlers(policy)]


def tell(
    name: str,
    case_id: str,
    about: NoticeKind | Flag,
    policy: Policy,
    facts: Mapping[str, Detail] | None = None,
) -> list[Change]:
    """One letter to each handler (to each coordinator where nobody is a handler)."""
    return to_people(name, case_id, about, handlers(policy), policy, facts)


def member_unreachable(case_id: str, address: str, at: datetime, policy: Policy) -> list[Change]:
    """A member cannot be sent his letters: the other handlers (else everybody else) hear it once a day."""
    member = policy.team.claimed_by(address)
    if member is None:
        return []
    others = [contact for contact in handlers(policy) if contact != member.contact]
    others = others or [m.contact for m in policy.team.members if m is not member]
    name = keys.notice(NoticeKind.COPY_FAILED, member.contact, at.date().isoformat())
    return to_people(name, case_id, NoticeKind.COPY_FAILED, others, policy, {"member": member.name})


def nobody_has_it(case_id: str, mail: int, policy: Policy) -> list[Change]:
    """No member's copy of the message *mail* was delivered: everybody hears it, once a message."""
    name, everybody = keys.notice(NoticeKind.NOBODY_HAS_IT, mail), [m.contact for m in policy.team.members]
    return to_people(name, case_id, NoticeKind.NOBODY_HAS_IT, everybody, policy, {"mail": mail})
