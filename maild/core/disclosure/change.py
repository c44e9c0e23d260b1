"""What a decision on the road to disclosure can have recorded."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SetFact:
    """Something about the road to disclosure is recorded (or, empty, taken back); the last word counts."""

    case_id: str
    name: str
    value: str = field(repr=False)
    by: str
    item: str = ""
