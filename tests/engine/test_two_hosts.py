"""Two daemons, one desk in PostgreSQL: one works, the other takes over, and nothing leaves twice."""

import json
import os
import shutil
import signal
import socket
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild.store import journal
from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.commanding import command
from tests.support.daemon import Daemon
from tests.support.dovecot import User
from tests.support.ports import await_that
from tests.support.postgres import Cluster
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot
REPORTS = 12
UNLIMITED = (
    "[limits]\nreceipts_per_address_day = 999\nreceipts_per_domain_hour = 999\nreceipts_per_hour = 999\n"
)


@pytest.fixture
def desk(
    tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate, cluster: Cluster, name: str
) -> RunningDesk:
    """A desk in PostgreSQL whose baseline is fixed, polling every second, on the machine's clock."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.clock = datetime.now(UTC)  # noqa: TID251 - the daemons are processes and have no other clock
    made.configure(inbox='poll = "1s"\n', more=f'{UNLIMITED}\n[database]\nurl = "{cluster.url(name)}"\n')
    made.run()
    return made


def pair(desk: RunningDesk, started: list[Daemon]) -> tuple[Daemon, Daemon]:
    """The daemon that works, and one that stands by with a state folder of its own."""
    second = desk.folder / "second"
    second.mkdir()
    for file in ("maild.toml", "imap-password", "smtp-password"):
        shutil.copy(desk.folder / file, second / file)
    started.append(Daemon(desk.path))
    started[-1].await_log("works")
    started.append(Daemon(second / "maild.toml"))
    started[-1].await_log("stands by")
    return started[0], started[1]


def report(number: int) -> bytes:
    """One of many reports."""
    about = f"Overflow number {number} in the parser"
    return mails.plain(
        subject=about, sender=f"r{number}@reporter.example", message_id=f"<{number}@reporter.example>"
    )


def rows(cluster: Cluster, name: str, query: str) -> int:
    """A count, read from outside."""
    return int(str(cluster.run(f"SELECT count(*) FROM {query}", name)[0][0]))


def all_sent(cluster: Cluster, name: str, reports: int) -> None:
    """Return when each report has its acknowledgement sent."""
    query = "letter WHERE state = 'sent'"
    await_that(lambda: rows(cluster, name, query) == reports, "every letter is sent")


def books_balance(desk: RunningDesk, sink: SmtpSink, reports: int) -> None:
    """Each report one case and one acknowledgement, known by its Message-ID; the journal's chain is whole."""
    assert {s.recipients for s in sink.letters} == {(f"r{n}@reporter.example",) for n in range(reports)}
    assert len({letter.raw for letter in sink.letters}) == reports, "sent again means: the same bytes"
    assert len(desk.cases()) == reports
    with desk.desk() as opened:
        assert opened.ask(journal.broken_at) is None


def test_when_one_host_dies_the_other_takes_over(
    desk: RunningDesk, sink: SmtpSink, started: list[Daemon], cluster: Cluster, name: str
) -> None:
    """Killed while it sends: the other works without anybody's help, and at worst what was under way went again."""
    first, second = pair(desk, started)
    sink.drip = 0.0005
    desk.inbox.append_many([report(n) for n in range(REPORTS)])
    first.await_(lambda: len(sink.letters) >= 2)
    first.kill()
    second.await_log("works")
    sink.drip = 0.0
    all_sent(cluster, name, REPORTS)
    books_balance(desk, sink, REPORTS)
    again = [one for one, times in Counter(s.recipients for s in sink.letters).items() if times > 1]
    assert len(again) <= 4, "no more than were under way at once"


def test_what_a_person_wrote_waits_for_a_person_after_a_takeover(
    desk: RunningDesk, sink: SmtpSink, started: list[Daemon], cluster: Cluster, name: str
) -> None:
    """A member's answer that was under way when the other host died is not sent again by itself."""
    first, second = pair(desk, started)
    desk.inbox.deliver(report(0))
    all_sent(cluster, name, 1)
    first.kill()
    answer = """UPDATE letter SET kind = 'answer', state = 'sending', settled = NULL,
        facts = '{"envelope": 1, "by": "team:Carl"}' WHERE state = 'sent'"""
    cluster.run(answer, name)
    second.await_log("works")
    await_that(lambda: rows(cluster, name, "letter WHERE state = 'sending'") == 0, "the fate is decided")
    waits = json.loads(command(desk.path, "outbox", "--json").out)
    assert [one["state"] for one in waits if one["kind"] == "answer"] == ["parked"]
    assert sum(letter.recipients == ("r0@reporter.example",) for letter in sink.letters) == 1
    assert second.end() == 0


def test_who_ends_well_hands_the_desk_on(
    desk: RunningDesk, sink: SmtpSink, started: list[Daemon], cluster: Cluster, name: str
) -> None:
    """The other works as soon as it looks, and answers what comes then; nothing left twice.

    ``maild status --hosts`` says on any host which works; here both have one name.
    """
    first, second = pair(desk, started)
    desk.inbox.deliver(report(0))
    all_sent(cluster, name, 1)
    assert first.end() == 0
    second.await_log("works")
    desk.inbox.deliver(report(1))
    all_sent(cluster, name, 2)
    books_balance(desk, sink, 2)
    assert len(sink.letters) == 2
    (host,) = json.loads(command(desk.path, "status", "--hosts", "--json").out)
    assert (host["host"], host["works"]) == (socket.gethostname(), True)
    assert socket.gethostname()[:20] in command(desk.path, "status", "--hosts").out
    assert second.end() == 0


def test_who_was_stopped_for_long_finishes_no_letter(
    desk: RunningDesk, sink: SmtpSink, started: list[Daemon], cluster: Cluster, name: str
) -> None:
    """Stopped in the middle of letters and overtaken, it does not send their final dots when it goes on."""
    first, second = pair(desk, started)
    sink.drip = 0.02
    desk.inbox.append_many([report(n) for n in range(4)])
    await_that(lambda: rows(cluster, name, "letter WHERE state = 'sending'"), "letters are under way")
    os.kill(first.process.pid, signal.SIGSTOP)
    try:
        second.await_log("works")
        sink.drip = 0.0
        all_sent(cluster, name, 4)
    finally:
        os.kill(first.process.pid, signal.SIGCONT)
    first.await_log("deposed")
    first.await_(lambda: first.log.read_text().count('"event": "stands by"') == 1)
    books_balance(desk, sink, 4)
    assert first.end() == 0
    assert second.end() == 0


def test_connections_that_end_lose_nothing(
    desk: RunningDesk, sink: SmtpSink, started: list[Daemon], cluster: Cluster, name: str
) -> None:
    """The server ends every connection again and again while mail is handled: each report one letter, once."""
    started.append(Daemon(desk.path))
    started[0].await_log("started")
    desk.inbox.append_many([report(n) for n in range(REPORTS)])
    for _ in range(5):
        before = rows(cluster, name, "journal")
        cluster.end_connections(name)
        await_that(lambda before=before: _goes_on(cluster, name, before), "it goes on")
    all_sent(cluster, name, REPORTS)
    books_balance(desk, sink, REPORTS)
    assert len(sink.letters) == REPORTS
    assert started[0].end() == 0


def _goes_on(cluster: Cluster, name: str, before: int) -> bool:
    sent = rows(cluster, name, "letter WHERE state = 'sent'")
    return sent == REPORTS or rows(cluster, name, "journal") > before
