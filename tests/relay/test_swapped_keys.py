"""Attempts to have an answer encrypted to a key of the attacker's: by names, bundles, nesting and old posts."""

from base64 import b64encode
from collections.abc import Callable

import pytest

from maild.core.mail.signed import network_lines
from maild.store import keys
from tests.openpgp.kit import Kit
from tests.openpgp.mails import multipart, pgp_mime, signed, text
from tests.relay.test_planted_keys import crash, key_of
from tests.support.desk import MX
from tests.support.relaying import MIA, RelayDesk
from tests.support.sealing import SAM, head, key_file

pytestmark = pytest.mark.dovecot
EVE = "eve@elsewhere.example"
PROVED = f"Authentication-Results: {MX}; dmarc=pass header.from=elsewhere.example\r\n".encode()
DAY = 24 * 3600
ANSWERS = b"In-Reply-To: <1@far.example>\r\n"


@pytest.fixture(scope="module")
def many(kit: Kit) -> str:
    """Eve's key, on which she has put everybody's address."""
    made = kit.key(kit.people, f"Eve <{EVE}>")
    for name in (f"Sam Stranger <{SAM}>", f"Mia Member <{MIA}>"):
        kit.gpg(kit.people, "--pinentry-mode", "loopback", "--passphrase", "", "--quick-add-uid", made, name)
    return made


def _post(kit: Kit, key: str, *how: str) -> bytes:
    """What Sam signed, with a key attached."""
    part = network_lines(multipart("mixed", text("This is my key.\r\n"), key_of(kit, key), head=b""))
    return signed(part, kit.detached(kit.stranger, *how, text=part), head=b"")


def _autocrypt(kit: Kit, key: str, address: str) -> bytes:
    data = b64encode(kit.public(kit.people, key)).decode()
    return f"Autocrypt: addr={address}; prefer-encrypt=mutual; keydata={data}\r\n".encode()


ATTEMPTS: dict[str, Callable[[Kit, str], bytes]] = {
    "her key with Sam's name, proved as Eve": lambda k, key: (
        PROVED + multipart("mixed", text("x\r\n"), key_of(k, key), head=head(2, f"Eve <{EVE}>") + ANSWERS)
    ),
    "the same as a new report": lambda k, key: (
        PROVED + multipart("mixed", text("x\r\n"), key_of(k, key), head=head(3, f"Eve <{EVE}>"))
    ),
    "Sam's own key and hers in one block": lambda k, key: multipart(
        "mixed",
        text("x\r\n"),
        key_file(k.public(k.people, k.stranger) + k.public(k.people, key)),
        head=head(4) + ANSWERS,
    ),
    "hers first, then Sam's own": lambda k, key: multipart(
        "mixed",
        text("x\r\n"),
        key_file(k.public(k.people, key) + k.public(k.people, k.stranger)),
        head=head(5) + ANSWERS,
    ),
    "her key beside Sam's own": lambda k, key: multipart(
        "mixed", text("x\r\n"), key_of(k, k.stranger), key_of(k, key), head=head(6) + ANSWERS
    ),
    "From within is Sam's, proved as Eve": lambda k, key: (
        PROVED
        + pgp_mime(
            k.encrypt(
                text=multipart(
                    'mixed; hp="cipher"', text("x\r\n"), key_of(k, key), head=f"From: {SAM}\r\n".encode()
                )
            ),
            head=head(7, f"Eve <{EVE}>") + ANSWERS,
        )
    ),
    "Autocrypt for Sam from Eve": lambda k, key: (
        PROVED + text("x\r\n", head=_autocrypt(k, key, SAM) + head(8, f"Eve <{EVE}>") + ANSWERS)
    ),
    "Autocrypt in Sam's name": lambda k, key: text("x\r\n", head=_autocrypt(k, key, SAM) + head(9) + ANSWERS),
    "Sender and Reply-To are Sam, proved as Eve": lambda k, key: (
        PROVED
        + f"Sender: {SAM}\r\nReply-To: {SAM}\r\n".encode()
        + multipart("mixed", text("x\r\n"), key_of(k, key), head=head(10, f"Eve <{EVE}>") + ANSWERS)
    ),
    "two From fields": lambda k, key: (
        PROVED
        + f"From: {SAM}\r\n".encode()
        + multipart("mixed", text("x\r\n"), key_of(k, key), head=head(11, f"Eve <{EVE}>") + ANSWERS)
    ),
    "beside what Sam signed": lambda k, key: multipart(
        "mixed", _post(k, k.stranger), key_of(k, key), head=head(12) + ANSWERS
    ),
    "under a text that Sam signed in the clear": lambda k, key: multipart(
        "mixed",
        text(k.gpg(k.people, "--local-user", k.stranger, "--clearsign", feed=b"My new key.\n").decode()),
        key_of(k, key),
        head=head(13) + ANSWERS,
    ),
    "an alias service's address made of Sam's, proved": lambda k, key: (
        PROVED
        + f"X-SimpleLogin-Original-From: {SAM}\r\n".encode()
        + multipart(
            "mixed", text("x\r\n"), key_of(k, key), head=head(14, "<sam_at_far.example@elsewhere.example>")
        )
    ),
}


def test_no_attempt_swaps_a_key(desk: RelayDesk, kit: Kit, many: str) -> None:
    """Sam's key stays what it was, byte for byte, and no address but Eve's own gets hers."""
    desk.comes(crash(key_of(kit, kit.stranger)))
    with desk.desk() as opened:
        before = opened.ask(keys.content, SAM)
    for attempt in ATTEMPTS.values():
        desk.inbox.append(attempt(kit, many), desk.clock)
    desk.run()
    assert (desk.trouble, desk.view("shunted")) == ("", [])
    with desk.desk() as opened:
        after = opened.ask(keys.content, SAM)
    assert (desk.known_key(), after, desk.known_key(MIA)) == (kit.stranger, before, "")


@pytest.mark.parametrize("age", ["now", "a month ago"])
def test_an_old_post_of_theirs_brings_no_key(desk: RelayDesk, kit: Kit, age: str) -> None:
    """What the known key signed long ago, sent again with a new outer head, does not take back an older key."""
    made = f"{int(desk.clock.timestamp()) - 60 * DAY}!"
    first, other = (
        kit.key(kit.people, f"Sam {name} {age} <{SAM}>", "--faked-system-time", made)
        for name in ("First", "Other")
    )
    desk.comes(crash(key_of(kit, first)))
    part = network_lines(multipart("mixed", text("This is my key.\r\n"), key_of(kit, other), head=b""))
    at = int(desk.clock.timestamp()) - (0 if age == "now" else 30 * DAY)
    post = kit.detached(first, "--faked-system-time", f"{at}!", text=part)
    desk.comes(signed(part, post, head=head(2, subject="Crash") + ANSWERS))
    assert desk.known_key() == (other if age == "now" else first)
