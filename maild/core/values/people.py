"""The people of a desk and how a mail is proved to be theirs (a From line proves nothing)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from maild.core.values.address import normal


class Role(StrEnum):
    """What a member does for the desk."""

    HANDLER = "handler"
    COORDINATOR = "coordinator"
    BACKUP = "backup"


class Side(StrEnum):
    """Who a participant of a case is; a guest is an outsider who gets the team's copies of one case.

    Somebody outside who was told of it gets none: only what somebody of the team writes to him.
    """

    REPORTER = "reporter"
    MEMBER = "member"
    GUEST = "guest"
    OUTSIDE = "outside"


class Audience(StrEnum):
    """Where mail that bears a participant's token goes."""

    REPORTER = "reporter"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the team; escalations reach them at ``contact``; ``fingerprint`` is their signing key.

    Reporters are told to write to the ``published`` address; without one, to the first of the addresses.
    """

    name: str
    addresses: tuple[str, ...]
    contact: str
    roles: frozenset[Role]
    fingerprint: str = ""
    away: tuple[tuple[datetime, datetime], ...] = ()
    published: str = ""

    @property
    def shown(self) -> str:
        """The address that reporters are given, on the policy page and in acknowledgements alike."""
        return self.published or self.addresses[0]

    def absent(self, at: datetime) -> bool:
        """Whether the member is away at the instant *at*."""
        return any(start <= at < end for start, end in self.away)


@dataclass(frozen=True, slots=True)
class Team:
    """Everybody who answers for the desk."""

    members: tuple[Member, ...]

    def having(self, role: Role) -> tuple[Member, ...]:
        """The members with *role*, in the order they are configured."""
        return tuple(member for member in self.members if role in member.roles)

    def named(self, word: str) -> tuple[Member, ...]:
        """The members that *word* means: a role, or one by name."""
        wanted = word.lower()
        return tuple(m for m in self.members if wanted in m.roles or wanted == m.name.lower())

    def meant(self, name: str) -> Member | None:
        """The member called *name*, or the only one whose name, or a word of it, begins like that."""
        wanted = " ".join(name.lower().split())
        if not wanted:
            return None
        exact = [m for m in self.members if m.name.lower() == wanted]
        return exact[0] if exact else _only([m for m in self.members if _begins(m.name.lower(), wanted)])

    def unknown(self, name: str) -> str:
        """Why ``meant`` finds nobody, with who there is."""
        wanted = " ".join(name.lower().split())
        several = [m.name for m in self.members if wanted and _begins(m.name.lower(), wanted)]
        if several:
            return f"{name} may be {' or '.join(several)}"
        return f"there is no member called {name}; the team is {', '.join(m.name for m in self.members)}"

    def claimed_by(self, address: str) -> Member | None:
        """The member who owns *address*, whatever that proves (nothing, by itself)."""
        wanted = normal(address)
        return next((m for m in self.members if wanted in m.addresses or wanted == m.contact), None)

    def signed_by(self, fingerprint: str) -> Member | None:
        """The member whose listed primary fingerprint this is."""
        return next((m for m in self.members if m.fingerprint and m.fingerprint == fingerprint), None)


def _begins(name: str, wanted: str) -> bool:
    return name.startswith(wanted) or any(word.startswith(wanted) for word in name.split())


def _only(found: list[Member]) -> Member | None:
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Known:
    """A member as he was known: by any of these he is known again, also under another name."""

    name: str
    addresses: tuple[str, ...]
    fingerprint: str = ""

    def within(self, team: Team) -> bool:
        """Whether he is of the *team*."""
        return any(self.is_(one) for one in team.members)

    def is_(self, one: Member) -> bool:
        """Whether *one* is this member: by name, address or key."""
        shared = set(self.addresses) & {*one.addresses, one.contact}
        same_key = bool(self.fingerprint and self.fingerprint == one.fingerprint)
        return self.name == one.name or bool(shared) or same_key


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody who left at an instant, and the key (fingerprint) that the desk had then."""

    name: str
    at: datetime
    key: str
