"""What a member's own token proves: with their address in From it is enough to reply, and for little else."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from maild.core.journal import What
from maild.core.values.ids import token
from maild.store import journal
from tests.openpgp.kit import Kit
from tests.openpgp.mails import pgp_mime, signed, text
from tests.support import mails
from tests.support.desk import MX
from tests.support.relaying import (
    BEA,
    CARL,
    MIA,
    RITA,
    RelayDesk,
    header,
    letter_text,
    plain_text,
    read_by,
    reply,
    team_address,
)
from tests.support.sealing import head

pytestmark = pytest.mark.dovecot
WORDS = "Thank you, we can reproduce it and work on a fix."
HELD = "A message with your address is waiting"
FAILED = f"{MX}; dmarc=fail header.from=project.example"


def addressed(desk: RelayDesk, who: str, audience: str) -> str:
    """Where somebody writes in the only case."""
    with desk.desk() as opened:
        secret = opened.policy.desk.secret
    return f"security+{token(secret, str(desk.one()['case']), who, audience)}@project.example"


def proofs(desk: RelayDesk) -> list[object]:
    """What the journal says proved the authors of the case's messages."""
    with desk.desk() as opened:
        rows = opened.ask(journal.of_case, str(desk.one()["case"]))
    return [row.get("proved") for row in rows if row["what"] == What.MESSAGE]


@pytest.mark.parametrize("subaddress", ["", "subaddress = false\n"])
def test_a_member_without_a_key_replies_from_the_first_day(desk: RelayDesk, subaddress: str) -> None:
    """In the address or in References: the reply goes out, keeps the promise, and the journal says by what."""
    if subaddress:
        desk.configure(desk=subaddress)
    desk.comes(mails.plain(date=desk.clock))
    desk.comes(reply(desk.copies(CARL)[0], f"Carl <{CARL}>", WORDS))
    assert desk.view("quarantine") == []
    assert [WORDS in letter_text(one) for one in desk.answers(RITA)] == [True]
    one = desk.one()
    assert (one["handler"], one["answered"], desk.promises()["respond"]) == ("Carl", True, "team:Carl")
    assert proofs(desk) == [None, "token"]


def test_the_team_reads_that_it_was_only_a_token(desk: RelayDesk, kit: Kit) -> None:
    """In the block of their copy, and `maild explain` says it too."""
    desk.comes(mails.plain(date=desk.clock))
    raw = reply(desk.copies(CARL)[0], f"Carl <{CARL}>", WORDS)
    (desk.folder / "one.eml").write_bytes(raw)
    explained = json.loads(desk.word("explain", "--json", str(desk.folder / "one.eml")).out)
    assert explained["author"]["proved_by"] == "token"
    desk.comes(raw)
    assert "author verified by token only (Carl, of the team)" in plain_text(
        read_by(kit, desk.copies(BEA)[-1], desk.bea)
    )


@pytest.mark.parametrize("word", ["!status", "!handler me", "taken"])
def test_what_a_token_obeys(desk: RelayDesk, word: str) -> None:
    """The three commands that change at most who handles the case."""
    desk.comes(mails.plain(date=desk.clock))
    desk.comes(mails.plain(sender=f"Carl <{CARL}>", to=addressed(desk, CARL, "team"), text=f"{word}\n"))
    answer = letter_text(desk.to("carl@phone.example")[-1])
    assert str(desk.one()["case"]) in answer
    assert "not done" not in answer
    assert desk.one()["handler"] == "Carl"


UNSIGNED = (
    "!handler Bea",
    "!close fixed",
    "!spam",
    "!reopen",
    "!pause the vendor is asleep until 2099-01-01",
    "!send We can reproduce it.",
    "!leaked",
    "!announce now",
    "!approve abcdef",
    "!askkey",
    "!guest eve@elsewhere.example until 2099-01-01",
    "!usekey 0000",
    "!away until 2099-01-01",
)


@pytest.mark.parametrize(
    "stranger", [False, True], ids=["not signed", "signed by a known key that is not listed"]
)
def test_what_a_token_does_not_obey(desk: RelayDesk, kit: Kit, stranger: bool) -> None:
    """Every other command is refused, with the case named and whatever else signed the message."""
    desk.comes(mails.plain(date=desk.clock))
    case, to = str(desk.one()["case"]), addressed(desk, CARL, "team")
    for number, word in enumerate(UNSIGNED):
        part = text(f"{word}\r\n\r\n{case}\r\n")
        outer = f"From: Carl <{CARL}>\r\nTo: {to}\r\nSubject: x\r\nMessage-ID: <u{number}@x>\r\nMIME-Version: 1.0\r\n"
        at = f"{int(desk.clock.timestamp()) + number}!"  # two in one second would be a replay
        sign = ("--faked-system-time", at, "--local-user", kit.desk_key, "--detach-sign")
        made = kit.gpg(kit.desk, *sign, feed=part) if stranger else b""
        desk.comes(signed(part, made, head=outer.encode()) if stranger else outer.encode() + part)
        answer = letter_text(desk.to("carl@phone.example")[-1])
        assert (word, "not done" in answer) == (word, True)
    one = desk.one()
    assert (one["state"], one["handler"]) == ("open", "Carl")
    assert desk.promises()["respond"] == "running"
    assert desk.answers(RITA) == []


Attack = Callable[[RelayDesk], bytes]
ATTACKS: dict[str, Attack] = {
    "another member's From": lambda d: _from(d, f"Bea <{BEA}>"),
    "another member's From, token in References": lambda d: _referring(d, f"Bea <{BEA}>"),
    "an outsider's From": lambda d: _from(d, "Eve <eve@elsewhere.example>"),
    "the reporter's From": lambda d: _from(d, f"Rita <{RITA}>"),
    "the member's address as display name": lambda d: _from(d, f'"{CARL}" <eve@elsewhere.example>'),
    "two authors": lambda d: _from(d, f"Carl <{CARL}>, Eve <eve@elsewhere.example>"),
    "dmarc=fail": lambda d: _from(d, f"Carl <{CARL}>", Authentication_Results=FAILED),
    "the reporter's token": lambda d: _from(d, f"Carl <{CARL}>", to=addressed(d, RITA, "reporter")),
    "an invented token": lambda d: _from(d, f"Carl <{CARL}>", to=f"security+{'a2' * 10}@project.example"),
    "named by a list": lambda d: _from(d, "List <list@lists.example>", X_Original_From=f"Carl <{CARL}>"),
}


def _from(desk: RelayDesk, sender: str, **about: str) -> bytes:
    fields = {
        "sender": sender,
        "to": addressed(desk, CARL, "reporter"),
        "text": f"{WORDS}\n",
        "subject": "Re: x",
    }
    return mails.plain(
        **(fields | {"message_id": "<attack@x>", "In_Reply_To": "<one@reporter.example>"} | about)
    )


def _referring(desk: RelayDesk, sender: str) -> bytes:
    return reply(desk.copies(CARL)[0], sender, WORDS, to="security@project.example")


@pytest.mark.parametrize("attack", ATTACKS)
def test_it_is_held_and_nothing_comes_of_it(desk: RelayDesk, attack: str) -> None:
    """A token with another From, against the exchanger's word, or of somebody else proves nobody."""
    desk.comes(mails.plain(date=desk.clock))
    desk.comes(ATTACKS[attack](desk))
    assert [row["kind"] for row in desk.view("quarantine")] == ["held"]
    assert desk.answers(RITA) == []
    assert (desk.one()["handler"], desk.promises()["respond"]) == ("", "running")


def test_tokens_can_be_switched_off(desk: RelayDesk) -> None:
    """With `tokens = "off"` the same reply is held, and its author is told."""
    desk.path.write_text(desk.path.read_text().replace("[trust]", '[trust]\ntokens = "off"'))
    desk.comes(mails.plain(date=desk.clock))
    desk.comes(reply(desk.copies(CARL)[0], f"Carl <{CARL}>", WORDS))
    assert [row["kind"] for row in desk.view("quarantine")] == ["held"]
    assert HELD in desk.about("carl@phone.example")


def test_no_token_is_enough_in_an_encrypted_case(desk: RelayDesk, kit: Kit) -> None:
    """In clear or encrypted to the desk, with a token that was given out before the case became one."""
    desk.comes(mails.plain(date=desk.clock))
    to = addressed(desk, MIA, "reporter")
    follow = head(2, f"Rita <{RITA}>").replace(b"\r\n", b"\r\nIn-Reply-To: <one@reporter.example>\r\n", 1)
    desk.comes(pgp_mime(kit.encrypt(text=text("Here is the rest.\r\n")), head=follow))
    assert desk.one()["subject"] == "(sealed)"
    outer = f"From: Mia <{MIA}>\r\nTo: {to}\r\nSubject: x\r\nMIME-Version: 1.0\r\nMessage-ID: "
    desk.comes(f"{outer}<m1@x>\r\n".encode() + text(f"{WORDS}\r\n"))
    desk.comes(pgp_mime(kit.encrypt(text=text(f"{WORDS}\r\n")), head=f"{outer}<m2@x>\r\n".encode()))
    assert [row["kind"] for row in desk.view("quarantine")] == ["held", "held"]
    assert desk.answers(RITA) == []
    assert desk.one()["answered"] is False


def test_taken_in_answer_to_a_reminder(desk: RelayDesk) -> None:
    """A notice of one case bears its reader's token, and their plain answer to it is heard."""
    desk.comes(mails.plain(date=desk.clock))
    desk.comes(mails.plain(sender=f"Bea <{BEA}>", to=team_address(desk), text="taken\n", message_id="<b@x>"))
    assert desk.one()["handler"] == ""  # Carl's token, and not hers
    desk.wait(timedelta(hours=49))
    desk.run()
    notice = desk.to("carl@phone.example")[-1]
    assert "overdue" in header(notice, "Subject")
    desk.comes(reply(notice, "Carl <carl@phone.example>", "taken"))
    assert desk.one()["handler"] == "Carl"
