"""Small things that are read in mail: quoted strings, robots, bounces by their subject, what was encrypted."""

import pytest

from maild.core.mail.mime import parse
from maild.core.mail.opened import Form
from maild.core.mail.plaintext import plaintext_tree
from maild.core.mail.quoted import covered, without_comments, without_quoted
from maild.core.mail.robots import answers_nobody, is_robot
from maild.core.mail.undelivered import undelivered
from tests.support.phrases import PHRASES


@pytest.mark.parametrize(
    ("text", "unquoted", "crossed"),
    [
        ('a "b" c', "a - c", "a xxx c"),
        ('"a" "b"', "- -", "xxx xxx"),
        ('a "b', 'a "b', 'a "b'),
        (r'"a\"b" c', "- c", "xxxxxx c"),
        ("a (b) c", "a (b) c", "a xxx c"),
        ("a (b (c)) d", "a (b (c)) d", "a (b xxx) d"),
        ("", "", ""),
    ],
)
def test_quoted_strings_and_comments_are_crossed_out(text: str, unquoted: str, crossed: str) -> None:
    """One that nothing closes stays; what is crossed out keeps its length."""
    assert without_quoted(text, "-") == unquoted
    assert covered(text) == crossed
    assert len(covered(text)) == len(text)
    assert "(b)" not in without_comments(text)


@pytest.mark.parametrize(
    ("address", "robot", "unread"),
    [
        ("noreply@x.example", True, True),
        ("notifications@github.com", True, True),
        ("sec-owner@lists.example", True, True),
        ("support@bugcrowd.com", False, True),
        ("jira@x.example", False, True),
        ("reply+abc@x.example", False, True),
        ("rita@x.example", False, False),
        ("", False, False),
    ],
)
def test_some_addresses_are_read_by_nobody(address: str, robot: bool, unread: bool) -> None:
    """Nobody reads the addresses of programs, trackers and platforms."""
    assert is_robot(address) is robot
    assert answers_nobody(address, PHRASES) is unread


RETURNED = (
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\n"
    "Content-Type: message/rfc822\r\n\r\nMessage-ID: <a@b.example>\r\nSubject: x\r\n\r\nHello\r\n--b--\r\n"
)
UNSENT = "Undeliverable: x"


@pytest.mark.parametrize(
    ("subject", "sender", "rest", "null", "bounce"),
    [
        (UNSENT, "rita@x.example", "\r\nx", True, True),
        (UNSENT, "rita@x.example", "\r\nx", False, False),
        (UNSENT, "postmaster@x.example", "\r\nx", False, True),
        (UNSENT, "noreply@x.example", RETURNED, False, True),
        (UNSENT, "noreply@x.example", f"Reply-To: a@b.example\r\n{RETURNED}", False, False),
        (UNSENT, "noreply@x.example", "\r\nx", False, False),
        (UNSENT, "noreply@x.example", RETURNED.replace("Message-ID", "X-ID"), False, False),
        (UNSENT, "rita@x.example", RETURNED, False, False),
        ("Hello", "postmaster@x.example", RETURNED, True, False),
    ],
)
def test_a_bounce_by_its_subject_needs_a_second_sign(
    subject: str, sender: str, rest: str, null: bool, bounce: bool
) -> None:
    """A null return path, a mail system's address, or a robot that returns the mail."""
    root = parse(f"From: {sender}\r\nSubject: {subject}\r\n{rest}".encode()).root
    assert bool(undelivered(root.headers, root, PHRASES, null)) is bounce


ENTITY = b"Subject: x\nContent-Type: text/html\n\n<p>Hello"


@pytest.mark.parametrize(
    ("form", "plaintext", "kind"),
    [
        (Form.PGP_MIME, b"Hello", "text/plain"),
        (Form.PGP_MIME, ENTITY, "text/html"),
        (Form.INLINE, ENTITY, "text/html"),
        (Form.INLINE, b"Subject: x\n\nHello", "text/plain"),
        (Form.INLINE, b"X: " + b"y" * 2000 + b"\n" + ENTITY, "text/html"),
        (Form.INLINE, b"X: " + b"y" * 64 * 1024 + b"\n" + ENTITY, "text/plain"),
        (Form.INLINE, b"a\0b", "application/octet-stream"),
        (Form.ATTACHMENT, b"a\0b", "application/octet-stream"),
        (Form.PGP_MIME, b"a\0b", "text/plain"),
    ],
)
def test_what_was_encrypted_is_a_mail_a_text_or_a_file(form: Form, plaintext: bytes, kind: str) -> None:
    """MIME where it says what it is, near its beginning; a file where a byte is zero."""
    assert plaintext_tree(form, plaintext).root.content_type == kind


@pytest.mark.parametrize(("charset", "known"), [("koi8-r", True), ("koi8-r; x", False), ("", False)])
def test_a_text_is_in_the_charset_that_was_named(charset: str, known: bool) -> None:
    """A text is read in the charset that was named, where that can be its charset."""
    found = plaintext_tree(Form.INLINE, "привет".encode("koi8-r"), charset).root.text
    assert (found == "привет") is known
