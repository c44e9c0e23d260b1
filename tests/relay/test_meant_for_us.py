"""What a member signed long ago, or for others, counts for nothing under new outer headers."""

import pytest

from maild.core.values.ids import token
from tests.openpgp.kit import Kit, armor
from tests.openpgp.mails import signed, text
from tests.support import mails
from tests.support.relaying import MIA, RITA, RelayDesk

pytestmark = pytest.mark.dovecot
POST = "We can reproduce it and work on a fix that will be out next week.\r\n"
DAY = 24 * 3600
AGAIN = "Please sign your message again"


def wrapped(
    desk: RelayDesk, kit: Kit, words: str, seconds: int = 0, fields: str = "", key: str = ""
) -> bytes:
    """What Mia signed, under an outer head that answers the reporter; *fields* are protected ones."""
    part = text(words)
    if fields:
        part = fields.encode() + part.replace(b"charset=utf-8", b'charset=utf-8; protected-headers="v1"', 1)
    at = f"{int(desk.clock.timestamp()) + seconds}!"
    made = kit.detached(key or kit.member, "--faked-system-time", at, text=part)
    head = f"From: Mia <{MIA}>\r\nTo: {reporters_address(desk)}\r\nSubject: Re: Overflow\r\n"
    return signed(
        part, made, head=f"{head}Message-ID: <w{seconds}{len(words)}@x>\r\nMIME-Version: 1.0\r\n".encode()
    )


def old_key(desk: RelayDesk, kit: Kit) -> str:
    """A key that Mia has had for two months, configured instead of her other one."""
    made = f"{int(desk.clock.timestamp()) - 60 * DAY}!"
    key = kit.key(kit.people, f"Mia Before <{MIA}>", "--faked-system-time", made)
    (desk.folder / "mia.asc").write_bytes(armor(kit.public(kit.people, key), "PUBLIC KEY BLOCK"))
    desk.path.write_text(desk.path.read_text().replace(kit.member, key))
    return key


def reporters_address(desk: RelayDesk) -> str:
    """Where a reply to Mia's copy of the reporter's mail goes."""
    with desk.desk() as opened:
        secret = opened.policy.desk.secret
    return f"security+{token(secret, str(desk.one()['case']), MIA, 'reporter')}@project.example"


@pytest.mark.parametrize(
    "attack",
    ["old post", "fresh post", "signed ahead", "for another list", "another audience", "another subject"],
)
def test_it_is_held_and_told(desk: RelayDesk, kit: Kit, attack: str) -> None:
    """No promise is met, nobody handles the case, nothing goes to the reporter, and Mia hears of it."""
    desk.comes(mails.plain(date=desk.clock))
    case = str(desk.one()["case"])
    named = f"{POST}\r\n{case}\r\n"
    mail = {
        "old post": lambda: wrapped(desk, kit, named, -30 * DAY, key=old_key(desk, kit)),
        "fresh post": lambda: wrapped(desk, kit, POST),
        "signed ahead": lambda: wrapped(desk, kit, named, 1800),
        "for another list": lambda: wrapped(desk, kit, named, 0, "To: public@lists.example\r\n"),
        "another audience": lambda: wrapped(desk, kit, named, 0, "To: security@project.example\r\n"),
        "another subject": lambda: wrapped(desk, kit, named, 0, "Subject: Release 2.0\r\n"),
    }[attack]()
    desk.comes(mail)
    assert [row["kind"] for row in desk.view("quarantine")] == ["held"]
    assert desk.about(MIA).count(AGAIN) == 1
    one = desk.one()
    assert (one["handler"], one["answered"]) == ("", False)
    assert desk.promises() == {"acknowledge": "receipt", "respond": "running"}
    assert desk.answers(RITA) == []


@pytest.mark.parametrize("how", ["case named", "token protected", "exchanger passes"])
def test_what_is_meant_for_the_desk_goes_on(desk: RelayDesk, kit: Kit, how: str) -> None:
    """Freshly signed with the case or its token inside, or with the exchanger's word, it is an answer."""
    desk.comes(mails.plain(date=desk.clock))
    words = f"{POST}\r\n{desk.one()['case']}\r\n" if how == "case named" else POST
    fields = f"To: {reporters_address(desk)}\r\nSubject: Re: Overflow\r\n" if "token" in how else ""
    desk.comes(wrapped(desk, kit, words, 0, fields), proved="project.example" if "exchanger" in how else "")
    assert desk.view("quarantine") == []
    assert len(desk.answers(RITA)) == 1
