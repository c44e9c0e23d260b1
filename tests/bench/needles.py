"""Real reports in two floods: ``python tests/bench/needles.py [MAILS [SPAMS]]``.

First MAILS from a quarter as many domains with twenty reports among them, then SPAMS that are held, with one report
that the rules mistook. Prints who was answered and copied, what left in the hour, and where the report is listed.
"""

import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.support import mails
from tests.support.certificate import make_certificate
from tests.support.dovecot import Dovecot
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink, running

REPORTS = 20
LURE = "CHEAP PILLS 80% OFF!!! CLICK NOW"
MISTAKEN = "Limited offer: click here"


def main(count: int = 2000, spams: int = 3000) -> int:
    """Exit status 1 when a report was not answered, not copied, or not on the first page of the list."""
    folder, server = Path(tempfile.mkdtemp(prefix="needles-")), Dovecot()
    try:
        server.start()
        certificate = make_certificate(folder)
        with running(SmtpSink(certificate, users={"desk": "sesame"})) as sink:
            desk = RunningDesk(folder, server.user(), sink, certificate)
            desk.configure('mode = "relay"\n')
            desk.path.write_text(
                desk.path.read_text().replace('held_digest_at = ""', 'held_digest_at = "08:00"')
            )
            desk.run()
            good = flood(desk, count) & haystack(desk, spams)
    finally:
        server.remove()
        shutil.rmtree(folder)
    print(
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB at the most, test servers included"
    )
    print("good" if good else "WRONG")
    return 0 if good else 1


def flood(desk: RunningDesk, count: int) -> bool:
    """A minute of mail: every report has its receipt and its copies, the hour's limits hold."""
    raws = [_neutral(n, count) for n in range(count)]
    for number in range(REPORTS):
        raws.insert((number + 1) * count // (REPORTS + 1), _report(number))
    began = time.monotonic()
    for start in range(0, len(raws), 500):
        desk.inbox.append_many(raws[start : start + 500])
    desk.run()
    took = time.monotonic() - began
    sent = [row for row in desk.view("outbox", True) if row["state"] == "sent"]
    kinds = Counter(row["kind"] for row in sent)
    receipts = {row["to"] for row in sent if row["kind"] == "receipt"}
    answered = sum(f"rita{n}@reporter{n}.example" in receipts for n in range(REPORTS))
    cases = {p["address"]: one["case"] for one in desk.cases() for p in one["participants"]}
    copied = Counter(row["case"] for row in sent if row["kind"] == "copy")
    carried = sum(copied[cases[f"rita{n}@reporter{n}.example"]] == 3 for n in range(REPORTS))
    print(
        f"{len(raws)} mails, {REPORTS} of them reports: handled in {took:.0f} s; sent in the hour {dict(kinds)}"
    )
    print(f"reports acknowledged {answered}, copied to everybody {carried}")
    return answered == carried == REPORTS and kinds["receipt"] <= 100 and kinds["copy"] <= 1000


def haystack(desk: RunningDesk, spams: int) -> bool:
    """The one report among held spam stands on the first page of the next letter."""
    raws = [_spam(n) for n in range(spams)]
    raws.insert(
        spams // 2, mails.plain(subject=MISTAKEN, sender="rita@held.example", message_id="<needle@x>")
    )
    before = len(desk.view("quarantine"))
    for start in range(0, len(raws), 500):
        desk.inbox.append_many(raws[start : start + 500])
    desk.run()
    held = desk.view("quarantine")
    needle = [row["mail"] for row in held if row["from"] == "rita@held.example"]
    print(f"{len(held) - before} mails held, the report {'among them' if needle else 'not'}")
    desk.wait(timedelta(days=1))
    began = time.monotonic()
    desk.run()
    took = time.monotonic() - began
    lists = [one.raw for one in desk.sink.letters if b"in quarantine as probable spam" in one.raw]
    text = " ".join(lists[-1].decode("utf-8", "replace").split()) if lists else ""
    shown = bool(needle) and f"Message {needle[0]}," in text
    print(
        f"{len(lists)} lists, the round took {took:.0f} s; the report is {'on' if shown else 'NOT on'} the first page"
    )
    return shown


def _neutral(number: int, count: int) -> bytes:
    domain = f"d{number % max(1, count // 4)}.example"
    return mails.plain(
        subject=f"Hello {number}", sender=f"v{number}@{domain}", message_id=f"<n{number}@{domain}>"
    )


def _report(number: int) -> bytes:
    who = f"rita{number}@reporter{number}.example"
    return mails.plain(
        subject=f"Heap overflow in the parser of {number}.xq", sender=who, message_id=f"<r{who}>"
    )


def _spam(number: int) -> bytes:
    who = f"w{number}@spam{number}.example"
    return mails.plain(subject=f"{LURE} {number}", sender=who, message_id=f"<s{who}>")


if __name__ == "__main__":
    words = [int(one) for one in sys.argv[1:]]
    sys.exit(main(*words))
