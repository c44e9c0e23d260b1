"""Where the reading of a mail's parts ends, and what is told of that."""

import pytest

from maild.core.mail.boundaries import MAX_GUESSED
from maild.core.mail.headers import MAX_BLOCK
from maild.core.mail.mime import TNEF, TOO_DEEP, TOO_LONG, TOO_MANY, UNMARKED, outermost, parse

PART = b"Content-Type: text/plain\r\n\r\nHello\r\n"


def within(*parts: bytes, edge: bytes = b"b", close: bool = True) -> bytes:
    """A multipart."""
    body = b"".join(b"--" + edge + b"\r\n" + one for one in parts)
    end = b"--" + edge + b"--\r\n" if close else b""
    return b"Content-Type: multipart/mixed; boundary=" + edge + b"\r\n\r\n" + body + end


def block(length: int) -> bytes:
    """A header block of so many bytes."""
    return b"X: ".ljust(length, b"x")


@pytest.mark.parametrize(
    ("mail", "faults"),
    [
        (PART, ()),
        (within(PART, PART), ()),
        (within(PART, close=False), ("multipart not closed",)),
        (b"Content-Type: application/ms-tnef\r\n\r\nx", (TNEF,)),
        (b"Content-Type: application/vnd.ms-tnef\r\n\r\nx", (TNEF,)),
        (b"Content-Type: application/x-any; name=WINMAIL.DAT\r\n\r\nx", (TNEF,)),
        (within(PART, b"Content-Type: application/x-any; name=winmail.dat\r\n\r\nx\r\n"), (TNEF,)),
        (block(MAX_BLOCK) + b"\r\n\r\nHello", ()),
        (block(MAX_BLOCK + 1) + b"\r\n\r\nHello", (TOO_LONG,)),
        (within(block(MAX_BLOCK) + b"\r\n\r\nHello\r\n", PART), ()),
        (within(block(MAX_BLOCK + 1) + b"\r\n\r\nHello\r\n", PART), (TOO_LONG,)),
        (within(b"\r\n" + b"x" * 2 * MAX_BLOCK + b"\r\n", PART), ()),
        (within(PART, edge=b"e" * MAX_GUESSED), ()),
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\n", ()),
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b--\r\n", ()),
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\nHello", (UNMARKED,)),
        (b"Content-Type: multipart/mixed\r\n\r\nHello", (UNMARKED,)),
        (b"Content-Type: multipart/mixed\r\n\r\nHello\r\n-- \r\nRita\r\n", (UNMARKED,)),
    ],
)
def test_what_cannot_be_read_is_told_once(mail: bytes, faults: tuple[str, ...]) -> None:
    """A header block that is too long, parts that nothing closes or marks, what Outlook packed."""
    assert parse(mail).faults == faults


@pytest.mark.parametrize(("parts", "read", "faults"), [(3, 3, ()), (4, 3, (TOO_MANY,)), (9, 3, (TOO_MANY,))])
def test_as_many_parts_are_read_as_are_allowed(parts: int, read: int, faults: tuple[str, ...]) -> None:
    """The outermost is one of them."""
    tree = parse(within(*[PART] * parts), max_parts=4)
    assert (len(tree.root.children), tree.faults) == (read, faults)


@pytest.mark.parametrize(("depth", "faults"), [(2, ()), (1, (TOO_DEEP,)), (0, (TOO_DEEP,))])
def test_parts_are_read_as_deep_as_is_allowed(depth: int, faults: tuple[str, ...]) -> None:
    """What is deeper stays closed in its part."""
    tree = parse(within(within(PART, edge=b"c")), max_depth=depth)
    assert tree.faults == faults
    assert len(list(tree.root.walk())) == depth + 1


def test_a_mail_without_a_type_is_taken_apart_where_its_lines_close() -> None:
    """Only as a whole, and only where it has a header."""
    lines = b"--b\r\n" + PART + b"--b--\r\n"
    assert parse(b"Subject: x\r\n\r\n" + lines).root.content_type == "multipart/mixed"
    assert parse(b"Subject: x\r\n\r\n" + lines.replace(b"--b--\r\n", b"")).root.content_type == "text/plain"
    assert parse(lines).root.content_type == "text/plain"
    assert (
        parse(within(b"X-Mine: x\r\n\r\n" + lines.replace(b"--b", b"--c"))).root.leaves[0].content_type
        == "text/plain"
    )


def test_the_outermost_header_is_that_of_the_whole() -> None:
    """Read alone, as far as it may be long."""
    for mail in (PART, within(PART), b"Hello", b"", block(MAX_BLOCK + 9) + b"\r\n\r\nHello"):
        assert outermost(mail) == parse(mail).root.headers


def test_a_line_that_only_ends_like_a_delimiter_is_text() -> None:
    """Above the parts and within them."""
    words = b"This line ends in --b\r\n"
    tree = parse(within(PART, PART + words).replace(b"\r\n--b\r\n", b"\r\n" + words + b"--b\r\n", 1))
    assert (len(tree.root.children), tree.faults) == (2, ())
    assert tree.root.children[1].text == f"Hello\r\n{words.decode().strip()}"
