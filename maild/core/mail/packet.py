"""One OpenPGP packet after the other (RFC 9580 §4.2): its tag, its first bytes, and where it ends."""

from collections.abc import Iterator
from dataclasses import dataclass

MAX_PACKETS = 256
"""Packets that are walked; each hidden recipient costs one operation of every secret key."""
MAX_CHUNKS = 200_000
"""Pieces of one packet with partial lengths: 40 MB in honest pieces of 512 bytes are 80,000."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet: its tag, the first bytes of its body, where it ends; where a body in one piece begins."""

    tag: int
    head: bytes
    end: int
    start: int = 0


def first_body(source: bytes) -> tuple[int, bytes]:
    """Tag and whole body of the first packet of *source*, if it is in one piece; else nothing of it."""
    first = _read(source, 0)
    return (first.tag, source[first.start : first.end]) if first and first.start else (0, b"")


def walk(source: bytes, limit: int = MAX_PACKETS) -> Iterator[Packet]:
    """The packets of *source* in order; stops at the first byte that starts none."""
    at = 0
    for _ in range(limit):
        packet = _read(source, at)
        if packet is None:
            return
        yield packet
        at = packet.end


def data_of(source: bytes, tags: frozenset[int]) -> Iterator[bytes]:
    """The body of the first packet of *source* with one of *tags*, in the pieces that it comes in."""
    at = 0
    for packet in walk(source):
        if packet.tag in tags:
            yield from _pieces(source, at, packet)
            return
        at = packet.end


def _pieces(source: bytes, at: int, packet: Packet) -> Iterator[bytes]:
    if packet.start or not source[at] & 0x40:
        yield source[packet.start or at + 1 : packet.end]
        return
    at, partial = at + 1, True
    for _ in range(MAX_CHUNKS):
        if not partial or at >= len(source):
            return
        found = _length(source, at)
        if found is None:
            return
        length, start, partial = found
        yield source[start : start + length]
        at = start + length


def _read(source: bytes, at: int) -> Packet | None:
    """The packet that starts at *at*, old or new format (RFC 9580 §4.2)."""
    if at >= len(source) or not source[at] & 0x80:
        return None
    first = source[at]
    if first & 0x40:
        return _new(source, at + 1, first & 0x3F)
    size = first & 3
    if size == 3:
        return Packet((first >> 2) & 15, source[at + 1 : at + 41], len(source))
    start = at + 1 + (1 << size)
    if start > len(source):
        return None
    return _sized(source, (first >> 2) & 15, start, int.from_bytes(source[at + 1 : start], "big"))


def _new(source: bytes, at: int, tag: int) -> Packet | None:
    head: bytes | None = None
    for _ in range(MAX_CHUNKS):
        if at >= len(source):
            return Packet(tag, head, len(source)) if head is not None else None
        found = _length(source, at)
        if found is None:
            return None
        length, start, partial = found
        if not partial:
            last = _sized(source, tag, start, length)
            return last if head is None else Packet(tag, head, last.end)
        head = source[start : start + min(length, 40)] if head is None else head
        at = start + length
    return None


def _length(source: bytes, at: int) -> tuple[int, int, bool] | None:
    """A new-format length: the length, where the body starts, whether it is partial; ``None``: cut off."""
    first = source[at]
    if first < 192:
        return first, at + 1, False
    if first < 224:
        second = source[at + 1 : at + 2]
        return (((first - 192) << 8) + second[0] + 192, at + 2, False) if second else None
    if first == 255:
        field = source[at + 1 : at + 5]
        return (int.from_bytes(field, "big"), at + 5, False) if len(field) == 4 else None
    return 1 << (first & 31), at + 1, True


def _sized(source: bytes, tag: int, start: int, length: int) -> Packet:
    end = min(start + length, len(source))
    return Packet(tag, source[start : min(end, start + 40)], end, start)
