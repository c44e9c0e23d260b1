"""Folders by special use (RFC 6154), with a real Dovecot, whose Junk is named so."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest

from maild.app import check as checking
from maild.config import load
from maild.config.servers import InboxSection
from maild.engine.special import Special
from maild.errors import TemporaryError
from maild.gateways.imap import Folders
from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.dovecot import User
from tests.support.running import RunningDesk
from tests.support.smtpsink import SmtpSink

pytestmark = pytest.mark.dovecot
REPORT = mails.plain(subject="Overflow in the parser", message_id="<junk@x>")


@pytest.fixture
def desk(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> RunningDesk:
    """A desk whose configuration says nothing about junk."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.configure()
    said(made, "")
    return made


def said(desk: RunningDesk, line: str) -> None:
    """The configuration with *line* in place of the one about junk."""
    text = desk.path.read_text()
    lines = [one for one in text.splitlines() if not one.startswith("junk =")]
    at = lines.index('sent = "Sent"')
    desk.path.write_text("\n".join([*lines[:at], *([line] if line else []), *lines[at:]]) + "\n")


def looked(desk: RunningDesk) -> list[tuple[str, str]]:
    """What ``check`` says about folders."""
    return [(one.state, one.text) for one in checking.check(load(desk.path), "imap") if one.what == "folders"]


def test_the_junk_folder_that_the_server_names_is_read(desk: RunningDesk) -> None:
    """What lay there is backlog; a report that lands there later is a case."""
    desk.inbox.append(mails.plain(message_id="<old@x>"), desk.clock, "Junk")
    desk.run()
    assert desk.cases() == []
    desk.inbox.append(REPORT, desk.clock, "Junk")
    desk.run()
    assert len(desk.cases()) == 1


def test_an_explicit_nothing_stays_unread(desk: RunningDesk) -> None:
    """``junk = ""`` is an answer, and ``check`` says what it costs."""
    said(desk, 'junk = ""')
    desk.run()
    desk.inbox.append(REPORT, desk.clock, "Junk")
    desk.run()
    assert desk.cases() == []
    assert ("warning", '"Junk" looks like a junk folder and is not read') in looked(desk)


class Server:
    """A mailbox thread whose server names this junk folder."""

    def __init__(self, junk: str) -> None:
        self.names = Folders(["INBOX"])
        self.names.junk = junk

    async def call(self, function: object, *arguments: object, deadline: float) -> Folders:
        """Whatever is asked: the folders."""
        return self.names


def special(server: Server, **inbox: str) -> Special:
    """The folders of a desk at this server."""
    section = InboxSection(host="localhost", **inbox)  # type: ignore[arg-type]
    parts = SimpleNamespace(config=SimpleNamespace(file=SimpleNamespace(inbox=section)))
    return Special(parts, server)  # type: ignore[arg-type]


def test_a_junk_folder_that_vanishes_or_fails_holds_up_nothing() -> None:
    """It was only the server's word: no more folder to read, and no trouble for the sweeps."""
    server = Server("Spam")
    found = special(server)
    asyncio.run(found.look())
    assert found.junk == "Spam"
    asyncio.run(found.forgive("Spam", TemporaryError("no")))
    assert found.junk == ""
    asyncio.run(found.look())
    assert found.junk == ""


@pytest.mark.parametrize(("name", "named"), [("INBOX", {}), ("Spam", {"junk": "Spam"})])
def test_trouble_with_a_folder_of_the_operators_is_trouble(name: str, named: dict[str, str]) -> None:
    """A folder that somebody named must be read, or no promise can be judged."""
    found = special(Server("Spam"), **named)
    asyncio.run(found.look())
    with pytest.raises(TemporaryError):
        asyncio.run(found.forgive(name, TemporaryError("no")))


def test_the_folder_for_sent_messages_is_the_servers_only_where_it_is_asked_for() -> None:
    """By default nothing in it counts; with the special use as its name it is the one that the server names."""
    server = Server("Spam")
    server.names.sent = "[Mail]/Sent"
    for given, wanted in (({}, ""), ({"sent": "Out"}, "Out"), ({"sent": "\\Sent"}, "[Mail]/Sent")):
        found = special(server, **given)
        asyncio.run(found.look())
        assert found.sent == wanted
    server.names.sent = ""
    found = special(server, sent="\\Sent")
    asyncio.run(found.look())
    assert found.sent == "\\Sent"  # which cannot be opened: trouble that is told


def test_check_says_which_folders_are_read(desk: RunningDesk) -> None:
    """By name, in the order they are read in."""
    assert looked(desk) == [("ok", "read: INBOX, Junk, Sent")]
    text = desk.path.read_text()
    desk.path.write_text(text.replace('sent = "Sent"\n', ""))
    assert ("warning", '"Sent" is the folder for sent messages and is not read') in looked(desk)
