"""Armored blocks found in text, whatever mail programs did to them, and the text of HTML."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.mail.armor import MESSAGE, SIGNATURE, Block, blocks, dearmor, html_text, line_feeds

BEGIN, END = "-----BEGIN PGP MESSAGE-----", "-----END PGP MESSAGE-----"
DATA = bytes(range(200))


def armored(data: bytes, width: int = 64, head: str = "\n", last: str = "=abcd\n") -> str:
    """*data* as programs write it."""
    text = b64encode(data).decode()
    lines = "".join(text[at : at + width] + "\n" for at in range(0, len(text), width))
    return f"{BEGIN}\n{head}{lines}{last}{END}\n"


USUAL = armored(DATA)
SHAPES = {
    "as it is": USUAL,
    "other line breaks": USUAL.replace("\n", "\r\n"),
    "old line breaks": USUAL.replace("\n", "\r"),
    "without a checksum": armored(DATA, last=""),
    "with headers": armored(DATA, head="Version: GnuPG\nComment: x\n\n"),
    "with headers and no blank line": armored(DATA, head="Version: GnuPG\n"),
    "without a blank line": armored(DATA, head=""),
    "blanks that nobody sees": USUAL.replace("\n", "\u00a0\n"),
    "quoted": "".join(f"> {line}\n" for line in USUAL.splitlines()),
    "quoted twice": "".join(f">> {line}\n" for line in USUAL.splitlines()),
    "one long line": armored(DATA, width=1000),
    "short lines": armored(DATA, width=7),
    "the checksum in quoted-printable": armored(DATA, last="=3Dabcd\n"),
    "no end": USUAL.removesuffix(END + "\n"),
    "the end in the last line": USUAL.replace("\n-----END", "-----END"),
    "words above and below": f"Hello -----\n\n{USUAL}\nBye --\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_packets_are_found_whatever_was_done_to_their_armor(shape: str) -> None:
    """All of them, and nothing more."""
    assert dearmor(SHAPES[shape].encode()) == DATA


@given(st.binary(max_size=400), st.integers(1, 80), st.booleans())
def test_any_data_come_out_as_they_went_in(data: bytes, width: int, checked: bool) -> None:
    """However long the lines are, padded or not."""
    assert dearmor(armored(data, width, last="=abcd\n" if checked else "").encode()) == data


def test_a_block_says_where_it_stands() -> None:
    """From the first letter of its first line to the last of its last one; its label, and its charset."""
    text = f"Hello\n{armored(DATA, head='Charset: koi8-r' + chr(10) * 2)}Bye\n"
    end = text.index("\nBye")
    assert blocks(text) == (Block(MESSAGE, DATA, 6, end, False, "koi8-r"),)
    quoted = text.replace("\n", "\n> ")
    (block,) = blocks(quoted)
    assert (block.quoted, quoted[block.start : block.start + 7]) == (True, "> -----")


@pytest.mark.parametrize(("limit", "count"), [(1, 1), (2, 2), (3, 3), (8, 3)])
def test_so_many_blocks_are_found_and_no_more(limit: int, count: int) -> None:
    """In their order; one that never ends goes up to the next, or to the end of the text."""
    signature = "-----BEGIN PGP SIGNATURE-----\n\nAAAA\n"
    text = f"{USUAL}{signature}{USUAL}"
    found = blocks(text, limit)
    assert [one.label for one in found] == [MESSAGE, SIGNATURE, MESSAGE][:count]
    assert [one.packets for one in found] == [DATA, b"\0\0\0", DATA][:count]
    if count > 1:
        assert text[found[1].start : found[1].end] == signature.rstrip()
        windows = text.replace("\n", "\r\n")
        assert windows[slice(*_span(windows, limit))] == signature.rstrip().replace("\n", "\r\n")


def _span(text: str, limit: int) -> tuple[int, int]:
    second = blocks(text, limit)[1]
    return second.start, second.end


@pytest.mark.parametrize(("damaged", "known"), [(0, True), (1, True), (4, True), (5, False)])
def test_a_few_damaged_letters_leave_it_a_message(damaged: int, known: bool) -> None:
    """One in fifty: it does not open, and is known all the same for what it is; more are prose."""
    data = "A" * (200 - damaged) + "*" * damaged
    found = dearmor(f"{BEGIN}\n\n{data}\n{END}\n".encode())
    assert found == (bytes(150) if known else b"")


@pytest.mark.parametrize("size", [197, 198, 199, 200])
@pytest.mark.parametrize("at", [0, 1, 100, 196])
def test_a_damaged_letter_costs_only_itself(size: int, at: int) -> None:
    """Wherever it stands, and wherever the data break off."""
    data = "A" * at + "*" + "A" * (size - at - 1)
    assert dearmor(f"{BEGIN}\n\n{data}\n".encode()) == bytes(size * 6 // 8)


@pytest.mark.parametrize(
    ("data", "packets"),
    [
        ("", b""),
        ("A", b""),
        ("AA", b"\0"),
        ("AAA", b"\0\0"),
        ("AAAA", b"\0\0\0"),
        ("AAAAA", b"\0\0\0"),
        ("AA==", b"\0"),
        ("AAA=", b"\0\0"),
    ],
)
def test_what_breaks_off_is_read_up_to_its_last_whole_byte(data: str, packets: bytes) -> None:
    """Padded or not."""
    assert dearmor(f"{BEGIN}\n\n{data}\n".encode()) == packets


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-----",
        BEGIN.lower(),
        BEGIN[1:],
        f"x{BEGIN}",
        f"{BEGIN} x",
        BEGIN.replace("BEGIN", "END"),
        f"{END}\n{END}",
    ],
)
def test_what_is_no_first_line_begins_nothing(text: str) -> None:
    """Nor does a last line without a first."""
    assert blocks(f"{text}\n\nAAAA\n") == ()


def test_another_label_is_not_taken_for_a_message() -> None:
    """Whoever asks for a key gets none out of a message, and the other way round."""
    assert dearmor(USUAL.encode(), SIGNATURE) == b""
    assert dearmor(USUAL.replace("MESSAGE", "SIGNATURE").encode(), SIGNATURE) == DATA
    assert dearmor(USUAL.replace("MESSAGE", "SIGNED MESSAGE").encode(), "SIGNED MESSAGE") == b""


def test_every_line_break_becomes_a_line_feed() -> None:
    """Of whatever system."""
    assert line_feeds("a\r\nb\rc\nd\r\r\ne") == "a\nb\nc\nd\n\ne"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a<br>b", "a\nb"),
        ("<p>a</p><p>b</p>", "\na\n\nb\n"),
        ("<td>a</td> <td>b</td>", "a b"),
        ("a &amp; <b>b</b>", "a & b"),
        ("a<blockquote>b<br>c</blockquote>d", "a\n> b\n> c\n\nd"),
        ("<blockquote>a<blockquote>b</blockquote>c</blockquote>d", "\n> a\n\n> b\n\n> c\n\nd"),
        ("a</blockquote>b<blockquote>c", "a\nb\n> c\n"),
    ],
)
def test_html_is_read_line_by_line_with_its_quotes(source: str, text: str) -> None:
    """A block is a line, a cell a word, a quote is marked; one that ends twice ends once."""
    assert html_text(source) == text
