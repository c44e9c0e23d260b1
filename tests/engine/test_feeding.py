"""The watchdog: what systemd hears while the loops turn, and while one does not."""

import asyncio
import math
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from maild.config.share import shipped
from maild.engine.parts import Parts
from maild.engine.progress import Progress
from maild.engine.watchdog import STALLED, Watchdog, line
from maild.errors import TemporaryError
from maild.gateways.systemd import Notifier
from maild.store.database import open_database

LOOPS = ("in", "open", "out", "sweep")


class Heard(Notifier):
    """What would be said to systemd."""

    def __init__(self) -> None:
        super().__init__("")
        self.words: list[str] = []

    def _tell(self, state: str, patience: float = 1) -> None:
        self.words.append(state)


class Told:
    """What would be said to the operator; ``hears`` whether they listen."""

    def __init__(self) -> None:
        self.said: list[bool] = []
        self.hears = True

    def stalls(self, now: bool) -> bool:
        self.said.append(now)
        return self.hears


def stuck(told: Told) -> tuple[Watchdog, Progress]:
    """A watchdog whose only loop stands still."""
    loop = Progress(100.0)
    loop.at = -101.0 - 1e9
    return Watchdog(Heard(), None, {"in": loop}, told, []), loop  # type: ignore[arg-type]  # no parts are asked


@pytest.mark.parametrize("stuck", LOOPS)
async def test_one_loop_that_stands_still_starves_the_watchdog(stuck: str) -> None:
    """While every loop turns the watchdog is fed; each of the four alone, standing still, ends that, is named, and told the operator once."""
    heard = Heard()
    loops = {name: Progress(100.0) for name in LOOPS}
    outages = Told()
    watchdog = Watchdog(heard, None, loops, outages, [])  # type: ignore[arg-type]  # no parts are asked
    for progress in loops.values():
        progress.turn()
    assert watchdog.feed()
    loops[stuck].at -= 101
    assert not watchdog.feed()
    assert heard.words == ["WATCHDOG=1", f"STATUS=silent: {stuck}"]
    assert outages.said == []
    for _ in range(3):
        watchdog.feed()
    assert outages.said == [True]
    loops[stuck].turn()
    assert watchdog.feed()
    assert outages.said == [True, False]


async def test_the_operator_is_told_at_the_third_time_in_a_row() -> None:
    """A loop that comes back before is counted from the beginning the next time."""
    told = Told()
    watchdog, loop = stuck(told)
    for stalls in (2, 2, 3):
        for _ in range(stalls - 1):
            watchdog.feed()
        assert told.said == []
        watchdog.feed()
        assert told.said == ([True] if stalls == STALLED else [])
        loop.turn()
        watchdog.feed()
        loop.at = -math.inf


@pytest.mark.parametrize("end", [False, True])
async def test_what_the_operator_did_not_hear_is_said_again(end: bool) -> None:
    """The standstill and its end, each until somebody listens, and then no more."""
    told = Told()
    watchdog, loop = stuck(told)
    told.hears = end
    for _ in range(STALLED + 2):
        watchdog.feed()
    assert told.said == [True] * (1 if end else 3)
    told.hears = not end
    watchdog.feed()
    assert told.said == [True] * (1 if end else 4)
    loop.turn()
    told.said.clear()
    for _ in range(3):
        watchdog.feed()
    assert told.said == [False] * (3 if end else 1)


async def test_the_status_line_is_written_every_half_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Feeding is more frequent than the line, and while a loop is silent that is what the line says."""
    fed: list[float] = []
    clock = SimpleNamespace(now=1000.0, time=lambda: clock.now)

    async def sleep(seconds: float) -> None:
        clock.now += seconds
        if clock.now >= 1120:
            raise asyncio.CancelledError

    watchdog, loop = stuck(Told())

    async def show(_: float) -> None:
        fed.append(clock.now)

    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: clock)
    monkeypatch.setattr(watchdog, "show", show)
    monkeypatch.setattr(loop, "alive", lambda: not 1040 <= clock.now < 1075)
    with pytest.raises(asyncio.CancelledError):
        await watchdog.run()
    assert fed == [1000.0, 1030.0, 1075.0, 1105.0]


async def test_only_a_turn_without_trouble_counts_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the metrics tell: the age of the last turn that met no trouble, not of those that did."""
    clock = SimpleNamespace(now=10.0, time=lambda: clock.now)
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: clock)
    loop, ages = Progress(100.0), []
    for step in (loop.goes_on, loop.turn, loop.goes_on, lambda: loop.after(TemporaryError("busy"))):
        clock.now += 5
        step()
        ages.append(loop.well_ago)
    assert ages == [None, 0.0, 5.0, 10.0]
    assert loop.alive()


@pytest.mark.parametrize(("asked", "every"), [("60000000", 5.0), ("4000000", 2.0), ("", 5.0)])
async def test_it_beats_in_half_the_time_that_systemd_waits(
    asked: str, every: float, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Every five seconds, or more often where the unit's WatchdogSec= asks for it; the first time at once."""
    monkeypatch.setenv("WATCHDOG_USEC", asked)
    monkeypatch.delenv("WATCHDOG_PID", raising=False)
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        raise asyncio.CancelledError

    monkeypatch.setattr(asyncio, "sleep", sleep)
    heard, progress = Heard(), Progress(100.0)
    progress.turn()
    with closing(open_database(tmp_path, shipped("migrations"))) as database:
        parts = Parts(None, None, database, None)  # type: ignore[arg-type]
        with pytest.raises(asyncio.CancelledError):
            await Watchdog(heard, parts, {"in": progress}, Told(), ["INBOX"]).run()  # type: ignore[arg-type]
    assert slept == [every]
    assert heard.words == ["WATCHDOG=1", "STATUS=mail read never; 0 open cases; 0 letters owed"]


def test_the_line_of_a_new_desk(tmp_path: Path) -> None:
    """Nothing was read, nothing is owed, no promise runs; and there is no subject and no address in it."""
    with closing(open_database(tmp_path, shipped("migrations"))) as database:
        assert database.call(line, ["INBOX"]) == "mail read never; 0 open cases; 0 letters owed"
