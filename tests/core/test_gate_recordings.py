"""What two machines said to each other, out of a recording: no byte lost, and none that nobody said."""

import pytest

from maild.core.writing.gate.recordings import said
from tests.core.test_gate_files import FOUR, SIX, TCP, block, recorded

OTHER = FOUR.replace(b"12345678", b"56781234")


def unsized(head: bytes, words: bytes) -> bytes:
    """A packet as a network card that cuts it up itself records it: with a length of zero."""
    at = 2 if head[0] >> 4 == 4 else 4
    return head[:at] + b"\0\0" + head[at + 2 :] + TCP + words


def words(*pieces: tuple[int, bytes], head: bytes = FOUR) -> list[bytes]:
    """Packets of one side, each with its place and what is said there."""
    return [
        head[:2]
        + (40 + len(piece)).to_bytes(2, "big")
        + head[4:]
        + TCP[:4]
        + at.to_bytes(4, "big")
        + TCP[8:]
        + piece
        for at, piece in pieces
    ]


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        ([(7, b""), (7, b"words")], b"words"),
        ([(7, b"words"), (7, b"")], b"words"),
        ([(7, b"wo"), (7, b"words")], b"words"),
        ([(7, b"words"), (7, b"wo")], b"words"),
        ([(7, b"words"), (7, b"again")], b"words"),
        ([(7, b""), (8, b""), (8, b"words"), (13, b""), (13, b"more")], b"wordsmore"),
    ],
)
def test_an_empty_packet_hides_no_words(pieces: list[tuple[int, bytes]], whole: bytes) -> None:
    """What only acknowledges stands at the place of the words that follow; the longest at each place counts."""
    assert list(said(recorded(*words(*pieces)))) == [whole]


@pytest.mark.parametrize("head", [FOUR, SIX], ids=["IPv4", "IPv6"])
@pytest.mark.parametrize("order", ["little", "big"])
def test_a_packet_without_a_length_ends_with_its_frame(head: bytes, order: str) -> None:
    """And the next frame is the next packet, in both kinds of recording."""
    begins = b"\xd4\xc3\xb2\xa1" if order == "little" else b"\xa1\xb2\xc3\xd4"
    first, second = unsized(head, b"of six"), unsized(head.replace(b"5678", b"1234"), b"eight of")
    assert list(said(recorded(first, second, begins=begins))) == [b"of six", b"eight of"]
    magic = b"M<+\x1a" if order == "little" else b"\x1a+<M"
    section = b"\n\r\r\n" + (28).to_bytes(4, order) + magic + bytes(12) + (28).to_bytes(4, order)  # type: ignore[arg-type]
    blocks = block(6, bytes(20) + bytes(14) + first, order) + block(3, bytes(4) + second, order)
    assert list(said(section + blocks)) == [b"of six", b"eight of"]


@pytest.mark.parametrize(("head", "at"), [(FOUR, 12), (SIX, 8)], ids=["IPv4", "IPv6"])
def test_each_side_is_known_by_its_addresses_and_its_bytes_by_their_whole_places(
    head: bytes, at: int
) -> None:
    """Hosts that differ in one letter are two; a place goes over four bytes; another acknowledgement is no other."""
    other = head[:at] + b"9" + head[at + 1 :]
    early, later = (TCP[:4] + place.to_bytes(4, "big") for place in (0xFFFFFB, 0x1000000))
    ends, again = TCP[8:], b"\xff" + TCP[9:]
    frames = (other + early + ends + b"other", head + later + ends + b"later", head + early + ends + b"words")
    sized = [one[:2] + b"\0\0" + one[4:] if head is FOUR else one[:4] + b"\0\0" + one[6:] for one in frames]
    twice = sized[1].replace(later + ends, later + again)
    assert list(said(recorded(*sized, twice))) == [b"other", b"wordslater"]


def test_padding_behind_a_long_packet_is_no_part_of_it() -> None:
    """Of either version, with more than two hundred bytes."""
    long = b"words " * 50
    six = SIX[:4] + (20 + len(long)).to_bytes(2, "big") + SIX[6:] + TCP + long
    assert list(said(recorded(six + bytes(6), *(one + bytes(6) for one in words((7, long)))))) == [long, long]


@pytest.mark.parametrize("cut", range(1, 19))
def test_a_recording_that_breaks_off_is_read_to_there(cut: int) -> None:
    """Within the head of a frame or within a packet."""
    first, second = words((7, b"words")), words((12, b"and the rest of it"))
    whole = recorded(*first, *second)
    assert list(said(whole[:-cut])) == [b"words" + b"and the rest of it"[: 18 - cut]]
    headless = len(recorded(*first)) + cut
    assert list(said(whole[:headless])) == [b"words"]


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"


@pytest.mark.parametrize(
    ("flow", "whole"),
    [
        (
            CHUNKED
            + b"\r\n2\r\nab\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n"
            + CHUNKED
            + b"\r\n1\r\nz\r\n0\r\n\r\n",
            CHUNKED + b"\r\nab0123456789abcdef0\r\n\r\n" + CHUNKED + b"\r\nz0\r\n\r\n",
        ),
        (
            CHUNKED
            + b"\r\n36\r\n"
            + b"\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n".ljust(0x36, b".")
            + b"\r\n1\r\nz\r\n",
            CHUNKED + b"\r\n" + b"\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n".ljust(0x36, b".") + b"z",
        ),
        (
            CHUNKED + b"X: " + b"x" * 15_000 + b"\r\n\r\n1\r\nz\r\n",
            CHUNKED + b"X: " + b"x" * 15_000 + b"\r\n\r\nz",
        ),
        (
            CHUNKED + b"X: " + b"x" * 17_000 + b"\r\n\r\n1\r\nz\r\n" + CHUNKED + b"\r\n1\r\nz\r\n",
            CHUNKED + b"X: " + b"x" * 17_000 + b"\r\n\r\n1\r\nz\r\n" + CHUNKED + b"\r\nz",
        ),
        (CHUNKED + b"\r\n9\r\nabc", CHUNKED + b"\r\nabc"),
        (CHUNKED + b"\r\n3\r\nabc\r\n", CHUNKED + b"\r\nabc"),
        (CHUNKED + b"\r\n3\r\nabc\r\nno size", CHUNKED + b"\r\nabcno size"),
        (CHUNKED + CHUNKED + b"\r\n3\r\nabc\r\n", CHUNKED + CHUNKED + b"\r\nabc"),
    ],
)
def test_chunks_of_several_replies_are_joined_each_for_itself(flow: bytes, whole: bytes) -> None:
    """What stands within a chunk is no reply of its own, and a head ends within sixteen thousand bytes."""
    (found,) = said(recorded(*words(*((at, flow[at : at + 1000]) for at in range(0, len(flow), 1000)))))
    assert found == whole
