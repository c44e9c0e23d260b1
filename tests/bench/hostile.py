"""What mail made to be expensive costs: ``python tests/bench/hostile.py``.

Each mail goes with one plain report behind it through a process of its own (``maild run --once``) against
a real Dovecot and a real gpg. Seconds and MiB (the kernel's high-water mark of the process) are printed
beside those of a run without mail. Fails when a mail is no case with its reason, the report behind it has no
receipt, or the memory is 300 MiB or more.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.openpgp.kit import Kit
from tests.support import mails
from tests.support.certificate import make_certificate
from tests.support.daemon import ROOT
from tests.support.dovecot import Dovecot
from tests.support.hostile import Hostile, hostile
from tests.support.measured import Measured, measured
from tests.support.sealing import SealedDesk
from tests.support.smtpsink import SmtpSink, running

MOST = 300


def main() -> int:
    """Print the table; the number of mails that did not end as they should."""
    wrong = 0
    with servers() as (folder, dovecot, kit):
        print(f"{'mail':<26}{'bytes':>10}{'seconds':>9}{'MiB':>6}  outcome")
        six: dict[str, Hostile | None] = {"(no mail)": None, **hostile(kit, folder)}
        for number, (name, one) in enumerate(six.items()):
            place = folder / str(number)
            place.mkdir()
            done, outcome = once(place, dovecot, kit, one)
            bad = done.code != 0 or done.peak >= MOST or outcome.startswith("WRONG")
            wrong += bad
            size = len(one.mail) if one else 0
            print(f"{name:<26}{size:>10,}{done.seconds:>9.2f}{done.peak:>6.0f}  {outcome}")
    return wrong


@contextmanager
def servers() -> Iterator[tuple[Path, Dovecot, Kit]]:
    """A folder, a Dovecot and keys, gone afterwards."""
    folder, dovecot, kit = Path(tempfile.mkdtemp(prefix="bh", dir="/tmp")), Dovecot(), Kit()
    try:
        dovecot.start()
        yield folder, dovecot, kit
    finally:
        dovecot.remove()
        kit.remove()
        shutil.rmtree(folder)


def once(folder: Path, dovecot: Dovecot, kit: Kit, one: Hostile | None) -> tuple[Measured, str]:
    """One process with one such mail and a report behind it."""
    certificate, user = make_certificate(folder), dovecot.user()
    with running(SmtpSink(certificate, users={"desk": "sesame"})) as sink:
        desk = SealedDesk(folder, user, sink, certificate, kit)
        if one:
            user.append(one.mail)
            user.append(mails.plain())
        command = [sys.executable, "-m", "maild", "--config", str(desk.path), "run", "--once"]
        done = measured(command, folder, {**os.environ, "PYTHONPATH": str(ROOT)})
        user.log_out()
        return done, judged(desk, one)


def judged(desk: SealedDesk, one: Hostile | None) -> str:
    """How it ended, in words."""
    if one is None:
        return ""
    journals = {case["messages"][0]["mail"]: str(case["journal"]) for case in desk.cases()}
    if one.reason not in journals.get(1, ""):
        return f"WRONG: no case that says {one.reason!r}"
    if len(desk.to("rita@reporter.example")) != 1:
        return "WRONG: the report behind it has no receipt"
    return f"case: {one.reason}; the next one answered"


if __name__ == "__main__":
    sys.exit(main())
