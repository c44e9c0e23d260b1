"""A desk whose disk can only be read, as a failing disk is mounted, or a snapshot: it can be looked at."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from maild.store.database import open_read_only
from tests.support import disks, mails
from tests.support.certificate import Certificate
from tests.support.commanding import command
from tests.support.dovecot import User
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot
LOOKS = (
    ("cases",),
    ("cases", "--all", "--json"),
    ("show", "{case}"),
    ("status",),
    ("mail",),
    ("outbox",),
    ("quarantine",),
    ("ledger",),
    ("ledger", "verify"),
    ("timeline", "{case}"),
    ("statistics",),
    ("verify",),
)


@pytest.fixture
def still(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> Iterator[RunningDesk]:
    """A desk with one case, on a disk that can only be read."""
    with disks.disk(tmp_path / "state") as disk:
        desk = RunningDesk(tmp_path, inbox, sink, certificate)
        desk.run()
        inbox.append(mails.plain(), desk.clock)
        desk.run()
        disks.read_only(disk)
        yield desk


def test_what_only_looks_works(still: RunningDesk) -> None:
    """Listings, pages, the ledger, `verify` and a backup to another disk, and no word of restoring anything."""
    case = json.loads(command(still.path, "cases", "--json").out)[0]["case"]
    for words in LOOKS:
        said = command(still.path, *[word.format(case=case) for word in words])
        assert (said.status, said.err) == (0, ""), words
        assert "restore" not in said.out, words
    assert command(still.path, "backup", str(still.folder / "copy.db")).status == 0
    assert command(still.path, "verify", str(still.folder / "copy.db")).status == 0


def test_what_changes_something_says_why_not(still: RunningDesk) -> None:
    """The error names the disk, `check` does too, and nobody is told to restore a backup."""
    case = json.loads(command(still.path, "cases", "--json").out)[0]["case"]
    for words in (("handler", case, "Anna"), ("run", "--once")):
        said = command(still.path, *words)
        assert said.status != 0
        assert "ead-only" in said.err, words
    found = json.loads(command(still.path, "check", "--json").out)
    lines = {line["what"]: line for line in reversed(found)}
    assert lines["place"]["state"] == "fault"
    assert "read-only file system" in lines["place"]["text"]
    assert lines["database"]["state"] == "ok"
    assert not [line for line in lines.values() if "restore" in str(line)]


def test_what_was_written_last_is_read_too(tmp_path: Path) -> None:
    """A snapshot of a desk that runs: what still stands beside the database is part of what is read."""
    with disks.disk(tmp_path / "state") as disk, closing(sqlite3.connect(disk / "maild.db")) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("CREATE TABLE it (id INTEGER)")
        raw.execute("INSERT INTO it VALUES (7)")
        raw.commit()
        assert (disk / "maild.db-wal").stat().st_size
        with disks.disk(tmp_path / "snapshot") as copy:
            for one in disk.iterdir():
                (copy / one.name).write_bytes(one.read_bytes())
            disks.read_only(copy)
            with (
                closing(open_read_only(copy / "maild.db")) as database,
                database.transaction() as connection,
            ):
                assert connection.exec_driver_sql("SELECT id FROM it").scalar() == 7
