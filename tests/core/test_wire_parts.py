"""What of a mail SMTP can carry, and what is written anew so that it can."""

import pytest

from maild.core.mail.mime import Part, parse
from maild.core.mail.wire import LONGEST, carried, fields, is_signed, unfit


def root(mail: bytes) -> Part:
    """The mail, read."""
    return parse(mail).root


HEAD = b"Content-Type: text/plain\r\n\r\n"
PLAIN = HEAD + b"It crashes.\r\n"


def within(kind: bytes, *parts: bytes) -> bytes:
    """A multipart."""
    body = b"".join(b"--b\r\n" + one + b"\r\n" for one in parts)
    return b"Content-Type: multipart/" + kind + b"; boundary=b\r\n\r\n" + body + b"--b--\r\n"


@pytest.mark.parametrize(
    ("mail", "anew"),
    [
        (PLAIN, False),
        (HEAD + b"x" * LONGEST + b"\r\n", False),
        (HEAD + b"x" * (LONGEST + 1) + b"\r\n", True),
        (HEAD + b"\0", True),
        (b"\r\n\0", True),
        (b"\0", True),
        (within(b"mixed", PLAIN), False),
        (within(b"mixed", PLAIN, HEAD + b"a\0"), True),
        (within(b"mixed", PLAIN).replace(b"; boundary=b", b""), True),
        (within(b"mixed", within(b"related", PLAIN).replace(b"=b", b"=c").replace(b"--b", b"--d")), True),
        (b"Content-Type: multipart/mixed\r\n\r\nno parts", True),
    ],
)
def test_what_smtp_cannot_carry_is_written_anew(mail: bytes, anew: bool) -> None:
    """Long lines, bytes that are zero, and parts whose head does not say what they are."""
    assert unfit(root(mail)) is anew
    again = root(carried(root(mail)))
    assert not unfit(again)
    assert [one.text.strip() for one in again.leaves] == [one.text.strip() for one in root(mail).leaves]


@pytest.mark.parametrize(
    ("mail", "signed"),
    [
        (PLAIN, False),
        (within(b"signed", PLAIN, PLAIN), True),
        (within(b"mixed", PLAIN), False),
        (within(b"mixed", within(b"signed", PLAIN).replace(b"=b", b"=c").replace(b"--b", b"--c")), True),
        (HEAD + b"-----BEGIN PGP SIGNED MESSAGE-----\r\n", True),
    ],
)
def test_what_is_signed_is_known(mail: bytes, signed: bool) -> None:
    """As a part anywhere, or as a text."""
    assert is_signed(root(mail)) is signed


def test_a_signed_mail_that_is_written_anew_is_signed_no_longer() -> None:
    """Its parts are there all the same."""
    again = root(carried(root(within(b"signed", PLAIN, HEAD + b"\0"))))
    assert again.content_type == "multipart/mixed"
    assert [one.content_type for one in again.children] == ["text/plain", "text/plain"]
    alternative = root(carried(root(within(b"alternative", PLAIN, PLAIN))))
    assert alternative.content_type == "multipart/alternative"


@pytest.mark.parametrize(
    ("kind", "encoding"),
    [(b"text/plain", b"quoted-printable"), (b"text/html", b"quoted-printable"), (b"image/png", b"base64")],
)
def test_a_part_with_a_zero_byte_is_encoded_as_its_kind_is(kind: bytes, encoding: bytes) -> None:
    """Its old encoding is named no more."""
    part = b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: 8bit\r\nX-Mine: x\r\n\r\na\0b"
    made = carried(root(part))
    assert made.count(b"Content-Transfer-Encoding") == 1
    assert b"Content-Transfer-Encoding: " + encoding + b"\r\n" in made
    assert b"X-Mine" not in made
    assert root(made).content == b"a\0b"
    assert carried(root(part.replace(b"\0", b""))).endswith(b"8bit\r\n\r\nab")


def test_an_attached_mail_that_cannot_be_carried_is_a_file() -> None:
    """It must not be encoded (RFC 2046 §5.2.1)."""
    made = root(carried(root(b"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\na\0")))
    assert (made.content_type, made.filename) == ("application/octet-stream", "original.eml")
    whole = b"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\na"
    assert carried(root(whole)) == whole


@pytest.mark.parametrize(
    ("charset", "kept"),
    [
        ("", "utf-8"),
        ("; charset=koi8-r", "koi8-r"),
        ('; charset="a\\"b c"', "abc"),
        (f"; charset={'x' * 41}", "x" * 40),
    ],
)
def test_a_text_that_calls_itself_a_multipart_keeps_its_charset(charset: str, kept: str) -> None:
    """As far as that is one."""
    head = f"Content-Type: multipart/mixed{charset}\r\nContent-Language: en\r\n\r\nno parts"
    made = fields(root(head.encode()))
    assert made == f'Content-Language: en\r\nContent-Type: text/plain; charset="{kept}"\r\n'.encode()


@pytest.mark.parametrize(("length", "lines"), [(879, 1), (880, 2)])
def test_a_field_is_folded_where_a_line_would_be_longer_than_nine_hundred(length: int, lines: int) -> None:
    """Before the word that does not fit."""
    head = b"Content-Description: " + b"x" * length
    made = fields(root(head + b"\r\n\r\nHello"))
    assert made.replace(b"\r\n ", b" ") == head + b"\r\n"
    assert made.count(b"\r\n") == lines
