"""Files out of Outlook's winmail.dat: what is there comes out, and hostile bytes end."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.mail.mime import parse
from maild.gateways.tnef import MAX_FILES, MAX_OBJECTS, unpacked
from tests.support.bounded import bounded
from tests.support.tnef import begins, message, packed, piece, properties, title_and_data

HEAD = b"Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: binary\r\n\r\n"


def files(content: bytes, head: bytes = HEAD) -> list[tuple[str, bytes]]:
    """The names and bytes of what is in a winmail.dat."""
    return [(one.filename, one.content) for one in unpacked(parse(head + content).root)]


def test_every_file_comes_out_whole() -> None:
    """By its long name where there is one, in any script, byte for byte."""
    content = packed(("fix.patch", b"--- a\r\n+++ b\r\n"), ("修复.txt", bytes(range(256)) * 40))
    assert files(content) == [("fix.patch", b"--- a\r\n+++ b\r\n"), ("修复.txt", bytes(range(256)) * 40)]


@pytest.mark.parametrize(
    "head",
    [
        HEAD.replace(b"application/ms-tnef", b"application/vnd.ms-tnef"),
        HEAD.replace(b"application/ms-tnef", b"application/octet-stream"),
    ],
)
def test_it_is_known_by_type_or_name(head: bytes) -> None:
    """Gateways give it another type."""
    assert files(packed(("a.txt", b"x")), head) == [("a.txt", b"x")]


def test_a_name_from_outside_is_no_path_and_no_header() -> None:
    """Line breaks and slashes stay within the name."""
    ((name, content),) = files(packed(("../../a\r\nX-Evil: 1\r\n\r\nb.txt", b"x")))
    assert content == b"x"
    assert name.startswith("../../a")


def test_hostile_numbers_end() -> None:
    """Lists said to hold four thousand million values, messages in messages, thousands of pieces: nothing."""
    counted = begins() + piece(2, 0x9005, struct.pack("<I", 0xFFFFFFFF))
    several = begins() + piece(2, 0x9005, struct.pack("<IHHI", 1, 0x1002, 0x3701, 0xFFFFFFFF))
    nested = begins() + piece(2, 0x9005, properties(0x3701, message(packed(("a", b"x")))))
    rows = piece(1, 0x9004, struct.pack("<I", 0xFFFFFFFF)) + begins()
    many = b"".join(title_and_data(f"{number}", b"x") for number in range(MAX_OBJECTS))
    with bounded():
        for hostile in (counted, several, nested, many):
            assert files(message(hostile)) == []
        assert files(message(rows)) == []
    assert len(files(message(b"".join(title_and_data(f"{n}", b"x") for n in range(MAX_FILES))))) == MAX_FILES


@given(st.binary(max_size=200), st.integers(0, 400))
def test_no_bytes_make_it_fail(noise: bytes, at: int) -> None:
    """Cut, broken or nonsense: files or none."""
    whole = packed(("fix.patch", b"--- a\n"), ("b.txt", b"y" * 50))
    files(whole[:at] + noise + whole[at:])
    files(whole[:at])
    files(b"\x78\x9f\x3e\x22" + noise)
