"""A desk: one inbox with its name and its addresses."""

from dataclasses import dataclass, field
from enum import StrEnum

from maild.core.values.address import normal


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
    """The SMTP sender of automatic letters (ruling 6; RFC 3834 §3.3)."""

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
