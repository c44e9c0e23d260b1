"""What the measurements stand on: real servers, a desk on them, its daemon, and what its database tells."""

import os
import shutil
import socket
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median

from tests.openpgp.kit import Kit
from tests.support.certificate import Certificate, make_certificate
from tests.support.daemon import Daemon
from tests.support.dovecot import Dovecot
from tests.support.running import RunningDesk
from tests.support.sealing import SealedDesk
from tests.support.smtpsink import SmtpSink, running

PATIENCE = 300.0
"""Seconds after which a measurement is given up."""
WIDE = "receipts_per_address_day = 1000000\nreceipts_per_domain_hour = 1000000\nreceipts_per_hour = 1000000"
"""What is measured is the road, not its brakes."""


class Ground:
    """A Dovecot, an SMTP server and keys, for the desks of one measurement."""

    def __init__(self, folder: Path, dovecot: Dovecot, sink: SmtpSink, kit: Kit) -> None:
        self.folder, self.dovecot, self.sink, self.kit = folder, dovecot, sink, kit
        self.certificate = Certificate(folder / "cert.pem", folder / "key.pem")
        self.desks = 0

    def desk(self, mode: str = "observe", *, sealed: bool = False, inbox: str = "") -> RunningDesk:
        """A desk with an empty mailbox of its own, its baseline fixed."""
        self.desks += 1
        place = self.folder / str(self.desks)
        place.mkdir()
        user = self.dovecot.user()
        made: RunningDesk
        if sealed:
            made = SealedDesk(place, user, self.sink, self.certificate, self.kit)
        else:
            made = RunningDesk(place, user, self.sink, self.certificate)
            made.configure(f'mode = "{mode}"')
        text = made.path.read_text().replace('mode = "relay"', f'mode = "{mode}"')
        made.path.write_text(f"{text}\n[limits]\n{WIDE}\n")
        made.run()
        return made


@contextmanager
def ground() -> Iterator[Ground]:
    """The servers, gone afterwards."""
    folder, dovecot, kit = Path(tempfile.mkdtemp(prefix="mb", dir="/tmp")), Dovecot(), Kit()
    try:
        dovecot.start()
        with running(SmtpSink(make_certificate(folder), users={"desk": "sesame"})) as sink:
            yield Ground(folder, dovecot, sink, kit)
    finally:
        dovecot.remove()
        kit.remove()
        shutil.rmtree(folder)


@contextmanager
def daemon(desk: RunningDesk, environment: Mapping[str, str] | None = None) -> Iterator[tuple[Daemon, float]]:
    """The desk's daemon as soon as it says that it is ready, and the seconds that took."""
    address = str(desk.folder / "notify")
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as manager:
        manager.bind(address)
        manager.settimeout(PATIENCE)
        begin = time.monotonic()
        one = Daemon(desk.path, {"NOTIFY_SOCKET": address, **(environment or {})})
        try:
            while manager.recv(4096) != b"READY=1":
                pass
            yield one, time.monotonic() - begin
            one.end()
        finally:
            one.close()
            os.unlink(address)


def database(desk: RunningDesk) -> Path:
    """The desk's database file."""
    return desk.folder / "state" / "maild.db"


def asked(file: Path, question: str) -> int:
    """One number from a database that somebody else is writing."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)) as connection:
        return int(connection.execute(question).fetchone()[0])


def rows(file: Path) -> dict[str, int]:
    """How many rows each table has."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        named = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in named}


def pss(pid: int) -> float:
    """MiB in use by a process and its children, shared pages by share; gpg-agent is not counted."""
    return sum(_own(one) for one in _family(pid)) / 1024


def _family(pid: int) -> list[int]:
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(word) for one in threads for word in (one / "children").read_text().split()]
        name = Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return []
    return [*([] if name == "gpg-agent" else [pid]), *(one for child in children for one in _family(child))]


def _own(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def processor(pid: int) -> float:
    """Seconds of CPU that a process and its ended children used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(one) for one in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def spread(values: list[float], form: str = ".2f") -> str:
    """Least, median and most of *values*."""
    return " / ".join(format(one, form) for one in (min(values), median(values), max(values)))


def busy() -> str:
    """How busy the machine is, for whoever reads the figures."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
