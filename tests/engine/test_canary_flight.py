"""The canary: a letter to the desk's own address proves the way a report takes, and silence is an alarm."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from maild.store import canaries, figures
from tests.support import mails
from tests.support.certificate import Certificate
from tests.support.commanding import command
from tests.support.dovecot import User
from tests.support.running import RunningDesk
from tests.support.smtpsink import Letter, SmtpSink, running

pytestmark = pytest.mark.dovecot
FLIES = 'every = "24h"\nwithin = "10m"\n'


@pytest.fixture
def desk(tmp_path: Path, inbox: User, sink: SmtpSink, certificate: Certificate) -> RunningDesk:
    """A desk whose baseline is fixed."""
    made = RunningDesk(tmp_path, inbox, sink, certificate)
    made.run()
    return made


@pytest.fixture
def alerts(desk: RunningDesk) -> Iterator[list[dict[str, str]]]:
    """What the alert socket was told, read when the list is asked for with ``heard``."""
    with closing(socket.socket(socket.AF_UNIX)) as listener:
        listener.bind(f"{desk.folder}/a.sock")
        listener.listen()
        listener.setblocking(False)
        told: list[dict[str, str]] = []
        desk.heard = lambda: heard(listener, told)  # type: ignore[attr-defined]
        yield told


def heard(listener: socket.socket, told: list[dict[str, str]]) -> list[tuple[str, str]]:
    """Every alert so far, as event and subject."""
    while True:
        try:
            sock, _ = listener.accept()
        except BlockingIOError:
            return [(one["event"], one["what"]) for one in told]
        with sock:
            told.append(json.loads(sock.makefile().read()))


def flying(desk: RunningDesk, more: str = "") -> None:
    """From now on a canary flies once a day."""
    text = desk.path.read_text().replace('every = "0"\n', FLIES + more)
    desk.path.write_text(text.replace("[trust]", f'[alert]\nsocket = "{desk.folder}/a.sock"\n\n[trust]'))


def flown(desk: RunningDesk) -> list[Letter]:
    """The canaries that were handed in."""
    return [one for one in desk.sink.letters if one.recipients == ("security@project.example",)]


def told(desk: RunningDesk, subject: str) -> int:
    """How many letters went out with these words in their subject."""
    return sum(subject in str(message_from_bytes(one.raw)["Subject"]) for one in desk.sink.letters)


def seen(desk: RunningDesk) -> bool:
    """Whether the last canary is back."""
    with desk.desk() as opened:
        last = opened.ask(canaries.last)
    return last is not None and last.seen is not None


def figure(desk: RunningDesk) -> bool:
    """Whether the figures say that a canary came back, and `maild status` with them."""
    with desk.desk() as opened:
        shown = any("canary_seen" in one.name for one in opened.ask(figures.counted, desk.clock))
    assert (desk.status()["canary_seen"] is not None) == shown
    return shown


def test_a_canary_that_comes_back_opens_no_case_and_alarms_nobody(
    desk: RunningDesk, alerts: list[dict[str, str]]
) -> None:
    """Once a day a letter goes to the desk's own address; found in the inbox, it is kept as our own."""
    flying(desk)
    for day in range(3):
        desk.run()
        assert len(flown(desk)) == day + 1
        desk.inbox.append(flown(desk)[-1].raw, desk.clock)
        desk.wait(timedelta(minutes=20))
        desk.run()
        assert seen(desk)
        desk.wait(timedelta(hours=23, minutes=40))
    assert (desk.cases(), told(desk, "did not arrive"), desk.heard()) == ([], 0, [])  # type: ignore[attr-defined]


def test_silence_is_an_alarm_once_and_its_end_is_told(
    desk: RunningDesk, alerts: list[dict[str, str]]
) -> None:
    """Not back in time: one letter to the handlers, one alert; back at last: one more line, mail is up."""
    flying(desk)
    desk.run()
    desk.wait(timedelta(minutes=9))
    desk.run()
    assert told(desk, "did not arrive") == 0
    for _ in range(3):
        desk.wait(timedelta(minutes=10))
        desk.run()
    assert told(desk, "did not arrive") == 1
    assert desk.heard() == [("mail-down", "canary")]  # type: ignore[attr-defined]
    desk.inbox.append(flown(desk)[0].raw, desk.clock)
    desk.run()
    assert desk.heard() == [("mail-down", "canary"), ("mail-up", "canary")]  # type: ignore[attr-defined]


def test_an_unreadable_mailbox_says_nothing_about_the_canary(
    desk: RunningDesk, alerts: list[dict[str, str]]
) -> None:
    """While the inbox cannot be read, only that is told: the canary may well lie in it."""
    flying(desk)
    desk.run()
    right = desk.path.read_text()
    desk.imap_down()
    for _ in range(3):
        desk.wait(timedelta(minutes=10))
        desk.run()
    assert told(desk, "did not arrive") == 0
    assert {what for _, what in desk.heard()} == {"mailbox"}  # type: ignore[attr-defined]
    desk.path.write_text(right)


def test_the_copy_in_sent_proves_nothing(desk: RunningDesk, alerts: list[dict[str, str]]) -> None:
    """Many providers put what is handed in into Sent at once; only the one in the inbox counts."""
    flying(desk)
    desk.run()
    desk.inbox.append(flown(desk)[0].raw, desk.clock, "Sent")
    desk.run()
    assert (seen(desk), figure(desk)) == (False, False)
    desk.inbox.append(flown(desk)[0].raw, desk.clock)
    desk.run()
    assert (seen(desk), figure(desk)) == (True, True)


def test_a_canary_in_the_junk_folder_is_told(desk: RunningDesk, alerts: list[dict[str, str]]) -> None:
    """It arrived, so there is no alarm; but the handlers hear that the filter takes plain mail for spam."""
    flying(desk)
    desk.run()
    desk.inbox.append(flown(desk)[0].raw, desk.clock, "Junk")
    desk.run()
    assert seen(desk)
    assert told(desk, "landed in the junk folder") == 1


def test_it_comes_from_outside_where_there_is_an_account(
    desk: RunningDesk, alerts: list[dict[str, str]], certificate: Certificate
) -> None:
    """With an outside account the canary is handed in there, from its address, and known all the same."""
    with running(SmtpSink(certificate, users={"out@far.example": "sesame"})) as outside:
        account = (
            f'host = "localhost"\nport = {outside.port}\ntls = "starttls"\nca_file = "{certificate.cert}"\n'
            'username = "out@far.example"\npassword_file = "smtp-password"\n'
        )
        flying(desk, account)
        desk.run()
        sent, with_tag = sorted(outside.letters, key=lambda one: one.recipients, reverse=True)
    assert (sent.recipients, with_tag.envelope_from) == (("security@project.example",), "out@far.example")
    assert flown(desk) == tagged(desk) == []
    assert sent.envelope_from == "out@far.example"
    assert "out@far.example" in str(message_from_bytes(sent.raw)["From"])
    desk.inbox.append(sent.raw, desk.clock)
    desk.run()
    assert seen(desk)
    assert desk.cases() == []


def tagged(desk: RunningDesk) -> list[Letter]:
    """The canaries that were handed in for the address with a tag."""
    return [one for one in desk.sink.letters if one.recipients == ("security+canary@project.example",)]


LOST = "Addresses with a tag do not reach the desk"


@pytest.mark.parametrize("comes", [True, False])
def test_beside_it_one_flies_to_an_address_with_a_tag(
    desk: RunningDesk, alerts: list[dict[str, str]], comes: bool
) -> None:
    """Where only that one stays away, the handlers are told once what to set, and check says it too."""
    flying(desk)
    for day in range(3):
        desk.run()
        assert (len(flown(desk)), len(tagged(desk))) == (day + 1, day + 1)
        for one in (flown(desk)[-1], *(tagged(desk)[-1:] if comes else ())):
            desk.inbox.append(one.raw, desk.clock)
        desk.wait(timedelta(minutes=20))
        desk.run()
        desk.run()
        desk.wait(timedelta(hours=23, minutes=40))
    assert (desk.cases(), told(desk, LOST), desk.heard()) == ([], 0 if comes else 1, [])  # type: ignore[attr-defined]
    rows = json.loads(command(desk.path, "check", "--json").out)
    mends = [row["mend"] for row in rows if row["what"] == "canary" and row["state"] == "warning"]
    assert any("subaddress = false" in mend for mend in mends) is not comes


def test_one_that_is_refused_is_told_and_while_no_mail_comes_only_that_is(
    desk: RunningDesk, alerts: list[dict[str, str]], sink: SmtpSink
) -> None:
    """A server without such addresses says so at once; silence of both is another alarm."""
    sink.always("RCPT security+canary@project.example", "550 5.1.1 no such user")
    flying(desk)
    desk.run()
    desk.wait(timedelta(minutes=20))
    desk.run()
    assert (told(desk, LOST), told(desk, "did not arrive")) == (0, 1)
    desk.inbox.append(flown(desk)[-1].raw, desk.clock)
    desk.run()
    desk.run()
    assert told(desk, LOST) == 1


def test_without_tags_none_flies_there(desk: RunningDesk, alerts: list[dict[str, str]]) -> None:
    """Where replies carry no tag there is nothing to try."""
    desk.configure("subaddress = false\n")
    flying(desk)
    desk.run()
    assert (len(flown(desk)), tagged(desk)) == (1, [])


def test_a_mark_that_was_made_up_is_a_report(desk: RunningDesk, alerts: list[dict[str, str]]) -> None:
    """Nobody hides a mail from the team by calling it a canary: a mark that is not ours changes nothing."""
    flying(desk)
    desk.run()
    desk.inbox.append(b"X-Maild-Mark: canary.aaaaaaaaaaaaaaaaaaaaaaaaaa\r\n" + mails.plain(), desk.clock)
    desk.run()
    assert len(desk.cases()) == 1
    assert not seen(desk)
