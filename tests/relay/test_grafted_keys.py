"""A foreign subkey or name grafted onto a known key, Autocrypt for others, short names."""

from base64 import b64encode
from collections.abc import Callable, Iterator

import pytest

from maild.store import keys
from tests.openpgp.kit import Kit
from tests.openpgp.mails import multipart, pgp_mime, signed, text
from tests.relay.test_planted_keys import PASSED, crash, key_of, later
from tests.relay.test_swapped_keys import EVE, many
from tests.support.desk import MX
from tests.support.relaying import BEA, CARL, MIA, RelayDesk
from tests.support.sealing import SAM, head, key_file

__all__ = ["many"]
pytestmark = pytest.mark.dovecot
UID, SUBKEY = 13, 14
ANSWERS = b"In-Reply-To: <1@far.example>\r\n"
TEAM_PASSED = f"Authentication-Results: {MX}; dmarc=pass header.from=project.example\r\n".encode()


def packets(key: bytes) -> Iterator[tuple[int, bytes]]:
    """The packets of a small binary key with their tags (RFC 9580 §4.2): all lengths here are short."""
    at = 0
    while at < len(key):
        octets = 1 << (key[at] & 3)
        assert not key[at] & 0x40, "gpg exports old packet heads"
        end = at + 1 + octets + int.from_bytes(key[at + 1 : at + 1 + octets], "big")
        yield (key[at] >> 2) & 15, key[at:end]
        at = end


def subkey(key: bytes) -> tuple[bytes, list[bytes], list[bytes]]:
    """What stands before the subkey of *key*, and the subkey with its binding."""
    found = list(packets(key))
    at = next(at for at, (tag, _) in enumerate(found) if tag == SUBKEY)
    whole = [one for _, one in found]
    return b"".join(whole[:at]), whole[at : at + 2], whole


Graft = Callable[[bytes, bytes], bytes]
GRAFTS: dict[str, Graft] = {
    "her subkey behind Sam's": lambda sam, eve: sam + b"".join(subkey(eve)[1]),
    "her subkey before Sam's": lambda sam, eve: (
        subkey(sam)[0] + b"".join(subkey(eve)[1]) + b"".join(subkey(sam)[1])
    ),
    "her subkey with Sam's binding": lambda sam, eve: (
        subkey(sam)[0] + subkey(eve)[1][0] + subkey(sam)[1][1] + b"".join(subkey(sam)[1])
    ),
    "her subkey alone": lambda sam, eve: subkey(sam)[0] + b"".join(subkey(eve)[1]),
    "her subkey without a binding": lambda sam, eve: (
        subkey(sam)[0] + subkey(eve)[1][0] + b"".join(subkey(sam)[1])
    ),
    "her name on Sam's key": lambda sam, eve: (
        subkey(sam)[2][0] + b"".join(subkey(eve)[2][1:3]) + b"".join(subkey(sam)[2][1:])
    ),
}


@pytest.mark.parametrize("opens", [True, False])
def test_nothing_is_grafted_onto_a_key(desk: RelayDesk, kit: Kit, many: str, opens: bool) -> None:
    """Attached or by Autocrypt, proved as Sam's domain: what is kept has no subkey but Sam's own."""
    desk.comes(crash(*([] if opens else [key_of(kit, kit.stranger)])))
    sam, eve = (kit.public(kit.people, one) for one in (kit.stranger, many))
    hers, own = subkey(eve)[1][0], subkey(sam)[1][0]
    for number, graft in enumerate(GRAFTS.values(), 2):
        made = graft(sam, eve)
        line = f"Autocrypt: addr={SAM}; prefer-encrypt=mutual; keydata={b64encode(made).decode()}\r\n"
        desk.comes(PASSED + later(number, key_file(made)))
        desk.comes(PASSED + text("x\r\n", head=line.encode() + head(number + 100) + ANSWERS))
        with desk.desk() as opened:
            kept = opened.ask(keys.content, SAM)
        subkeys = [one for tag, one in packets(kept) if tag == SUBKEY]
        assert (desk.known_key(), subkeys) == (kit.stranger, [own])
        assert hers not in kept


def gossip(kit: Kit, key: str, field: str, address: str) -> bytes:
    """A field with a key for an address."""
    return f"{field}: addr={address}; keydata={b64encode(kit.public(kit.people, key)).decode()}\r\n".encode()


def attached(kit: Kit, key: str, number: int, sender: str) -> bytes:
    """A message in Sam's thread with her key attached."""
    return multipart("mixed", text("x\r\n"), key_of(kit, key), head=head(number, sender) + ANSWERS)


MORE: dict[str, Callable[[Kit, str], bytes]] = {
    "gossip about Sam": lambda k, key: (
        PASSED + text("x\r\n", head=gossip(k, key, "Autocrypt-Gossip", SAM) + head(20) + ANSWERS)
    ),
    "two Autocrypt fields": lambda k, key: (
        PASSED + text("x\r\n", head=gossip(k, key, "Autocrypt", SAM) * 2 + head(21) + ANSWERS)
    ),
    "Autocrypt for a member": lambda k, key: (
        PASSED + text("x\r\n", head=gossip(k, key, "Autocrypt", MIA) + head(22) + ANSWERS)
    ),
    "under a member's From": lambda k, key: attached(k, key, 23, f"Mia <{MIA}>"),
    "the same, vouched for": lambda k, key: TEAM_PASSED + attached(k, key, 24, f"Mia <{MIA}>"),
    "under a member's other address": lambda k, key: attached(k, key, 25, "Carl <carl@phone.example>"),
    "under the desk's own": lambda k, key: attached(k, key, 26, "security@project.example"),
    "encrypted": lambda k, key: (
        PASSED
        + pgp_mime(
            k.encrypt(text=multipart("mixed", text("x"), key_of(k, key), head=b"")), head=head(27) + ANSWERS
        )
    ),
    "encrypted, signed by the very key": lambda k, key: (
        PASSED
        + pgp_mime(
            k.sealed_by(key, text=multipart("mixed", text("x"), key_of(k, key), head=b"")),
            head=head(28) + ANSWERS,
        )
    ),
}


def test_no_attempt_plants_a_key_for_anybody(desk: RelayDesk, kit: Kit, many: str) -> None:
    """In nine ways: Sam's stays, and neither a member nor the desk nor Eve has one by which they are answered."""
    desk.comes(crash(key_of(kit, kit.stranger)))
    case = str(desk.one()["case"])
    for one in MORE.values():
        desk.inbox.append(one(kit, many), desk.clock)
    desk.run()
    assert (desk.trouble, desk.view("shunted")) == ("", [])
    people = (MIA, BEA, CARL, "carl@phone.example", "security@project.example", EVE)
    with desk.desk() as opened:
        found = [opened.ask(keys.fingerprint, who, at) for who in people for at in ("", case)]
    assert (desk.known_key(), set(found)) == (kit.stranger, {""})


@pytest.mark.parametrize("length", [8, 16, 39])
def test_a_short_name_of_a_key_is_none(desk: RelayDesk, kit: Kit, many: str, length: int) -> None:
    """The end of a fingerprint is easily made: a member's signed !usekey with it uses nothing."""
    desk.comes(crash())
    desk.comes(later(2, key_of(kit, many)))
    case = str(desk.one()["case"])
    part = text(f"!usekey {many[-length:]}\r\n!usekey 0x{many[:length]}\r\n\r\n{case}\r\n")
    top = head(40, f"Mia <{MIA}>", f"Re: [{case}]")
    desk.comes(signed(part, kit.detached(kit.member, text=part), head=top))
    assert desk.known_key() == ""
