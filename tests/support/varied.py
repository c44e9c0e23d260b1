"""Signatures that say the same in other bytes, as anybody can make them who has no secret key."""

from tests.openpgp.kit import Kit

ED25519 = 2**252 + 27742317777372353535851937790883648493
"""The order of the base point (RFC 8032 §5.1)."""
P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of NIST P-256 (FIPS 186-4 §D.1.2.3)."""


def varied(signature: bytes, kit: Kit, signer: str) -> bytes:
    """A detached *signature* (bare, version 4) with another number in it that is just as good."""
    body = _body(signature)
    numbers_at = _numbers_at(body)
    numbers = _numbers(body[numbers_at:])
    match body[2]:
        case 1:
            changed = [numbers[0] + _modulus(kit.public(kit.people, signer))]
        case 19:
            changed = [numbers[0], P256 - numbers[1]]
        case 22:
            scalar = int.from_bytes(numbers[1].to_bytes(32, "big"), "little") + ED25519
            changed = [numbers[0], int.from_bytes(scalar.to_bytes(32, "little"), "big")]
        case other:
            raise AssertionError(other)
    made = body[:numbers_at] + b"".join(_mpi(one) for one in changed)
    return b"\xc2\xff" + len(made).to_bytes(4, "big") + made


def _body(packet: bytes) -> bytes:
    """The body of the one packet (RFC 9580 §4.2), old or new format."""
    tag, first = packet[0], packet[1]
    if not tag & 0x40:
        size = 1 << (tag & 3)
        start = 1 + size
        return packet[start : start + int.from_bytes(packet[1:start], "big")]
    if first < 192:
        return packet[2 : 2 + first]
    length = ((first - 192) << 8) + packet[2] + 192
    return packet[3 : 3 + length]


def _numbers_at(body: bytes) -> int:
    """Where the algorithm's numbers begin in a version 4 signature (RFC 9580 §5.2.3)."""
    assert body[0] == 4
    hashed = 6 + int.from_bytes(body[4:6], "big")
    return hashed + 2 + int.from_bytes(body[hashed : hashed + 2], "big") + 2


def _numbers(data: bytes) -> list[int]:
    found = []
    while data:
        size = (int.from_bytes(data[:2], "big") + 7) // 8
        found.append(int.from_bytes(data[2 : 2 + size], "big"))
        data = data[2 + size :]
    return found


def _modulus(key: bytes) -> int:
    """The modulus of an RSA key (RFC 9580 §5.5.2)."""
    return _numbers(_body(key)[6:])[0]


def _mpi(number: int) -> bytes:
    return number.bit_length().to_bytes(2, "big") + number.to_bytes((number.bit_length() + 7) // 8, "big")
