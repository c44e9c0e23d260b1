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


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        (
            {"Authentication_Results": f"{MX}; dmarc=pass header.from=project.example"},
            f"is proved by your mail server: dmarc=pass of {MX}",
        ),
        (
            {"Authentication_Results": f"{MX}; dmarc=fail header.from=project.example"},
            "the result is dmarc=fail",
        ),
        (
            {"Authentication_Results": GOOGLE},
            "results are of mx.google.com, which trust.authserv_id does not",
        ),
        ({}, "nobody wrote Authentication-Results"),
        (
            {
                "Received": "from a (a.example [203.0.113.1]) by gate.else.example with ESMTPS id 1; now",
                "Authentication_Results": f"{MX}; dmarc=pass header.from=project.example",
            },
            f"results of {MX} stand below a hop that is not known as yours",
        ),
    ],
)
def test_why_a_members_message_was_not_recognized_is_said(
    relaying: RunningDesk, fields: dict[str, str], word: str
) -> None:
    """Let each member send one message: ``check`` says what stands in its way, and what proves them instead."""
    relaying.inbox.append(mails.plain(sender="Anna <anna@project.example>", **fields), relaying.clock)
    (text,) = [text for text in told(relaying, "team") if text.startswith("Anna's newest")]
    assert word in text


def test_who_has_sent_nothing_yet_is_named(relaying: RunningDesk) -> None:
    """A member without a message is asked for one; one who logs in to the server needs no results there."""
    relaying.path.write_text(relaying.path.read_text().replace("[trust]", "[trust]\nlocal_submission = true"))
    login = (
        f"from [192.0.2.7] (isp.example [192.0.2.7]) (Authenticated sender: anna@project.example) by {MX} "
    )
    received = f"{login}(Postfix) with ESMTPSA id 1A2B3C; Mon, 2 Mar 2026 09:00:05 +0000"
    asks = "let each send one to security@project.example, then check again"
    (before,) = [text for text in told(relaying, "team") if "no message from" in text]
    assert before == f"no message from Anna or Carl or Bea is among the newest 50 in the inbox: {asks}"
    raw = mails.plain(sender="Anna <anna@project.example>", Received=received)
    relaying.inbox.append(raw, relaying.clock)
    found = told(relaying, "team")
    assert f"no message from Carl or Bea is among the newest 50 in the inbox: {asks}" in found
    (anna,) = [text for text in found if text.startswith("Anna's newest message (")]
    assert anna.endswith("is proved by your mail server: their login there")
    assert told(relaying, "trust") == {}


def test_who_else_has_mail_in_the_mailbox_is_said(relaying: RunningDesk) -> None:
    """A shared mailbox is noticed, and with ``only_to`` it is said how much is left alone."""
    for number, to in enumerate(("info@project.example", "security+x@project.example", "list@else.example")):
        relaying.inbox.append(mails.plain(to=to, message_id=f"<{number}@x>"), relaying.clock)
    ((text, state),) = told(relaying, "inbox").items()
    assert text == "1 of the newest 3 messages name info@project.example, and not the desk"
    assert "inbox.only_to" in state
    configured = relaying.path.read_text().replace(
        "[smtp]", 'only_to = ["security@project.example"]\n[smtp]', 1
    )
    relaying.path.write_text(configured)
    assert told(relaying, "inbox") == {"1 of the newest 3 messages are for others and left alone": "ok: "}


def test_a_list_that_nobody_named_is_proposed(relaying: RunningDesk) -> None:
    """Its reporters are not acknowledged: check says so until it is named."""
    for number in range(3):
        about = {"to": "sec@lists.project.example", "List_Post": "<mailto:sec@lists.project.example>"}
        relaying.inbox.append(mails.plain(message_id=f"<{number}@x>", **about), relaying.clock)
    ((text, mend),) = [
        (one, mend) for one, mend in told(relaying, "inbox").items() if "through the list" in one
    ]
    assert text.startswith("most of the newest messages came through the list sec@lists.project.example")
    assert mend == 'warning: if it is your own, set desk.own_lists = ["sec@lists.project.example"]'
    relaying.configure('mode = "relay"\nown_lists = ["sec@lists.project.example"]\n')
    assert [one for one in told(relaying, "inbox") if "through the list" in one] == []


def test_schleuder_in_front_is_named_with_what_replaces_it(relaying: RunningDesk) -> None:
    """It hides who wrote: check says so, and that relay with the list's key takes its place."""
    about = {
        "List_Help": "<https://schleuder.org/>",
        "List_Owner": "<mailto:x@y.example> (Use list's public key)",
    }
    relaying.inbox.append(mails.plain(**about), relaying.clock)
    found = {text: mend for text, mend in told(relaying, "inbox").items() if "schleuder" in text}
    ((text, mend),) = found.items()
    assert "1 of the newest 1 messages" in text
    assert mend.startswith('warning: let maild take its place: mode = "relay"')
