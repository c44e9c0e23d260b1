"""What a file in a letter is to the gate, what is in it, and what two machines said in a recording."""

import gzip
import io
import tarfile
import zipfile

import pytest

from maild.core.writing.gate.files import (
    Budget,
    closed,
    holds_ciphertext,
    is_known,
    is_text,
    is_wide,
    is_widest,
    otherwise,
    unpacked,
)
from maild.core.writing.gate.recordings import said, unreadable


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", True),
        (b"words\r\n\twords\x1b[0m", True),
        (b"words\0", False),
        (b"\1" + b"x" * 99, True),
        (b"\1" + b"x" * 98, False),
        (b"\x7f\x0e\x1a\x1c\x1f" + b"x" * 494, False),
        (b"\x7f\x0e\x1a\x1c\x1f" + b"x" * 495, True),
        (b"\x07\x0d\x1b\x20", True),
        (b"x" * 65536 + b"\1" * 1000, True),
        (b"\1" * 655 + b"x" * (65536 - 655) + b"\1", True),
        (b"x" * 65536 + b"\0", False),
        (b"\xff\xfea\0", True),
        (b"\xfe\xff\0a", True),
        ("words".encode("utf-16-le"), True),
        ("words".encode("utf-32-be"), True),
    ],
)
def test_text_has_hardly_a_control_character(content: bytes, text: bool) -> None:
    """One in a hundred at most, and none that is zero, unless its letters are wide."""
    assert is_text(content) is text


@pytest.mark.parametrize(
    ("content", "wide", "widest"),
    [
        (b"a\0b", False, False),
        (b"a\0b\0", True, False),
        (b"\0a\0b", True, False),
        (b"abcd", False, False),
        (bytes(8), False, False),
        (b"a\0\0\0b\0\0", False, False),
        (b"a\0\0\0b\0\0\0", False, True),
        (b"\0\0\0a\0\0\0b", False, True),
        ((b"a\0" * 66 + b"aa" * 34), False, False),
        ((b"a\0" * 67 + b"aa" * 33), True, False),
        ((b"a\0" * 91 + b"\0\0" * 9), True, False),
        ((b"a\0" * 90 + b"\0\0" * 10), False, False),
        (b"a\0" * 2048 + b"aa" * 4000, True, False),
    ],
)
def test_wide_letters_have_zeros_beside_them(content: bytes, wide: bool, widest: bool) -> None:
    """Two thirds of the bytes beside them, and hardly one of their own; the beginning of a file tells."""
    assert (is_wide(content), is_widest(content)) == (wide, widest)


@pytest.mark.parametrize(
    ("content", "known"),
    [
        (b"\x89PNG\r\n", True),
        (b"xxxxftypisom", True),
        (b"xxxftypisom", False),
        (b"RIFFxxxxWEBP", True),
        (b"RIFFxxxxWEBPVP8 ", True),
        (b"RIFFxxxxAVI ", True),
        (b"RIFXxxxxWEBP", False),
        (b"RIFFxxxxTEXT", False),
        (b"words", False),
        (b"", False),
    ],
)
def test_a_picture_or_a_film_is_known_by_its_beginning(content: bytes, known: bool) -> None:
    """At the place where its kind has it."""
    assert is_known(content) is known


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"words", 0),
        (b"+AGE-", 1),
        ("+ä".encode(), 0),
        (b"\xe4", 19),
    ],
)
def test_a_text_is_read_in_other_alphabets_only_where_it_is_no_utf8(content: bytes, found: int) -> None:
    """Then in each of them; and seven bits with a plus in UTF-7."""
    assert len(otherwise(content)) == found


def inside(content: bytes, **left: int) -> tuple[list[tuple[str, bytes]], list[str]]:
    """The files in an archive with their names, and what was not read."""
    budget = Budget(**left)
    return list(unpacked("a.zip", content, budget) or ()), budget.unread


def zipped(*files: tuple[str, bytes, bytes], comment: bytes = b"") -> bytes:
    """An archive of files with their comments."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.comment = comment
        for name, content, said_of_it in files:
            one = zipfile.ZipInfo(name)
            one.comment = said_of_it
            archive.writestr(one, content)
    return made.getvalue()


def test_everything_in_a_zip_is_looked_at() -> None:
    """Each file, its comment, and the archive's own; nothing twice."""
    found = inside(zipped(("a", b"one", b""), ("b", b"two", b"of two"), comment=b"of all"))
    assert found == ([("a.zip", b"of all"), ("a", b"one"), ("b", b"two"), ("b", b"of two")], [])


def test_what_is_too_long_or_locked_in_a_zip_is_named() -> None:
    """And what comes after it is read as far as there is room."""
    content = zipped(("a", b"x" * 10, b""), ("b", b"two", b""))
    assert inside(content, bytes=13) == ([("a.zip", b""), ("a", b"x" * 10), ("b", b"two")], [])
    assert inside(content, bytes=12) == ([("a.zip", b""), ("a", b"x" * 10)], ["a.zip: b"])
    assert inside(content, files=1) == ([("a.zip", b""), ("a", b"x" * 10)], ["a.zip: b"])
    assert inside(content, files=0) == ([("a.zip", b"")], ["a.zip: a"])
    locked = bytearray(content)
    for at in (6, content.index(b"PK\1\2") + 8):
        locked[at] |= 1
    assert inside(bytes(locked)) == ([("a.zip", b""), ("b", b"two")], ["a.zip: a"])
    assert inside(content[:-30])[1] == ["a.zip"]


def test_everything_in_a_tar_is_looked_at() -> None:
    """Files, what a link points to, and what is said of one in words."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        file = tarfile.TarInfo("a")
        file.size, file.pax_headers = 3, {"comment": "some words", "SCHILY.x": "word"}
        archive.addfile(file, io.BytesIO(b"one"))
        link = tarfile.TarInfo("b")
        link.type, link.linkname = tarfile.SYMTYPE, "to/c"
        archive.addfile(link)
    assert inside(made.getvalue()) == ([("a", b"some words"), ("a", b"one"), ("b", b"to/c")], [])
    assert inside(made.getvalue(), bytes=2)[1] == ["a.zip: a"]


def test_what_is_compressed_is_read_as_far_as_there_is_room() -> None:
    """With the name that is kept in it."""
    made = io.BytesIO()
    with gzip.GzipFile("kept.txt", "wb", fileobj=made, mtime=0) as file:
        file.write(b"words")
    content = made.getvalue()
    assert inside(content, bytes=5) == ([("kept.txt", b""), ("a", b"words")], [])
    assert inside(content, bytes=4) == ([("kept.txt", b"")], ["a.zip"])
    assert inside(content[:-9])[1] == ["a.zip"]
    assert inside(gzip.compress(b"words")) == ([("a", b"words")], [])
    assert unpacked("a", b"words", Budget()) is None


TCP = b"\0\x50\x90\0" + (7).to_bytes(4, "big") + bytes(4) + b"\x50\x18" + bytes(6)
FOUR = b"\x45\0\0\x2d" + bytes(5) + b"\x06" + bytes(2) + b"12345678"
SIX = b"\x60\0\0\0\0\x19\x06\x40" + b"1234567890abcdef" * 2


def recorded(*frames: bytes, begins: bytes = b"\xd4\xc3\xb2\xa1") -> bytes:
    """A recording of these frames."""
    order = "big" if begins == b"\xa1\xb2\xc3\xd4" else "little"
    rows = (bytes(8) + len(one).to_bytes(4, order) * 2 + one for one in frames)  # type: ignore[arg-type]
    return begins.ljust(24, b"\0") + b"".join(rows)


@pytest.mark.parametrize("before", [14, 18, 16, 20, 4, 0])
@pytest.mark.parametrize("head", [FOUR, SIX], ids=["IPv4", "IPv6"])
def test_what_a_frame_carries_is_told_apart_from_what_is_around_it(before: int, head: bytes) -> None:
    """On whatever line it was recorded; padding behind it is no part, and a length of zero is to the end."""
    frame = bytes(before) + head + TCP + b"words" + b"padding"
    for begins in (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4"):
        assert list(said(recorded(frame, begins=begins))) == [b"words"]
    at = 2 if head is FOUR else 4
    whole = bytes(before) + head[:at] + b"\0\0" + head[at + 2 :] + TCP + b"words"
    assert list(said(recorded(whole))) == [b"words"]
    assert list(said(recorded(frame[: before + len(head) + 19]))) == []
    assert list(said(recorded(bytes(before) + head.replace(b"\x06", b"\x11") + TCP + b"words"))) == []


def test_each_side_is_one_text_and_a_piece_that_comes_again_counts_once() -> None:
    """In the order of their places."""
    other = FOUR.replace(b"12345678", b"56781234")
    later = TCP[:4] + (12).to_bytes(4, "big") + TCP[8:]
    frames = [FOUR + later + b"later", other + TCP + b"other", FOUR + TCP + b"words", FOUR + TCP + b"again"]
    assert list(said(recorded(*frames))) == [b"wordslater", b"other"]


@pytest.mark.parametrize(
    ("flow", "whole"),
    [
        (b"\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", b"abcde0\r\n\r\n"),
        (b"\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n3\r\nabc", b"abc"),
        (b"\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"zz\r\n"),
        (b"\r\nTransfer-Encoding: chunked\r\n", b""),
    ],
)
def test_chunks_are_one_text(flow: bytes, whole: bytes) -> None:
    """Without the sizes between them."""
    tcp = FOUR[:2] + (40 + len(flow)).to_bytes(2, "big") + FOUR[4:] + TCP + flow
    (found,) = said(recorded(tcp))
    assert found.partition(b"\r\n\r\n")[2] == whole


@pytest.mark.parametrize(
    ("coding", "closed"), [(b"br", True), (b"zstd", True), (b"gzip", False), (b"brx", False)]
)
def test_a_coding_that_is_not_read_is_said(coding: bytes, closed: bool) -> None:
    """In a recording only."""
    reply = b"\r\nContent-Encoding: " + coding + b"\r\n"
    assert unreadable(recorded(reply)) is closed
    assert not unreadable(reply)


def block(kind: int, content: bytes, order: str = "little") -> bytes:
    """A block of a recording in the newer form."""
    whole = content + bytes(-len(content) % 4)
    length = (12 + len(whole)).to_bytes(4, order)  # type: ignore[arg-type]
    return kind.to_bytes(4, order) + length + whole + length  # type: ignore[arg-type]


@pytest.mark.parametrize("order", ["little", "big"])
def test_packets_stand_in_two_kinds_of_blocks(order: str) -> None:
    """Enhanced and simple ones, among others, in either order of bytes; one without a length ends nothing."""
    begins = b"\n\r\r\n" + (28).to_bytes(4, order)  # type: ignore[arg-type]
    magic = b"M<+\x1a" if order == "little" else b"\x1a+<M"
    frame = FOUR + TCP + b"words"
    other = FOUR.replace(b"12345678", b"56781234") + TCP + b"other"
    content = begins + magic + bytes(12) + begins[4:] + block(5, frame, order) + bytes(12)
    content += block(6, bytes(20) + frame, order) + block(3, bytes(4) + other, order)
    assert list(said(content)) == [b"words", b"other"]


@pytest.mark.parametrize(
    ("left", "taken"),
    [({"bytes": 3}, True), ({"bytes": 2}, False), ({"files": 1}, True), ({"files": 0}, False)],
)
def test_a_budget_is_used_up_to_its_last(left: dict[str, int], taken: bool) -> None:
    """And once it is over nothing more is taken, however small."""
    budget = Budget(**left)
    assert budget.takes(3) is taken
    assert budget.takes(0) is (taken and "files" not in left)
    tries = Budget(beginnings=2)
    assert [tries.tries() for _ in range(4)] == [True, True, False, False]
    streams = Budget(streams=1, steps=10)
    assert [streams.inflates(1, letters) for letters in (0, 0, 5, 0, 5)] == [True, True, True, True, False]
    assert [Budget(steps=10).inflates(size, 0) for size in (9, 10)] == [True, False]


@pytest.mark.parametrize(
    ("content", "shut"),
    [
        (b"%PDF-1.4 /Encrypt 5 0 R", True),
        (b"%PDF-1.4 /Encrypt <<", True),
        (b"%PDF-1.4 words", False),
        (b"/Encrypt 5 0 R", False),
        (b"Rar!", True),
        (b"7z\xbc\xaf", True),
        (b"\r\n -----BEGIN PGP MESSAGE-----", True),
        (b"words -----BEGIN PGP MESSAGE-----", False),
    ],
)
def test_what_nothing_here_opens_is_known(content: bytes, shut: bool) -> None:
    """Locked documents, archives of other kinds, and what is encrypted from its first line on."""
    assert closed(content) is shut


def test_something_encrypted_among_words_is_seen() -> None:
    """On a line of its own, quoted or not."""
    begins = "-----BEGIN PGP MESSAGE-----"
    assert [holds_ciphertext(text) for text in (f"a\n> {begins}\nb", f"a {begins}", "a")] == [
        True,
        False,
        False,
    ]
