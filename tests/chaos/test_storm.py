"""Killed again and again, at every step and at any instant, and the books balance (python -m tests.chaos: for hours)."""

import random
from collections.abc import Callable

import pytest

from tests.chaos.steps import POINTS
from tests.chaos.storm import Storm
from tests.chaos.world import World

pytestmark = pytest.mark.dovecot
KILLS = 20
MAILS = 30


@pytest.mark.parametrize("server", ["postfix", "rough"])
def test_the_books_balance_after_a_storm(
    world: Callable[..., World], chance: random.Random, server: str
) -> None:
    """Every mail has its place, every reporter one receipt, every breach one letter a rung, whatever died."""
    storm = Storm(world(server), chance)
    books = storm.run(KILLS, MAILS)
    print(storm.report(books, 0))
    assert not books.faults, str(books)
    assert storm.kills >= KILLS
    assert sum(storm.world.deaths[point] for point in POINTS) >= KILLS // 4, storm.world.deaths
    assert books.figures["reporters owed a receipt"] >= MAILS // 4
    assert books.figures["escalations: respond, step 2"] >= MAILS // 4
