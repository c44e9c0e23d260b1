"""The same command in a newly signed message is a new command; two in one second need a new signature."""

import pytest

from tests.openpgp.kit import Kit
from tests.openpgp.mails import signed, text
from tests.support import mails
from tests.support.relaying import MIA, RelayDesk

pytestmark = pytest.mark.dovecot
AGAIN = "Please sign your message again"


def message(desk: RelayDesk, kit: Kit, words: str, number: int, *how: str) -> bytes:
    """A message of Mia's, signed now."""
    part = text(f"{words}\r\n\r\n{desk.one()['case']}\r\n")
    head = f"From: Mia <{MIA}>\r\nTo: security@project.example\r\nSubject: Re: [{desk.one()['case']}]\r\n"
    head += f"Message-ID: <{number}@home.example>\r\nMIME-Version: 1.0\r\n"
    return signed(part, kit.detached(kit.member, *how, text=part), head=head.encode())


def test_a_new_signature_is_a_new_command(desk: RelayDesk, kit: Kit) -> None:
    """!status is answered each time it is signed anew, the words being the same."""
    desk.comes(mails.plain(date=desk.clock))
    for number in (1, 2, 3):
        at = f"{int(desk.clock.timestamp()) + number}!"
        desk.comes(message(desk, kit, "!status", number, "--faked-system-time", at))
    answers = [one for one in desk.about(MIA) if one == "Your commands"]
    assert len(answers) == 3, desk.about(MIA)
    assert desk.view("quarantine") == []


def test_the_second_of_one_second_is_held_and_its_author_asked(desk: RelayDesk, kit: Kit) -> None:
    """Two messages signed by one key in one second: the first is obeyed, of the second its author hears."""
    desk.comes(mails.plain(date=desk.clock))
    at = f"{int(desk.clock.timestamp()) + 5}!"
    desk.comes(message(desk, kit, "!status", 1, "--faked-system-time", at))
    desk.comes(message(desk, kit, "!spam", 2, "--faked-system-time", at))
    assert desk.one()["state"] == "open"
    assert [row["kind"] for row in desk.view("quarantine")] == ["held"]
    assert desk.about(MIA).count(AGAIN) == 1
    desk.comes(message(desk, kit, "!spam", 3, "--faked-system-time", f"{int(desk.clock.timestamp()) + 9}!"))
    assert desk.one()["state"] == "closed"
