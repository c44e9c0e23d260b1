"""The real daemon while nothing can be stored: it lives, answers nobody, says so, and goes on where it was."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support import disks, mails
from tests.support.certificate import Certificate
from tests.support.commanding import command
from tests.support.dovecot import User
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink
from tests.support.underfire import UnderFire, under_fire

pytestmark = pytest.mark.dovecot
FED = "WATCHDOG=1"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of eight megabytes, where the state folder is to be."""
    with disks.disk(tmp_path / "state", "8m") as folder:
        yield folder


@pytest.fixture
def fire(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> Iterator[UnderFire]:
    """A daemon for one test."""
    with under_fire(tmp_path, inbox, sink, certificate) as made:
        yield made


def silent(fire: UnderFire) -> Callable[[], bool]:
    """Whether the service manager hears that a loop is stuck."""
    return lambda: any(word.startswith("STATUS=silent") for word in fire.manager.all())


def told(fire: UnderFire) -> list[str]:
    """What the operator was told of maild itself; of the mailbox too, when a hurried minute cuts a fetch short."""
    return [event for event, what in fire.alerts.all() if what == "maild"]


def test_on_a_full_disk_nothing_is_answered_and_nothing_is_lost(disk: Path, fire: UnderFire) -> None:
    """The watchdog is starved and the operator told once; when there is room, one case and one receipt."""
    fire.await_(lambda: FED in fire.manager.all())
    filler = disks.fill(disk)
    fire.inbox.deliver(mails.of_size(1_500_000, sender="big@reporter.example"))
    fire.await_(fire.hurried(silent(fire)))
    fire.await_(fire.hurried(lambda: told(fire)))
    heard, said = len(fire.manager.all()), fire.sink.letters
    fire.await_(fire.hurried(lambda: len(fire.manager.all()) > heard + 1))
    assert FED not in fire.manager.all()[heard:]
    assert (told(fire), said) == (["stalled"], [])
    assert "the disk is full; make room" in fire.daemon.log.read_text()
    assert fire.inbox.flags(fire.inbox.uids()[0]).isdisjoint({b"maild-report", b"\\Seen"})
    filler.unlink()
    fire.await_(fire.hurried(lambda: fire.answered("big@reporter.example")))
    fire.await_(fire.hurried(lambda: FED in fire.manager.all()[heard:]))
    fire.await_(fire.hurried(lambda: len(told(fire)) > 1))
    assert told(fire) == ["stalled", "going-on"]
    assert (fire.answered("big@reporter.example"), len(fire.desk.cases())) == (1, 1)


def test_a_database_that_somebody_holds_is_waited_for(fire: UnderFire) -> None:
    """What the server took meanwhile is not sent again, what arrived meanwhile is answered; it never ends."""
    here, go_on = at_the_final_dot(fire.sink)
    first = fire.report()
    fire.await_(here.is_set)
    with closing(sqlite3.connect(fire.desk.folder / "state" / "maild.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        go_on.set()
        second = fire.report()
        fire.await_(lambda: fire.troubles("outbox") and fire.troubles())
        fire.await_(silent(fire))
        assert "another program holds it" in fire.daemon.log.read_text()
        assert (fire.answered(first), fire.answered(second)) == (1, 0)
        other.execute("ROLLBACK")
    fire.await_(lambda: fire.answered(second))
    fire.await_(lambda: [row["state"] for row in fire.desk.view("outbox", True)] == ["sent", "sent"])
    assert (fire.answered(first), fire.answered(second)) == (1, 1)


def at_the_final_dot(sink: SmtpSink) -> tuple[threading.Event, threading.Event]:
    """The server has the letter and says nothing yet: set when it is there, and to be set to go on."""
    here, go_on, usual = threading.Event(), threading.Event(), sink.scripted

    def scripted(stage: str, about: str = "") -> str:
        if stage == "DOT":
            here.set()
            assert go_on.wait(10)
        return usual(stage, about)

    sink.scripted = scripted  # type: ignore[method-assign]
    return here, go_on


def test_a_read_only_file_system_is_refused_in_words(
    disk: Path, tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate
) -> None:
    """``run``, and what changes something, end with the status of trouble that may pass and say what is wrong."""
    desk = RunningDesk(tmp_path, inbox, sink, certificate)
    desk.run()
    disks.read_only(disk)
    for words in (("run", "--once"), ("away", "Anna", "until 2030-01-01")):
        said = command(desk.path, *words)
        assert (said.status, str(disk) in said.err, "ead-only" in said.err) == (os.EX_TEMPFAIL, True, True)
    assert sink.letters == []
