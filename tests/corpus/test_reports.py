"""Real reports and real spam through the real engine: every report a case and one receipt, whatever happens."""

import signal
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.certificate import Certificate
from tests.support.corpus import find_corpus
from tests.support.daemon import Daemon
from tests.support.dovecot import User
from tests.support.relaying import header
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot
CORPUS = find_corpus()
UNLIMITED = "\n".join(
    ("[limits]", *(f"receipts_per_{of} = 9999" for of in ("address_day", "domain_hour", "hour")), "")
)


def real(kind: str) -> list[bytes]:
    """Every mail of one kind."""
    if CORPUS is None:
        pytest.skip("no corpus of real mail beside the project")
    return [path.read_bytes() for path in sorted((CORPUS / kind).iterdir()) if path.is_file()]


@pytest.fixture
def desk(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> RunningDesk:
    """A desk whose baseline is fixed, on the machine's clock, with the limits raised."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.clock = datetime.now(UTC)  # noqa: TID251 - the killed daemon is a process and has no other clock
    made.configure(inbox='poll = "1s"\n', more=UNLIMITED)
    made.run()
    return made


def receipts(sink: SmtpSink) -> dict[str, bytes]:
    """What was handed in, by Message-ID; the same one always has the same bytes."""
    found = {header(one, "Message-ID"): one.raw for one in sink.letters}
    assert {one.raw for one in sink.letters} == set(found.values())
    return found


def test_killed_and_started_again_every_report_is_a_case_and_has_one_receipt(
    desk: RunningDesk, sink: SmtpSink
) -> None:
    """No report is held or answered twice: not after kill -9, in a second run, or under new UIDs."""
    reports = real("reports")
    desk.inbox.append_many(reports)
    for enough in (1, 40):
        daemon = Daemon(desk.path)
        try:
            daemon.await_(lambda wanted=enough: len(sink.letters) >= wanted)
        finally:
            daemon.end(signal.SIGKILL)
            daemon.close()
    assert len(receipts(sink)) < len(reports), "the kill came too late"
    desk.clock = datetime.now(UTC)  # noqa: TID251 - see above
    for again in (desk.run, desk.run, desk.renumber, desk.run):
        again()
    assert (desk.trouble, len(desk.view("cases", True))) == ("", len(reports))
    assert desk.view("quarantine") == []
    assert len(receipts(sink)) == len(reports)


def test_at_least_half_of_real_spam_is_held_and_none_of_it_is_answered(
    desk: RunningDesk, sink: SmtpSink
) -> None:
    """Old spam: half of it waits in quarantine, and only what became a case was acknowledged."""
    spam = real("spam")
    desk.inbox.append_many(spam)
    desk.run()
    held, cases = desk.view("quarantine"), {one["case"] for one in desk.view("cases", True)}
    assert len(held) >= len(spam) / 2
    assert len(cases) <= len(spam) - len(held)
    owed = Counter(one["case"] for one in desk.view("outbox", True) if one["kind"] == "receipt")
    assert (set(owed) - cases, set(owed.values())) == (set(), {1})
    assert len([one for one in sink.letters if header(one, "Auto-Submitted") == "auto-replied"]) == len(owed)
