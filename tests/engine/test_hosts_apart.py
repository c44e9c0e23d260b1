"""Hosts that take turns must mean the same: the same instants, the same team."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from maild import log
from maild.config import load
from maild.config.share import shipped
from maild.core.event import Event
from maild.core.figures import Figure
from maild.engine.metering import Meter
from maild.engine.outage import Outages
from maild.engine.parts import Parts
from maild.engine.scheduler import Sweeper
from maild.store import lease
from maild.store.database import Database
from maild.store.place import Place, Server
from tests.support.commanding import command
from tests.support.desk import GOOD_CONFIG, POLICY
from tests.support.postgres import Cluster


@pytest.fixture
def url(cluster: Cluster) -> str:
    """A database with maild's tables."""
    return cluster.url(cluster.emptied())


@pytest.fixture
def database(url: str, tmp_path: Path) -> Iterator[Database]:
    """The same, open."""
    with closing(Place(tmp_path / "state", Server(url, str)).open(shipped("migrations"))) as made:
        yield made


class Clock:
    """This host's clock, so far off."""

    def __init__(self) -> None:
        self.off = timedelta(0)

    def now(self) -> datetime:
        """What time it is here."""
        return datetime.now(UTC) + self.off  # noqa: TID251 - the database has the machine's


class Host:
    """A host with a clock of its own that sweeps."""

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock, self.alerts, self.swept = Clock(), [], []
        config: Any = SimpleNamespace(file=SimpleNamespace(oauth=SimpleNamespace(grant="")), digest="mine")
        self.parts = Parts(config, POLICY, database, self.clock.now, uptime=lambda: 0.0)
        socket: Any = SimpleNamespace(tell=lambda alert: self.alerts.append(alert) or True)
        ingress: Any = SimpleNamespace(blind_since=None, down_since=None, refused_since=None, read_once=True)
        dispatcher: Any = SimpleNamespace(settling=SimpleNamespace(down_since=None, refused_at=None))
        self.sweeper = Sweeper(self.parts, ingress, dispatcher, Outages(self.parts, socket))
        handle = Parts.handle

        async def handled(parts: Parts, event: Event) -> object:
            self.swept.append(event)
            return await handle(parts, event)

        monkeypatch.setattr(Parts, "handle", handled)

    async def sweep(self) -> list[bool]:
        """One sweep: whether deadlines were looked at, and with a doubted clock."""
        self.swept.clear()
        self.sweeper.guard.before = None  # what the clock did before is another guard's business
        await self.sweeper.sweep()
        return [event.clock_set for event in self.swept if type(event).__name__ == "SweepDue"]


@pytest.mark.parametrize("off", [timedelta(hours=2), timedelta(hours=-2), timedelta(minutes=2)])
async def test_a_host_whose_clock_is_off_holds_one_sweep_and_tells(
    database: Database, off: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then it sweeps, since people know, but lets nothing out by its clock; right again, the next time is told anew."""
    host = Host(database, monkeypatch)
    assert await host.sweep() == [False]
    host.clock.off = off
    assert await host.sweep() == []
    assert await host.sweep() == [True]
    assert [(alert.event, alert.what) for alert in host.alerts] == [("clock-apart", "clock")]
    host.clock.off = timedelta(seconds=30)
    host.sweeper.doubted_until = None
    assert await host.sweep() == [False]
    host.clock.off = off
    assert await host.sweep() == []
    assert len(host.alerts) == 2


async def test_while_hosts_disagree_nobody_has_left_the_team(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A takeover between hosts with different files finds no one gone; when they agree, it looks once."""
    host = Host(database, monkeypatch)
    out = StringIO()
    log.set_up(out, as_lines=False)
    database.call(lease.seen, "other", False, "1", "theirs")
    look = host.sweeper.team
    for _ in range(2):
        await look.look()
    assert host.swept == []
    assert out.getvalue().count("hosts differ") == 1
    database.call(lease.seen, "other", False, "1", "mine")
    for _ in range(2):
        await look.look()
    assert [type(event).__name__ for event in host.swept] == ["TeamSeen"]


async def test_the_figures_say_who_works(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where several hosts may, the one that works shows it, by desk."""
    host = Host(database, monkeypatch)
    meter = Meter(host.parts, SimpleNamespace(), {})  # type: ignore[arg-type]  # nothing is shown
    assert Figure("maild_works", 1, {"desk": POLICY.desk.prefix}) in list(meter.process())


def test_check_names_hosts_that_differ(url: str, tmp_path: Path, database: Database) -> None:
    """Another file on another host is a fault with what to do; the same file is none, whatever its figures are for."""
    (tmp_path / "secret").write_text("sesame\n")
    (tmp_path / "secret").chmod(0o600)
    path = tmp_path / "maild.toml"
    path.write_text(f'{GOOD_CONFIG}\n[database]\nurl = "{url}"\n')
    mine = load(path).digest
    path.write_text(f'{GOOD_CONFIG}\n[database]\nurl = "{url}"\n[metrics]\ntextfile = "x.prom"\n')
    assert load(path).digest == mine
    database.call(lease.seen, "other", False, "1", mine)
    assert said(path) == []
    database.call(lease.seen, "other", False, "1", "theirs")
    (line,) = said(path)
    assert (line["state"], "other runs with another maild.toml" in line["text"]) == ("fault", True)


def said(path: Path) -> list[dict[str, str]]:
    """What `maild check` says of the hosts."""
    return [one for one in json.loads(command(path, "check", "--json").out) if one["what"] == "hosts"]
