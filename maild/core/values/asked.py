"""What a report must contain, as the policy publishes it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """A field that reports must have: its name, its question, and what shows that it is there.

    ``marks`` are texts of which one in a report is enough. Without any, only a name that maild knows
    (version, steps, proof) is ever called missing.
    """

    field: str
    question: str
    marks: tuple[str, ...] = ()
