"""A PostgreSQL of the tests' own, from Debian's package: one cluster for a run, a database for each test."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from maild.config.share import shipped
from maild.store.place import Place, Server
from maild.store.schema import metadata
from tests.support.certificate import Certificate
from tests.support.ports import await_that, free_ports

ROLE = "maild"
TEMPLATE = "ready"
"""A database of the newest schema, which each test gets a copy of: that takes a tenth of migrating."""
# A run's cluster is thrown away: nothing of it has to outlive the machine, but what was committed outlives the server.
_HASTY = ("fsync=off", "full_page_writes=off", "autovacuum=off")
_SMALL = ("shared_buffers=16MB", "max_connections=60")


def programs() -> Path | None:
    """The folder with the newest ``initdb`` and ``postgres`` of this machine; ``None`` where there are none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: int(one.parts[-3]))
    return found[-1].parent if found else None


@dataclass
class Cluster:
    """A cluster that runs: ``folder`` has its socket, and it listens on ``port`` of the loopback interface."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    command: list[object]
    numbers: Iterator[int] = field(default_factory=count)
    made: bool = False
    shared: str = ""

    def url(self, name: str) -> str:
        """The URL of the database *name*, as ``[database] url`` has it."""
        return f"postgresql+psycopg://{ROLE}@/{name}?host={self.folder}&port={self.port}"

    def run(self, sql: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """What *sql* answers, said by the cluster's owner outside any transaction."""
        import psycopg

        place = {"host": str(self.folder), "port": self.port, "user": ROLE, "dbname": database}
        with closing(psycopg.connect(**place, autocommit=True)) as raw:  # type: ignore[arg-type]
            found = raw.execute(sql)
            return found.fetchall() if found.description else []

    def database(self, like: str = "") -> str:
        """The name of a new database: empty, or a copy of the one named."""
        name = f"desk{next(self.numbers)}"
        of = f"TEMPLATE {like}" if like else "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
        self.run(f"CREATE DATABASE {name} {of}")
        return name

    def ready(self) -> str:
        """The name of a new database with maild's tables, empty."""
        if not self.made:
            self.run(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
            Place(self.folder / "state", Server(self.url(TEMPLATE), str)).open(shipped("migrations")).close()
            self.made = True
        return self.database(TEMPLATE)

    def emptied(self) -> str:
        """The name of the one database with maild's tables that every test may have, without a row of the last."""
        if not self.shared:
            self.shared = self.ready()
            return self.shared
        tables = "; ".join(f'DELETE FROM "{table}"' for table in metadata.tables)
        self.run(
            f"SET lock_timeout = '30s'; SET session_replication_role = replica; {tables}; "
            "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'; SET session_replication_role = origin",
            self.shared,
        )
        return self.shared

    def encrypt(self, certificate: Certificate | None) -> None:
        """From now on new connections by TCP can be encrypted with *certificate*; without one, no more."""
        if certificate:
            for file, name in ((certificate.cert, "server.crt"), (certificate.key, "server.key")):
                shutil.copy(file, self.folder / "data" / name)
                (self.folder / "data" / name).chmod(0o600)
                if user := _ordinary_user():
                    os.chown(self.folder / "data" / name, user.pw_uid, user.pw_gid)
        self.run(f"ALTER SYSTEM SET ssl = {'on' if certificate else 'off'}")
        self.run("SELECT pg_reload_conf()")
        wanted = "on" if certificate else "off"
        await_that(lambda: self.run("SHOW ssl") == [(wanted,)], "the server has read its settings")

    def die(self) -> None:
        """The server dies as when its host does; what was committed is there when it comes back."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(30)

    def come_back(self) -> None:
        """The server that died runs again."""
        self.process = _as(_ordinary_user(), self.command)
        _ready(self)

    def end_connections(self, name: str) -> None:
        """End every connection to the database *name*, as a server that is stopped does."""
        self.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


@contextmanager
def running(flushed: bool = False) -> Iterator[Cluster]:
    """A new cluster, until the end; as root it runs as an ordinary user, as initdb demands.

    *flushed*: what it stores is on the disk when it says so, as a desk has it.
    """
    bin_folder = programs()
    assert bin_folder
    user = _ordinary_user()
    folder = Path(tempfile.mkdtemp(prefix="maild-pg-", dir="/tmp"))
    try:
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        data, port = folder / "data", free_ports(1)[0]
        made = [
            bin_folder / "initdb",
            "-D",
            data,
            "-U",
            ROLE,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "-N",
        ]
        _as(user, made).communicate()
        settings = [
            f"-c{one}" for one in (*(() if flushed else _HASTY), *_SMALL, f"unix_socket_directories={folder}")
        ]
        settings += [f"-cport={port}", "-clisten_addresses=127.0.0.1,127.0.0.2"]
        command = [bin_folder / "postgres", "-D", data, *settings]
        cluster = Cluster(folder, port, _as(user, command), command)
        try:
            yield _ready(cluster)
        finally:
            cluster.process.send_signal(signal.SIGQUIT)
            cluster.process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ordinary_user() -> pwd.struct_passwd | None:
    return None if os.getuid() else pwd.getpwnam("nobody")


def _as(user: pwd.struct_passwd | None, command: list[object]) -> subprocess.Popen[bytes]:
    who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        [str(part) for part in command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        umask=0o077 if user is None else 0o027,
        start_new_session=True,
        preexec_fn=_ends_with_us,  # noqa: PLW1509 - before any thread is started
        **who,
    )


def _ends_with_us() -> None:
    """A run that is killed leaves no server (prctl(2), PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


def _ready(cluster: Cluster) -> Cluster:
    import psycopg

    until = time.monotonic() + 180
    while True:
        try:
            cluster.run("SELECT 1")
        except psycopg.OperationalError:
            assert cluster.process.poll() is None, "the cluster of the tests did not start"
            assert time.monotonic() < until, "the cluster of the tests does not answer"
            time.sleep(0.05)
        else:
            return cluster
