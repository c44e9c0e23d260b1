"""A desk that moves into PostgreSQL and back: every row, nothing twice, and never half of it."""

import fcntl
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, text

from maild.config.share import shipped
from maild.errors import PermanentError
from maild.store import filling, journal, lease, migrate, transfer
from maild.store.database import FILE, Database, open_database, put_setting, secret
from maild.store.lease import Lease
from maild.store.place import Place, Server
from tests.bench.filled import fill
from tests.support.commanding import command
from tests.support.daemon import ROOT
from tests.support.desk import GOOD_CONFIG, NOW
from tests.support.postgres import Cluster

MAILS = 500


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The configuration of a desk with some hundred messages in its file."""
    with closing(open_database(tmp_path / "state", shipped("migrations"))) as database:
        database.call(secret)
        database.call(fill, MAILS)
        database.call(odd)
    made = tmp_path / "maild.toml"
    (tmp_path / "secret").write_text("sesame\n")
    (tmp_path / "secret").chmod(0o600)
    use(made, "")
    return made


def odd(connection: Connection) -> None:
    """Rows that are hard to carry: NULs, other scripts, features out of the key's order, numbers left out."""
    put_setting(connection, "odd", "a\0b ü \U0001f600")
    for digest in "zbam":
        connection.execute(
            text("INSERT INTO feature VALUES ('EX-000000', 'word', :digest)"), {"digest": digest}
        )
    connection.execute(text("INSERT INTO backlog VALUES (77, 'INBOX', 1, 4294967295, 1, 1, false)"))


@pytest.fixture
def empty(cluster: Cluster) -> str:
    """The name of an empty database."""
    return cluster.database()


def use(config: Path, url: str) -> None:
    """What the operator writes into the configuration."""
    config.write_text(f'{GOOD_CONFIG}\n[database]\nurl = "{url}"\n')


@pytest.fixture
def url(cluster: Cluster, empty: str) -> str:
    """Where it is."""
    return cluster.url(empty)


def opened(state: Path, url: str = "") -> Database:
    """The database at *url*, or in the file."""
    return Place(state, Server(url, str) if url else None).open(shipped("migrations"))


def sums(state: Path, url: str = "") -> list[transfer.Sum]:
    """What it holds, table by table."""
    with closing(opened(state, url)) as database:
        assert database.call(journal.broken_at) is None
        return database.call(lambda connection: list(transfer.sums(connection)))


def test_a_desk_moves_both_ways(config: Path, url: str) -> None:
    """Every table has the same digest here, there and back; the old database is unchanged, and rows go on."""
    state = config.parent / "state"
    before = sums(state)
    assert {one.table for one in before if one.rows} >= {"raw", "journal", "feature", "backlog", "letter"}
    said = command(config, "migrate-database", url)
    assert said.status == 0, said.err
    assert f'url = "{url}"' in said.out
    assert before == sums(state, url) == sums(state)
    use(config, url)
    with closing(opened(state, url)) as there:
        there.call(journal.write, NOW, "", "flag", {"flag": "a"})
        there.call(
            lambda connection: connection.execute(text("INSERT INTO feature VALUES ('EX-000005', 'a', 'z')"))
        )
    after = sums(state, url)
    shutil.move(state / FILE, state / "elsewhere")
    said = command(config, "migrate-database", "sqlite:", "--json")
    assert {one["table"]: one["digest"] for one in json.loads(said.out)} == {
        one.table: one.digest for one in after
    }
    assert after == sums(state) == sums(state, url) != before


DIES = """
import os, sys
from maild.store import transfer
write, left = transfer._write, int(sys.argv.pop(1))
def until(connection, table, batch):
    global left
    write(connection, table, batch)
    left -= table.name == "message"
    if not left:
        os.kill(os.getpid(), 9)
transfer._write = until
transfer.FULL = 100
from maild.cli.main import main
main()
"""


def killed(config: Path, url: str) -> None:
    """The command, killed while it writes its third batch of messages."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-c", DIES, "3", "--config", str(config), "migrate-database", url]
    died = subprocess.run(words, env=environment, capture_output=True, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many rows of each table were written in this process."""
    counted: dict[str, int] = {}
    write = transfer._write

    def counting(connection: Connection, table: Table, batch: list[transfer.Row]) -> None:
        counted[table.name] = counted.get(table.name, 0) + len(batch)
        write(connection, table, batch)

    monkeypatch.setattr(transfer, "_write", counting)
    return counted


@pytest.mark.parametrize("to", ["postgresql", "sqlite"])
def test_a_copy_that_was_killed_goes_on(config: Path, url: str, to: str, written: dict[str, int]) -> None:
    """Until it is whole nobody can open the target; given again, the command writes what is missing."""
    state, there = config.parent / "state", url
    if to == "sqlite":
        assert command(config, "migrate-database", url).status == 0
        use(config, url)
        there = "sqlite:"
        (state / FILE).unlink()
    before = sums(state, "" if to == "postgresql" else url)
    killed(config, there)
    if to == "postgresql":
        with pytest.raises(PermanentError, match="run it again"):
            opened(state, url)
    else:
        assert not (state / FILE).exists()
    written.clear()
    assert command(config, "migrate-database", there).status == 0
    assert "envelope" not in written
    assert written["message"] == MAILS - 200
    assert before == sums(state, url if to == "postgresql" else "")
    assert not list(state.glob("moving*"))


def test_a_slow_copy_is_not_ended_by_the_server(url: str, tmp_path: Path) -> None:
    """Whoever waits for the desk's row for long is ended, but not a copy on a busy machine."""
    server = Server(url, str)
    timeout = "SHOW idle_in_transaction_session_timeout"
    mark = f"{migrate.MOVING} 000000000000 000000000000"
    with closing(filling.into_server(server, tmp_path / "x", shipped("migrations"), mark)) as target:
        assert target.call(lambda connection: connection.exec_driver_sql(timeout).scalar()) == "0"


def test_a_desk_that_went_on_after_a_killed_copy_is_copied_anew(
    config: Path, url: str, written: dict[str, int]
) -> None:
    """What was written belongs to another moment; without a row of the journal in between the rows tell."""
    state = config.parent / "state"
    for change in (
        lambda connection: journal.write(connection, NOW, "", "flag", {"flag": "a"}),
        lambda connection: connection.execute(text("INSERT INTO backlog VALUES (1, 'A', 1, 1, 1, 1, false)")),
        lambda connection: connection.execute(text("UPDATE envelope SET score = 0.25 WHERE id = 7")),
    ):
        killed(config, url)
        with closing(opened(state)) as database:
            database.call(change)
    written.clear()
    assert command(config, "migrate-database", url).status == 0
    assert written["envelope"] == MAILS
    assert sums(state) == sums(state, url)


def test_another_desk_is_never_overwritten(config: Path, url: str, cluster: Cluster, tmp_path: Path) -> None:
    """Neither a desk in PostgreSQL nor a copy of one under way, nor the file of another desk."""
    state = config.parent / "state"
    with closing(opened(tmp_path / "x", url)) as other:
        other.call(secret)
        other.call(journal.write, NOW, "", "flag", {"flag": "a"})
    said = command(config, "migrate-database", url)
    assert (said.status, "already contains a desk" in said.err) == (1, True)
    cluster.run("UPDATE alembic_version SET version_num = 'moving 000000000000 000000000000'", url_name(url))
    said = command(config, "migrate-database", url)
    assert (said.status, "filled with another desk" in said.err) == (1, True)
    cluster.run(f"UPDATE alembic_version SET version_num = '{migrate.HEAD}'", url_name(url))
    use(config, url)
    before = (state / FILE).read_bytes()
    said = command(config, "migrate-database", "sqlite:")
    assert (said.status, "another desk" in said.err) == (1, True)
    assert (state / FILE).read_bytes() == before


def url_name(url: str) -> str:
    """The database in *url*."""
    return url.partition("@/")[2].partition("?")[0]


def test_a_target_that_was_only_looked_at_is_filled(config: Path, url: str) -> None:
    """`maild check` with the new url made its tables and a secret; there is no desk in it yet."""
    state = config.parent / "state"
    with closing(opened(state, url)) as looked:
        looked.call(secret)
    assert command(config, "migrate-database", url).status == 0
    assert sums(state) == sums(state, url)


def test_a_desk_that_runs_is_not_moved(config: Path, url: str) -> None:
    """Not while a daemon has the state folder, not while a host works for it, and not to where one works."""
    state = config.parent / "state"
    with (state / migrate.RUNNING).open("a") as daemon:
        fcntl.flock(daemon, fcntl.LOCK_EX)
        assert "another maild is running" in command(config, "migrate-database", url).err
    with closing(opened(state, url)) as there:
        there.call(lease.take, Lease("one 1", lambda: 0.0))
        assert "in use by one" in command(config, "migrate-database", url).err
        there.call(lease.give_up)
        assert command(config, "migrate-database", url).status == 0
    use(config, url)
    with closing(opened(state, url)) as there:
        there.call(lease.seen, "two", False, "1")
        said = command(config, "migrate-database", "sqlite:")
        assert (said.status, "running on two" in said.err) == (1, True)


def test_the_old_file_of_the_desk_is_kept(config: Path, url: str) -> None:
    """Back again, the file that the desk once left stands beside the new one, whole."""
    state = config.parent / "state"
    before = sums(state)
    assert command(config, "migrate-database", url).status == 0
    use(config, url)
    said = command(config, "migrate-database", "sqlite:")
    (kept,) = state.glob(f"{FILE}.before-move-*")
    assert str(kept) in said.out
    kept.rename(state / FILE)
    assert before == sums(state)


def test_terms_go_on_counting(config: Path, url: str, cluster: Cluster) -> None:
    """A desk that comes back to PostgreSQL has a term that no host had before."""
    state = config.parent / "state"
    assert command(config, "migrate-database", url).status == 0
    use(config, url)
    with closing(opened(state, url)) as there:
        assert there.call(lease.take, Lease("one 1", lambda: 0.0)) == 1
        there.call(lease.give_up)
    assert command(config, "migrate-database", "sqlite:").status == 0
    use(config, "")
    again = cluster.url(cluster.database())
    assert command(config, "migrate-database", again).status == 0
    with closing(opened(state, again)) as there:
        assert there.call(lease.take, Lease("one 1", lambda: 0.0)) == 2


@pytest.mark.parametrize("url", ["postgresql://a:b@/c", "mysql://a@/b", "sqlite:///a", ""])
def test_a_url_that_names_nothing_is_refused(config: Path, url: str) -> None:
    """It is said what is wanted; and a desk is not moved to where it is."""
    said = command(config, "migrate-database", url)
    assert (said.status, 'write "sqlite:", or a URL such as' in said.err) == (1, True)
    assert "already there" in command(config, "migrate-database", "sqlite:").err


def test_a_broken_journal_is_not_moved(config: Path, url: str) -> None:
    """Moving is no way to make a changed journal look whole."""
    with closing(sqlite3.connect(config.parent / "state" / FILE)) as raw:
        raw.execute("DROP TRIGGER journal_no_update")
        raw.execute("UPDATE journal SET what = 'closed' WHERE id = 100")
        raw.commit()
    said = command(config, "migrate-database", url)
    assert (said.status, "broken at row 100" in said.err) == (1, True)
