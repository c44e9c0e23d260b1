"""Who takes over from somebody who is away, in the order of the team."""

from dataclasses import replace

from maild.core.promises.handover import others
from maild.core.values.people import Role, Team
from tests.support.desk import ANNA, BEA, CARL, NOW, POLICY

HANDLERS = frozenset({Role.HANDLER})
TEAM = tuple(replace(one, roles=HANDLERS) for one in (ANNA, BEA, CARL))


def around(handler: str) -> list[str]:
    """The names of those who come next."""
    return [one.name for one in others(handler, replace(POLICY, team=Team(TEAM)), NOW)]


def test_the_next_one_in_the_order_of_the_team_takes_over() -> None:
    """From the one below the handler on, and round; somebody who is no handler is followed by the first."""
    assert around("Anna") == ["Bea", "Carl"]
    assert around("Bea") == ["Carl", "Anna"]
    assert around("Somebody who left") == ["Anna", "Bea", "Carl"]
