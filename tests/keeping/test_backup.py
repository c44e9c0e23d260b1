"""A backup: one whole file, written while the desk works, and never half of one."""

import asyncio
import json
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from maild.config.share import shipped
from maild.engine.scheduler import Sweeper
from maild.errors import PermanentError, Refused
from maild.store import backup, leftovers, migrate
from maild.store.database import FILE, Database, open_database, put_setting
from tests.store.test_migrations import VERSIONS, later
from tests.support import disks, mails
from tests.support.commanding import command
from tests.support.daemon import Daemon
from tests.support.desk import NOW
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

__all__ = ["later"]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state folder with a database."""
    made = tmp_path / "state"
    open_database(made, shipped("migrations")).close()
    return made


@pytest.fixture
def busy(state: Path) -> Iterator[Database]:
    """A database in which two settings are always changed together, as fast as it can."""
    database, stop, begun = open_database(state, shipped("migrations")), Event(), Event()

    def work() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with database.transaction() as connection:
                put_setting(connection, "one", str(number))
                connection.exec_driver_sql(
                    "INSERT INTO backlog VALUES (NULL, ?, 1, ?, 1, 1, 0)", ("x" * 2000, number)
                )
                put_setting(connection, "other", str(number))
            begun.set()

    worker = Thread(target=work)
    worker.start()
    begun.wait(30)
    yield database
    stop.set()
    worker.join()
    database.close()


def settings(file: Path) -> dict[str, str]:
    """The settings in a database file."""
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return dict(raw.execute("SELECT name, value FROM setting").fetchall())


def test_it_is_consistent_while_the_desk_writes(busy: Database, state: Path, tmp_path: Path) -> None:
    """What is changed in one transaction is changed in the copy or not, and the writer is not stopped."""
    seen = []
    for number in range(5):
        backup.write(state, tmp_path / f"{number}.db", NOW, replace=False)
        found = settings(tmp_path / f"{number}.db")
        assert found["one"] == found["other"]
        seen.append(int(found["one"]))
    assert seen == sorted(seen)
    assert seen[0] < seen[-1], "it went on meanwhile"


def test_it_is_one_file_for_its_owner_only_and_says_when_it_was_taken(state: Path, tmp_path: Path) -> None:
    """Nothing stands beside it, nobody else reads it, and the database itself is not touched by it."""
    before = (state / FILE).read_bytes()
    backup.write(state, tmp_path / "copy.db", NOW, replace=False)
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"state", "copy.db"}
    assert settings(tmp_path / "copy.db")[backup.TAKEN] == NOW.isoformat()
    assert (state / FILE).read_bytes() == before


def test_a_file_that_is_there_is_replaced_only_when_asked(state: Path, tmp_path: Path) -> None:
    """Without the word it stays as it is; with it the new copy stands there whole."""
    there = tmp_path / "copy.db"
    there.write_text("holiday pictures")
    with pytest.raises(Refused, match="already exists"):
        backup.write(state, there, NOW, replace=False)
    assert there.read_text() == "holiday pictures"
    backup.write(state, there, NOW, replace=True)
    assert settings(there)[backup.TAKEN] == NOW.isoformat()


def test_a_damaged_database_makes_no_backup(state: Path, tmp_path: Path) -> None:
    """The copy is looked through before it gets its name: a good older backup is not replaced by a bad one."""
    with closing(sqlite3.connect(state / FILE)) as raw:
        raw.execute("PRAGMA journal_mode=DELETE")
        (root,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'journal'").fetchone()
        (size,) = raw.execute("PRAGMA page_size").fetchone()
    with (state / FILE).open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    good = tmp_path / "good.db"
    good.write_text("good")
    with pytest.raises(PermanentError, match=r"damaged|copied"):
        backup.write(state, good, NOW, replace=True)
    assert good.read_text() == "good"
    assert {path.name for path in tmp_path.iterdir()} == {"state", "good.db"}


@pytest.mark.dovecot
def test_the_command_beside_a_running_daemon(desk: RunningDesk, sink: SmtpSink) -> None:
    """The daemon goes on; the copy holds the case it has just opened; a restore is refused meanwhile."""
    desk.configure(inbox='poll = "1s"\n')
    daemon = Daemon(desk.path)
    try:
        desk.inbox.append(mails.plain())
        daemon.await_(lambda: sink.letters)
        file = desk.folder / "copy.db"
        said = command(desk.path, "backup", str(file))
        assert (said.status, "GNUPGHOME" in said.out) == (0, True)
        refused = command(desk.path, "restore", str(file))
        assert (refused.status, "another maild is running" in refused.err) == (1, True)
        assert daemon.end() == 0
    finally:
        daemon.close()
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute('SELECT count(*) FROM "case"').fetchone() == (1,)


def test_an_older_backup_is_brought_up_to_date(
    state: Path, tmp_path: Path, later: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is put in place with the schema of today's maild, and nothing of the work is left beside it."""
    with monkeypatch.context() as before:
        before.setattr(migrate, "HEAD", VERSIONS[-1])
        backup.write(state, tmp_path / "copy.db", NOW, replace=False)
        with closing(sqlite3.connect(tmp_path / "copy.db")) as raw:
            raw.execute("INSERT INTO setting VALUES ('secret', 'ab')")
            raw.commit()
    with (tmp_path / "copy.db").open("rb") as given, backup.arriving(given, state, later) as database:
        assert migrate.version(database.engine) == migrate.HEAD != VERSIONS[-1]
    kept = backup.put_in_place(state / leftovers.RESTORING, NOW)
    assert kept is not None
    assert {path.name for path in state.iterdir() if path.suffix not in (".lock", ".pid")} == {
        FILE,
        kept.name,
    }
    assert settings(state / FILE)[backup.TAKEN] == NOW.isoformat()


def test_a_newer_backup_is_refused(state: Path, tmp_path: Path) -> None:
    """A backup of a later maild: the error says what to do, and the desk's own database stays."""
    backup.write(state, tmp_path / "copy.db", NOW, replace=False)
    with closing(sqlite3.connect(tmp_path / "copy.db")) as raw:
        raw.execute("INSERT INTO setting VALUES ('secret', 'ab')")
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    before = (state / FILE).read_bytes()
    with (
        (tmp_path / "copy.db").open("rb") as given,
        pytest.raises(PermanentError, match="upgrade maild"),
        backup.arriving(given, state, shipped("migrations")),
    ):
        pass
    assert (state / FILE).read_bytes() == before
    assert not list(state.glob("restoring*"))


def test_there_is_nothing_to_back_up_before_the_first_run(tmp_path: Path, state: Path) -> None:
    """A folder without a database is an error in words, and leaves nothing behind."""
    (state / FILE).unlink()
    with pytest.raises(PermanentError, match="cannot be copied"):
        backup.write(state, tmp_path / "copy.db", NOW, replace=False)
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize(
    "harm",
    [
        "CREATE TRIGGER more AFTER INSERT ON setting BEGIN DELETE FROM setting; END",
        "CREATE VIEW more AS SELECT 1",
        "CREATE TABLE more (id INTEGER)",
        "ALTER TABLE setting ADD COLUMN more TEXT",
        "DROP TRIGGER journal_no_update",
    ],
)
def test_a_backup_with_another_schema_is_refused(state: Path, tmp_path: Path, harm: str) -> None:
    """Whatever a stranger adds to it or takes away: it is not opened, and the desk's database stays."""
    backup.write(state, tmp_path / "copy.db", NOW, replace=False)
    with closing(sqlite3.connect(tmp_path / "copy.db")) as raw:
        raw.execute("INSERT INTO setting VALUES ('secret', 'ab')")
        raw.execute(harm)
        raw.commit()
    with (
        (tmp_path / "copy.db").open("rb") as given,
        pytest.raises(Refused, match="changed by somebody"),
        backup.arriving(given, state, shipped("migrations")),
    ):
        pass
    assert not (state / leftovers.RESTORING).exists()


def test_a_full_disk_is_that_of_the_copy(state: Path, tmp_path: Path) -> None:
    """The error names the file that could not be written and why, not the database; nothing is left there."""
    with disks.disk(tmp_path / "small", "128k") as small:
        with pytest.raises(PermanentError, match=r"cannot write .*small/copy\.db: the disk is full"):
            backup.write(state, small / "copy.db", NOW, replace=False)
        assert not list(small.iterdir())


DEAD = 2**22 + 1
"""No process has this number (pid_max of 64-bit Linux is 2**22)."""


def left_of_a_kill(folder: Path) -> set[Path]:
    """What a backup and a restore leave in *folder* when they are killed."""
    names = (f".copy.db.{DEAD}.part", f".copy.db.{DEAD}.part-journal", "restoring.db", "restoring.db-wal")
    for name in names:
        (folder / name).write_bytes(b"SQLite format 3\0" + b"text of a report")
    return {folder / name for name in names}


def test_the_next_backup_removes_what_a_killed_one_left(state: Path, tmp_path: Path) -> None:
    """Only that: neither the files of a backup that still runs nor what somebody else wrote."""
    left = left_of_a_kill(tmp_path)
    runs, other = tmp_path / f".day.db.{os.getppid()}.part", tmp_path / f".film.{DEAD}.part"
    runs.write_bytes(b"")
    other.write_bytes(b"half a film, and no database")
    backup.write(state, tmp_path / "day.db", NOW, replace=False)
    gone = {path for path in left if not path.exists()}
    assert gone == {path for path in left if path.name.startswith(".copy")}
    assert runs.exists()
    assert other.exists()


@pytest.mark.dovecot
def test_what_a_kill_left_in_the_state_folder_goes(desk: RunningDesk) -> None:
    """`maild check` names it; it goes at the next start, with retention, and when a person is forgotten."""
    state = desk.folder / "state"
    left = left_of_a_kill(state)
    said = command(desk.path, "check", "--json").out
    assert all(str(path) in said for path in left)
    assert command(desk.path, "run", "--once").status == 0
    assert not [path for path in left if path.exists()]
    left_of_a_kill(state)
    with desk.desk() as opened:
        sweeper = Sweeper(opened.parts, None, None, None)  # type: ignore[arg-type]  # none of them is asked
        asyncio.run(sweeper.purge(desk.clock))
    assert not [path for path in left if path.exists()]
    desk.inbox.append(mails.plain(Auto_Submitted="auto-replied"), desk.clock)
    desk.run()
    left_of_a_kill(state)
    assert command(desk.path, "forget", "rita@reporter.example", "--yes").status == 0
    assert not [path for path in left if path.exists()]


@pytest.mark.dovecot
@pytest.mark.parametrize(("most", "state"), [(1_000, "ok"), (1, "warning")])
def test_check_tells_how_much_of_the_budget_is_used(desk: RunningDesk, most: int, state: str) -> None:
    """In megabytes of `limits.database_mb`, with what to do when it is nearly used up."""
    desk.configure(more=f"[limits]\ndatabase_mb = {most}\n")
    with desk.desk() as opened, opened.database.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO setting VALUES ('much', ?)", ("x" * 620_000,))
    found = json.loads(command(desk.path, "check", "--json").out)
    (line,) = [one for one in found if "limits.database_mb" in one["text"]]
    assert (line["what"], line["state"]) == ("database", state)
    assert f"of {most:,} MB used" in line["text"]
    assert bool(line["mend"]) == (state != "ok")
