"""The acknowledgement says whom to write to when nobody answers in time."""

from pathlib import Path

import pytest

from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.relaying import letter_text
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot


def test_without_a_policy_page_it_names_the_people(
    tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate
) -> None:
    """Where no page names them, the acknowledgement does: by the addresses of the page, never where they are paged."""
    desk = RunningDesk(tmp_path, inbox, sink, certificate)
    desk.path.write_text(
        "".join(one for one in desk.path.read_text().splitlines(True) if "policy_url" not in one)
    )
    desk.run()
    desk.inbox.append(mails.plain(), desk.clock)
    desk.run()
    (sent,) = [one for one in sink.letters if one.recipients == ("rita@reporter.example",)]
    assert "Carl <carl@project.example>\n  Bea <bea@project.example>" in letter_text(sent).replace(
        "\r\n", "\n"
    )
