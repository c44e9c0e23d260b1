"""The server of a desk's database is away when a daemon needs it most: it waits, tells, and goes on."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from maild.app import waiting
from maild.app.waiting import Waiting
from maild.config import load
from maild.gateways.systemd import Notifier
from tests.chaos.shortlease import AIM, HELD
from tests.support.certificate import Certificate
from tests.support.daemon import Daemon
from tests.support.dovecot import User
from tests.support.postgres import Cluster
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot


@pytest.fixture
def desk(
    tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate, cluster: Cluster, name: str
) -> RunningDesk:
    """A desk in PostgreSQL."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.configure(more=f'\n[database]\nurl = "{cluster.url(name)}"\n')
    return made


@pytest.fixture
def away(cluster: Cluster) -> Iterator[Cluster]:
    """A server that dies; it is back for the tests to come, whatever happened."""
    yield cluster
    if cluster.process.poll() is not None:
        cluster.come_back()


def test_a_server_that_dies_at_a_takeover_ends_no_daemon(
    desk: RunningDesk, started: list[Daemon], away: Cluster
) -> None:
    """It has just taken the desk when the server dies: it waits, and works when the server is back."""
    aim = desk.folder / "aim"
    aim.write_text("0 recover mail, commit|cut")
    daemon = Daemon(desk.path, {AIM: str(aim)}, ("tests.chaos.shortlease",))
    started.append(daemon)
    daemon.await_(lambda: aim.with_suffix(HELD).exists(), 30)
    away.die()
    aim.with_suffix(HELD).unlink()
    daemon.await_log("trouble")
    away.come_back()
    daemon.await_log("started")
    assert [one["event"] for one in said(daemon) if one.get("room") == "database"] == ["trouble", "recovered"]
    assert daemon.end() == 0


def test_a_daemon_that_starts_before_the_server_waits_for_it(
    desk: RunningDesk, started: list[Daemon], away: Cluster
) -> None:
    """The host came up first: the daemon says what it waits for, and can be ended while it does."""
    desk.run()
    away.die()
    daemon = Daemon(desk.path)
    started.append(daemon)
    daemon.await_log("trouble")
    assert daemon.end() == 0
    assert {one.get("room") for one in said(daemon) if one["event"] == "trouble"} == {"database"}


def test_a_server_that_stays_away_is_told_once_and_so_is_its_return(
    desk: RunningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a minute the operator hears of it, not before and not twice, and when it is over."""
    told: list[str] = []

    def hear(_config: object, event: str, _since: object) -> bool:
        told.append(event)
        return True

    monkeypatch.setattr(waiting, "_alert", hear)
    monkeypatch.setattr(waiting, "now", lambda: desk.clock)
    config, waits = load(desk.path), Waiting(Notifier(""))
    for seconds, expected in ((0, []), (59, []), (1, ["stalled"]), (60, ["stalled"])):
        desk.wait(timedelta(seconds=seconds))
        waits.tell(config, "cannot be reached")
        assert told == expected
    waits.over(config)
    waits.over(config)
    assert told == ["stalled", "going-on"]


def said(daemon: Daemon) -> list[dict[str, Any]]:
    """What the daemon's log says."""
    return [json.loads(line) for line in daemon.log.read_text().splitlines() if line.startswith("{")]
