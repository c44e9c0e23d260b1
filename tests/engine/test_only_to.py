"""A mailbox that the desk shares with other addresses, with a real Dovecot."""

from pathlib import Path

import pytest

from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot
MANY = ",\n ".join(f"v{number}@vendor.example" for number in range(110))
"""More addresses than are read."""
WIDE = ",\n ".join(f"{'v' * 60}{number}@{'vendor' * 10}.example" for number in range(40))
"""A longer field than is read."""
ONLY = 'only_to = ["security@project.example"]'


@pytest.fixture
def desk(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> RunningDesk:
    """A desk that shares its mailbox; its baseline is fixed."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.configure(inbox=ONLY)
    made.run()
    return made


def test_a_message_for_others_is_left_untouched_and_unseen(desk: RunningDesk) -> None:
    """A job applicant at info@ gets no acknowledgement, and their message stays as it was."""
    desk.inbox.append(mails.plain(to="info@project.example", message_id="<job@x>"), desk.clock)
    (uid,) = desk.inbox.uids()
    desk.run()
    desk.run()
    assert (desk.cases(), desk.sink.letters) == ([], [])
    assert desk.inbox.marks(uid) == set()


@pytest.mark.parametrize(
    "fields",
    [
        {"to": "security@project.example"},
        {"to": "info@project.example", "Cc": "security@project.example"},
        {"to": "security+token@project.example"},
        {"to": "info@project.example", "Delivered_To": "security@project.example"},
        {"to": "undisclosed-recipients:;"},
        {"to": "list@else.example"},
        {"to": f"info@project.example, {MANY}, security@project.example"},
        {"to": "info@project.example", "Cc": f"{WIDE}, security@project.example"},
    ],
)
def test_what_may_be_for_the_desk_is_a_case(desk: RunningDesk, fields: dict[str, str]) -> None:
    """Named anywhere, or a blind copy: in doubt it is the desk's, since a report left alone would be lost."""
    desk.inbox.append(mails.plain(**fields), desk.clock)
    desk.run()
    assert len(desk.cases()) == 1
