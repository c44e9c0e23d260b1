"""The log under systemd: fields of the journal, one function an event, and no word of a mail."""

import inspect
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest

from maild import log
from maild.log.journald import Journal
from tests.support.daemon import ROOT


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[socket.socket]:
    """A socket as journald's, and the log going there."""
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as listener:
        listener.bind(str(tmp_path / "j"))
        listener.settimeout(5)
        with closing(Journal(StringIO(), str(tmp_path / "j"))) as journal:
            log.to_journal(journal, "debug")
            yield listener


def fields(datagram: bytes) -> dict[str, str]:
    """The fields of a datagram, read as journald's protocol is described."""
    found = {}
    while datagram:
        line, _, rest = datagram.partition(b"\n")
        key, equals, value = line.partition(b"=")
        if not equals:
            (length,) = struct.unpack("<Q", rest[:8])
            value, rest = rest[8 : 8 + length], rest[9 + length :]
        found[key.decode()], datagram = value.decode(), rest
    return found


def test_every_key_is_a_field(journal: socket.socket) -> None:
    """A case's events can be asked for by MAILD_CASE; the level is the priority."""
    log.escalated("EX-7KQ2M9", 3, 1)
    found = fields(journal.recv(65536))
    assert found == {
        "MESSAGE": "escalated case=EX-7KQ2M9 clock=3 rung=1",
        "PRIORITY": "4",
        "SYSLOG_IDENTIFIER": "maild",
        "MAILD_EVENT": "escalated",
        "MAILD_CASE": "EX-7KQ2M9",
        "MAILD_CLOCK": "3",
        "MAILD_RUNG": "1",
    }


def test_a_text_of_several_lines_forges_no_field(journal: socket.socket) -> None:
    """Whatever a text holds, it is the value of its own field."""
    log.trouble("imap", "one\nPRIORITY=0\ntwo")
    found = fields(journal.recv(65536))
    assert found["PRIORITY"] == "4"
    assert found["MAILD_WHY"] == "one\nPRIORITY=0\ntwo"


def test_a_journal_that_is_gone_loses_no_line(tmp_path: Path) -> None:
    """The line then goes to standard error, with its priority in front, as systemd reads it."""
    stream = StringIO()
    with closing(Journal(stream, str(tmp_path / "nobody"))) as journal:
        log.to_journal(journal)
        log.trouble("imap", "no answer")
    assert stream.getvalue() == "<4>trouble room=imap why=no answer\n"


def test_the_process_finds_the_journal_by_itself(tmp_path: Path) -> None:
    """Standard error being what $JOURNAL_STREAM names, the log goes to the journal, not to JSON lines."""
    with (tmp_path / "err").open("wb") as err:
        found = os.fstat(err.fileno())
        settings = {**os.environ, "PYTHONPATH": str(ROOT), "JOURNAL_STREAM": f"{found.st_dev}:{found.st_ino}"}
        code = "from maild import log; log.to_stderr(); log.stopped()"
        subprocess.run([sys.executable, "-c", code], stderr=err, env=settings, check=True)
    assert "{" not in (tmp_path / "err").read_text()


def sample(kind: object) -> object:
    """A value of the kind that a function of the log wants."""
    return {int: 7, str: "word", bool: True, datetime: datetime(2026, 3, 2, tzinfo=UTC)}.get(kind, ["word"])  # type: ignore[call-overload]


EVENTS = [
    one
    for name, one in inspect.getmembers(log, inspect.isfunction)
    if one.__module__ == "maild.log" and name not in ("set_up", "to_stderr", "to_journal")
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda one: one.__name__)
def test_every_event_has_a_name_of_its_own_and_its_keys(event: object) -> None:
    """Each function writes exactly one line, with an event name and every value it was given."""
    stream = StringIO()
    log.set_up(stream, as_lines=False, level="debug")
    given = {name: sample(one.annotation) for name, one in inspect.signature(event).parameters.items()}  # type: ignore[arg-type]
    event(**given)  # type: ignore[operator]
    assert stream.getvalue().count("\n") == 1
    assert stream.getvalue().startswith("{")
    assert '"event": "' in stream.getvalue()


def test_no_two_functions_write_the_same_event() -> None:
    """The names are an interface: one function an event."""
    names = []
    for event in EVENTS:
        stream = StringIO()
        log.set_up(stream, as_lines=False, level="debug")
        event(**{name: sample(one.annotation) for name, one in inspect.signature(event).parameters.items()})
        names.append(stream.getvalue().partition('"event": "')[2].partition('"')[0])
    assert len(set(names)) == len(names)
