"""The text of a message that is in a winmail.dat only."""
# ruff: noqa: RUF001 - words of several languages

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.mail import rtf
from maild.core.mail.packedtext import MAX_TEXT, packed_text
from tests.support.bounded import bounded
from tests.support.tnef import message, of_message, piece, rich

SAID = "The kiosk lets anybody in.\nThe quokka did it."
RICH = (
    rb"{\rtf1\ansi\ansicpg1251\deff0{\fonttbl{\f0\fswiss Arial;}}{\colortbl;\red0\green0\blue0;}"
    b"\r\n"
    rb"\pard\f0 The kiosk \{2.0\} lets anybody in.\par {\*\htmltag84 <p>}\'cf\'f0\'e8\'e2\'e5\'f2 \u8364?100"
    rb" \u-10179?\u-8704?\line back\\slash}"
)
READ = "The kiosk {2.0} lets anybody in.\nПривет €100 😀\nback\\slash"


@pytest.mark.parametrize(
    "content",
    [
        of_message((0x1F, 0x1000, SAID.encode("utf-16-le") + b"\0\0")),
        of_message((0x1E, 0x1000, SAID.encode() + b"\0")),
        of_message((0x3, 0x3FDE, b"\xe9\xfd\0\0"), (0x1F, 0x1000, SAID.encode("utf-16-le"))),
        message(piece(1, 0x800C, SAID.encode() + b"\0", 2)),
        of_message((0x102, 0x1013, b"<p>The kiosk lets anybody in.</p><p>The quokka did it.</p>")),
        of_message((0x102, 0x1009, rich(rb"{\rtf1 The kiosk lets anybody in.\par The quokka did it.}"))),
    ],
    ids=["unicode", "bytes", "behind another property", "an old attribute", "HTML", "rich text"],
)
def test_the_text_is_found_wherever_outlook_puts_it(content: bytes) -> None:
    """As plain text in two ways, as an attribute of old, as HTML, as compressed rich text."""
    assert "The kiosk lets anybody in." in packed_text(content)
    assert "The quokka did it." in packed_text(content)


def test_a_page_is_in_the_charset_that_is_named_beside_it() -> None:
    """The number of a code page, UTF-8 among them."""
    number = (0x3, 0x3FDE, struct.pack("<I", 65001))
    assert packed_text(of_message(number, (0x102, 0x1013, "<p>Die Tür</p>".encode()))).strip() == "Die Tür"
    number = (0x3, 0x3FDE, struct.pack("<I", 1251))
    assert packed_text(of_message(number, (0x102, 0x1013, "дверь".encode("cp1251")))).strip() == "дверь"


def test_rich_text_is_read_as_a_person_reads_it() -> None:
    """Letters of a code page, letters by number, line breaks and braces; no fonts, colours or tags."""
    assert rtf.text_of(RICH).strip() == READ


def test_what_was_said_before_is_found_again() -> None:
    """Compressed rich text points back to itself, and to what every such text begins with."""
    start = b"\x01" + struct.pack(">H", (0 << 4) | 5) + b"ab\x0c"[:2]
    header = struct.pack("<IIII", len(start) + 12, 9, 0x75465A4C, 0)
    assert rtf.unpacked(header + start) == rb"{\rtf1\ab"
    around = b"\x02x" + struct.pack(">H", (207 << 4) | 4)
    assert rtf.unpacked(struct.pack("<IIII", 0, 7, 0x75465A4C, 0) + around) == b"xxxxxxx"


def test_names_of_their_own_and_lists_are_passed_over() -> None:
    """A property with a name of its own, and one of several values, before the text."""
    named = struct.pack("<HH", 0x1E, 0x8001) + bytes(16) + struct.pack("<II", 1, 4) + "ab".encode("utf-16-le")
    named += struct.pack("<II", 1, 2) + b"x\0\0\0"
    several = struct.pack("<HHI", 0x101E, 0x3001, 2) + 2 * (struct.pack("<I", 2) + b"y\0\0\0")
    body = struct.pack("<HHII", 0x1E, 0x1000, 1, 3) + b"hi\0\0"
    content = message(piece(1, 0x9003, struct.pack("<I", 3) + named + several + body))
    assert packed_text(content) == "hi"


@given(st.binary(max_size=300))
def test_whatever_the_bytes_it_ends(noise: bytes) -> None:
    """Noise in place of the file, of its properties and of the rich text raises nothing."""
    for content in (
        noise,
        message(noise),
        message(piece(1, 0x9003, noise)),
        of_message((0x102, 0x1009, noise)),
    ):
        assert isinstance(packed_text(content), str)
    assert isinstance(rtf.text_of(noise), str)


def test_hostile_lengths_end() -> None:
    """A list of four thousand million values, and rich text that says the same thing for ever."""
    counted = message(piece(1, 0x9003, struct.pack("<IHHI", 0xFFFFFFFF, 0x1002, 0x3001, 0xFFFFFFFF)))
    echo = struct.pack("<IIII", 0, 0xFFFFFFFF, 0x75465A4C, 0) + b"\x02x" + (b"\xff" + b"\x0c\xff" * 8) * 4000
    with bounded():
        assert packed_text(counted) == ""
        assert len(packed_text(of_message((0x102, 0x1009, echo)))) <= MAX_TEXT
        piece_of_it = of_message((0x102, 0x1009, echo)).removeprefix(message(b""))
        assert packed_text(message(piece_of_it * 40)) == packed_text(message(piece_of_it))
