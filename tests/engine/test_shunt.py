"""Mail that maild cannot handle: kept, counted, told once, and handled at a person's word."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from maild.engine import arriving
from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.commanding import Said, command
from tests.support.dovecot import User
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot

WORDS = "Overflow in the parser of rita@reporter.example"


@pytest.fixture
def desk(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> RunningDesk:
    """A desk whose baseline is fixed."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.run()
    return made


@pytest.fixture
def bug(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Mail of Rita's meets a bug, until ``mended``."""
    right, bug = arriving.handle_arrival, SimpleNamespace(mended=False)

    def wrong(connection: object, envelope: int, *rest: object) -> object:
        if envelope < 3 and not bug.mended:
            raise RuntimeError(WORDS)
        return right(connection, envelope, *rest)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(arriving, "handle_arrival", wrong)
    return bug


def word(desk: RunningDesk, *words: str) -> Said:
    """A command on this desk."""
    return command(desk.path, *words)


def two_bad_one_good(desk: RunningDesk) -> None:
    """Three mails arrive; the first two meet the bug."""
    for number, sender in enumerate(("rita@reporter.example", "ralf@reporter.example", "tom@x.example")):
        raw = mails.plain(message_id=f"<{number}@x.example>", sender=sender)
        desk.inbox.append(raw, desk.clock)
    desk.run()


def notices(sink: SmtpSink) -> list[str]:
    """To whom it was told."""
    about = b"Subject: maild could not process a message"
    return sorted(to for sent in sink.letters if about in sent.raw for to in sent.recipients)


def test_handler_and_coordinator_are_told_once_and_no_word_of_it(
    desk: RunningDesk, sink: SmtpSink, bug: SimpleNamespace
) -> None:
    """Two mails meet one bug: one letter each, with its fingerprint; the third mail has its receipt."""
    two_bad_one_good(desk)
    assert notices(sink) == ["anna@project.example", "carl@phone.example"]
    assert all(b"RuntimeError" in sent.raw and b"rita" not in sent.raw for sent in sink.letters[:1])
    assert [row["times"] for row in desk.view("shunted")] == [1, 1]
    assert [one["participants"][0]["address"] for one in desk.cases()] == ["tom@x.example"]
    desk.run()
    assert len(notices(sink)) == 2


def test_a_retry_after_the_mending_makes_a_case_of_it(
    desk: RunningDesk, sink: SmtpSink, bug: SimpleNamespace
) -> None:
    """It becomes a case whose promises count from its arrival, with one receipt; nothing is set aside any more."""
    two_bad_one_good(desk)
    arrived, bug.mended = desk.clock, True
    assert word(desk, "retry", "1").status == 0
    assert word(desk, "retry", "--all").out.startswith("1 message")
    desk.run()
    assert desk.view("shunted") == []
    opened = {one["participants"][0]["address"]: one["opened"] for one in desk.cases()}
    assert opened["rita@reporter.example"] == opened["ralf@reporter.example"] == arrived.isoformat()
    receipts = [sent.recipients for sent in sink.letters if b"auto-replied" in sent.raw]
    assert sorted(receipts) == [("ralf@reporter.example",), ("rita@reporter.example",), ("tom@x.example",)]


def test_a_retry_that_fails_again_is_counted(desk: RunningDesk, sink: SmtpSink, bug: SimpleNamespace) -> None:
    """It stands aside again, the second time; nobody hears of the same trouble twice a day."""
    two_bad_one_good(desk)
    word(desk, "retry", "1")
    desk.run()
    assert [row["times"] for row in desk.view("shunted")] == [2, 1]
    assert len(notices(sink)) == 2


def test_only_what_was_set_aside_is_tried_again(desk: RunningDesk, bug: SimpleNamespace) -> None:
    """A mail that was handled, one that does not exist, or no word at all: refused, with what to do."""
    two_bad_one_good(desk)
    for words in (("3",), ("9",), (), ("1", "--all")):
        said = word(desk, "retry", *words)
        assert (said.status, "maild shunted" in said.err) == (1, True)


def test_it_is_written_out_as_it_came(desk: RunningDesk, bug: SimpleNamespace) -> None:
    """The very bytes, into a new file that nobody else reads; an existing file stays as it is."""
    raw = mails.plain()
    desk.inbox.append(raw, desk.clock)
    desk.run()
    file = desk.folder / "mail.eml"
    assert word(desk, "export", "1", "--output", str(file)).status == 0
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (raw, 0o600)
    assert word(desk, "export", "1", "--output", str(file)).status == 1
    assert file.read_bytes() == raw
    missing = desk.folder / "missing.eml"
    assert (word(desk, "export", "7", "--output", str(missing)).status, missing.exists()) == (1, False)
