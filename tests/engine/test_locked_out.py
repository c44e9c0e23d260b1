"""Three days without a login to the mailbox, on the test's clock: known promises run, late mail is not lost."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.dovecot import PASSWORD, User
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink
from tests.support.underfire import Alerts

pytestmark = pytest.mark.dovecot
HOUR = timedelta(hours=1)


@pytest.fixture
def alerts() -> Iterator[Alerts]:
    """The operator's socket."""
    with tempfile.TemporaryDirectory(prefix="maild-") as short:
        made = Alerts(Path(short))
        yield made
        made.close()


def test_three_days_without_a_login(
    tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate, alerts: Alerts
) -> None:
    """One alert, one escalation a rung for what was known, then all that waited, from its arrival on."""
    desk = RunningDesk(tmp_path, inbox, sink, certificate)
    desk.configure(more=f'[alert]\nsocket = "{alerts.path}"\n')
    desk.run()
    inbox.append(mails.plain(), desk.clock)
    desk.run()
    (tmp_path / "imap-password").write_text("expired\n")
    for hour in range(0, 84, 12):
        desk.wait(12 * HOUR)
        if hour == 24:
            late = desk.clock
            inbox.append(mails.plain(sender="late@r.example", message_id="<late@r.example>"), late)
        desk.run()
        assert "refuses the login" in desk.trouble
    sent = Counter((row["kind"], row["to"]) for row in desk.view("outbox", True))
    assert sent["escalation", "carl@phone.example"] == sent["escalation", "bea@project.example"] == 1
    assert alerts.all() == [("mail-down", "mailbox")]
    (tmp_path / "imap-password").write_text(f"{PASSWORD}\n")
    desk.run()
    assert (desk.trouble, alerts.all()[1:]) == ("", [("mail-up", "mailbox")])
    case = next(one for one in desk.cases() if one["messages"][0]["author"] == "late@r.example")
    ack = next(row for row in case["promises"] if row["promise"] == "acknowledge")
    assert ack["due"].startswith((late + 24 * HOUR).isoformat()[:16])
    assert [one.recipients for one in sink.letters].count(("late@r.example",)) == 1
