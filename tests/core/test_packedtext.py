"""The text of a message that is in a winmail.dat only."""
# ruff: noqa: RUF001 - words of several languages

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.mail import rtf
from maild.core.mail.packedtext import MAX_BYTES, MAX_TEXT, packed_text
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


def one_property(kind: int, name: int, value: bytes, count: int = 1) -> bytes:
    """A property as it stands in the list."""
    return struct.pack("<HHII", kind, name, count, len(value)) + value + bytes(-len(value) % 4)


BODY = one_property(0x1E, 0x1000, b"hi\0")
LISTED = struct.pack("<I", 1) + one_property(0x1E, 0x1000, b"\xc4\0")
OWN_NAME = struct.pack("<HH", 0x1E, 0x8001) + bytes(range(16))


@pytest.mark.parametrize(
    "before",
    [
        b"",
        struct.pack("<HHI", 0x3, 0x3FDE, 1252),
        struct.pack("<HHq", 0x14, 0x3001, 1),
        struct.pack("<HH", 0x48, 0x3001) + bytes(16),
        struct.pack("<HH", 0x2, 0x3001) + b"\1\0\0\0",
        struct.pack("<HHIII", 0x1003, 0x3001, 2, 7, 8),
        struct.pack("<HHI", 0x1003, 0x3001, 0),
        one_property(0x102, 0x3001, b"abcde"),
        one_property(0x102, 0x3001, b"abcd"),
        one_property(0x102, 0x3001, b""),
        OWN_NAME + struct.pack("<II", 0, 7) + one_property(0x1E, 0, b"x")[4:],
        OWN_NAME + struct.pack("<II", 1, 6) + b"abcdef\0\0" + one_property(0x1E, 0, b"x")[4:],
        struct.pack("<HH", 0x1E, 0x8000)
        + OWN_NAME[4:]
        + struct.pack("<II", 0, 7)
        + one_property(0x1E, 0, b"x")[4:],
        OWN_NAME + struct.pack("<II", 1, 8) + b"abcdefgh" + one_property(0x1E, 0, b"xy\0\0")[4:],
    ],
)
def test_the_text_is_found_behind_any_other_property(before: bytes) -> None:
    """Of whatever size, with its own name by number or in words, with several values or none."""
    rows = struct.pack("<I", 1 + bool(before)) + before + BODY
    assert packed_text(message(piece(1, 0x9003, rows))) == "hi"
    cut = message(piece(1, 0x800C, b"old\0") + piece(1, 0x9003, rows[:-5]))
    assert packed_text(cut) == "old"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (message(piece(1, 0x800C, b"old\0\0") + piece(1, 0x800C, b"new\0")), "new"),
        (message(piece(2, 0x800C, b"of a file\0")), ""),
        (message(piece(1, 0x9007, struct.pack("<II", 1251, 7)) + piece(1, 0x800C, b"\xc4\xe0")), "Да"),
        (message(piece(1, 0x9007, b"\xe3\4\0") + piece(1, 0x800C, b"\xc4")), "Ä"),
        (message(piece(1, 0x9007, struct.pack("<I", 1251)) + piece(1, 0x9003, LISTED)), "Д"),
        (of_message((0x1E, 0x1000, b"plain"), (0x102, 0x1013, b"<p>page</p>")), "plain"),
        (of_message((0x1E, 0x1000, b"one"), (0x1E, 0x1000, b"two")), "one"),
        (of_message((0x102, 0x1009, rich(b"{\\rtf1 rich}")), (0x102, 0x1013, b"page")), "page"),
        (of_message((0x1E, 0x1000, b"x" * (MAX_TEXT + 1))), "x" * MAX_TEXT),
        (message(piece(1, 0x800C, b"old\0") + piece(1, 0x800C, b"")), ""),
        (message(piece(1, 0x800C, b"whole")), "whole"),
        (b"\0" + message(piece(1, 0x800C, b"whole"))[1:], ""),
        (message(piece(1, 0x800C, b"whole"))[:-1], ""),
        (message(piece(1, 0x9003, struct.pack("<IHHI", 2, 0xE, 0x3001, 1) + BODY)), ""),
        (b"\0" + message(piece(1, 0x800C, b"whole")), ""),
    ],
)
def test_of_several_texts_the_best_is_read(content: bytes, text: str) -> None:
    """Plain before a page before rich text, in the charset that is named, and only what is whole."""
    assert packed_text(content) == text


@pytest.mark.parametrize(("more", "text"), [(0, "whole"), (1, "")])
def test_a_file_is_read_up_to_its_longest_size(more: int, text: str) -> None:
    """One byte more, and nothing of it is read."""
    bare = message(piece(1, 0x800C, b"whole") + piece(2, 0x800F, b""))
    filled = message(piece(1, 0x800C, b"whole") + piece(2, 0x800F, bytes(MAX_BYTES - len(bare) + more)))
    assert packed_text(filled) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (rb"{\rtf1 a}b}c", "abc"),
        (rb"a\info b}c", "a"),
        (rb"{\rtf1 {\info hidden {deeper} still}shown}", "shown"),
        (rb"{a{\*\x hidden}b\*c}d", "abd"),
        (rb"a\~b\_c\-d\|e\{f\}g\\h", "a b-cde{f}g\\h"),
        (rb"a\tab b\cell c\row d\line e\par f", "a\tb\tc\nd\ne\nf"),
        (rb"\u65?b \u66 cd\u67", "Ab BdC"),
        (rb"\u-1?a \u a", "\uffffa a"),
        (rb"\ansicpg1251 \'c4\'e0", "Да"),
        (rb"\ansicpg932 \'82\'a0", "あ"),
        (rb"\ansicpg \'e9", "é"),
        (rb"\u0?a\u1 b", "\0a\x01"),
        (rb"{\pict \u65?\par x}y", "y"),
    ],
)
def test_each_sign_of_rich_text_means_one_thing(source: bytes, text: str) -> None:
    """What a group hides ends with the group; what stands in place of a numbered letter is one letter."""
    assert rtf.text_of(source) == text


HEAD = struct.Struct("<IIII")
KNOWN = 207


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", b""),
        (bytes(15), b""),
        (HEAD.pack(12, 3, 0x414C454D, 0), b""),
        (HEAD.pack(15, 3, 0x414C454D, 0) + b"abcd", b"abc"),
        (HEAD.pack(15, 3, 0x414C454E, 0) + b"abcd", b""),
        (HEAD.pack(0, 3, 0x75465A4C, 0) + b"\0abcd", b"abc"),
        (HEAD.pack(0, 9, 0x75465A4C, 0) + b"\0abcdefgh\0i", b"abcdefghi"),
        (HEAD.pack(0, 9, 0x75465A4C, 0) + b"\0abcdefgh", b"abcdefgh"),
        (HEAD.pack(0, 9, 0x75465A4C, 0) + b"\0ab", b"ab"),
        (HEAD.pack(0, 9, 0x75465A4C, 0) + b"\4ab" + struct.pack(">H", KNOWN << 4 | 1), b"ababa"),
        (HEAD.pack(0, 9, 0x75465A4C, 0) + b"\4ab" + struct.pack(">H", (KNOWN + 2) << 4), b"ab"),
        (HEAD.pack(0, 9, 0x75465A4C, 0) + b"\4ab\0", b"ab"),
        (HEAD.pack(0, 9, 0x75465A4C, 0) + b"\4ab" + struct.pack(">H", 4000 << 4), b"ab  "),
        (HEAD.pack(0, 9, 0x75465A4C, 0) + b"\x81\0\0a", rb"{\a"),
    ],
)
def test_compressed_rich_text_is_as_long_as_it_says(content: bytes, text: bytes) -> None:
    """Back to what was said, to what every text begins with, or to blanks; what breaks off ends it."""
    assert rtf.unpacked(content) == text
