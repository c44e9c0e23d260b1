"""Which mail is asked for first when some could not be fetched: pure, by a table of failures."""

from datetime import timedelta

from maild.engine.fetching import BATCH, head, in_order, once_more
from maild.store.unfetched import Tried
from tests.support.desk import NOW

MINUTE = timedelta(minutes=1)


def test_what_was_never_tried_in_vain_comes_first_and_together() -> None:
    """Then the least often tried, each alone; what is not due yet stays out."""
    tried = {1: Tried(3, NOW, NOW), 2: Tried(1, NOW, NOW), 3: Tried(2, NOW, NOW + MINUTE)}
    uids = in_order([1, 2, 3, 4, 5], tried, NOW)
    assert uids == [4, 5, 2, 1]
    assert (head(uids, tried), head(uids[2:], tried), head(uids[3:], tried)) == ([4, 5], [2], [1])


def test_a_batch_has_an_end() -> None:
    """However much mail there is."""
    assert len(head(list(range(1, 1000)), {})) == BATCH


def test_each_failure_makes_the_next_try_later() -> None:
    """At once, then after 1, 2, 4 and 8 minutes, and no later; the first failure is remembered."""
    tried: dict[int, Tried] = {}
    waits = []
    for minute in range(7):
        at = NOW + minute * MINUTE
        tried = once_more([7], tried, at)
        waits.append((tried[7].again - at) // MINUTE)
    assert waits == [0, 1, 2, 4, 8, 8, 8]
    assert tried[7].since == NOW
