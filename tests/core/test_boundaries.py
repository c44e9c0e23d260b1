"""Multiparts whose head does not say what stands between their parts."""

from email import message_from_bytes, policy

import pytest

from maild.core.mail.body import readable
from maild.core.mail.boundaries import guessed
from maild.core.mail.copy import content
from maild.core.mail.mime import UNMARKED, UNREAD, parse
from maild.core.mail.sealed import find_sealed
from tests.support.bounded import bounded
from tests.support.phrases import PHRASES

TEXT = b"Content-Type: text/plain\n\nThe length is never checked.\n"
PAGE = b"Content-Type: text/html\n\n<p>The length is never checked.</p>\n"
FILE = (
    b"Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n"
    b"Content-Disposition: attachment; filename=crash.bin\n\nQUJD\n"
)


def multipart(names: bytes, edge: bytes, *parts: bytes, before: bytes = b"", end: bytes = b"--\n") -> bytes:
    """A mail whose Content-Type *names* something, and whose parts stand between lines of *edge*."""
    body = b"".join(b"--" + edge + b"\n" + part for part in parts)
    head = b"From: rita@reporter.example\nMIME-Version: 1.0\n" + names
    return head + b"\n\n" + before + body + b"--" + edge + end


MIXED = b"Content-Type: multipart/mixed"
TOLD = {
    "no parameter": multipart(MIXED, b"xq1", TEXT, FILE),
    "another boundary": multipart(MIXED + b"; boundary=other", b"xq1", TEXT, FILE),
    "another case": multipart(MIXED + b"; boundary=XQ1", b"xq1", TEXT, FILE),
    "an empty boundary": multipart(MIXED + b'; boundary=""', b"xq1", TEXT, FILE),
    "a misspelt parameter": multipart(MIXED + b"; boundry=xq1", b"xq1", TEXT, FILE),
    "wrong quotes": multipart(MIXED + b"; boundary='xq1'", b"xq1", TEXT, FILE),
    "cut off at a blank": multipart(MIXED + b'; boundary="xq 1"', b"xq", TEXT, FILE),
    "too long": multipart(MIXED + b"; boundary=" + b"x" * 249, b"x" * 249, TEXT, FILE),
    "a preamble": multipart(MIXED, b"xq1", TEXT, FILE, before=b"This is a message in MIME format.\n\n"),
    "no Content-Type": multipart(b"X-Gate: 1", b"xq1", TEXT, FILE),
    "inside another": multipart(
        MIXED + b"; boundary=out",
        b"out",
        b"Content-Type: multipart/alternative\n\n--in\n" + TEXT + b"--in\n" + PAGE + b"--in--\n",
        FILE,
    ),
}
UNTOLD = {
    "plain text": (MIXED + b"; boundary=xq1\n\nThe length is never checked.\n", "text/plain"),
    "a signature": (MIXED + b"\n\nThe length is never checked.\n-- \nRita\n--verbose: on\n", "text/plain"),
    "a page": (MIXED + b"\n\n<html><p>The length is never checked.</p></html>\n", "text/html"),
    "text above a quoted part": (
        multipart(MIXED, b"xq1", TEXT, before=b"The length is never checked. Send this:\n\n"),
        "text/plain",
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_the_parts_are_found_where_their_lines_can_be_told(name: str) -> None:
    """Text and file are read, and nothing is left unread."""
    tree = parse(TOLD[name])
    assert readable(tree.root).strip() == "The length is never checked."
    assert [(part.filename, part.content) for part in tree.root.leaves][-1] == ("crash.bin", b"ABC")
    assert UNREAD.isdisjoint(tree.faults)


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (b"", True),
        (b" \n", True),
        (b"This is a multi-part message in MIME format.", True),
        (b"mime".ljust(399, b"x"), True),
        (b"mime".ljust(400, b"x"), False),
        (b"This is a message in parts.", False),
    ],
)
def test_what_programs_write_above_the_first_part_is_short(before: bytes, told: bool) -> None:
    """And says that it is MIME; anything else is a text of the author's."""
    body = before + b"\n--xq1\n" + TEXT
    assert guessed(b"x" + body + b"y", 1, 1 + len(body)) == (b"xq1" if told else b"")


@pytest.mark.parametrize("name", UNTOLD)
def test_what_cannot_be_taken_apart_is_read_as_a_text(name: str) -> None:
    """As other programs show it; the case is flagged all the same."""
    raw, kind = UNTOLD[name]
    tree = parse(raw)
    assert "The length is never checked." in readable(tree.root)
    assert tree.root.content_type == kind
    assert UNMARKED in tree.faults


@pytest.mark.parametrize("raw", [*TOLD.values(), *(raw for raw, _ in UNTOLD.values())])
def test_the_teams_copy_is_readable_by_every_program(raw: bytes) -> None:
    """Its head names the boundary and the type that it really has."""
    made = message_from_bytes(content((), parse(raw).root, "abcd"), policy=policy.default)
    texts = [part.get_content() for part in made.walk() if part.get_content_maintype() == "text"]
    assert any("The length is never checked." in text for text in texts[1:])
    assert not any(part.defects for part in made.walk())


def test_an_encrypted_message_is_known_without_its_boundary() -> None:
    """It is opened like any other."""
    version = b"Content-Type: application/pgp-encrypted\n\nVersion: 1\n"
    data = b"Content-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n\nhF4D\n-----END PGP MESSAGE-----\n"
    raw = multipart(
        b"Content-Type: multipart/encrypted; protocol=application/pgp-encrypted", b"e", version, data
    )
    assert find_sealed(parse(raw), PHRASES) is not None


@pytest.mark.parametrize(
    "line", [b"--" + b" " * 249 + b"\n", b"--x\n", b"--" + b"y" * 300 + b"\n", b"--a\nContent-"]
)
def test_lines_that_might_be_boundaries_cost_no_more_than_they_are_long(line: bytes) -> None:
    """However many there are."""
    with bounded():
        parse(MIXED + b"\n\n" + line * (20_000_000 // len(line)))
