"""Protected headers and what is inside a ciphertext, as values."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.core.mail.headers import Headers
from maild.core.mail.mime import parse
from maild.core.mail.opened import Form
from maild.core.mail.plaintext import plaintext_tree
from maild.core.mail.protected import has_protected, protected_headers, unwrapped, without_legacy_display


def test_fields_are_decoded_and_chosen() -> None:
    """Encoded words are decoded, and only the fields that maild uses are given."""
    payload = parse(
        b'Content-Type: text/plain; hp="cipher"\nSubject: =?utf-8?q?=C3=9Cber?=\n'
        b"Received: x\nTo: a@b.example\n\nx"
    ).root
    assert protected_headers(payload) == {"subject": "Über", "to": "a@b.example"}


def test_other_values_protect_nothing() -> None:
    """An unknown value of either parameter is no protection."""
    for kind in ('hp="yes"', 'protected-headers="v2"', "x=1"):
        assert not has_protected(parse(f"Content-Type: text/plain; {kind}\nSubject: s\n\nx".encode()).root)


def test_legacy_lines_in_marked_text_go() -> None:
    """Marked plain text loses its first lines up to the blank one, whatever its transfer encoding."""
    mail = (
        b'Content-Type: text/plain; hp="cipher"; hp-legacy-display="1"\n'
        b"Content-Transfer-Encoding: quoted-printable\n\nSubject: in=6Eer\n\nBody=21\n"
    )
    assert without_legacy_display(parse(mail).root).text == "Body!\n"


def test_legacy_division_in_marked_html_goes() -> None:
    """Marked HTML loses the division of that class, divisions inside it and all."""
    mail = (
        b'Content-Type: multipart/alternative; hp="clear"; boundary=b\n\n--b\n'
        b'Content-Type: text/html; hp-legacy-display="1"\n\n'
        b'<body><div class="header-protection-legacy-display"><div>Subject: s</div></div>'
        b"<p>Body</p></body>\n--b--\n"
    )
    (leaf,) = without_legacy_display(parse(mail).root).leaves
    assert leaf.text.strip() == "<body><p>Body</p></body>"
    assert leaf.raw == leaf.source  # nothing of its own head is lost
    assert leaf.raw.startswith(b"Content-Type: text/html;")


def test_unmarked_text_is_left_whole() -> None:
    """Text without the mark, or in a payload without protection, keeps every line."""
    for top in ('hp="cipher"', 'hp-legacy-display="1"'):
        part = parse(f"Content-Type: text/plain; {top}\n\nSubject: s\n\nBody\n".encode()).root
        assert without_legacy_display(part).text == "Subject: s\n\nBody\n"


def test_a_first_part_without_the_mark_stays() -> None:
    """Only a first part that is marked itself is dropped, and only from a mixed payload."""
    mail = (
        b'Content-Type: multipart/mixed; protected-headers="v1"; boundary=b\n\n'
        b"--b\nContent-Type: text/plain\n\nSubject: s\n--b\n\nBody\n--b--\n"
    )
    assert len(without_legacy_display(parse(mail).root).leaves) == 2


def test_plaintext_becomes_mail_text_or_file() -> None:
    """What begins with a Content-Type is MIME, other text is text in its charset, the rest is a file."""
    entity = plaintext_tree(Form.ATTACHMENT, b"Content-Type: text/html\n\n<p>x").root
    assert entity.content_type == "text/html"
    note = plaintext_tree(Form.INLINE, b"Note: all well\n\nx", "").root
    assert (note.content_type, note.text) == ("text/plain", "Note: all well\n\nx")
    assert plaintext_tree(Form.INLINE, b"\xfcber", "iso-8859-1").root.text == "über"
    assert plaintext_tree(Form.INLINE, b"ok", 'x"\r\nSubject: no').root.text == "ok"
    assert plaintext_tree(Form.ATTACHMENT, b"%PDF\x00").root.disposition == "attachment"


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=400))
def test_any_bytes_are_taken(source: bytes) -> None:
    """Whatever the bytes, plaintext becomes a tree, and headers are found or not."""
    tree = parse(source)
    protected_headers(tree.root)
    without_legacy_display(tree.root)
    for form in Form:
        plaintext_tree(form, source, "utf-8")


MARK = 'protected-headers="v1"'


@pytest.mark.parametrize(
    ("kind", "outer", "first", "inner", "left"),
    [
        ("mixed", MARK, "text/plain", MARK, 1),
        ("mixed", MARK, "text/rfc822-headers", MARK, 1),
        ("mixed", MARK, "text/html", MARK, 2),
        ("mixed", MARK, "text/plain", "x=1", 2),
        ("mixed", "x=1", "text/plain", MARK, 2),
        ("related", MARK, "text/plain", MARK, 2),
    ],
)
def test_the_copy_of_the_header_fields_is_taken_off_where_everything_says_so(
    kind: str, outer: str, first: str, inner: str, left: int
) -> None:
    """The payload and its first part bear the mark, and that is of a kind in which such copies are."""
    mail = (
        f"Content-Type: multipart/{kind}; {outer}; boundary=b\n\n"
        f"--b\nContent-Type: {first}; {inner}\n\nSubject: s\n--b\n\nBody\n--b--\n"
    )
    leaves = without_legacy_display(parse(mail.encode()).root).leaves
    assert len(leaves) == left
    assert leaves[-1].text == "Body"


OUTER = {"From": "Rita <rita@example.org>", "Message-ID": "<1@example.org>"}


@pytest.mark.parametrize(
    ("kind", "inner", "outer", "whole"),
    [
        ("message/rfc822", OUTER, OUTER, True),
        ("message/global", OUTER, OUTER, True),
        ("message/rfc822", OUTER | {"From": "RITA@Example.org (Rita)"}, OUTER, True),
        ("message/rfc822", OUTER | {"From": "sam@example.org"}, OUTER, False),
        ("message/rfc822", OUTER | {"Message-ID": "<2@example.org>"}, OUTER, False),
        ("message/rfc822", {"Message-ID": "<1@example.org>"}, OUTER, False),
        ("message/rfc822", OUTER, {"Message-ID": "<1@example.org>"}, False),
        ("message/rfc822", {"Message-ID": "<1@example.org>"}, {"Message-ID": "<1@example.org>"}, False),
        ("message/rfc822; forwarded=no", OUTER, {"From": "sam@example.org"}, True),
        ("message/rfc822; forwarded=NO", OUTER, {"From": "sam@example.org"}, True),
        ("message/rfc822; forwarded=yes", OUTER, OUTER, False),
        ("text/plain; forwarded=no", OUTER, OUTER, False),
    ],
)
def test_a_message_that_wraps_the_mail_itself_is_no_forwarded_one(
    kind: str, inner: dict[str, str], outer: dict[str, str], whole: bool
) -> None:
    """It says so, or author and Message-ID are those outside; then it is read in place of the mail."""
    said = "".join(f"{name}: {value}\r\n" for name, value in inner.items())
    payload = parse(f"Content-Type: {kind}\r\n\r\n{said}\r\nIt crashes.".encode()).root
    found = unwrapped(payload, Headers(tuple(outer.items())))
    assert (found.text if found else "") == ("It crashes." if whole else "")


def test_only_the_marked_division_and_the_first_blank_line_end_what_is_taken_off() -> None:
    """A division before it stays, so do the lines below, and the other fields of the text's own head."""
    head = 'hp="cipher"; hp-legacy-display="1"; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\n'
    page = '<div>Hi</div><DIV CLASS="Header-Protection-Legacy-Display">Subject: s</div><div>Body</div>'
    part = without_legacy_display(parse(f"Content-Type: text/html; {head}{page}".encode()).root)
    assert part.text == "<div>Hi</div><div>Body</div>"
    part = without_legacy_display(
        parse(f"Content-Type: text/plain; {head}Subject: s\n\ngr\xfcn\n\nBody\n".encode("latin-1")).root
    )
    assert part.text == "gr\xfcn\n\nBody\n"
    assert [name for name, _ in part.headers.fields] == ["Content-Type"]
