"""``maild check --letter`` tries the address with a tag that replies come back to."""

import threading
from pathlib import Path

import pytest

from maild.app.check.submission import send_tagged
from maild.config import load
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot


@pytest.fixture
def desk(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> RunningDesk:
    """A desk whose letters go into the sink."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.configure()
    made.run()
    return made


def test_a_tag_that_does_not_come_back_is_told(desk: RunningDesk) -> None:
    """The setting for servers without such addresses is proposed."""
    line = send_tagged(load(desk.path), patience=0)
    assert line.state == "warning"
    assert "did not come back" in line.text
    assert "desk.subaddress = false" in line.mend
    (sent,) = desk.sink.letters
    assert sent.recipients[0].startswith("security+check-")


def test_a_tag_that_is_refused_is_told(desk: RunningDesk) -> None:
    """A server that knows no such address says so at once."""
    desk.sink.always("RCPT", "550 5.1.1 no such user")
    line = send_tagged(load(desk.path), patience=0)
    assert (line.state, "is refused" in line.text) == ("warning", True)


def test_a_tag_that_comes_back_is_well_and_opens_no_case(desk: RunningDesk) -> None:
    """The letter lies in the inbox, and the desk knows it for its own."""
    found = []
    config = load(desk.path)
    looking = threading.Thread(target=lambda: found.append(send_tagged(config, patience=120)))
    looking.start()
    while not desk.sink.letters and looking.is_alive():
        looking.join(0.1)
    desk.inbox.append(desk.sink.letters[0].raw, desk.clock)
    looking.join()
    assert [line.state for line in found] == ["ok"]
    desk.run()
    assert desk.cases() == []
