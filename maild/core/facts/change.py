"""What a decision on the road to disclosure can have recorded."""

from dataclasses import dataclass, field

from maild.core.facts.table import row_of


@dataclass(frozen=True, slots=True)
class SetFact:
    """Something about the road to disclosure is recorded (or, empty, taken back); the last word counts."""

    case_id: str
    name: str
    value: str = field(repr=False)
    by: str
    item: str = ""

    def __post_init__(self) -> None:
        """``ValueError`` for a fact that is not in the table."""
        row_of(self.name, self.item)
