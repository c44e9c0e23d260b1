"""What is compressed within other bytes: where a stream begins, how far it is read, and what it costs."""

import gzip
import io
import random
import zipfile
import zlib

import pytest

from maild.core.writing.gate.files import Budget
from maild.core.writing.gate.streams import drawn, inflated

WORDS = b"some words that a machine wrote down"
BEFORE = b"\x7fELF" + random.Random(3).randbytes(64).replace(b"\x1f", b"").replace(b"x", b"")
VARIED = b" ".join(b"%x" % one for one in random.Random(4).sample(range(10**9), 40_000))
"""More words than a picture is read for, and hard to compress."""
BARE = zlib.compressobj(wbits=-15)
RAW = BARE.compress(WORDS) + BARE.flush()


def read(content: bytes, **left: int) -> list[bytes]:
    """What is found compressed in *content*."""
    return list(inflated(content, Budget(**left)))


def gz(flags: int, *fields: bytes) -> bytes:
    """A head of gzip with optional fields, and its stream (RFC 1952 section 2.3)."""
    return b"\x1f\x8b\x08" + bytes([flags]) + bytes(6) + b"".join(fields) + RAW + bytes(8)


EXTRA = b"\x05\0AP\1\0x"
NAME, REMARK, CHECK = b"core.txt\0", b"kept for later\0", b"\x1b\x2c"


@pytest.mark.parametrize(
    "stream",
    [
        gz(0),
        gz(1),
        gz(2, CHECK),
        gz(4, EXTRA),
        gz(4, (300).to_bytes(2, "little") + b"\0" * 300),
        gz(8, NAME),
        gz(16, REMARK),
        gz(24, NAME, REMARK),
        gz(12, EXTRA, NAME),
        gz(30, EXTRA, NAME, REMARK, CHECK),
        b"PK\3\4" + bytes(22) + b"\x05\0\x07\0" + b"a.txt" + b"extra  " + RAW,
        b"PK\3\4" + bytes(22) + b"\x2c\1\x2c\1" + b"a" * 300 + b"b" * 300 + RAW,
        b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nServer: x\r\n\r\n" + RAW,
    ],
)
def test_a_stream_is_read_behind_whatever_its_head_holds(stream: bytes) -> None:
    """A name, a remark, further fields and a checksum are no part of it."""
    assert read(BEFORE + stream) == [WORDS]


@pytest.mark.parametrize("flags", [8, 16])
def test_a_head_that_does_not_end_is_followed_by_nothing(flags: int) -> None:
    """A name without its zero goes on to the end of the file."""
    assert read(b"\x7fELF" + gz(flags).replace(b"\0", b"\1")) == []


def test_what_lies_within_a_stream_that_was_read_begins_no_other() -> None:
    """A file in a stored stream is found in what comes of that, once; the next stream is found behind it."""
    inner = zlib.compress(WORDS)
    stored = zlib.compress(b"words around it " + inner, 0)
    assert read(BEFORE + stored + zlib.compress(b"and more words")) == [
        b"words around it " + inner,
        b"and more words",
    ]


def test_a_stream_that_breaks_is_read_to_where_it_breaks() -> None:
    """To the byte, and it hides none that begins behind it."""
    made = zlib.compressobj()
    begun = made.compress(VARIED[:20_000]) + made.flush(zlib.Z_FULL_FLUSH)
    broken = begun + b"\x07" * 10  # there is no block of this type (RFC 1951 section 3.2.3)
    first, *_, last = read(BEFORE + broken + zlib.compress(WORDS))
    assert (first, last) == (VARIED[:20_000], WORDS)
    assert read(BEFORE + zlib.compress(VARIED)[:9000])[0] in VARIED


def pdf(about: bytes, stream: bytes) -> bytes:
    """A PDF with one stream, and what is said of it."""
    return b"%PDF-1.7\n" + about + b"stream\n" + zlib.compress(stream) + b"\nendstream\n"


LONG = b"letters " * 50_000


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (pdf(b"<</Type/XObject/Subtype/Image/Filter/FlateDecode>>", LONG), 200_000),
        (pdf(b"<</Type/XObject/Subtype/Image/Filter/FlateDecode>>", VARIED), 200_000),
        (pdf(b"<</Length 1/Filter/FlateDecode>>", LONG), 400_000),
        (pdf(b"<</Subtype/Image>>" + b" " * 500, LONG), 400_000),
        (pdf(b"<</Subtype/Image>>" + b" " * 300, LONG), 200_000),
        (pdf(b"", LONG).replace(b"endstream", b"/Image"), 400_000),
        (pdf(b"<</Subtype/Image>>", LONG).replace(b"%PDF", b"%XYZ"), 400_000),
    ],
)
def test_of_a_picture_in_a_pdf_the_beginning_is_read(content: bytes, size: int) -> None:
    """What the PDF says just before the stream tells a picture from a page."""
    assert [len(one) for one in read(content)] == [size]


def test_no_more_comes_of_a_stream_than_there_is_room_for() -> None:
    """Of bytes and of streams with letters; what has no letters is no stream."""
    two = zlib.compress(LONG[:1000]) + zlib.compress(b"second one")
    assert [len(one) for one in read(BEFORE + two, steps=2000)] == [1000, 10]
    assert [len(one) for one in read(BEFORE + two, steps=1000)] == []
    assert [len(one) for one in read(BEFORE + two, steps=1001)] == [1000]
    assert [len(one) for one in read(BEFORE + two, streams=1)] == [1000]
    assert [len(one) for one in read(BEFORE + two, streams=2)] == [1000, 10]
    assert [len(one) for one in read(BEFORE + two, bytes=999)] == []
    assert read(BEFORE + zlib.compress(bytes(range(8)) * 9)) == []


def test_the_pixels_of_a_picture_alone_are_left_out() -> None:
    """Of a PNG: the chunks with its pixels, those of an animation too, and nothing before or behind them."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + kind + content + bytes(4)

    remark = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"first remark"))
    later = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"later remark"))
    pixels = zlib.compress(b"looks like words")
    png = b"\x89PNG\r\n\x1a\n" + remark + chunk(b"IDAT", pixels) + chunk(b"fdAT", b"\0\0\0\1" + pixels)
    assert read(png + later + chunk(b"IEND", b"")) == [b"first remark", b"later remark"]
    assert read(png + later + chunk(b"IEND", b"") + zlib.compress(b"behind it")) == [
        b"first remark",
        b"later remark",
        b"behind it",
    ]


def test_the_whole_may_be_a_stream_without_a_head() -> None:
    """As drawings are kept; and an archive gives the words of each of its files."""
    assert read(RAW) == [WORDS]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "the first file")
        archive.writestr("b.txt", "the second file")
    assert read(BEFORE + made.getvalue()) == [b"the first file", b"the second file"]
    assert read(BEFORE + gzip.compress(WORDS) + gzip.compress(b"and again")) == [WORDS, b"and again"]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (b"BT (some) -20 (words) Tj ET", "somewords"),
        (b"<736f6d65> 3 <20> (words)", "some words"),
        (b"<736f6d6> (words)", "somwords"),
        (b"<7> (a)", "a"),
        (b"<zz> ()", ""),
    ],
)
def test_what_is_drawn_on_a_page_is_its_strings(page: bytes, text: str) -> None:
    """In letters or in hexadecimal, of which a last half of a byte is nothing."""
    assert drawn(page) == text
