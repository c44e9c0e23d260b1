"""Everything a decision may know beside the mail itself: the desk, its people, promises and limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, time, timedelta, tzinfo
from enum import StrEnum

from maild.core.mail.robots import answers_nobody
from maild.core.screening import ScreeningPolicy
from maild.core.values.address import normal
from maild.core.values.asked import Asked
from maild.core.values.desk import Desk
from maild.core.values.duty import Duties
from maild.core.values.people import Role, Team
from maild.core.values.phrases import Phrases
from maild.core.values.process import SEED, Process
from maild.core.values.rule import Closed, Ladder, Rule, Rung
from maild.core.values.targets import Targets


class Promise(StrEnum):
    """The three promises of the seed; a policy may name others."""

    ACKNOWLEDGE = "acknowledge"
    RESPOND = "respond"
    UPDATE = "update"


SEED_LADDER: Ladder = (Rung((Role.COORDINATOR,)), Rung((Role.BACKUP,), timedelta(days=1)))


@dataclass(frozen=True, slots=True)
class Limits:
    """How many receipts, and letters to the team about strangers' mail, go out by themselves.

    ``followups_hour``: of how many mails of one author in one case the team has copies in an hour.
    ``database``: the bytes that everything may take together before the operator is alarmed.
    """

    per_address_day: int = 5
    per_domain_hour: int = 30
    per_hour: int = 100
    team_hour: int = 1000
    followups_hour: int = 20
    database: int = 10_000_000_000


@dataclass(frozen=True, slots=True)
class CanaryPolicy:
    """How often a canary flies (``None``: never), when it has to be back, and from which outside address."""

    every: timedelta | None = None
    within: timedelta = timedelta(minutes=15)
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy in force."""

    desk: Desk
    team: Team
    rules: tuple[Rule, ...]
    screening: ScreeningPolicy
    phrases: Phrases = field(repr=False)
    ladders: Mapping[str, Ladder] = field(default_factory=dict)
    zone: tzinfo = UTC
    limits: Limits = Limits()
    authserv_ids: tuple[str, ...] = ()
    local_submission: bool = False
    trusted_hops: tuple[str, ...] = ()
    results_below: bool = False
    tokens: bool = True
    respond_min_words: int = 5
    digest_at: time | None = None
    held_digest_at: time | None = None
    keep_closed: timedelta | None = None
    keep_spam: timedelta | None = None
    canary: CanaryPolicy = CanaryPolicy()
    process: Process = SEED
    targets: Targets = Targets()
    duties: Duties = Duties()
    asks: tuple[Asked, ...] = ()
    closed: Closed = ()
    look_again: timedelta = timedelta(hours=1)
    """How long at most a late promise is let alone that waits for its next rung: who is there may change."""
    common_names: frozenset[str] = field(default=frozenset(), repr=False)
    """Names of functions and files that reports everywhere cite."""

    @property
    def private_addresses(self) -> frozenset[str]:
        """The addresses of the members that no reporter gets to see."""
        known = {one for member in self.team.members for one in (*member.addresses, member.contact)}
        return frozenset(one for one in known if not self.desk.owns(one))

    @property
    def whom_to_write_to(self) -> frozenset[str]:
        """The addresses of the coordinator and the backup contact, which acknowledgements may name."""
        named = (*self.team.having(Role.COORDINATOR), *self.team.having(Role.BACKUP))
        return frozenset(one for member in named for one in (member.shown, member.contact))

    def unread(self, address: str) -> bool:
        """Whether no person reads what is sent to *address*, by the address itself."""
        return answers_nobody(address, self.phrases)

    def nobody_at(self, address: str) -> bool:
        """Whether no one person is at *address*: it is a robot's, or a list that the desk announces to."""
        return self.unread(address) or bool(self.targets.at(normal(address)))

    def rule(self, promise: str) -> Rule | None:
        """The promise of this name; ``None`` for one that the configuration knows no more."""
        return next((rule for rule in self.rules if rule.id == promise), None)

    def ladder(self, promise: str) -> Ladder:
        """The ladder of a promise: its own, else the one of the seed, coordinator and then backup."""
        rule = self.rule(promise)
        return self.ladders.get(rule.ladder if rule else "default", ()) or SEED_LADDER

    def promised(self, promise: str) -> str:
        """The limit of *promise* in words."""
        rule = self.rule(promise)
        return rule.words if rule else "its time"
