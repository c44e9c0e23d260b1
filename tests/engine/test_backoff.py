"""How long a loop waits after trouble: longer each time, up to a limit."""

from datetime import timedelta

import pytest

from maild.engine import progress
from maild.engine.progress import MOST, backoff


@pytest.fixture(autouse=True)
def without_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every draw gives the middle."""
    monkeypatch.setattr(progress.random, "uniform", lambda low, high: (low + high) / 2)


def test_each_failure_doubles_the_wait_up_to_the_most() -> None:
    """One second after the first failure, then two, four, eight, and never more than the most."""
    assert [backoff(failures) for failures in range(1, 8)] == [1.0, 2.0, 4.0, 8.0, 16.0, MOST, MOST]
    assert backoff(10_000) == MOST


def test_a_server_that_asks_for_more_gets_it() -> None:
    """What the other side asks for is the least, however few failures there were."""
    assert backoff(1, timedelta(seconds=90)) == 90
    assert backoff(4, timedelta(seconds=2)) == 8


def test_the_wait_varies_by_a_fifth(monkeypatch: pytest.MonkeyPatch) -> None:
    """Desks that lost one server together do not come back together."""
    monkeypatch.setattr(progress.random, "uniform", lambda low, high: low)
    assert backoff(1) == 0.8
    monkeypatch.setattr(progress.random, "uniform", lambda low, high: high)
    assert backoff(1) == 1.2
