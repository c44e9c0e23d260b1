"""What people said over TCP, out of a recording of packets: the pieces of each direction joined.

Both kinds of recording are read (pcap: draft-ietf-opsawg-pcap; pcapng: draft-ietf-opsawg-pcapng), and HTTP
without the sizes that stand between its pieces (RFC 9112 §7.1). What is no TCP is read as it stands.
"""

import re
from collections.abc import Iterator
from typing import Literal

LITTLE = (b"\xd4\xc3\xb2\xa1", b"M<\xb2\xa1")
BIG = (b"\xa1\xb2\xc3\xd4", b"\xa1\xb2<M")
_NEXT = b"\n\r\r\n"
_FRAMES = (14, 18, 16, 20, 4, 0)
"""Bytes before the packet of a frame: Ethernet, with a VLAN, Linux' own two, loopback, none."""
_TCP = 6
_CHUNKED = re.compile(rb"\r\n(?i:transfer-encoding):[^\r\n]{0,100}(?i:chunked)")
_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})[^\r\n]{0,100}\r\n")
_UNREADABLE = re.compile(rb"\r\ncontent-encoding:[ \t]*+(?:br|zstd|compress)\b", re.IGNORECASE)
"""Codings of HTTP that the library does not read (RFC 9110 §8.4.1)."""
_HEAD = 16_000
"""Bytes within which the head of a reply ends."""


def unreadable(content: bytes) -> bool:
    """Whether a reply in the recording *content* is compressed in a way that nothing here reads."""
    begins = content.startswith((_NEXT, *LITTLE, *BIG))
    return begins and _UNREADABLE.search(content) is not None


def said(content: bytes) -> Iterator[bytes]:
    """What each side of each connection sent in the recording *content*; nothing where it is none."""
    flows: dict[bytes, dict[int, bytes]] = {}
    for frame in _frames(content):
        for who, at, piece in _segment(frame):
            side = flows.setdefault(who, {})
            side[at] = max(side.get(at, b""), piece, key=len)  # what only acknowledges says nothing
    for pieces in flows.values():
        whole = b"".join(pieces[at] for at in sorted(pieces))
        yield _unchunked(whole)


def _frames(content: bytes) -> Iterator[bytes]:
    if content.startswith(_NEXT):
        yield from _blocks(content)
    elif content.startswith(LITTLE + BIG):
        order: Literal["little", "big"] = "little" if content.startswith(LITTLE) else "big"
        at = 24
        while at < len(content):
            size = int.from_bytes(content[at + 8 : at + 12], order)
            yield content[at + 16 : at + 16 + size]
            at += 16 + size


def _blocks(content: bytes) -> Iterator[bytes]:
    """The packets of a pcapng file: of its enhanced and its simple blocks."""
    order: Literal["little", "big"] = "little" if content[8:12] == b"M<+\x1a" else "big"
    at = 0
    while at < len(content):
        kind, size = (int.from_bytes(content[n : n + 4], order) for n in (at, at + 4))
        if kind in (3, 6):
            yield content[at + (28 if kind == 6 else 12) : at + size - 4]
        at += max(size, 12)


def _segment(frame: bytes) -> Iterator[tuple[bytes, int, bytes]]:
    """Who speaks to whom, the place, and the bytes, where the packet of *frame* is one of TCP."""
    for at in _FRAMES:
        version = int.from_bytes(frame[at : at + 1]) >> 4
        if version == 4 and frame[at + 9 : at + 10] == bytes([_TCP]):
            size, head = int.from_bytes(frame[at + 2 : at + 4], "big"), 4 * (frame[at] & 15)
            who, end = frame[at + 12 : at + 20], at + size if size else len(frame)
        elif version == 6 and frame[at + 6 : at + 7] == bytes([_TCP]):
            size, head = int.from_bytes(frame[at + 4 : at + 6], "big"), 40
            who, end = frame[at + 8 : at + 40], at + 40 + size if size else len(frame)
        else:
            continue
        tcp = frame[at + head : end]
        if len(tcp) >= 20:
            yield who + tcp[:4], int.from_bytes(tcp[4:8], "big"), tcp[4 * (tcp[12] >> 4) :]
            return


def _unchunked(flow: bytes) -> bytes:
    """*flow* with the bodies of HTTP that came in chunks in one piece each."""
    kept, done = [], 0
    for found in _CHUNKED.finditer(flow):
        blank = flow.find(b"\r\n\r\n", found.end(), found.end() + _HEAD)
        if blank < 0 or found.start() < done:
            continue
        kept.append(flow[done : blank + 4])
        at = blank + 4
        while (size := _SIZE.match(flow, at)) and (length := int(size[1], 16)):
            kept.append(flow[size.end() : size.end() + length])
            at = size.end() + length + 2
        done = at
    return b"".join(kept) + flow[done:]
