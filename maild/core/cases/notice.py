"""Telling the team something about a case, once, without any word of the report."""

from collections.abc import Mapping
from datetime import datetime

from maild.core import ids
from maild.core.cases.case import Flag
from maild.core.cases.people import Role
from maild.core.decision import Change, LetterKind, OweLetter, SetFlag
from maild.core.policy import Policy

RECEIPT_CAP = "receipt-cap"
OPENING_WAITS = "opening-waits"
SILENT = frozenset({Flag.ODD_ARRIVAL, Flag.POSSIBLY_RELATED, Flag.TRUNCATED})
"""Flags that are shown and not told by letter."""


def flag(case_id: str, what: Flag, policy: Policy) -> list[Change]:
    """Flag the case and tell the handlers why, once a case and flag."""
    return [SetFlag(case_id, what), *tell(f"notice:{case_id}:{what}", case_id, what, policy)]


def by_hand(case_id: str, capped: bool, at: datetime, policy: Policy) -> list[Change]:
    """The receipt is owed by hand. During a flood the team is told once a day, not once a case (ruling 2)."""
    about = RECEIPT_CAP if capped else Flag.RECEIPT_BY_HAND
    name = f"notice:receipt-cap:{at.date().isoformat()}" if capped else f"notice:{case_id}:{about}"
    return [SetFlag(case_id, Flag.RECEIPT_BY_HAND), *tell(name, case_id, about, policy)]


def to_one(name: str, case_id: str, about: str, contact: str, policy: Policy) -> OweLetter:
    """One letter about the case to one person."""
    return OweLetter(
        dedupe=name,
        kind=LetterKind.NOTICE,
        case_id=case_id,
        recipient=contact,
        token=ids.token(policy.desk.secret, case_id, contact, "team"),
        facts={"about": about},
    )


def tell(
    name: str, case_id: str, about: str, policy: Policy, facts: Mapping[str, object] | None = None
) -> list[Change]:
    """One letter to each handler (to each coordinator where nobody is a handler)."""
    people = policy.team.having(Role.HANDLER) or policy.team.having(Role.COORDINATOR)
    return [
        OweLetter(
            dedupe=f"{name}:{person.contact}",
            kind=LetterKind.NOTICE,
            case_id=case_id,
            recipient=person.contact,
            token=ids.token(policy.desk.secret, case_id, person.contact, "team"),
            facts={"about": str(about), **(facts or {})},
        )
        for person in people
    ]
