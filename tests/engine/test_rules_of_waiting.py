"""When the engine doubts a clock, tells of an outage, looks at a loop, or takes less of a message: at the limits."""

import asyncio
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from maild.core.values.token import Token
from maild.engine import skew
from maild.engine.fetching import (
    BATCH,
    BATCH_BYTES,
    BEGINNING_AFTER,
    HEADERS_AFTER,
    NOTHING_AFTER,
    head,
    take,
)
from maild.engine.jumpguard import JUMP, JumpGuard
from maild.engine.outage import DAILY, PATIENCE, TOKEN, Outages
from maild.engine.progress import Progress
from maild.engine.servertime import APART, FRESH, ServerTime
from maild.engine.skew import Skew
from maild.engine.tokenwatch import figures
from maild.errors import StoreError, TemporaryError
from maild.store.unfetched import Tried
from tests.support.desk import NOW, POLICY

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("wall", "boot", "jumped"),
    [
        (timedelta(seconds=20), 20.0, timedelta()),
        (JUMP, 0.0, timedelta()),
        (JUMP + SECOND, 0.0, JUMP + SECOND),
        (-JUMP, 0.0, timedelta()),
        (-JUMP - SECOND, 0.0, -JUMP - SECOND),
        (timedelta(days=3), 3 * 86400.0, timedelta()),
        (JUMP + 21 * SECOND, 20.0, JUMP + SECOND),
    ],
)
def test_a_clock_that_ran_further_than_an_hour_was_set(
    wall: timedelta, boot: float, jumped: timedelta
) -> None:
    """Against the time since boot, either way, once; without such a clock nothing is known."""
    now, uptime = [NOW], [1000.0]
    guard, blind = JumpGuard(lambda: now[0], lambda: uptime[0]), JumpGuard(lambda: now[0], None)
    assert guard.jumped() == blind.jumped() == timedelta()
    now[0], uptime[0] = NOW + wall, 1000.0 + boot
    assert (guard.jumped(), blind.jumped()) == (jumped, timedelta())
    assert guard.jumped() == timedelta()


class Stored:
    """A database that keeps settings, and tells the time."""

    def __init__(self, shared: bool = True, ahead: timedelta = timedelta()) -> None:
        self.shared, self.ahead, self.kept = shared, ahead, dict[str, str]()

    async def run(self, work: Callable[..., Any], *given: str) -> Any:
        """What a query gives."""
        if work.__name__ == "clock":
            return NOW - self.ahead
        if work.__name__ == "get_setting":
            return self.kept.get(given[0], "")
        self.kept[given[0]] = given[1]
        return None


@pytest.mark.parametrize(
    ("ahead", "shared", "uptime", "found"),
    [
        (skew.APART, True, True, False),
        (skew.APART + SECOND, True, True, True),
        (-skew.APART, True, True, False),
        (-skew.APART - SECOND, True, True, True),
        (timedelta(hours=1), False, True, False),
        (timedelta(hours=1), True, False, False),
    ],
)
async def test_hosts_that_take_turns_may_be_a_minute_apart(
    ahead: timedelta, shared: bool, uptime: bool, found: bool
) -> None:
    """A file has no clock of its own, and one that was made up is compared with nothing."""
    parts: Any = SimpleNamespace(
        database=Stored(shared, ahead), uptime=(lambda: 1.0) if uptime else None, now=lambda: NOW
    )
    assert await Skew(parts).found() == (ahead if found else timedelta())


async def test_a_loop_is_alive_within_its_limit() -> None:
    """From its last turn on; while nothing can be stored it is not, and trouble is no success."""
    clock = asyncio.get_running_loop().time
    loop, unwatched = Progress(60.0), Progress()
    loop.turn()
    assert loop.alive()
    assert loop.well_ago is not None
    assert 0 <= loop.well_ago < 30
    loop.at = clock() - 61
    assert not loop.alive()
    loop.goes_on()
    assert loop.alive()
    loop.well_at = None
    loop.goes_on()
    loop.after(TemporaryError("no answer"))
    assert loop.alive()
    assert str(loop.well_ago) == "None"
    loop.after(StoreError("disk full"))
    assert not loop.alive()
    assert loop.at == -math.inf
    unwatched.at = clock() - 10_000_000
    assert unwatched.alive()


class Box:
    """A mailbox that says what it was asked for."""

    def take(self, uids: list[int], cap: int, total: int) -> tuple[object, ...]:
        """Whole messages."""
        return ("whole", uids, cap, total)

    def salvage(self, uid: int, heads: bool) -> tuple[object, ...]:
        """The beginning, or the headers."""
        return ("headers" if heads else "beginning", [uid])

    def there(self, uids: list[int]) -> set[int]:
        """Those that the server lists."""
        return set(uids) - {8}


@pytest.mark.parametrize(
    ("tries", "asked"),
    [
        (0, "whole"),
        (BEGINNING_AFTER - 1, "whole"),
        (BEGINNING_AFTER, "beginning"),
        (HEADERS_AFTER - 1, "beginning"),
        (HEADERS_AFTER, "headers"),
        (NOTHING_AFTER - 1, "headers"),
        (NOTHING_AFTER, "nothing"),
    ],
)
def test_of_what_fails_again_and_again_less_is_taken(tries: int, asked: str) -> None:
    """The beginning, then the headers, in the end nothing, of those that the server still lists."""
    box: Any = Box()
    found: Any = take(box, [9, 8, 7], 1000, {9: Tried(tries, NOW, NOW)} if tries else {})
    if asked == "nothing":
        assert [(one.uid, one.truncated) for one in found.mails] == [(7, True), (9, True)]
    else:
        assert found == (("whole", [9, 8, 7], 1000, BATCH_BYTES) if asked == "whole" else (asked, [9]))


def test_a_batch_ends_before_what_was_tried_in_vain() -> None:
    """A batch ends before a message that was tried in vain, and at its limit."""
    tried = {BATCH: Tried(1, NOW, NOW)}
    assert head(list(range(1, BATCH + 9)), tried) == list(range(1, BATCH))
    assert len(head(list(range(1, BATCH + 1)), {})) == len(head(list(range(1, BATCH + 2)), {})) == BATCH


class Alerts:
    """A socket that hears, or not."""

    def __init__(self) -> None:
        self.hears, self.heard = True, list[tuple[str, str, datetime]]()

    def tell(self, alert: Any) -> bool:
        """One alert."""
        if self.hears:
            self.heard.append((alert.event, alert.what, alert.since))
        return self.hears


class Watched:
    """Outages under a clock of the test's."""

    def __init__(self) -> None:
        self.now, self.alerts, self.stored = NOW, Alerts(), Stored()
        parts: Any = SimpleNamespace(database=self.stored, policy=POLICY, now=lambda: self.now)
        alerts: Any = self.alerts
        self.outages = Outages(parts, alerts)

    async def events(self, what: str, since: datetime | None, escalated: bool = False) -> list[str]:
        """What is told at a look."""
        self.alerts.heard.clear()
        await self.outages.look({what: since}, escalated)
        return [event for event, _, _ in self.alerts.heard]


@pytest.mark.parametrize(
    ("lasted", "slipped", "told"),
    [
        (PATIENCE - SECOND, None, False),
        (PATIENCE, None, True),
        (SECOND, timedelta(), True),
        (SECOND, PATIENCE - SECOND, True),
        (SECOND, PATIENCE, False),
    ],
)
async def test_an_outage_is_told_when_it_lasts_or_a_promise_slips(
    lasted: timedelta, slipped: timedelta | None, told: bool
) -> None:
    """A quarter of an hour, or at once while people have to be reached; of a token always at once."""
    watched = Watched()
    if slipped is not None:
        watched.now = NOW - slipped
        assert await watched.events("smtp", None, escalated=True) == []
    watched.now = NOW
    assert await watched.events("smtp", NOW - lasted) == (["mail-down"] if told else [])
    assert await watched.events("smtp", NOW - lasted) == []
    assert await watched.events("smtp", None) == (["mail-up"] if told else [])
    assert await watched.events(TOKEN, NOW - SECOND) == ["authorize-again"]


async def test_what_nobody_heard_is_told_again() -> None:
    """Both the beginning and the end, and what has no end."""
    watched = Watched()
    watched.alerts.hears = False
    assert await watched.events("smtp", NOW - PATIENCE) == []
    watched.outages.once("restored", "maild", NOW)
    watched.alerts.hears = True
    assert await watched.events("smtp", NOW - PATIENCE) == ["mail-down"]
    watched.alerts.hears = False
    assert await watched.events("smtp", None) == []
    watched.alerts.hears = True
    assert await watched.events("smtp", None) == ["mail-up"]
    watched.outages.retry()
    watched.outages.retry()
    assert watched.alerts.heard[1:] == [("restored", "maild", NOW)]


async def test_news_is_told_once_and_what_goes_on_once_a_day() -> None:
    """News again when something newer happened."""
    watched = Watched()
    for at in (None, NOW, NOW, NOW - SECOND, NOW + SECOND):
        await watched.outages.news("lost", "x", at)
    assert [at for _, _, at in watched.alerts.heard] == [NOW, NOW + SECOND]
    watched.alerts.heard.clear()
    for now in (NOW, NOW + DAILY - SECOND, NOW + DAILY, NOW + DAILY + SECOND):
        await watched.outages.daily("full", "y", now)
    assert [at for _, _, at in watched.alerts.heard] == [NOW, NOW + DAILY]
    assert watched.outages.stalls(True) is watched.outages.stalls(False) is True
    assert [event for event, _, _ in watched.alerts.heard[2:]] == ["stalled", "going-on"]


def test_a_token_is_shown_in_figures() -> None:
    """When it was obtained and ends, and whether only a person can renew it; without one there are none."""
    token = Token("t", NOW, NOW + timedelta(hours=1))
    assert [one.value for one in figures(token)] == [NOW.timestamp(), NOW.timestamp() + 3600, 0.0]
    assert [one.value for one in figures(token.failed(NOW, "invalid_grant"))][2] == 1.0
    assert list(figures(None)) == []


async def test_a_boot_in_between_ends_an_agreement() -> None:
    """Until a minute later it holds; a clock that was made up is held against nothing."""
    boot, asked = [1000.0], []

    async def ask() -> datetime:
        asked.append(boot[0])
        return NOW + APART

    parts: Any = SimpleNamespace(now=lambda: NOW, uptime=lambda: boot[0])
    time = ServerTime(parts, ask, lambda: None)
    for at in (1000.0, 1000.0, 1000.0 + FRESH - 1, 1000.0 + FRESH, 10.0):
        boot[0] = at
        assert not await time.doubted()
    assert asked == [1000.0, 1000.0 + FRESH, 10.0]
    made_up: Any = SimpleNamespace(now=lambda: NOW, uptime=None)
    assert not await ServerTime(made_up, ask, lambda: False).doubted()
