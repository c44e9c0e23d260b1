"""What passing on a big mail costs: ``python tests/bench/relaying.py [MB]`` (24 unless given).

One report of so many million bytes goes to three members, once in clear and once sealed, each in a process of
its own (``maild run --once``) against a real Dovecot and a real gpg. Seconds and MiB (the kernel's high-water
mark) are printed beside those of a run without mail. Fails when a copy is missing or 180 MiB are reached.
"""

import os
import sys
from base64 import encodebytes
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.hostile import servers
from tests.openpgp.kit import Kit
from tests.openpgp.mails import multipart, text
from tests.support.certificate import make_certificate
from tests.support.daemon import ROOT
from tests.support.dovecot import Dovecot
from tests.support.measured import Measured, measured
from tests.support.relaying import BEA, CARL, MIA, RelayDesk
from tests.support.sealing import head, report
from tests.support.smtpsink import SmtpSink, running

MOST = 180


def main() -> int:
    """Print the table; the number of mails that did not end as they should."""
    size, wrong = int(sys.argv[1] if len(sys.argv) > 1 else 24) * 1_000_000, 0
    with servers() as (folder, dovecot, kit):
        print(f"{'mail':<12}{'bytes':>12}{'seconds':>9}{'MiB':>6}  copies")
        for name, raw in (("(no mail)", b""), ("in clear", clear(size)), ("sealed", sealed(kit, size))):
            place = folder / name.strip("()").replace(" ", "")
            place.mkdir()
            done, copies = once(place, dovecot, kit, raw)
            expected = {"(no mail)": [0, 0, 0], "in clear": [1, 1, 1], "sealed": [1, 1, 0]}[name]
            wrong += done.code != 0 or done.peak >= MOST or copies != expected
            print(f"{name:<12}{len(raw):>12,}{done.seconds:>9.2f}{done.peak:>6.0f}  {copies}")
    return wrong


def trace(size: int) -> bytes:
    """An attachment of about *size* bytes as it travels: base64."""
    kind = 'Content-Type: application/octet-stream; name="core"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    return kind.encode() + encodebytes(os.urandom(size * 3 // 4 * 76 // 78)).replace(b"\n", b"\r\n")


def clear(size: int) -> bytes:
    """A plain report with a big attachment."""
    return multipart("mixed", text("It crashes.\n"), trace(size), head=head(1, subject="Overflow"))


def sealed(kit: Kit, size: int) -> bytes:
    """The same, sealed: what base64 has added is packed away before it is armored."""
    return report(kit, 1, trace(size * 97 // 100))


def once(folder: Path, dovecot: Dovecot, kit: Kit, raw: bytes) -> tuple[Measured, list[int]]:
    """One process with one such mail; how many copies Mia, Bea and Carl got."""
    certificate, user = make_certificate(folder), dovecot.user()
    with running(SmtpSink(certificate, users={"desk": "sesame"})) as sink:
        desk = RelayDesk(folder, user, sink, certificate, kit)
        if raw:
            user.append(raw)
        command = [sys.executable, "-m", "maild", "--config", str(desk.path), "run", "--once"]
        done = measured(command, folder, {**os.environ, "PYTHONPATH": str(ROOT)})
        user.log_out()
        return done, [len(desk.copies(who)) for who in (MIA, BEA, CARL)]


if __name__ == "__main__":
    sys.exit(main())
