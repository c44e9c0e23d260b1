"""A reporter's key, offered once, is what later mail of that address is judged by."""

import json
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from tests.openpgp.kit import Kit
from tests.openpgp.mails import multipart, signed, text
from tests.support.desk import MX
from tests.support.dovecot import User
from tests.support.sealing import SAM, SealedDesk, head, key_file, report

pytestmark = pytest.mark.dovecot
ROOT = Path(__file__).parents[2]


VOUCHED = f"Authentication-Results: {MX}; dmarc=pass header.from=far.example\r\n".encode()
"""Our exchanger proves Sam's address: his key serves every case."""


def take(desk: SealedDesk, *mails: bytes) -> list[str]:
    """Take mails in one by one; the authority of each message, in order."""
    for mail in mails:
        desk.inbox.append(mail)
        desk.run()
    return [message["authority"] for one in desk.cases() for message in one["messages"] if message["mail"]]


def explain(desk: SealedDesk, mail: bytes) -> dict[str, Any]:
    """What ``maild explain --json -`` says of the mail's signature."""
    command = [sys.executable, "-m", "maild", "--config", str(desk.path), "explain", "--json", "-"]
    done = subprocess.run(command, cwd=ROOT, input=mail, capture_output=True, timeout=60, check=True)
    found: dict[str, Any] = json.loads(done.stdout)["opened"]["signature"]
    return found


def in_clear(kit: Kit, signer: str, number: int, sender: str = f"Sam <{SAM}>") -> bytes:
    """A signed mail in clear."""
    inside = text(f"Words number {number}.\n")
    return signed(inside, kit.detached(signer, text=inside), head=head(number, sender, "Crash"))


def test_unknown_at_first_and_good_from_the_next_mail_on(sealed_desk: SealedDesk, kit: Kit) -> None:
    """The mail that brings its own key is unknown-key; sealed or in clear, the next are the reporter's."""
    key = kit.public(kit.people, kit.stranger)
    first = VOUCHED + report(kit, 1, key_file(key), signer=kit.stranger)
    assert explain(sealed_desk, first) == {"status": "unknown-key", "fingerprint": None, "authority": "none"}
    later = (report(kit, 2, signer=kit.stranger), in_clear(kit, kit.stranger, 3))
    assert take(sealed_desk, first, *later) == ["none", "reporter", "reporter"]
    for mail in later:
        good = {"status": "good", "fingerprint": kit.stranger, "authority": "reporter"}
        assert explain(sealed_desk, mail) == good
    assert "authority': 'reporter'" in str([one["journal"] for one in sealed_desk.cases()])


def test_the_key_is_the_authors_alone(sealed_desk: SealedDesk, kit: Kit) -> None:
    """A mail under another address, signed by Sam's remembered key, is signed by an unknown key."""
    take(sealed_desk, report(kit, 1, key_file(kit.public(kit.people, kit.stranger))))
    other = in_clear(kit, kit.stranger, 2, "Max <max@far.example>")
    assert explain(sealed_desk, other) == {"status": "unknown-key", "fingerprint": None, "authority": "none"}


def test_a_changed_byte_is_bad(sealed_desk: SealedDesk, kit: Kit) -> None:
    """A known key makes no forgery good."""
    take(sealed_desk, report(kit, 1, key_file(kit.public(kit.people, kit.stranger))))
    mail = in_clear(kit, kit.stranger, 2).replace(b"Words", b"Other")
    assert explain(sealed_desk, mail) == {"status": "bad", "fingerprint": None, "authority": "none"}


def test_a_member_s_signature_is_the_member_s(sealed_desk: SealedDesk, kit: Kit) -> None:
    """Who signs with a listed key is that member, whatever key is remembered for the address."""
    take(sealed_desk, report(kit, 1, key_file(kit.public(kit.people, kit.stranger))))
    assert explain(sealed_desk, in_clear(kit, kit.member, 2))["authority"] == "team:Mia"


def test_no_member_by_an_offered_key(sealed_desk: SealedDesk, kit: Kit) -> None:
    """A key with a member's name, sent under the member's address, is not remembered and proves nothing."""
    elsewhere = kit.home("fakes")
    fake = kit.key(elsewhere, "Mia Member <mia@project.example>")
    kit.gpg(kit.people, "--import", feed=kit.gpg(elsewhere, "--export-secret-keys"))
    as_mia = "Mia <mia@project.example>"
    offer = multipart(
        "mixed", text("New key.\n"), key_file(kit.public(kit.people, fake)), head=head(1, as_mia)
    )
    take(sealed_desk, offer, in_clear(kit, fake, 2, as_mia))
    assert sealed_desk.known_key("mia@project.example") == ""
    assert explain(sealed_desk, in_clear(kit, fake, 3, as_mia))["authority"] == "none"
    assert [mail["kind"] for mail in sealed_desk.waiting()] == ["held", "held"]


def test_another_key_is_told_and_the_first_one_stays(sealed_desk: SealedDesk, kit: Kit) -> None:
    """A second key under Sam's address changes nothing but that the team is asked to look."""
    second = kit.key(kit.people, f"Sam Second <{SAM}>")
    files = [key_file(kit.public(kit.people, key)) for key in (kit.stranger, second)]
    take(sealed_desk, VOUCHED + report(kit, 1, files[0]), report(kit, 2, files[1]))
    assert sealed_desk.known_key() == kit.stranger
    assert "key-changed" in sealed_desk.flags()
    assert len(sealed_desk.notices("offers a different key")) == 1


@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "in clear"])
def test_a_secret_key_by_mistake(sealed_desk: SealedDesk, inbox: User, kit: Kit, sealed: bool) -> None:
    """It is imported nowhere; the case is flagged and the team told, whether the mail was sealed or not."""
    secret = kit.gpg(kit.people, "--export-secret-keys", kit.stranger)
    file = b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + key_file(
        secret
    ).partition(b"\r\n\r\n")[2].replace(b"PUBLIC", b"PRIVATE")
    mail = report(kit, 1, file) if sealed else multipart("mixed", text("Hello.\n"), file, head=head())
    take(sealed_desk, mail)
    assert "leaked-key" in sealed_desk.flags()
    assert len(sealed_desk.notices("sent a secret key")) == 1
    assert sealed_desk.known_key() == ""
    homes = (kit.desk, sealed_desk.folder / "state" / "team")
    assert not [home for home in homes if kit.stranger in kit.prints(home)]


def test_sealing_once_asked_for_is_not_turned_off(sealed_desk: SealedDesk, kit: Kit) -> None:
    """A later mail with the same key in an Autocrypt header, in clear, does not end sealed answers."""
    key = kit.public(kit.people, kit.stranger)
    header = f"Autocrypt: addr={SAM}; keydata={b64encode(key).decode()}\r\n".encode()
    take(sealed_desk, report(kit, 1, key_file(key)), text("More.\n", head=head(2, subject="Crash") + header))
    with sealed_desk.desk() as desk:
        (row,) = desk.ask(lambda c: c.exec_driver_sql("SELECT seals, source FROM reporter_key").all())
    assert (row.seals, row.source) == (1, "autocrypt")
