"""Mails that scripts, old programs and gateways damage as a whole, in shapes that other desks had reports of."""

import binascii
from base64 import encodebytes

import pytest

from maild.core.mail.body import readable
from maild.core.mail.mime import parse
from maild.core.mail.repaired import repaired
from tests.support import mails
from tests.support.deciding import arrived, facts, opens

SAID = "The length is never checked."
HEAD = b"From: rita@reporter.example\r\nSubject: Overflow in the parser\r\nMessage-ID: <a@b.example>\r\n"
PARTS = (
    b"--b\r\nContent-Type: text/plain\r\n\r\nThe length is never checked.\r\n--b\r\n"
    b"Content-Type: application/zip; name=poc.zip\r\nContent-Transfer-Encoding: base64\r\n\r\nUEs=\r\n--b--\r\n"
)
CODED = encodebytes(SAID.encode())
DAMAGED = {
    "line ends of old Macs": mails.plain(text=f"{SAID}\n").replace(b"\r\n", b"\r"),
    "blank lines above": b"\r\n\r\n" + mails.plain(text=f"{SAID}\n"),
    "a blank line in the head": HEAD
    + b"\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + CODED,
    "no blank line": HEAD + SAID.encode() + b"\r\nNote: with any version.\r\n",
    "no blank line above the first paragraph": HEAD + SAID.encode() + b"\r\n\r\nBest wishes\r\n",
    "no blank line above the parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n" + PARTS,
    "a blank line above a multipart": HEAD + b"\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + PARTS,
}
SOUND = (
    mails.plain(),
    HEAD + b"\r\nContent-Type: text/html\r\n\r\nis what the server answers.\r\n",
    HEAD
    + b"Content-Type: text/plain\r\n\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nis quoted\r\n",
    b"\r\nFrom: Anna\r\nSubject: is quoted\r\n\r\ntext\r\n",
    b"\r\n\r\njust text\r\n",
    b"Hello there\r\n\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nis quoted\r\n",
    HEAD + b"\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\nare two fields\r\n\r\nof mail\r\n",
    b"just text\r\nwithout a head: at all\r\n",
    b"From rita Mon Mar  2 09:30:00 2026\r\n" + mails.plain(),
    HEAD + b"a subject that a program broke\r\nDate: Mon, 02 Mar 2026 09:30:00 +0000\r\n\r\ntext\r\n",
    HEAD + b"--a line of dashes\r\nX-Filter: passed\r\n\r\ntext\r\n",
    b"",
)


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_head_is_read(name: str) -> None:
    """Subject, author and text are there, and the mail opens a case."""
    seen = facts(DAMAGED[name])
    assert (seen.subject, seen.author is not None) == ("Overflow in the parser", True)
    assert seen.text.strip().startswith(SAID)
    assert opens(arrived(DAMAGED[name])) is not None


def test_a_file_below_a_damaged_head_is_found() -> None:
    """With its name and its bytes."""
    last = parse(DAMAGED["a blank line above a multipart"]).root.leaves[-1]
    assert (last.filename, last.content) == ("poc.zip", b"PK")


@pytest.mark.parametrize("raw", SOUND)
def test_what_is_sound_stays_as_it_came(raw: bytes) -> None:
    """Headers that somebody quotes in a text are text."""
    assert repaired(raw) == raw


ODD = {
    "attached, without a name": (
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        f"--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\n{SAID}\r\n--b--\r\n".encode(),
    ),
    "of an unknown type": (b"Content-Type: application/octet-stream\r\n", SAID.encode()),
    "a log": (b"Content-Type: text/x-log\r\n", SAID.encode()),
    "rich text": (b"Content-Type: text/rtf\r\n", rb"{\rtf1\ansi The length is \b never\b0  checked.\par}"),
    "enriched text": (b"Content-Type: text/enriched\r\n", b"<bold>The length</bold> is never checked."),
    "koi8r": (b"Content-Type: text/plain; charset=koi8r\r\n", f"{SAID} й".encode("koi8-r")),
}


@pytest.mark.parametrize("name", ODD)
def test_the_only_text_is_read_whatever_it_is_called(name: str) -> None:
    """As other programs show it."""
    head, body = ODD[name]
    assert " ".join(readable(parse(HEAD + head + b"\r\n" + body).root).split()).startswith(SAID)


@pytest.mark.parametrize("content", [b"\x00\x01binary", b"-----BEGIN PGP MESSAGE-----", b"\x7fELF\x02\x01"])
def test_no_other_content_is_taken_for_text(content: bytes) -> None:
    """What is binary or encrypted stays a part of its own."""
    raw = HEAD + b"Content-Type: application/octet-stream\r\n\r\n" + content
    assert readable(parse(raw).root) == ""


def test_a_text_with_a_name_stays_a_file_beside_nothing() -> None:
    """The team's copy says which file to look at."""
    raw = HEAD + b'Content-Type: text/x-log; name="a.log"\r\n\r\n' + SAID.encode()
    assert readable(parse(raw).root) == ""


@pytest.mark.parametrize("name", ["x-uuencode", "uuencode", "X-UUE"])
def test_uuencode_is_taken_off(name: str) -> None:
    """With what stands around it left aside; without its marks it is plain."""
    lines = binascii.b2a_uu(SAID.encode()).rstrip(b"\n") + b"x\n"
    head = f"Content-Type: text/plain\r\nContent-Transfer-Encoding: {name}\r\n\r\n".encode()
    assert parse(head + b"preamble\nbegin 644 a.txt\n" + lines + b"`\nend\n").root.text == SAID
    assert parse(head + SAID.encode()).root.text == SAID


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ('filename="poc.zip"', "poc.zip"),
        ("filename=poc.zip; size=2", "poc.zip"),
        ('attachment; filename="%E6%BC%8F%E6%B4%9E.zip"', "漏洞.zip"),
        ('attachment; filename="100%25.txt"', "100%25.txt"),
        ('attachment; filename="%c3%28.txt"', "%c3%28.txt"),
    ],
)
def test_a_name_is_found_however_it_is_written(field: str, name: str) -> None:
    """Without the first word of the field, or as in a link."""
    part = parse(f"Content-Type: application/zip\r\nContent-Disposition: {field}\r\n\r\nPK".encode()).root
    assert (part.filename, part.disposition in ("", "attachment")) == (name, True)


def test_text_that_stands_before_all_parts_is_read() -> None:
    """Where a multipart has no part at all, what would be skipped is its text; an empty one has none."""
    head = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    tree = parse(head + SAID.encode() + b"\r\n--b--\r\n")
    assert readable(tree.root).startswith(SAID)
    assert tree.faults == ("multipart without a boundary",)
    assert parse(head + b"--b--\r\n").faults == ()
