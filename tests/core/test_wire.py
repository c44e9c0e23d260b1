"""No line that SMTP refuses leaves in a copy, and nothing of the mail is lost by that (ruling 37)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.mail.copy import content
from maild.core.mail.mime import Part, parse
from maild.core.mail.wire import LONGEST, _folded, too_long

LONG = b"A" * 1500
TEXT = b"Content-Type: text/plain; charset=utf-8\r\n\r\nSee:\r\n" + LONG + "\r\ngr\u00fcn\r\n".encode()
ONE_LINE = (
    b"Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"QUJD" * 900
)
ATTACHED = b"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\n" + LONG


def multipart(kind: str, *parts: bytes) -> bytes:
    """A mail of these parts."""
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
    return f'Subject: x\r\nContent-Type: {kind}; boundary="b"\r\n\r\n'.encode() + body + b"--b--\r\n"


SIGNATURE = b"Content-Type: application/pgp-signature\r\n\r\n-----BEGIN PGP SIGNATURE-----\r\n"


def copied(raw: bytes) -> Part:
    """What a member gets, read again."""
    made = content((("Case", "EX-777777"),), parse(raw).root, "ref")
    assert max(len(line) for line in made.split(b"\r\n")) <= LONGEST
    return parse(made).root


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: x\r\n" + TEXT,
        multipart("multipart/mixed", TEXT, ONE_LINE),
        multipart(
            "multipart/mixed", b"\r\nHello", multipart("multipart/alternative", TEXT).replace(b"b", b"c")
        ),
        multipart("multipart/mixed; x=" + "y" * 300 + " ;z=" + "y " * 600, b"\r\nHello", TEXT),
        multipart("multipart/signed", TEXT, SIGNATURE),
    ],
    ids=["text", "files", "nested", "header", "signed"],
)
def test_every_part_is_in_the_copy_and_no_line_is_too_long(raw: bytes) -> None:
    """The same types, names and contents, encoded anew where they have to be."""
    wanted = [(part.content_type, part.filename, part.content.strip()) for part in parse(raw).root.leaves]
    found = [(part.content_type, part.filename, part.content.strip()) for part in copied(raw).leaves]
    assert [(kind, name) for kind, name, _ in found[1 : len(wanted) + 1]] == [one[:2] for one in wanted]
    for (_, _, came), (_, _, left) in zip(wanted, found[1:], strict=False):
        assert came.replace(b"\r\n", b"\n") == left.replace(b"\r\n", b"\n")


@pytest.mark.parametrize(
    "raw",
    [
        multipart("multipart/signed", TEXT, SIGNATURE),
        b"Subject: x\r\n\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA512\r\n\r\n" + LONG + b"\r\n",
    ],
    ids=["PGP/MIME", "clear-signed"],
)
def test_a_signed_original_travels_as_a_file_beside(raw: bytes) -> None:
    """Byte for byte, so that its signature can be checked."""
    last = copied(raw).leaves[-1]
    assert (last.filename, last.content) == ("original.eml", raw)


def test_an_attached_mail_with_a_long_line_becomes_a_file() -> None:
    """Attached mail must not be encoded; a file may be."""
    last = copied(multipart("multipart/mixed", b"\r\nHello", ATTACHED)).leaves[-1]
    assert (last.filename, last.content) == ("original.eml", ATTACHED)


def test_what_smtp_carries_is_left_as_it_came() -> None:
    """Byte for byte, a line of 998 octets included."""
    body = b"A" * LONGEST + b"\r\n" + b"B" * LONGEST + b"\r\n"
    made = content((), parse(b"Content-Type: text/plain\r\n\r\n" + body).root, "ref")
    assert b"Content-Type: text/plain\r\n\r\n" + body in made


@given(st.lists(st.integers(0, 2100), max_size=6), st.sampled_from([b"\n", b"\r\n"]))
def test_lines_are_measured_as_they_are(lengths: list[int], end: bytes) -> None:
    """The quick look agrees with looking at every line."""
    lines = [b"x" * length for length in lengths]
    slow = max(lengths, default=0) > LONGEST
    quick = too_long(end.join(lines))
    assert quick == slow or (end == b"\n" and max(lengths, default=0) == LONGEST + 1)


@pytest.mark.parametrize(
    "part",
    [
        b"Content-Type: text/plain\r\n\r\na\0b\r\n",
        b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        + bytes(range(256)),
    ],
)
def test_a_byte_that_is_zero_travels_encoded(part: bytes) -> None:
    """Servers refuse it; what it stands in arrives whole."""
    raw = multipart("multipart/mixed", b"\r\nHello", part)
    made = content((("Case", "EX-777777"),), parse(raw).root, "ref")
    assert b"\0" not in made
    assert parse(made).root.leaves[-1].content.rstrip() == parse(raw).root.leaves[-1].content.rstrip()


@pytest.mark.parametrize("words", [1, 100, 180, 181, 1000])
def test_a_long_field_is_folded_between_its_words(words: int) -> None:
    """Every line holds as much as it may, none more, and unfolded it is what it was."""
    line = b" ".join([b"X-Long:", *[b"abcd"] * words])
    folded = _folded(line)
    assert folded.replace(b"\r\n ", b" ") == line + b"\r\n"
    lines = folded.removesuffix(b"\r\n").split(b"\r\n")
    assert all(890 < len(one) <= 901 for one in lines[:-1])
    assert (len(lines) > 1) is (len(line) > 901)


def test_a_word_that_no_line_holds_is_cut() -> None:
    """Nothing else can be done with it."""
    assert _folded(b"X: " + b"y" * 2000) == b"X:\r\n " + b"y" * 900 + b"\r\n"


@pytest.mark.parametrize(
    ("raw", "start", "end", "long"),
    [
        (b"x" * 998, 0, None, False),
        (b"x" * 999, 0, None, True),
        (b"x" * 998 + b"\r\n" + b"y" * 998, 0, None, False),
        (b"x" * 999 + b"\r\n", 0, None, True),
        (b"\n" + b"x" * 999, 0, None, True),
        (b"\n" + b"x" * 998, 0, None, False),
        (b"x" * 2000, 1002, None, False),
        (b"x" * 2000, 1001, None, True),
        (b"x" * 2000, 500, 1498, False),
        (b"x" * 2000, 500, 1499, True),
        (b"", 0, None, False),
    ],
)
def test_a_line_of_998_octets_is_carried_and_one_more_is_not(
    raw: bytes, start: int, end: int | None, long: bool
) -> None:
    """From where it is looked at to where that ends (RFC 5321 §4.5.3.1.6)."""
    assert too_long(raw, start, end) is long


def test_text_that_is_encoded_anew_keeps_its_lines() -> None:
    """Whoever looks at the source can read it."""
    made = content((), parse(b"Content-Type: text/plain\r\n\r\nsee\r\nbelow\r\n" + LONG).root, "ref")
    assert b"see\r\nbelow\r\nAAA" in made
