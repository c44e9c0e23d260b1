"""A desk that has seen something of everything, made once for all tests that only look."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.dovecot import Dovecot
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink, running

SPAM = mails.plain(subject="CHEAP PILLS 80% OFF!!! CLICK NOW", sender="win@spam.example", message_id="<s@x>")
HOSTILE = mails.plain(
    subject="Overflow [bold red]in[/] \x1b[31mthe \u202eparser", sender="eve@x.example", message_id="<h@x>"
)


@pytest.fixture(scope="package")
def seen(
    dovecot: Dovecot, certificate: Certificate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningDesk]:
    """Two cases (one of them escalated), one mail in quarantine, one in the backlog, one letter not sent."""
    inbox = dovecot.user()
    with running(SmtpSink(certificate, users={"desk": "sesame"})) as sink:
        desk = RunningDesk(tmp_path_factory.mktemp("seen"), inbox, sink, certificate)
        inbox.append(mails.plain(message_id="<old@x>", text="Old news.\n"), desk.clock)
        desk.run()
        for raw in (mails.plain(), SPAM):
            inbox.append(raw, desk.clock)
        desk.run()
        desk.wait(timedelta(hours=48))
        desk.run()
        sink.always("MAIL", "451 4.3.0 later")
        inbox.append(HOSTILE, desk.clock)
        desk.run()
        yield desk
        inbox.log_out()


@pytest.fixture
def desk(tmp_path: Path, inbox: object, sink: SmtpSink, certificate: Certificate) -> RunningDesk:
    """A desk of its own for a test that changes something; its baseline is fixed."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)  # type: ignore[arg-type]  # a User
    made.run()
    return made
