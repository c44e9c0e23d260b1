"""Packets counted from outside: for whom, how many, and what speaks against trying."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.core.mail.opened import Decryption
from maild.core.mail.packet import Packet, data_of, first_body, walk
from maild.core.mail.packets import (
    MAX_HIDDEN,
    MAX_RECIPIENTS,
    Container,
    KeyScan,
    Scan,
    _recipient,
    for_keys,
    is_binary,
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


SCANS = {
    "nothing": (b"", Scan()),
    "to us": (to() + SEALED, Scan((OURS,), 1, container=Container.PROTECTED, length=len(to() + SEALED))),
    "each key once, in order": (
        to("AA" * 8) + to() + to("AA" * 8) + HIDDEN * 2,
        Scan(("AA" * 8, OURS), 5, hidden=2),
    ),
    "a fingerprint of 20 bytes": (
        packet(1, b"\x06\x15\x04" + bytes(12) + bytes.fromhex(OURS) + b"\x19"),
        Scan((OURS,), 1, newer=True),
    ),
    "a fingerprint of 32 bytes": (
        packet(1, b"\x06\x21\x06" + bytes.fromhex(OURS) + bytes(24) + b"\x19"),
        Scan((OURS,), 1, newer=True),
    ),
    "a newer recipient without a name": (packet(1, b"\x06\x00\x19"), Scan((), 1, 1, newer=True)),
    "a newer recipient cut off": (packet(1, b"\x06"), Scan((), 1, 1, newer=True)),
    "an empty recipient": (packet(1, b""), Scan((), 1)),
    "a recipient without an algorithm": (packet(1, b"\x03" + bytes.fromhex(OURS)), Scan((OURS,), 1)),
    "one of two is readable": (to() + to("AA" * 8, algorithm=35), Scan((OURS, "AA" * 8), 2)),
    "none of two is readable": (to(algorithm=35) * 2, Scan((OURS,), 2, newer=True)),
    "passwords": (packet(3, b"\x04") * 2, Scan(passwords=2)),
    "a newer password": (packet(3, b"\x06") + packet(3, b"\x04"), Scan(passwords=2, newer=True)),
    "padding and markers": (packet(21, b"x") + packet(10, b"PGP") + to(), Scan((OURS,), 1)),
    "a newer container": (
        packet(18, b"\x02"),
        Scan(container=Container.UNKNOWN, newer=True, length=7),
    ),
    "a packet of no known kind": (packet(60, b"\x01"), Scan(container=Container.UNKNOWN, length=7)),
    "gpg's own container": (packet(20, b"\x02"), Scan(container=Container.PROTECTED, length=7)),
    "no integrity check": (packet(9, b"\x01"), Scan(container=Container.UNPROTECTED, length=7)),
    "a signature, and something behind": (
        packet(2, b"\x01") + b"x",
        Scan(container=Container.PLAIN, length=7),
    ),
    "only blanks behind": (packet(18, b"\x01") + b"\r\n\t \0", Scan(container=Container.PROTECTED, length=7)),
    "something behind": (
        packet(18, b"\x01") + b"\n.",
        Scan(container=Container.PROTECTED, trailing=True, length=7),
    ),
}


@pytest.mark.parametrize("case", SCANS)
def test_what_a_ciphertext_says_of_itself(case: str) -> None:
    """Key ids, counts, container, where it ends: each as it stands there, and nothing else."""
    packets, seen = SCANS[case]
    assert scan(packets) == seen


def test_of_a_flood_only_some_key_ids_are_kept() -> None:
    """One more than recipients are allowed; all are counted."""
    seen = scan(b"".join(to(f"{number:016X}") for number in range(1, 100)))
    assert (len(seen.key_ids), seen.recipients) == (MAX_RECIPIENTS + 1, 99)


@pytest.mark.parametrize(
    ("passwords", "data", "foreseen"),
    [
        (0, packet(60, b""), (Decryption.FAILED, "no PGP data")),
        (1, packet(60, b""), (Decryption.UNSUPPORTED, "format our key cannot read")),
        (1, packet(11, b""), (Decryption.SYMMETRIC, "encrypted to a password")),
        (0, packet(11, b""), (Decryption.NONE, "signed or literal only, not encrypted")),
    ],
)
def test_a_password_makes_it_a_message(passwords: int, data: bytes, foreseen: tuple[Decryption, str]) -> None:
    """Where a password is asked for something is encrypted, whatever stands behind."""
    assert scan(packet(3, b"\x04") * passwords + data).foreseen() == foreseen


def test_to_others_and_a_password_is_said() -> None:
    """Whoever reads why it could not be opened learns that a password would do."""
    seen = scan(to("AA" * 8) + packet(3, b"\x04") + SEALED)
    assert seen.foreseen(frozenset({OURS})) == (
        Decryption.NO_KEY,
        "not encrypted to our key but to others and a password",
    )


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        (to() + packet(3, b"\x04") + SEALED + b"rest", to() + SEALED + b"rest"),
        (packet(3, b"\x04") + to() + packet(3, b"\x04") + SEALED, to() + SEALED),
        (
            packet(10, b"PGP") + to() + packet(21, b"x") + SEALED,
            packet(10, b"PGP") + to() + packet(21, b"x") + SEALED,
        ),
        (to() + SEALED + packet(3, b"\x04"), to() + SEALED + packet(3, b"\x04")),
        (to() + packet(3, b"\x04"), to()),
        (b"text", b"text"),
    ],
)
def test_only_the_password_packets_in_front_of_the_data_are_taken_out(source: bytes, kept: bytes) -> None:
    """Every other byte stays as it is."""
    assert for_keys(source) == kept


@pytest.mark.parametrize(
    ("source", "binary"),
    [(b"", False), (b"\x80", True), (b"\xc1x", True), (b"\x7f", False), (b"-----", False)],
)
def test_packets_begin_with_a_high_bit(source: bytes, binary: bool) -> None:
    """Armor and text never do."""
    assert is_binary(source) is binary


def test_key_material_of_every_kind_is_counted() -> None:
    """Each number counts what it names: two of a kind are two, and what is no part of a key is another thing."""
    assert scan_key(b"") == KeyScan()
    tags = (6, 5, 5, 7, 7, 7, 13, 17, 17, 14, 14, 2, 2, 2, 2, 11, 60)
    assert scan_key(b"".join(packet(tag, b"\x04") for tag in tags)) == KeyScan(3, 5, 3, 5, 4, 2, 0)
    assert scan_key(packet(13, b"n") * 10, 4).names == 4


@pytest.mark.parametrize(
    ("head", "weak"),
    [
        (b"\x04\x10\x01\x02", 1),
        (b"\x04\x18\x01\x01", 1),
        (b"\x04\x1f\x01\x03", 1),
        (b"\x04\x10\x02\x08", 0),  # SHA-256
        (b"\x04\x20\x01\x02", 0),  # a revocation
        (b"\x03\x05\x10" + bytes(13) + b"\x02\x00", 1),
        (b"\x03\x05\x10" + bytes(13) + b"\x08\x02", 0),
        (b"\x03\x10\x01\x02" + bytes(12) + b"\x08\x00", 0),
        (b"\x04", 0),
        (b"", 0),
    ],
)
def test_a_name_bound_by_a_weak_hash_is_counted(head: bytes, weak: int) -> None:
    """MD5, SHA-1 and RIPEMD-160 under names and subkeys, in signatures of the old and the usual version."""
    assert scan_key(packet(2, head)).weak == weak
    assert scan_key(packet(13, head)).weak == 0


TAGS = st.integers(1, 15)
BODIES = st.one_of(
    st.binary(max_size=50), st.sampled_from([191, 192, 223, 255, 256, 8383, 8384, 70_000]).map(bytes)
)


def framed(tag: int, body: bytes, form: int) -> bytes:
    """A packet in one of the seven forms that a length has (RFC 9580 §4.2), or the next longer one."""
    size = len(body)
    if form == 0 and size < 192:
        return bytes([0xC0 | tag, size]) + body
    if form <= 1 and 192 <= size < 8384:
        return bytes([0xC0 | tag, ((size - 192) >> 8) + 192, (size - 192) & 255]) + body
    if form <= 2:
        return packet(tag, body)
    if form == 3 and size < 256:
        return bytes([0x80 | tag << 2, size]) + body
    if form <= 4 and size < 65_536:
        return old(tag, body)
    if form <= 5 or size < 513:
        return bytes([0x80 | tag << 2 | 2]) + size.to_bytes(4, "big") + body
    rest = size - 512
    return bytes([0xC0 | tag, 0xE9]) + body[:512] + b"\xff" + rest.to_bytes(4, "big") + body[512:]


@settings(deadline=None)
@given(st.lists(st.tuples(TAGS, BODIES, st.integers(0, 6)), max_size=6))
def test_packets_of_every_form_are_found_one_after_the_other(made: list[tuple[int, bytes, int]]) -> None:
    """Each with its tag, its first forty bytes and its end; the body of one that is looked for is whole."""
    source, expected = b"", []
    for tag, body, form in made:
        source += framed(tag, body, form)
        expected.append((tag, body[:40], len(source)))
    assert [(one.tag, one.head, one.end) for one in walk(source)] == expected
    assert [(one.tag, one.head, one.end) for one in walk(source, 2)] == expected[:2]
    for tag in range(1, 16):
        body = next((body for has, body, _ in made if has == tag), b"")
        assert b"".join(data_of(source, frozenset({tag}))) == body
    tag, body, form = made[0] if made else (0, b"", 0)
    in_pieces = form == 6 and len(body) > 512
    assert first_body(source) == ((0, b"") if in_pieces else (tag, body))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (b"\xc1", []),
        (b"\xc1\xc0", []),  # half a length
        (b"\xc1\xc0\0", [Packet(1, b"", 3, 3)]),
        (b"\xc1\xff\0\0\0", []),
        (b"\x85\0", []),
        (b"\x85\0\0", [Packet(1, b"", 3, 3)]),
        (b"\xc1\x05ab", [Packet(1, b"ab", 4, 2)]),  # cut off
        (b"\x87" + bytes(50), [Packet(1, bytes(40), 51)]),  # to the end of the file
        (b"\xc1\xe1abc", [Packet(1, b"ab", 5)]),  # the last piece breaks off
        (b"\xc1\xe1ab", [Packet(1, b"ab", 4)]),
        (b"\xc1\xe1ab\x02cd\xc2\0", [Packet(1, b"ab", 7), Packet(2, b"", 9, 9)]),
        (b"\xc1\x00\x7f\xc1\x00", [Packet(1, b"", 2, 2)]),
        (b"text", []),
    ],
)
def test_a_walk_ends_where_no_packet_begins(source: bytes, found: list[Packet]) -> None:
    """What breaks off is a packet up to there, unless its length does."""
    assert list(walk(source)) == found


@pytest.mark.parametrize(
    ("source", "data"),
    [
        (b"\x87abc", b"abc"),
        (b"\xc1\xe1ab\x02cd", b"abcd"),
        (b"\xc1\xe1ab\xe1cd\x01e\xc1\x01x", b"abcde"),
        (b"\xc1\xe1ab", b"ab"),
        (b"\xc2\x01x\xc1\x01y", b"y"),
    ],
)
def test_the_data_of_a_packet_are_whole(source: bytes, data: bytes) -> None:
    """Its pieces one after the other, and nothing of the next packet."""
    assert b"".join(data_of(source, frozenset({1}))) == data


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
