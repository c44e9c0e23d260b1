"""A failover to a replica that was behind: what it lost is noticed, and nobody is answered twice."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.app import standby
from maild.store import headfile, lease
from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.commanding import command
from tests.support.dovecot import User
from tests.support.postgres import Cluster
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot


@pytest.fixture(autouse=True)
def _long_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take its time for a round."""
    for module in (lease, standby):
        monkeypatch.setattr(module, "LENGTH", timedelta(minutes=30))


@pytest.fixture
def desk(
    tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate, cluster: Cluster, name: str
) -> RunningDesk:
    """A desk in PostgreSQL on the machine's clock, whose baseline is fixed."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.clock = datetime.now(UTC)  # noqa: TID251 - the commands read it too
    made.configure(more=f'[database]\nurl = "{cluster.url(name)}"\n')
    once(made)
    return made


def once(desk: RunningDesk) -> None:
    """`maild run --once`, which takes the desk for one round."""
    said = command(desk.path, "run", "--once")
    assert said.status == 0, said.err


def report(desk: RunningDesk, who: str) -> None:
    """A report arrives, and everything that follows is done."""
    desk.inbox.deliver(mails.plain(message_id=f"<{who}@reporter.example>", sender=f"{who}@reporter.example"))
    once(desk)


def told(sink: SmtpSink) -> list[tuple[str, ...]]:
    """Who was told that the database lost its last changes."""
    return [one.recipients for one in sink.letters if b"lost its last changes" in one.raw]


def fail_over(cluster: Cluster, name: str, replica: str) -> None:
    """The replica is the server from now on."""
    cluster.run(f"DROP DATABASE {name} WITH (FORCE)")
    cluster.run(f"ALTER DATABASE {replica} RENAME TO {name}")


def test_a_failover_that_lost_commits_is_a_restore(
    desk: RunningDesk, sink: SmtpSink, cluster: Cluster, name: str
) -> None:
    """The lost report is its old case again, its receipt does not leave twice, and people are told once."""
    report(desk, "ann")
    replica = cluster.database(name)
    report(desk, "ben")
    before = {one["case"] for one in desk.cases()}
    fail_over(cluster, name, replica)
    for _ in range(2):
        once(desk)
    assert {one["case"] for one in desk.cases()} == before
    for who in ("ann", "ben"):
        assert sum(one.recipients == (f"{who}@reporter.example",) for one in sink.letters) == 1
    assert sorted(told(sink)) == [("anna@project.example",), ("carl@phone.example",)]


def test_a_failover_that_lost_nothing_is_none(
    desk: RunningDesk, sink: SmtpSink, cluster: Cluster, name: str
) -> None:
    """A replica that had everything goes on, and nobody is bothered."""
    report(desk, "ann")
    fail_over(cluster, name, cluster.database(name))
    report(desk, "ben")
    assert len(sink.letters) == 2
    assert not told(sink)


def test_a_command_does_not_hide_the_loss(
    desk: RunningDesk, sink: SmtpSink, cluster: Cluster, name: str
) -> None:
    """Whoever gives a command first after the failover leaves what the host knew as it was."""
    report(desk, "ann")
    replica = cluster.database(name)
    report(desk, "ben")
    fail_over(cluster, name, replica)
    known = headfile.read(desk.folder / "state")
    (case,) = desk.cases()
    assert command(desk.path, "handler", case["case"], "Anna").status == 0
    assert headfile.read(desk.folder / "state") == known
    once(desk)
    assert told(sink)
