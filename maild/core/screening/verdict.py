"""The verdict of screening and the settings it depends on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from maild.core.screening.vocabulary import Vocabulary

REPORT = "report"
QUARANTINE = "quarantine"

THRESHOLD = 2.5
"""Score from which a mail is held: one plain sign, or three hints, with nothing on the other side."""


@dataclass(frozen=True, slots=True)
class Screening:
    """What the rules say: ``verdict`` is ``report`` or ``quarantine``.

    ``reasons`` are the names of the rules that fired, the weightiest first; whether one spoke for the report
    (a negative weight) or against it stands in ``table``.
    """

    verdict: str
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScreeningPolicy:
    """The settings of screening.

    ``words`` are those of ``config/screening``.

    ``weights`` replaces weights of ``table`` by reason name (0 switches a rule off). ``ham_words`` and
    ``project_names`` in a subject speak for a report. ``upstream_spam_header`` is ``Name`` or
    ``Name: text``: a header our own mail server adds to what it takes for spam (with the text in its value).
    """

    words: Vocabulary = field(repr=False)
    threshold: float = THRESHOLD
    weights: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    ham_words: tuple[str, ...] = ()
    project_names: tuple[str, ...] = ()
    upstream_spam_header: str = ""
    own_lists: tuple[str, ...] = ()
