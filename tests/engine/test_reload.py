"""SIGHUP: a good configuration is taken in without losing a mail, a faulty one changes nothing."""

import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.daemon import Daemon
from tests.support.dovecot import User
from tests.support.ports import PATIENCE
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot


@pytest.fixture
def desk(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> RunningDesk:
    """A desk on the machine's clock, polling every second."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.clock = datetime.now(UTC)  # noqa: TID251 - the daemon is a process and has no other clock
    made.configure(inbox='poll = "1s"\n')
    made.run()
    return made


@pytest.fixture
def daemon(desk: RunningDesk) -> Iterator[Daemon]:
    """The service, running."""
    made = Daemon(desk.path)
    try:
        made.await_log("started")
        yield made
    finally:
        made.close()


def signed_by(sink: SmtpSink, number: int) -> str:
    """The name in From of the receipt for the report of this number."""
    sent = next(one for one in sink.letters if one.recipients == (f"r{number}@reporter.example",))
    return str(message_from_bytes(sent.raw)["From"])


def report(desk: RunningDesk, sink: SmtpSink, number: int) -> str:
    """A report comes in while the service runs; who signed its receipt."""
    before = len(sink.letters)
    desk.inbox.deliver(mails.plain(sender=f"r{number}@reporter.example", message_id=f"<{number}@x>"))
    sink.await_letters(before + 1)
    return signed_by(sink, number)


def test_new_settings_are_in_force_and_nothing_is_lost(
    desk: RunningDesk, sink: SmtpSink, daemon: Daemon
) -> None:
    """After SIGHUP the same process answers in the desk's new name; what came before has one receipt."""
    assert "Example Security Team" in report(desk, sink, 1)
    desk.path.write_text(desk.path.read_text().replace("Example Security Team", "Renamed Team"))
    daemon.process.send_signal(signal.SIGHUP)
    daemon.await_log("reloading")
    daemon.await_(lambda: daemon.log.read_text().count('"event": "started"') == 2)
    assert "Renamed Team" in report(desk, sink, 2)
    assert daemon.end() == 0
    assert len(sink.letters) == 2


def test_a_second_reload_while_the_first_is_under_way_is_kept(
    desk: RunningDesk, sink: SmtpSink, daemon: Daemon
) -> None:
    """SIGHUP between two configurations does not end the process: what changed last is in force."""
    text = desk.path.read_text()
    daemon.process.send_signal(signal.SIGHUP)
    daemon.await_log("reloading")
    until = time.monotonic() + PATIENCE
    while daemon.log.read_text().count('"event": "started"') == 1 and time.monotonic() < until:
        desk.path.write_text(text.replace("Example Security Team", "Renamed Team"))
        daemon.process.send_signal(signal.SIGHUP)
        assert daemon.process.poll() is None
    daemon.await_(lambda: daemon.log.read_text().count('"event": "started"') >= 2)
    assert "Renamed Team" in report(desk, sink, 1)
    assert daemon.end() == 0


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('roles = ["backup"]', 'roles = ["handler"]', 'the role \\"backup\\"'),
        ('state = "state"', 'state = "elsewhere"', "start, not with a reload"),
        ("[desk]", "[desk", "a readable TOML file"),
    ],
)
def test_a_faulty_configuration_changes_nothing(
    desk: RunningDesk, sink: SmtpSink, daemon: Daemon, old: str, new: str, words: str
) -> None:
    """Its faults are in the log, the old settings stay in force, and mail is answered as before."""
    text = desk.path.read_text()
    desk.path.write_text(text.replace(old, new).replace("Example Security Team", "Renamed Team"))
    daemon.process.send_signal(signal.SIGHUP)
    daemon.await_log("reload refused")
    assert words in daemon.log.read_text()
    assert "Example Security Team" in report(desk, sink, 1)
    assert daemon.end() == 0
    assert '"event": "reloading"' not in daemon.log.read_text()
