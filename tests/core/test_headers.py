"""Header blocks: as written, unfolded, within limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.mail.headers import MAX_BLOCK, MAX_FIELDS, MAX_MORE, Headers, parse_headers
from maild.core.mail.mime import parse
from maild.core.mail.parameters import parameters
from tests.support.bounded import bounded

BLOCK = b"Received: one\r\nSubject: first\r\n second\r\n\tthird\r\nRECEIVED : two\r\nEmpty:\r\n"


def test_fields_keep_their_order_and_any_case_finds_them() -> None:
    """Every Received comes back from the top, whatever the case it was written in."""
    assert parse_headers(BLOCK).all("received") == ("one", "two")


def test_a_folded_value_is_one_line() -> None:
    """Continuation lines belong to the field above them, each break one space."""
    assert parse_headers(BLOCK).get("subject") == "first second third"


def test_an_empty_field_is_there_and_a_missing_one_is_not() -> None:
    """An empty value is not an absent field."""
    found = parse_headers(BLOCK)
    assert (found.has("Empty"), found.get("Empty", "x"), found.get("Gone", "x")) == (True, "", "x")


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_both_line_ends_read_the_same(end: bytes) -> None:
    """Bare LF and CRLF give the same fields."""
    block = end.join([b"A: 1", b" 2", b"B: 3", b""])
    assert parse_headers(block).fields == (("A", "1 2"), ("B", "3"))


def test_stray_lines_are_skipped_and_the_rest_is_read() -> None:
    """A line that is no field costs nothing but itself."""
    found = parse_headers(b"From someone Mon Jan  5\n: nameless\nno colon here\nSubject: kept\n")
    assert found.fields == (("Subject", "kept"),)


@pytest.mark.parametrize(
    ("raw", "text"),
    [(b"Gr\xc3\xbc\xc3\x9fe", "Grüße"), (b"Gr\xfc\xdfe", "Grüße"), (b"a\x00b", "ab")],
)
def test_raw_8bit_headers_are_read_as_utf8_or_latin1(raw: bytes, text: str) -> None:
    """Undeclared 8-bit text is UTF-8 where that fits and Latin-1 where not; NUL does not end it, and is left out."""
    assert parse_headers(b"Subject: " + raw).get("Subject") == text


def test_no_more_fields_than_the_limit_are_read() -> None:
    """Of a thousand fields of no meaning the first ``MAX_FIELDS`` count."""
    found = parse_headers(b"".join(b"X-%d: v\n" % n for n in range(1000)))
    assert [name for name, _ in found.fields] == [f"X-{n}" for n in range(MAX_FIELDS)]


@pytest.mark.parametrize(
    "above", [b"Received: from a by b\n\tfor c; now\n", b"X-Spam-%d: no\n", b"ARC-Seal: i=%d\n"]
)
def test_what_stands_below_hundreds_of_traces_is_found(above: bytes) -> None:
    """However much relays and filters heap upon a mail, its author, subject and structure are read."""
    heap = b"".join(above % n if b"%" in above else above for n in range(600))
    found = parse_headers(heap + b"From: rita@reporter.example\nSubject: x\nContent-Type: text/html\n")
    assert (found.get("From"), found.get("Subject"), found.get("Content-Type")) == (
        "rita@reporter.example",
        "x",
        "text/html",
    )


def test_no_field_is_read_a_thousand_times() -> None:
    """Beyond the limit five of a name are enough, and two hundred names."""
    found = parse_headers(b"A: b\n" * 1000 + b"".join(b"B%d: c\n" % n for n in range(1000)) + b"From: x\n")
    assert len(found.all("A")) == MAX_FIELDS + MAX_MORE
    assert len(found.fields) == MAX_FIELDS + MAX_MORE + MAX_FIELDS - 1
    assert not found.has("From")


def test_no_more_bytes_than_the_limit_are_read() -> None:
    """What stands behind ``MAX_BLOCK`` is not seen."""
    found = parse_headers(b"A: " + b"x" * MAX_BLOCK + b"\nB: late\n")
    assert (len(found.get("A")), found.has("B")) == (MAX_BLOCK - 3, False)


def test_forty_thousand_encoded_words_are_cut_before_they_are_decoded() -> None:
    """A subject of 40,000 encoded words ends at the limit instead of in minutes of work."""
    subject = b" ".join([b"=?utf-8?q?ab?="] * 40_000)
    with bounded():
        text = parse_headers(b"Subject: " + subject).text("Subject")
    assert 0 < len(text) <= 4096


def test_twenty_thousand_parameters_are_cut() -> None:
    """A Content-Type with 20,000 parameters gives those that stand within the limit, the first ones."""
    value = "text/plain" + "".join(f"; p{n}=v{n}" for n in range(20_000))
    with bounded():
        found = parameters(value)
    assert found["p0"] == "v0"
    assert "p19999" not in found
    assert len(found) < 500


@pytest.mark.parametrize(
    "hostile", ['; a="' * 20_000, ";" * 60_000, "; " + "x" * 60_000 + "=1", "; a=\\" * 9999]
)
def test_hostile_parameters_end(hostile: str) -> None:
    """Quotes that never close and names that never end are bounded work and lose nothing but themselves."""
    with bounded():
        assert parameters("text/plain; charset=utf-8" + hostile)["charset"] == "utf-8"


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ('multipart/mixed; boundary="a;b=c"', {"boundary": "a;b=c"}),
        ("a/b; BOUNDARY = plain ; x=1", {"boundary": "plain", "x": "1"}),
        (r'a/b; name="say \"hi\""', {"name": 'say "hi"'}),
        ('a/b; name="report.pdf', {"name": "report.pdf"}),
        ('attachment filename="a b.pdf"', {"filename": "a b.pdf"}),
        ('attachment, filename="a.pdf"', {"filename": "a.pdf"}),
        ("a/b; x=1; x=2", {"x": "1"}),
        ("a/b", {}),
    ],
)
def test_parameters(value: str, wanted: dict[str, str]) -> None:
    """Quotes protect what is in them, names are lower case, and the first of two counts."""
    assert parameters(value) == wanted


@given(st.binary(max_size=400))
def test_any_bytes_are_a_header_block(block: bytes) -> None:
    """Whatever the bytes: no error, and every name is printable ASCII without a colon."""
    for name, value in parse_headers(block).fields:
        assert name.isascii()
        assert name.isprintable()
        assert ":" not in name
        assert value == value.strip()


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,20}", fullmatch=True),
            st.text(
                st.characters(codec="utf-8", exclude_characters="\0\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
            ),
        ),
        max_size=20,
    )
)
def test_what_is_written_is_read(fields: list[tuple[str, str]]) -> None:
    """A well-formed block comes back field by field (RFC 5322 knows no NUL)."""
    block = "".join(f"{name}: {value}\r\n" for name, value in fields).encode()
    assert parse_headers(block) == Headers(tuple((name, value.strip()) for name, value in fields))


def test_a_byte_order_mark_hides_no_field() -> None:
    """Where a program wrote one before the first field, that one is read as any other."""
    mail = b"\xef\xbb\xbfFrom: rita@reporter.example\r\nSubject: x\r\n\r\nIt crashes.\r\n"
    root = parse(mail).root
    assert root.headers.get("From") == "rita@reporter.example"
    assert root.text.strip() == "It crashes."


def test_no_nul_comes_out_of_a_header() -> None:
    """Neither a bare NUL nor one within an encoded word is in the text: PostgreSQL would not take it."""
    block = b"Subject: a\0b =?utf-8?q?c=00d?= =?utf-8?b?ZQBm?=\r\nMessage-ID: <a\0b@x.example>"
    headers = parse_headers(block)
    assert headers.text("Subject") == "ab cdef"
    assert headers.get("Message-ID") == "<ab@x.example>"
