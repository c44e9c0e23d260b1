"""The road from report to announcement as data: stages, checklist, severities and how each is handled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage by its name; ``needs`` are names of conditions, or steps of the checklist."""

    name: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Handling:
    """How cases of a severity are handled. ``branches`` empty means every maintained one."""

    track: str = "private"
    branches: tuple[str, ...] = ()
    embargo: timedelta | None = None
    release: str = "next"
    stale_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason why a report is no vulnerability: a sentence of the published policy, and its verdict.

    ``link`` is where the policy says so, if it is named.
    """

    says: str
    verdict: str = "working-as-intended"
    link: str = ""

    @property
    def text(self) -> str:
        """What the reporter is told."""
        return f"{self.says} ({self.link})" if self.link else self.says


@dataclass(frozen=True, slots=True)
class Process:
    """The road from report to announcement, as the configuration has it.

    ``embargo_from``: the longest embargo counts from the ``report``, or from the first ``fix`` that is noted.
    ``idle_after``: of a case in which nobody stirred for so long the next handler is asked (``None``: never).
    A reporter who was asked ``unreachable_asks`` times over ``unreachable_after`` is called unreachable.
    ``reasons`` are what ``!not-a-bug`` may name.
    """

    stages: tuple[Stage, ...] = ()
    checklist: Mapping[str, str] = field(default_factory=dict)
    severities: tuple[str, ...] = ("Critical", "Important", "Moderate", "Minor")
    handling: Mapping[str, Handling] = field(default_factory=dict)
    branches: tuple[str, ...] = ()
    longest_embargo: timedelta = timedelta(days=90)
    embargo_from: str = "report"
    tracker: str = ""
    idle_after: timedelta | None = None
    unreachable_asks: int = 2
    unreachable_after: timedelta = timedelta(days=14)
    reasons: Mapping[str, Reason] = field(default_factory=dict)

    def handled(self, severity: str) -> Handling:
        """How this severity is handled."""
        return self.handling.get(severity, Handling())

    def branches_for(self, severity: str) -> tuple[str, ...]:
        """The branches that get a fix."""
        return self.handled(severity).branches or self.branches


SEED_CHECKLIST = {
    "audit": "an audit of the code for similar problems",
    "mitigation": "a check for possible mitigations",
    "credit": "asking the reporter how they want to be credited",
}
SEED_STAGES = (
    Stage("received"),
    Stage("assigned", ("handler",)),
    Stage("confirmed", ("verdict", "severity", "affects")),
    Stage("fixing", ("audit",)),
    Stage("ready", ("branches", "mitigation", "credit", "cve", "embargo")),
    Stage("announced"),
    Stage("closed"),
)
SEED = Process(SEED_STAGES, SEED_CHECKLIST)
"""The five steps of the policy that maild was made for."""
