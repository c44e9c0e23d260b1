"""Packets counted from outside: for whom, how many, and what speaks against trying."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.core.mail.opened import Decryption
from maild.core.mail.packets import (
    MAX_HIDDEN,
    MAX_RECIPIENTS,
    Container,
    KeyScan,
    _recipient,
    scan,
    scan_key,
)

OURS = "1122334455667788"
DATA = b"\x01" + bytes(40)


def packet(tag: int, body: bytes) -> bytes:
    """A packet in the new format, five-byte length."""
    return bytes([0xC0 | tag, 255]) + len(body).to_bytes(4, "big") + body


def old(tag: int, body: bytes) -> bytes:
    """A packet in the old format, two-byte length."""
    return bytes([0x80 | tag << 2 | 1]) + len(body).to_bytes(2, "big") + body


def to(key_id: str = OURS, version: int = 3, algorithm: int = 18) -> bytes:
    """A recipient packet."""
    return packet(1, bytes([version]) + bytes.fromhex(key_id) + bytes([algorithm]) + bytes(30))


HIDDEN = to("00" * 8)
SEALED = packet(18, DATA)


def test_key_ids_are_read_in_either_format() -> None:
    """Recipients in old and new packets give the same 16 upper-case digits."""
    body = b"\x03" + bytes.fromhex(OURS) + b"\x01" + bytes(20)
    assert scan(packet(1, body) + SEALED).key_ids == scan(old(1, body) + SEALED).key_ids == (OURS,)


def test_a_length_of_two_bytes_is_followed() -> None:
    """The packet behind one of 300 bytes is found (RFC 9580 §4.2.1.2)."""
    body = b"\x03" + bytes.fromhex(OURS) + b"\x01" + bytes(290)
    short = len(body) - 192
    middle = bytes([0xC1, 192 + (short >> 8), short & 0xFF]) + body
    seen = scan(middle + SEALED)
    assert (seen.key_ids, seen.container, seen.trailing) == ((OURS,), Container.PROTECTED, False)


def test_partial_lengths_are_followed() -> None:
    """A data packet in pieces ends where its last piece ends."""
    pieces = bytes([0xD2, 0xE9]) + b"\x01" + bytes(511) + b"\x03abc"
    seen = scan(to() + pieces)
    assert (seen.container, seen.length, seen.trailing) == (
        Container.PROTECTED,
        len(to() + pieces),
        False,
    )
    assert scan(to() + pieces + SEALED).trailing


PIECE = bytes([0xE9]) + b"\x01" + bytes(511)


@pytest.mark.parametrize("kept", [len(PIECE), len(PIECE) - 100, 40], ids=["between", "within", "short"])
def test_pieces_that_break_off_are_a_packet_all_the_same(kept: int) -> None:
    """A ciphertext cut off between or within its pieces is known for what it is; it goes up to the cut."""
    cut = to() + bytes([0xD2]) + PIECE + PIECE[:kept]
    seen = scan(cut)
    assert (seen.container, seen.length, seen.trailing) == (Container.PROTECTED, len(cut), False)


def test_the_first_piece_alone_may_be_cut_off() -> None:
    """One piece, and not all of it, is still the data; a tag without any length is none."""
    assert scan(to() + bytes([0xD2]) + PIECE[:60]).container is Container.PROTECTED
    assert scan(to() + bytes([0xD2])).container is Container.NONE


CASES = {
    "to us": (to() + SEALED, Decryption.OK, ""),
    "to us and another": (to("AA" * 8) + to() + SEALED, Decryption.OK, ""),
    "to somebody unnamed": (HIDDEN + SEALED, Decryption.OK, ""),
    "to others": (to("AA" * 8) + SEALED, Decryption.NO_KEY, "not encrypted to our key"),
    "an AEAD packet of gpg's": (to() + packet(20, DATA), Decryption.OK, ""),
    "blanks behind": (to() + SEALED + b"\r\n\n", Decryption.OK, ""),
    "a marker in front": (packet(10, b"PGP") + to() + SEALED, Decryption.OK, ""),
    "most recipients": (to() * MAX_RECIPIENTS + SEALED, Decryption.OK, ""),
    "one more": (to() * (MAX_RECIPIENTS + 1) + SEALED, Decryption.REFUSED, "too many recipients"),
    "most hidden": (HIDDEN * MAX_HIDDEN + SEALED, Decryption.OK, ""),
    "one more hidden": (
        HIDDEN * (MAX_HIDDEN + 1) + SEALED,
        Decryption.REFUSED,
        "too many hidden recipients",
    ),
    "a flood": (HIDDEN * 5000 + SEALED, Decryption.REFUSED, "too many hidden recipients"),
    "a password": (packet(3, b"\x04\x09\x00") + SEALED, Decryption.SYMMETRIC, "encrypted to a password"),
    "a key and a password": (
        to() + packet(3, b"\x04\x09\x00") + SEALED,
        Decryption.OK,
        "",
    ),
    "a newer recipient": (
        packet(1, b"\x06\x15\x04" + bytes(20) + b"\x19") + packet(18, b"\x02" + DATA),
        Decryption.UNSUPPORTED,
        "format our key cannot read",
    ),
    "a newer container": (
        to() + packet(18, b"\x02" + DATA),
        Decryption.UNSUPPORTED,
        "format our key cannot read",
    ),
    "a newer password": (
        packet(3, b"\x06" + bytes(20)) + SEALED,
        Decryption.UNSUPPORTED,
        "format our key cannot read",
    ),
    "an algorithm of tomorrow": (
        to(algorithm=35) + SEALED,
        Decryption.UNSUPPORTED,
        "format our key cannot read",
    ),
    "no integrity check": (to() + packet(9, DATA), Decryption.FAILED, "no integrity protection"),
    "two messages": (
        to() + SEALED + to() + SEALED,
        Decryption.REFUSED,
        "more than one message in the ciphertext",
    ),
    "a literal behind": (
        to() + SEALED + packet(11, b"b\0\0\0\0\0x"),
        Decryption.REFUSED,
        "more than one message in the ciphertext",
    ),
    "a literal in place of data": (
        to() + packet(11, b"b\0\0\0\0\0x"),
        Decryption.REFUSED,
        "more than one message in the ciphertext",
    ),
    "recipients and nothing else": (to(), Decryption.FAILED, "no PGP data"),
    "nothing": (b"", Decryption.FAILED, "no PGP data"),
    "literal only": (
        packet(11, b"b\0\0\0\0\0x"),
        Decryption.NONE,
        "signed or literal only, not encrypted",
    ),
    "one-pass signed": (packet(4, bytes(13)), Decryption.NONE, "signed or literal only, not encrypted"),
    "compressed": (packet(8, b"\x01x"), Decryption.NONE, "signed or literal only, not encrypted"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_foreseen(case: str) -> None:
    """Each kind of ciphertext has one foreseen outcome with its reason, before any key is used."""
    packets, word, reason = CASES[case]
    assert scan(packets).foreseen(frozenset({OURS})) == (word, reason)


def test_without_keys_at_hand_the_rest_is_still_foreseen() -> None:
    """The receipt's look needs no key: only *not to our key* is then left open."""
    assert scan(to("AA" * 8) + SEALED).foreseen() == (Decryption.OK, "")
    assert scan(packet(3, b"\x04") + SEALED).foreseen()[0] is Decryption.SYMMETRIC


def test_a_walk_is_bounded() -> None:
    """Of endless packets only so many are walked, and endless pieces of one packet end it."""
    assert scan(HIDDEN * 100_000).recipients < 1000
    assert scan(to() + bytes([0xD2]) + b"\xe0\x01" * 1_000_000).container is Container.NONE


def test_key_material_is_counted() -> None:
    """Primary keys, secret packets, names, subkeys and signatures are told apart."""
    key = packet(6, b"\x04") + packet(13, b"n") + packet(2, b"\x04") + packet(14, b"\x04")
    assert scan_key(key) == KeyScan(primary=1, names=1, subkeys=1, signatures=1)
    assert scan_key(packet(5, b"\x04") + packet(7, b"\x04")).secret == 2


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=400))
def test_any_bytes_are_scanned(source: bytes) -> None:
    """Whatever the bytes, a scan with a foreseen outcome, and key material counted."""
    seen = scan(source)
    assert isinstance(seen.foreseen()[0], Decryption)
    assert seen.length <= max(len(source), 400)
    scan_key(source)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.tuples(st.integers(0, 63), st.binary(max_size=40)), max_size=12), st.binary(max_size=9))
def test_any_packets_are_scanned(packets: list[tuple[int, bytes]], rest: bytes) -> None:
    """Whatever well-framed packets in whatever order, a scan with a foreseen outcome."""
    source = b"".join(packet(tag, body) for tag, body in packets) + rest
    assert isinstance(scan(source).foreseen(frozenset({OURS}))[0], Decryption)


@pytest.mark.parametrize(("length", "named"), [(8, ""), (9, "0102030405060708"), (10, "0102030405060708")])
def test_the_key_id_of_a_recipient_is_eight_bytes(length: int, named: str) -> None:
    """Of a packet that breaks off within it there is none."""
    head = bytes([3, 1, 2, 3, 4, 5, 6, 7, 8, 1])[:length]
    assert _recipient(head)[0] == named
