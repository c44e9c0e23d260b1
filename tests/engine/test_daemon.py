"""The real daemon process: killed at any moment it goes on where it was; asked to end it ends well."""

import signal
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild.store import journal
from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.daemon import Daemon
from tests.support.dovecot import User
from tests.support.running import RunningDesk
from tests.support.smtpsink import STALL, SmtpSink

pytestmark = pytest.mark.dovecot
REPORTS = 40
UNLIMITED = (
    "[limits]\nreceipts_per_address_day = 999\nreceipts_per_domain_hour = 999\nreceipts_per_hour = 999\n"
)


@pytest.fixture
def desk(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> RunningDesk:
    """A desk whose baseline is fixed, polling every second, on the machine's clock."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.clock = datetime.now(UTC)  # noqa: TID251 - the daemon is a process and has no other clock
    made.configure(inbox='poll = "1s"\n', more=UNLIMITED)
    made.run()
    return made


def start(desk: RunningDesk, started: list[Daemon]) -> Daemon:
    """A daemon on this desk."""
    started.append(Daemon(desk.path))
    return started[-1]


def count(desk: RunningDesk, table: str, where: str = "1") -> int:
    """Rows, read from outside like anybody who looks at the file."""
    with closing(sqlite3.connect(f"file:{desk.folder}/state/maild.db?mode=ro", uri=True)) as raw:
        return int(raw.execute(f'SELECT count(*) FROM "{table}" WHERE {where}').fetchone()[0])


def report(number: int) -> bytes:
    """One of many reports."""
    about = f"Overflow number {number} in the parser"
    return mails.plain(
        subject=about, sender=f"r{number}@reporter.example", message_id=f"<{number}@reporter.example>"
    )


def test_killed_at_any_moment_it_comes_to_the_same_end(
    desk: RunningDesk, sink: SmtpSink, started: list[Daemon]
) -> None:
    """Killed while keeping mail and twice while sending: each report one case, one receipt, one text."""
    desk.inbox.append_many([report(n) for n in range(REPORTS)])
    sink.drip = 0.0005
    daemon = start(desk, started)
    daemon.await_(lambda: count(desk, "envelope"))
    daemon.kill()
    for letters in (3, 15):
        daemon = start(desk, started)
        daemon.await_(lambda enough=letters: len(sink.letters) >= enough)
        daemon.kill()
        assert count(desk, "letter", "state = 'sent'") < REPORTS, "the kill came too late to prove anything"
    sink.drip = 0.0
    daemon = start(desk, started)
    daemon.await_(lambda: count(desk, "letter", "state = 'sent'") == REPORTS)
    assert daemon.end() == 0
    the_end_is_as_if_nothing_had_happened(desk, sink)


def the_end_is_as_if_nothing_had_happened(desk: RunningDesk, sink: SmtpSink) -> None:
    """Cases, receipts and journal after the last start."""
    assert (count(desk, "case"), count(desk, "envelope"), count(desk, "letter")) == (
        REPORTS,
        REPORTS,
        REPORTS,
    )
    assert count(desk, "envelope", "state != 'done'") == 0
    assert {recipients for recipients, _ in Counter(s.recipients for s in sink.letters).items()} == {
        (f"r{n}@reporter.example",) for n in range(REPORTS)
    }
    assert len({letter.raw for letter in sink.letters}) == REPORTS, "sent again means: the same bytes"
    with desk.desk() as opened:
        assert opened.ask(journal.broken_at) is None


def test_mail_is_answered_while_it_runs(desk: RunningDesk, sink: SmtpSink, started: list[Daemon]) -> None:
    """A report that arrives later is taken in and acknowledged without any further start."""
    daemon = start(desk, started)
    daemon.await_log("started")
    desk.inbox.deliver(report(1))
    assert sink.await_letters(1)[0].recipients == ("r1@reporter.example",)
    assert daemon.end() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_it_ends_in_good_order(desk: RunningDesk, started: list[Daemon], number: int) -> None:
    """Exit status 0 within seconds, and the log says so."""
    daemon = start(desk, started)
    daemon.await_log("started")
    assert daemon.end(number) == 0
    assert '"event": "stopped"' in daemon.log.read_text()


def test_asked_to_end_in_the_middle_of_a_letter_it_forgets_nothing(
    desk: RunningDesk, sink: SmtpSink, started: list[Daemon]
) -> None:
    """While the server stalls after the final dot it still ends at once; the same letter goes out later."""
    sink.always("DOT", STALL)
    desk.inbox.deliver(report(1))
    daemon = start(desk, started)
    daemon.await_(lambda: sink.letters)
    assert daemon.end() == 0
    sink.always("DOT", "")
    daemon = start(desk, started)
    daemon.await_(lambda: count(desk, "letter", "state = 'sent'"))
    assert daemon.end() == 0
    assert len({letter.raw for letter in sink.letters}) == 1


def test_a_second_daemon_on_the_same_state_is_refused(desk: RunningDesk, started: list[Daemon]) -> None:
    """It ends at once and says why; the first one goes on."""
    first = start(desk, started)
    first.await_log("started")
    second = start(desk, started)
    assert second.process.wait(20) == 1
    assert "another maild is running" in second.log.read_text()
    assert first.end() == 0


def test_the_log_is_json_lines_without_a_word_of_the_mail(
    desk: RunningDesk, sink: SmtpSink, started: list[Daemon]
) -> None:
    """One object a line where nobody looks on; no subject, no reporter, no text."""
    import json

    daemon = start(desk, started)
    desk.inbox.deliver(report(7))
    sink.await_letters(1)
    daemon.await_log("letter")
    assert daemon.end() == 0
    text = daemon.log.read_text()
    assert all(json.loads(line)["event"] for line in text.splitlines())
    assert not [word for word in ("Overflow", "reporter.example", "crafted") if word in text]
