"""The watchdog: what systemd hears while the loops turn, and while one does not."""

import asyncio
from contextlib import closing
from pathlib import Path

import pytest

from maild.config.share import shipped
from maild.engine.parts import Parts
from maild.engine.progress import Progress
from maild.engine.watchdog import Watchdog, line
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
    """What would be said to the operator."""

    def __init__(self) -> None:
        self.said: list[bool] = []

    def stalls(self, now: bool) -> bool:
        self.said.append(now)
        return True


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
