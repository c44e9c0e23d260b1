"""Everything a decision may know beside the mail itself: the desk, its people, promises and limits."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from maild.core.cases.people import Role, Team
from maild.core.mail.address import normal
from maild.core.promises.duration import words
from maild.core.screening import ScreeningPolicy


class Promise(StrEnum):
    """The promises of the published policy."""

    ACKNOWLEDGE = "acknowledge"
    RESPOND = "respond"
    UPDATE = "update"


class Mode(StrEnum):
    """How mail reaches the team: through maild itself, or through a list that maild watches."""

    OBSERVE = "observe"
    RELAY = "relay"


class Inbound(StrEnum):
    """What the desk asks of reporters about encryption: words only, never whether a mail becomes a case."""

    ACCEPTED = "accepted"
    ENCOURAGED = "encouraged"
    REQUIRED = "required"
    DISCOURAGED = "discouraged"


class EnvelopeSender(StrEnum):
    """The SMTP sender of automatic letters (ruling on bounces; RFC 3834 §3.3)."""

    DESK = "desk"
    VERP = "verp"
    NULL = "null"


@dataclass(frozen=True, slots=True)
class Desk:
    """One inbox with its name and addresses. ``secret`` keys every id and token that maild derives."""

    name: str
    address: str
    secret: bytes = field(repr=False)
    aliases: tuple[str, ...] = ()
    prefix: str = "SEC"
    mode: Mode = Mode.OBSERVE
    subaddress: str = "+"
    own_lists: tuple[str, ...] = ()
    policy_url: str = ""
    envelope_sender: EnvelopeSender = EnvelopeSender.DESK
    inbound: Inbound = Inbound.ACCEPTED
    fingerprint: str = ""

    @property
    def domain(self) -> str:
        """The domain of the desk's address; Message-IDs are made in it."""
        return self.address.rpartition("@")[2]

    def owns(self, address: str) -> bool:
        """Whether *address* is the desk's own, with or without a token behind the separator."""
        local, _, domain = normal(address).rpartition("@")
        bare = local.split(self.subaddress)[0] if self.subaddress else local
        return f"{bare}@{domain}" in (self.address, *self.aliases) or normal(address) in self.aliases


@dataclass(frozen=True, slots=True)
class Limits:
    """How many automatic receipts may go out by themselves."""

    per_address_day: int = 5
    per_domain_hour: int = 30
    per_hour: int = 100


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy in force."""

    desk: Desk
    team: Team
    promises: dict[Promise, timedelta]
    backup_after: timedelta = timedelta(days=1)
    limits: Limits = Limits()
    screening: ScreeningPolicy = ScreeningPolicy()
    authserv_id: str = ""
    local_submission: bool = False
    respond_min_words: int = 5

    @property
    def private_addresses(self) -> frozenset[str]:
        """The addresses of the members that no reporter gets to see."""
        known = {one for member in self.team.members for one in (*member.addresses, member.contact)}
        return frozenset(one for one in known if not self.desk.owns(one))

    def rungs(self) -> tuple[tuple[Role, timedelta], ...]:
        """The ladder: who is told, and how long after the rung before (the first: after the due instant)."""
        return ((Role.COORDINATOR, timedelta(0)), (Role.BACKUP, self.backup_after))

    def promised(self, promise: Promise) -> str:
        """The limit of *promise* in words."""
        return words(self.promises[promise])
