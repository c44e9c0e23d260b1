"""What was recorded of a case: facts by name, each said by somebody at an instant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from maild.core.facts.table import EMBARGO, row_of

MAILD, REPORTER = "maild", "reporter"
"""Who says what follows by itself, and what a reporter's message says; everything else people say."""
REQUESTED = "requested"
"""A CVE id that was asked for and is not known yet."""
WAIVED = "waived"
_KEPT = "(sealed, in mail "


def kept_in(envelope: int) -> str:
    """What stands for people's words about an encrypted case: which message has them (ruling 24)."""
    return f"{_KEPT}{envelope})"


def shown(value: str) -> str:
    """*value* for people: where the words of an encrypted case are."""
    return value.replace(_KEPT, "(encrypted, in message ")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing recorded. ``item`` tells facts of one name apart (a branch, a step); instants are ISO."""

    name: str
    value: str = field(repr=False)
    by: str
    at: datetime
    item: str = ""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Everything recorded of one case."""

    facts: tuple[Fact, ...] = ()

    def fact(self, name: str, item: str = "") -> Fact | None:
        """The fact of this name, when there is one."""
        return next((one for one in self.facts if (one.name, one.item) == (name, item)), None)

    def value(self, name: str, item: str = "") -> str:
        """What was recorded, or an empty text."""
        found = self.fact(name, item)
        return found.value if found else ""

    def items(self, name: str) -> Mapping[str, str]:
        """What was recorded for each item of a name."""
        return {one.item: one.value for one in self.facts if one.name == name and one.item}

    def noting(self, fresh: Fact) -> "Disclosure":
        """The same with *fresh* in the place of what was recorded under its name; without a value, gone."""
        others = (one for one in self.facts if (one.name, one.item) != (fresh.name, fresh.item))
        return Disclosure((*others, *((fresh,) if fresh.value else ())))

    @property
    def embargo(self) -> datetime | None:
        """When the announcement goes out (aware UTC)."""
        text = self.value(EMBARGO)
        return datetime.fromisoformat(text) if text else None


def inside(record: Disclosure) -> list[str]:
    """What the team worded for itself."""
    return [one.value for one in record.facts if row_of(one.name, one.item).inside]
