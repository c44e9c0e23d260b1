"""The columns of every listing, by its name: what is shown, under which heading, and how.

A listing shows these of its rows, in this order; ``--json`` has everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from maild.cli import flags
from maild.core.disclosure.statistics import STEPS


class Kind(Enum):
    """How the values of a column are shown.

    Only ``TEXT`` folds; everything else is never cut. ``DUE`` (a deadline) and ``WHEN`` are instants, shown
    relative to now and absolute. ``DAY`` is an instant of which the day matters.
    """

    WORD = auto()
    TEXT = auto()
    NUMBER = auto()
    YES = auto()
    DUE = auto()
    WHEN = auto()
    DAY = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key of its value in the rows, its heading, and how it is shown."""

    key: str
    kind: Kind = Kind.WORD
    named: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    """What is said for a value that has another name in ``--json``."""

    @property
    def heading(self) -> str:
        """What stands above it."""
        return self.named or self.key.replace("_", " ")


def _words(*keys: str) -> tuple[Column, ...]:
    return tuple(map(Column, keys))


LISTINGS: Mapping[str, tuple[Column, ...]] = {
    "cases": (
        Column("case"),
        Column("next_due", Kind.DUE, "next deadline"),
        Column("handler"),
        Column("answered", Kind.YES),
        Column("subject", Kind.TEXT),
        Column("flags", Kind.TEXT, words=flags.WORDS),
        Column("related"),
    ),
    "all cases": (
        Column("case"),
        Column("state"),
        Column("opened", Kind.DAY),
        Column("next_due", Kind.DUE, "next deadline"),
        Column("handler"),
        Column("subject", Kind.TEXT),
    ),
    "hosts": (
        Column("host"),
        Column("works", Kind.YES),
        Column("seen", Kind.WHEN, "last seen"),
        Column("version"),
    ),
    "quarantine": (
        Column("mail", Kind.NUMBER, "message"),
        Column("look_by", Kind.DUE, "look by"),
        Column("author", named="from"),
        Column("subject", Kind.TEXT),
        Column("reasons", Kind.TEXT, "why"),
    ),
    "explain": (
        Column("file"),
        Column("verdict", named="taken for"),
        Column("case"),
        Column("acknowledged", Kind.YES),
        Column("subject", Kind.TEXT),
    ),
    "mail": (
        Column("id", Kind.NUMBER, "message"),
        Column("at", Kind.WHEN, "received"),
        Column("verdict", named="taken for"),
        Column("case"),
        Column("releasable", Kind.YES),
        Column("author", named="from"),
        Column("subject", Kind.TEXT),
        Column("reasons", Kind.TEXT, "why"),
    ),
    "outbox": (
        Column("letter", Kind.NUMBER),
        Column("kind", words={"receipt": "acknowledgement"}),
        Column("case"),
        Column("state"),
        Column("owed", Kind.WHEN, "since"),
        Column("next", Kind.DUE, "next try"),
        Column("attempts", Kind.NUMBER, "tries"),
        Column("to"),
        Column("trouble", Kind.TEXT),
    ),
    "adopt": (
        Column("id", Kind.NUMBER, "message"),
        Column("folder"),
        Column("arrived", Kind.WHEN, "received"),
        Column("size", Kind.NUMBER, "bytes"),
        Column("wanted", Kind.YES, "will be taken in"),
    ),
    "access": (
        Column("case"),
        Column("address"),
        Column("side", named="as"),
        Column("since", Kind.DAY),
        Column("until", Kind.WHEN),
        Column("reason", Kind.TEXT),
    ),
    "shunted": (
        Column("mail", Kind.NUMBER, "message"),
        Column("case"),
        Column("arrived", Kind.WHEN, "received"),
        Column("size", Kind.NUMBER, "bytes"),
        Column("times", Kind.NUMBER),
        Column("trouble", Kind.TEXT),
    ),
    "keys": (
        Column("owner"),
        Column("expires", Kind.WHEN),
        Column("usable", Kind.YES),
        Column("use", Kind.TEXT),
        Column("algorithm"),
        Column("fingerprint"),
    ),
    "ledger": (
        Column("case"),
        Column("mail", Kind.NUMBER, "message"),
        Column("promise"),
        Column("state"),
        Column("due", Kind.DAY),
        Column("met", Kind.DAY, "kept"),
        Column("late", named="late by"),
    ),
    "when": (
        Column("at", Kind.DUE, "when"),
        Column("case"),
        Column("mail", Kind.NUMBER, "message"),
        Column("what"),
        Column("promise"),
        Column("step", Kind.NUMBER),
        Column("people", Kind.TEXT, "who is told"),
    ),
    "replay missed": (
        Column("due", Kind.DAY),
        Column("promise"),
        Column("late_hours", Kind.NUMBER, "hours late"),
        Column("case"),
        Column("message", Kind.TEXT, "reported in"),
    ),
    "replay told": (
        Column("at", Kind.DAY, "when"),
        Column("case"),
        Column("promise"),
        Column("step", Kind.NUMBER),
        Column("people", Kind.TEXT, "who is told"),
    ),
    "replay held": (
        Column("at", Kind.DAY, "received"),
        Column("message", Kind.TEXT),
        Column("verdict", named="taken for"),
        Column("reasons", Kind.TEXT, "why"),
    ),
    "policy": (Column("key"), Column("value", Kind.TEXT), Column("from", Kind.TEXT)),
    "lint": (
        Column("page"),
        Column("line", Kind.NUMBER),
        Column("found", Kind.TEXT),
        Column("wanted", Kind.TEXT),
    ),
    "statistics": (
        Column("severity"),
        Column("cases", Kind.NUMBER),
        *(Column(f"{step}_hours", Kind.NUMBER, step) for step in STEPS),
        Column("kept_percent", Kind.NUMBER, "promises kept, %"),
    ),
    "kept promises": (
        Column("promise"),
        Column("kept", Kind.NUMBER),
        Column("missed", Kind.NUMBER),
        Column("percent", Kind.NUMBER, "kept, %"),
    ),
    "screened": (
        Column("label"),
        Column("report", Kind.NUMBER, "passed"),
        Column("quarantine", Kind.NUMBER, "quarantined"),
        Column("held", named="share quarantined"),
    ),
    "rules": (
        Column("reason", named="rule"),
        Column("ham", Kind.NUMBER),
        Column("spam", Kind.NUMBER),
        Column("unsorted", Kind.NUMBER),
        Column("held", Kind.NUMBER, "quarantined"),
        Column("said", Kind.TEXT, "what it says"),
    ),
    "screened messages": (
        Column("mail", named="message"),
        Column("label"),
        Column("score", Kind.NUMBER),
        Column("reasons", Kind.TEXT, "rules"),
        Column("subject", Kind.TEXT),
    ),
    "suggest": (
        Column("promise"),
        Column("promised"),
        Column("kept", Kind.NUMBER),
        Column("late", Kind.NUMBER),
        Column("overdue", Kind.NUMBER),
        Column("median"),
        Column("p90"),
        Column("suggestion", Kind.TEXT),
    ),
    "check": (
        Column("what"),
        Column("state"),
        Column("text", Kind.TEXT),
        Column("what to do", Kind.TEXT),
    ),
}
