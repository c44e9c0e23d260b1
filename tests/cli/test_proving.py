"""``maild check``: how each member can prove who they are, and whose results stand in recent mail."""

import json

import pytest

from tests.support import mails
from tests.support.commanding import command
from tests.support.desk import MX
from tests.support.running import RunningDesk

pytestmark = pytest.mark.dovecot
GOOGLE = "mx.google.com; dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=reporter.example"


def told(desk: RunningDesk, what: str) -> dict[str, str]:
    """What check says about one thing: each text with its state and its step."""
    rows = json.loads(command(desk.path, "check", "--json").out)
    return {row["text"]: f"{row['state']}: {row['mend']}" for row in rows if row["what"] == what}


@pytest.fixture
def relaying(desk: RunningDesk) -> RunningDesk:
    """The usual desk, as a relay without a Sent folder."""
    desk.configure('mode = "relay"\n')
    desk.path.write_text(desk.path.read_text().replace('sent = "Sent"', ""))
    return desk


def test_every_member_has_a_line(relaying: RunningDesk) -> None:
    """Without a key: by the mail server's results and by token."""
    found = [text for text in told(relaying, "team") if "recognized by" in text]
    assert [text.split()[0] for text in found] == ["Anna", "Carl", "Bea"]
    assert all("mail server" in text and "token" in text and "signature" not in text for text in found)


def test_a_member_without_any_way_is_a_fault(relaying: RunningDesk) -> None:
    """With tokens off and no exchanger, who has a key can prove themselves, and who has none cannot."""
    text = relaying.path.read_text().replace(f'authserv_id = "{MX}"', 'tokens = "off"')
    text = text.replace("[smtp]", f'[openpgp]\nkey = "{"B" * 40}"\n[smtp]', 1)
    relaying.path.write_text(text.replace('name = "Anna"', f'name = "Anna"\nfingerprint = "{"A" * 40}"'))
    found = told(relaying, "team")
    assert "Anna is recognized by signature (every command)" in found
    states = [state for text, state in found.items() if text.startswith("Carl cannot prove who they are")]
    assert [one.partition(":")[0] for one in states] == ["fault"]


@pytest.mark.parametrize("configured", ["", MX, "mx.google.com"])
def test_the_results_in_recent_mail_name_the_exchanger(relaying: RunningDesk, configured: str) -> None:
    """The host that wrote them is proposed where it is not configured, and said to be used where it is."""
    relaying.path.write_text(
        relaying.path.read_text().replace(f'authserv_id = "{MX}"', f'authserv_id = "{configured}"')
    )
    relaying.inbox.append(mails.plain(Authentication_Results=GOOGLE), relaying.clock)
    ((text, state),) = told(relaying, "trust").items()
    assert "mx.google.com" in text
    if configured == "mx.google.com":
        assert state.startswith("ok")
    else:
        assert state == 'warning: if that is your own mail server, set trust.authserv_id = "mx.google.com"'
