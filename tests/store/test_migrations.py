"""Migrations: from nothing to the newest, each one alone, never downwards, a backup first."""

import fcntl
import os
import re
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from maild.config.share import shipped
from maild.errors import PermanentError
from maild.store import letterbytes, migrate
from maild.store.database import FILE, Database, get_setting, open_database, put_setting
from maild.store.place import Place, Server
from maild.store.schema import metadata
from tests.support.newfiles import BY_MIGRATIONS

VERSIONS = sorted(path.name[:4] for path in (shipped("migrations") / "versions").glob("*.py"))


@pytest.fixture(autouse=True)
def _by_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here no file is a copy of another."""
    monkeypatch.setattr(migrate, "_upgrade", BY_MIGRATIONS)


@pytest.fixture
def database(state: Path) -> Iterator[Database]:
    """The file in the state folder, which this module is about."""
    with closing(open_database(state, shipped("migrations"))) as made:
        yield made


def set_version(state: Path, version: str) -> None:
    """Write another schema version into the file."""
    with closing(sqlite3.connect(state / FILE)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = ?", (version,))
        raw.commit()


def test_the_newest_migration_is_the_one_the_code_wants() -> None:
    """``HEAD`` names the last file of the folder; the files are numbered without a gap."""
    assert VERSIONS[-1] == migrate.HEAD
    assert [int(version) for version in VERSIONS] == list(range(1, len(VERSIONS) + 1))


def test_every_migration_names_the_one_before() -> None:
    """The chain of revisions follows the file names."""
    before = "None"
    for path in sorted((shipped("migrations") / "versions").glob("*.py")):
        revision = re.search(r'^revision = "(\d{4})"', path.read_text(), re.MULTILINE)
        down = re.search(r'^down_revision = "?(None|\d{4})"?', path.read_text(), re.MULTILINE)
        assert revision
        assert down
        assert (revision[1], down[1]) == (path.name[:4], before)
        before = revision[1]


def test_the_migrations_make_exactly_the_tables_of_the_code(database: Database) -> None:
    """After migrating from empty, nothing differs from the schema: tables, columns, types, indexes, keys."""

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, metadata)

    assert database.call(differences) == []


OLD = (
    "INSERT INTO letter (dedupe, reference, message_id, kind, recipient, sealed, reporter, facts, in_reply_to, "
    "\"references\", state, owed, next_at, attempts, doubts) VALUES ('a', 'b', 'c', 'receipt', 'r@x.example', false, "
    "'', '{}', '', '', 'sending', 1, 1, 1, 0)",
    "INSERT INTO journal (at, what, detail, chain) VALUES (1, 'flag', '{}', 'x')",
)
"""A letter under way and a row of the journal, as the first maild wrote them."""


@pytest.mark.parametrize("version", VERSIONS[:-1])
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_every_earlier_schema_is_brought_up(
    version: str, engine: str, state: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """A desk of any version opens in both engines; its letters, their bytes and its journal are as they were, of no term."""
    server, write = None, lambda said: written(state, said)
    if engine == "postgresql":
        cluster = request.getfixturevalue("cluster")
        name = cluster.database()
        server, write = Server(cluster.url(name), str), lambda said: cluster.run(said, name)
    place = Place(state, server)
    with monkeypatch.context() as before:
        before.setattr(migrate, "HEAD", version)
        place.open(shipped("migrations")).close()
    kind = "BYTEA" if engine == "postgresql" else "BLOB"
    for statement in (*OLD, f"UPDATE letter SET content = CAST('the final bytes' AS {kind})"):
        write(statement)
    with closing(place.open(shipped("migrations"))) as database:
        assert migrate.version(database.engine) == migrate.HEAD
        query = "SELECT letter.state, letter.term, chain, journal.term FROM letter, journal"
        found = database.call(lambda connection: connection.exec_driver_sql(query).one())
        assert tuple(found) == ("sending", None, "x", None)
        assert database.call(letterbytes.read, 1) == b"the final bytes"


def written(state: Path, statement: str) -> None:
    """*statement* said to the file."""
    with closing(sqlite3.connect(state / FILE)) as raw:
        raw.execute(statement)
        raw.commit()


def test_constraints_that_matter_are_in_the_file(database: Database) -> None:
    """What keeps things single is a constraint of the database, not a habit of the code."""

    def tables(connection: Connection) -> str:
        rows = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        return "\n".join(row[0] for row in rows)

    sql = re.sub(r"\s+", " ", database.call(tables))
    for wanted in (
        "UNIQUE (identity)",
        "UNIQUE (dedupe)",
        "UNIQUE (message_id)",
        "INDEX clock_once ON clock (case_id, promise, reporter, started) WHERE stopped IS NULL",
        "PRIMARY KEY (clock_id, due, rung, contact)",
        "PRIMARY KEY (folder, uidvalidity, uid)",
        "UNIQUE (token)",
        "FOREIGN KEY(case_id) REFERENCES",
    ):
        assert wanted in sql


def test_opening_twice_migrates_once(state: Path) -> None:
    """A database that is up to date is opened as it is: no backup, nothing lost."""
    for _ in range(2):
        with closing(open_database(state, shipped("migrations"))) as database:
            database.call(put_setting, "kept", "yes")
    assert not list(state.glob("*.before-*"))


def test_a_newer_schema_is_refused(state: Path) -> None:
    """A database of a later maild is not touched: the error says what to do."""
    open_database(state, shipped("migrations")).close()
    set_version(state, "9999")
    before = (state / FILE).read_bytes()
    with pytest.raises(PermanentError, match=r"schema 9999, newer than this maild .*: upgrade maild"):
        open_database(state, shipped("migrations"))
    assert not held_open(state)
    assert (state / FILE).read_bytes() == before


def held_open(folder: Path) -> list[Path]:
    """The files below *folder* that this process holds open."""
    files = [Path(os.readlink(link)) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return [file for file in files if file.is_relative_to(folder)]


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Migrations of a future maild: one more than today."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    for path in shipped("migrations").rglob("*.py"):
        target = folder / path.relative_to(shipped("migrations"))
        target.write_text(path.read_text())
    number = f"{int(VERSIONS[-1]) + 1:04}"
    (folder / "versions" / f"{number}_later.py").write_text(
        f'from alembic import op\n\nrevision = "{number}"\ndown_revision = "{VERSIONS[-1]}"\n\n\n'
        'def upgrade():\n    op.execute("CREATE TABLE later (a INTEGER)")\n'
    )
    monkeypatch.setattr(migrate, "HEAD", number)
    return folder


def test_a_backup_is_made_before_an_upgrade(
    state: Path, later: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old database stands beside the new one, whole, for the owner only; the new one has everything."""
    with monkeypatch.context() as today:
        today.setattr(migrate, "HEAD", VERSIONS[-1])
        with closing(open_database(state, shipped("migrations"))) as database:
            database.call(put_setting, "kept", "yes")
    with closing(open_database(state, later)) as database:
        assert database.call(get_setting, "kept") == "yes"
        assert migrate.version(database.engine) == migrate.HEAD
    (backup,) = state.glob("*.before-*")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with closing(sqlite3.connect(backup)) as old:
        assert old.execute("SELECT value FROM setting WHERE name = 'kept'").fetchone() == ("yes",)
        assert old.execute("SELECT version_num FROM alembic_version").fetchone() == (VERSIONS[-1],)
        assert not old.execute("SELECT name FROM sqlite_master WHERE name = 'later'").fetchall()


def test_an_upgrade_waits_until_the_old_maild_has_ended(
    state: Path, later: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer command beside a running daemon is refused, and the daemon's tables stay as they are."""
    with monkeypatch.context() as today:
        today.setattr(migrate, "HEAD", VERSIONS[-1])
        open_database(state, shipped("migrations")).close()
    with (state / migrate.RUNNING).open("a") as daemon:
        fcntl.flock(daemon, fcntl.LOCK_EX)
        with pytest.raises(PermanentError, match="stop it before the upgrade"):
            open_database(state, later)
    with closing(sqlite3.connect(state / FILE)) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == (VERSIONS[-1],)


def test_a_migration_that_fails_leaves_the_old_database(state: Path, later: Path) -> None:
    """A broken upgrade is rolled back as a whole; the version stays the old one."""
    name = f"{migrate.HEAD}_later.py"
    broken = later / "versions" / name
    broken.write_text(broken.read_text() + '    op.execute("INSERT INTO nowhere VALUES (1)")\n')
    with pytest.raises(Exception, match="nowhere"):
        open_database(state, later)
    assert not held_open(state)
    with closing(sqlite3.connect(state / FILE)) as raw:
        assert not raw.execute("SELECT name FROM sqlite_master WHERE name = 'later'").fetchall()


DIES = """
import sys
from pathlib import Path
from maild.store import letterbytes, migrate
from maild.store.database import open_database
migrate.HEAD = sys.argv[3]
open_database(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.parametrize("when", ["before a step", "after it"])
def test_killed_in_a_migration_the_next_start_does_it(state: Path, later: Path, when: str) -> None:
    """Nothing of it is done then, nothing is lost, and the copy from before is whole both times."""
    with pytest.MonkeyPatch.context() as today:
        today.setattr(migrate, "HEAD", VERSIONS[-1])
        open_database(state, shipped("migrations")).close()
    with closing(sqlite3.connect(state / FILE)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = ?", (VERSIONS[-1],))
        raw.execute("INSERT INTO setting VALUES ('kept', 'yes')")
        raw.commit()
    (script,) = (later / "versions").glob("*_later.py")
    whole = script.read_text()
    dies = "    import os\n    os.kill(os.getpid(), 9)\n"
    step = "def upgrade():\n"
    script.write_text(whole.replace(step, step + dies) if when == "before a step" else whole + dies)
    command = [sys.executable, "-c", DIES, str(state), str(later), migrate.HEAD]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    died = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert died.returncode == -9, died.stderr
    with closing(sqlite3.connect(state / FILE)) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == (VERSIONS[-1],)
        assert not raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'later'").fetchone()
    script.write_text(whole)
    with closing(open_database(state, later)) as database:
        assert migrate.version(database.engine) == migrate.HEAD
        assert database.call(get_setting, "kept") == "yes"
    with closing(sqlite3.connect(state / f"{FILE}.before-{migrate.HEAD}")) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert raw.execute("SELECT value FROM setting WHERE name = 'kept'").fetchone() == ("yes",)
