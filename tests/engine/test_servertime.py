"""The machine's clock, held against the mail server's and against what systemd knows."""

from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from maild.engine.servertime import APART, FRESH, ServerTime
from maild.errors import TemporaryError
from maild.gateways.systemd import synchronised
from tests.support.desk import NOW

SECOND = timedelta(seconds=1)


class Clocks:
    """Two clocks, and how often the other was asked."""

    def __init__(self, there: timedelta | None, known: bool | None = None) -> None:
        self.there, self.asked, self.boot = there, 0, 1000.0
        parts: Any = SimpleNamespace(now=lambda: NOW, uptime=lambda: self.boot)
        self.time = ServerTime(parts, self.ask, lambda: known)

    async def ask(self) -> datetime:
        """What the server says."""
        self.asked += 1
        if self.there is None:
            raise TemporaryError("no answer in time")
        return NOW + self.there


@pytest.mark.parametrize(
    ("there", "known", "doubted"),
    [
        (timedelta(0), None, False),
        (APART, True, False),
        (-APART, None, False),
        (APART + SECOND, True, True),
        (-APART - SECOND, None, True),
        (None, True, True),
        (timedelta(0), False, True),
    ],
)
async def test_more_than_a_minute_apart_or_unknown_is_doubted(
    there: timedelta | None, known: bool | None, doubted: bool
) -> None:
    """Ahead or behind, no answer, or a systemd that has not set the clock yet."""
    assert await Clocks(there, known).time.doubted() is doubted


@pytest.mark.parametrize(("apart", "lines"), [(APART, 0), (APART + SECOND, 1), (-APART - SECOND, 1)])
async def test_clocks_that_are_apart_are_logged(apart: timedelta, lines: int) -> None:
    """By how many seconds; clocks that agree are no news."""
    with capture_logs() as logged:
        await Clocks(apart).time.doubted()
    assert [line["seconds"] for line in logged] == [-int(apart.total_seconds())] * lines


async def test_an_agreement_holds_for_a_minute_and_a_doubt_not_at_all() -> None:
    """Several letters of one pass ask once; after a doubt, and a minute later, the server is asked again."""
    clocks = Clocks(timedelta(0))
    assert not await clocks.time.doubted()
    clocks.there = timedelta(hours=1)
    assert not await clocks.time.doubted()
    assert clocks.asked == 1
    clocks.boot += FRESH
    assert await clocks.time.doubted()
    assert await clocks.time.doubted()
    assert clocks.asked == 3


def test_what_systemd_says_is_read_from_its_folder(tmp_path: Path) -> None:
    """Not there: nobody knows. Without the file: not set yet. With it: set."""
    assert synchronised(tmp_path / "none") is None
    assert synchronised(tmp_path) is False
    (tmp_path / "synchronized").touch()
    assert synchronised(tmp_path) is True
