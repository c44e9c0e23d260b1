"""Internal words that stand compressed within a file of a known kind, or written in escapes of a style sheet."""

import base64
import bz2
import gzip
import lzma
import random
import zlib
from collections.abc import Callable

import pytest

from maild.core.writing.gate import files, recordings
from maild.core.writing.gate.reading import look
from tests.core.test_gate_readings import CAPTURE, INTERNAL, kept_back, letter, picture, points, zipped

FILLING = " ".join(f"{one:x}" for one in random.Random(1).sample(range(10**9), 3000))
"""Words that compress to more than one packet holds."""
CORE = b"\x7fELF\x02\x01\x01" + random.Random(2).randbytes(3000)
HTTP = b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Encoding: "
LATER = gzip.compress(f"{FILLING} {INTERNAL}".encode())


def raw(content: bytes, bits: int = -15) -> bytes:
    """*content* deflated, without head or checksum."""
    made = zlib.compressobj(wbits=bits)
    return made.compress(content) + made.flush()


def packet(at: int, content: bytes) -> bytes:
    """A segment of TCP from a web server, in a frame of Ethernet."""
    tcp = b"\0\x50\x90\0" + at.to_bytes(4, "big") + bytes(4) + b"\x50\x18" + bytes(6)
    size = (40 + len(content)).to_bytes(2, "big")
    return bytes(12) + b"\x08\0\x45\0" + size + bytes(5) + b"\x06" + bytes(10) + tcp + content


def recorded(said: bytes, most: int = 1000) -> bytes:
    """A recording (pcap) in which a server says this in packets, which came the last first."""
    found = [packet(at, said[at : at + most]) for at in range(0, len(said), most)]
    return CAPTURE[:24].ljust(24, b"\0") + b"".join(
        bytes(8) + len(one).to_bytes(4, "little") * 2 + one for one in reversed(found)
    )


def blocks(said: bytes, most: int = 1000) -> bytes:
    """The same as pcapng."""
    made = b"\n\r\r\n\x1c\0\0\0M<+\x1a" + bytes(12) + b"\x1c\0\0\0"
    for at in range(0, len(said), most):
        one = packet(at, said[at : at + most])
        size, whole = len(one).to_bytes(4, "little"), one + bytes(-len(one) % 4)
        length = (32 + len(whole)).to_bytes(4, "little")
        made += b"\x06\0\0\0" + length + bytes(12) + size * 2 + whole + length
    return made


def chunked(content: bytes) -> bytes:
    """A reply of HTTP in chunks."""
    pieces = [content[at : at + 700] for at in range(0, len(content), 700)]
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    return head + b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in pieces) + b"0\r\n\r\n"


PLAIN = INTERNAL.encode()
WITHIN: dict[str, bytes] = {
    "gzip in a core dump": CORE + gzip.compress(PLAIN) + CORE,
    "zlib in a core dump": CORE + zlib.compress(PLAIN) + CORE,
    "zlib of the smallest window": CORE + raw(PLAIN, 9),
    "bzip2 in a core dump": CORE + bz2.compress(PLAIN) + CORE,
    "xz in a program": b"MZ" + CORE + lzma.compress(PLAIN) + CORE,
    "a file of a zip in a core dump": CORE + zipped("n.txt", INTERNAL)[:-30] + CORE * 30,
    "cut off": CORE + gzip.compress(PLAIN * 9)[:90] + CORE,
    "a wrong checksum": CORE + zlib.compress(PLAIN)[:-4] + b"\1\2\3\4" + CORE,
    "gzip with a name": CORE + gzip.compress(b"x")[:3] + b"\x08" + bytes(6) + b"n.txt\0" + raw(PLAIN) + CORE,
    "gzip in zlib": CORE + zlib.compress(CORE + gzip.compress(PLAIN)) + CORE,
    "a docx in zlib": CORE + zlib.compress(zipped("word/document.xml", INTERNAL)) + CORE,
    "UTF-16 in zlib": CORE + zlib.compress(INTERNAL.encode("utf-16")) + CORE,
    "base64 of zlib": CORE + base64.b64encode(zlib.compress(PLAIN)) + CORE,
    "gzip in a packet": CAPTURE + HTTP + b"gzip\r\n\r\n" + gzip.compress(PLAIN),
    "deflate in a packet": CAPTURE + HTTP + b"deflate\r\n\r\n" + raw(PLAIN) + bytes(20),
    "over packets": recorded(HTTP + b"gzip\r\n\r\n" + LATER),
    "over packets of pcapng": blocks(HTTP + b"gzip\r\n\r\n" + LATER),
    "in chunks over packets": recorded(chunked(LATER)),
    "plain over packets": recorded(HTTP + b"x\r\n\r\n" + PLAIN, most=20),
    "remark of a picture": picture(b"zTXt", b"Comment\0\0" + zlib.compress(PLAIN)),
    "colour profile of a picture": picture(b"iCCP", b"sRGB\0\0" + zlib.compress(CORE[8:] + PLAIN)),
    "remark in its language": picture(b"iTXt", b"c\0\1\0en\0c\0" + zlib.compress(PLAIN)),
    "behind a picture": picture(b"IDAT", zlib.compress(bytes(900))) + zlib.compress(PLAIN),
    "in a photograph": b"\xff\xd8\xff\xe0" + CORE + zlib.compress(PLAIN),
    "a file in a PDF": b"%PDF-1.4\n<</Type/EmbeddedFile>>stream\n" + zlib.compress(LATER) + b"\nendstream",
}


@pytest.mark.parametrize("how", WITHIN)
def test_compressed_words_are_read(how: str) -> None:
    """Wherever the stream begins, and as far as it goes."""
    assert kept_back(letter("Hello.", "core.1", WITHIN[how])) == "internal"


BY_NUMBER: dict[str, Callable[[str], str]] = {
    "six digits": lambda text: "".join(f"\\{ord(one):06x}" for one in text),
    "a blank behind": lambda text: "".join(f"\\{ord(one):X} " for one in text),
    "some letters": lambda text: text.replace("e", "\\65 ").replace("a", "\\000061"),
    "letters as they are": lambda text: text.replace("r", "\\r").replace("s", "\\s"),
    "lines that go on": lambda text: text.replace("r", "\\\nr"),
    "twice, by HTML too": lambda text: "".join(f"&#92;{ord(one):06x}" for one in text),
}


@pytest.mark.parametrize("how", BY_NUMBER)
def test_escapes_of_style_sheets_are_undone(how: str) -> None:
    """In a page, a picture that is text, a style sheet, and in the letter itself."""
    said = BY_NUMBER[how](INTERNAL)
    page = f"<style>p::before {{content: '{said}'}}</style>"
    for name, content in (("p.html", page), ("p.svg", f"<svg>{page}</svg>"), ("p.css", page[7:-8])):
        assert (name, kept_back(letter("Hello.", name, content.encode()))) == (name, "internal")
    assert kept_back(letter(page)) == "internal"


def test_deflated_words_in_base64_are_read() -> None:
    """As drawings and single sign-on write them: without a head."""
    coded = base64.b64encode(raw(points("%{:02x}").encode())).decode()
    assert kept_back(letter("Hello.", "a.drawio", f"<diagram>{coded}</diagram>".encode())) == "internal"
    assert kept_back(letter(f"Log in: {base64.b64encode(zlib.compress(PLAIN)).decode()}")) == "internal"


def test_what_cannot_be_read_in_a_recording_waits() -> None:
    """A reply in Brotli or Zstandard, which browsers take over TLS only; the words in a program do not."""
    for coding in (b"br", b"zstd"):
        assert kept_back(letter("Hello.", "w.pcap", CAPTURE + HTTP + coding + b"\r\n\r\n\1\2")) == "unread"
        assert kept_back(letter("Hello.", "curl", CORE + HTTP + coding)) == ""


def test_more_than_is_looked_at_waits() -> None:
    """In bytes that come of streams, in letters of them, in streams, and in what begins like one."""
    bomb = zlib.compress(bytes(files.MOST_INFLATED + 10))
    wordy = zlib.compress(b"word " * 1_000_000)
    many = zlib.compress(b"some words") * (files.MOST_STREAMS + 10)
    begun = b"\x78\x01\x07" * (files.MOST_BEGINNINGS + 10)
    for content in (bomb, wordy + wordy, many, begun):
        assert kept_back(letter("Hello.", "core.1", CORE + content)) == "unread"
    assert kept_back(letter("Hello.", "core.1", CORE + zlib.compress(bytes(5_000_000)))) == ""


def test_a_bomb_in_the_text_uses_nothing_up_unseen() -> None:
    """What stands coded in the text beyond what is looked at holds the letter, whatever follows it."""
    bomb = base64.b64encode(gzip.compress(bytes(files.MOST_BYTES + 10))).decode()
    follows = base64.b64encode(gzip.compress(PLAIN)).decode()
    assert kept_back(letter(f"{bomb}\n\n{follows}")) == "unread"


def test_the_pixels_of_a_picture_use_nothing_up() -> None:
    """A screenshot of forty million bytes goes out, and so does a PDF with ten of them."""
    pixels = zlib.compress(bytes(range(256)) * 160_000)
    assert kept_back(letter("Hello.", "s.png", picture(b"IDAT", pixels))) == ""
    page = b"<</Subtype/Image/Filter/FlateDecode>>stream\n" + pixels + b"\nendstream\n"
    assert kept_back(letter("Hello.", "s.pdf", b"%PDF-1.4\n" + page * 5)) == ""


def test_each_side_of_a_connection_is_one_text() -> None:
    """In the order of its bytes, once each; a frame that is no packet of TCP is nobody's."""
    assert list(recordings.said(recorded(b"abcdefgh", most=3))) == [b"abcdefgh"]
    assert list(recordings.said(blocks(b"abcdefgh", most=3))) == [b"abcdefgh"]
    assert list(recordings.said(CAPTURE + b"hello")) == []
    assert list(recordings.said(b"hello")) == []


def test_the_look_takes_as_long_as_the_file_is_long() -> None:
    """Streams within streams end at a depth, and what began as one by chance is left at once."""
    inner = PLAIN
    for _ in range(40):
        inner = zlib.compress(inner + FILLING[:20].encode(), 0)
    assert len(look(letter("Hello.", "core.1", CORE + inner)).texts) < 2000
