"""MIME structure from raw bytes: exact slices, limits, and no bytes that it cannot take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.mail.mime import MAX_DEPTH, MAX_PARTS, Part, Tree, parse
from maild.core.mail.repaired import repaired
from tests.support.bounded import bounded

SIGNED = (
    b"Content-Type:  text/plain;\n\tcharset=us-ascii \nX-Odd:no space\nX-Trailing: blanks  \n\n"
    b"-- \nFrom here on\nline ends\r\ndiffer \n"
)


def multipart(*parts: bytes, kind: str = "mixed", boundary: str = "b1", end: bytes = b"\r\n") -> bytes:
    """A multipart mail of raw parts."""
    head = f"Content-Type: multipart/{kind}; boundary={boundary}".encode()
    delimiter = b"--" + boundary.encode()
    body = b"".join(delimiter + end + part + end for part in parts)
    return head + end + end + body + delimiter + b"--" + end


def children(raw: bytes) -> list[Part]:
    """The parts of the outermost multipart."""
    return list(parse(raw).root.children)


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_signed_part_is_the_very_bytes_that_came(end: bytes) -> None:
    """Folds, tabs, blanks at line ends and mixed line breaks of a part come back untouched."""
    raw = multipart(
        SIGNED, b"Content-Type: application/pgp-signature" + end * 2 + b"sig", kind="signed", end=end
    )
    assert children(raw)[0].raw == SIGNED


@given(st.binary(max_size=300), st.sampled_from([b"\n", b"\r\n"]))
def test_any_part_comes_back_byte_for_byte(part: bytes, end: bytes) -> None:
    """Whatever a part holds (its own delimiter apart), its slice is what stood between the delimiters."""
    if b"--b1" in part or (end == b"\n" and part.endswith(b"\r")):
        return
    assert children(multipart(part, b"x", end=end))[0].raw == part


def test_blanks_after_a_delimiter_do_not_hide_it() -> None:
    """Transport padding behind the delimiter is allowed and belongs to no part (RFC 2046 §5.1.1)."""
    raw = multipart(b"\r\none", b"\r\ntwo").replace(b"--b1\r\n", b"--b1 \t \r\n")
    assert [part.body for part in children(raw)] == [b"one", b"two"]


def test_a_longer_word_is_no_delimiter() -> None:
    """A line that only begins like the boundary is text."""
    assert len(children(multipart(b"\r\none\r\n--b1x\r\n--b1--x\r\ntwo"))) == 1


def test_preamble_and_epilogue_are_no_parts() -> None:
    """Text before the first and after the last delimiter is left out."""
    head, _, body = multipart(b"\r\nin").partition(b"\r\n\r\n")
    raw = head + b"\r\n\r\nbefore\r\n" + body + b"after\r\n--b1\r\n\r\nnot me\r\n"
    assert [part.body for part in children(raw)] == [b"in"]


def test_structure_of_a_nested_mail() -> None:
    """Types, dispositions and file names of a usual mail with an attachment, in order."""
    inner = multipart(
        b"\r\nplain", b"Content-Type: text/html\r\n\r\n<p>x</p>", kind="alternative", boundary="b2"
    )
    attached = (
        b"Content-Type: application/x-tar\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-Disposition: Attachment; filename*0*=utf-8''gr%C3%BC; filename*1*=n.tar\r\n\r\ndGFy"
    )
    root = parse(multipart(inner, attached)).root
    assert [p.content_type for p in root.leaves] == ["text/plain", "text/html", "application/x-tar"]
    last = root.leaves[-1]
    assert (last.disposition, last.filename, last.content) == ("attachment", "grün.tar", b"tar")
    assert len(list(root.walk())) == 5


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('filename="../../etc/passwd"', "../../etc/passwd"),
        ("filename=plain.txt", "plain.txt"),
        ("filename*=utf-8''%E2%82%AC.txt", "€.txt"),
        ("filename*=x-none''%41.txt", "A.txt"),
        ("filename*=%41%00%zz", "A\x00%zz"),
        ("filename*0=one; filename*1=.txt", "one.txt"),
        ("filename==?utf-8?q?gr=C3=BCn?=", "grün"),
        (
            "filename*0*=utf-8''r%C3%A9; filename*1=sum; filename*2*=%C3%A9%; filename*3=\"n't.p\"",
            "résumé%n't.p",
        ),
        ("filename*0*=utf-8''%F0%9F; filename*1*=%98%81; filename*2=.patch", "😁.patch"),
        ("filename*0=a; filename*1*=%C3%BC", "aü"),
        (
            "".join(f"filename*{i}*={'utf-8' * (not i)}{chr(39) * 2 * (not i)}%C3%BC;" for i in range(45)),
            "ü" * 45,
        ),
        ("".join(f"filename*{i}=ab;" for i in reversed(range(30))), "ab" * 30),
        ("filename=\"plain.txt\"; filename*=utf-8''f%C3%BCr.txt", "für.txt"),
        ('filename*0="=?UTF-8?Q?*_=F0=9F=98"; filename*1="=81.docx?="', "* 😁.docx"),
        ("filename*=gb2312''%E9F.c", "镕.c"),
        ("", ""),
    ],
)
def test_file_names(header: str, name: str) -> None:
    """A file name is what the sender wrote, decoded and nothing more: it is for showing only."""
    raw = f"Content-Disposition: attachment; {header}\r\n\r\nx".encode()
    assert parse(raw).root.filename == name


@pytest.mark.parametrize(
    ("raw", "content_type", "body"),
    [
        (b"", "text/plain", b""),
        (b"\r\nbody", "text/plain", b"body"),
        (b"\nbody", "text/plain", b"body"),
        (b"no header at all\r\n", "text/plain", b"no header at all\r\n"),
        (b"Subject: only a header", "text/plain", b""),
        (b"Content-Type: nonsense\r\n\r\nx", "text/plain", b"x"),
        (b"Content-Type: Text/HTML; x\r\n\r\nx", "text/html", b"x"),
        (b"From a@b Mon Jan  1\nSubject: x\n\nbody", "text/plain", b"body"),
        (b"\x00\x01\xff", "text/plain", b"\x00\x01\xff"),
    ],
)
def test_what_is_not_quite_a_mail(raw: bytes, content_type: str, body: bytes) -> None:
    """Empty, headless and broken mails have one part with what there is."""
    root = parse(raw).root
    assert (root.content_type, root.body, root.raw) == (content_type, body, raw)


@pytest.mark.parametrize(
    ("encoding", "body", "content"),
    [
        ("base64", b"aGVs\r\nbG8=\r\n", b"hello"),
        ("BASE64", b"aGVs*bG8", b"hello"),
        ("base64", b"a", b""),
        ("base64", b"====", b""),
        ("quoted-printable", b"gr=C3=BCn=\r\n!", "grün!".encode()),
        ("quoted-printable", b"=ZZ=", b"=ZZ"),
        ("x-uuencode", b"a=3Db", b"a=3Db"),
        ("", b"a=3Db", b"a=3Db"),
        ("base64", b"aGVsb", b"hel"),
        ("base64", b"aGVsbG8x", b"hello1"),
    ],
)
def test_transfer_encodings(encoding: str, body: bytes, content: bytes) -> None:
    """Good encodings come off; broken ones give what could be read, unknown ones the bytes."""
    found = parse(f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body).root.content
    assert found == content


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"Content-Type: multipart/mixed\r\n\r\n--b\r\n\r\nx", "multipart without a boundary"),
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx", "multipart not closed"),
        (
            b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n",
            "multipart without a boundary",
        ),
        (b"A: " + b"x" * 70_000 + b"\r\n\r\nbody", "header block too long"),
    ],
)
def test_what_is_broken_is_said(raw: bytes, fault: str) -> None:
    """A fault is named and the content stays readable."""
    tree = parse(raw)
    assert tree.faults == (fault,)
    assert tree.root.leaves[0].raw in raw


def test_two_hundred_thousand_parts_stop_at_the_limit() -> None:
    """Parts beyond the limit stay closed, and the mail says so."""
    raw = multipart(*[b""] * 200_000)
    with bounded():
        tree = parse(raw)
    assert len(list(tree.root.walk())) == MAX_PARTS
    assert "too many parts" in tree.faults


def test_parts_beyond_the_limit_are_counted_over_all_levels() -> None:
    """Twenty multiparts of twenty parts share one budget."""
    inner = multipart(*[b"\r\nx"] * 20, boundary="b2")
    tree = parse(multipart(*[inner] * 20))
    assert len(list(tree.root.walk())) == MAX_PARTS
    assert "too many parts" in tree.faults


def test_three_thousand_levels_stop_at_the_limit() -> None:
    """Nesting beyond the limit stays closed in its part: no recursion runs away."""
    heads = b"".join(
        b"Content-Type: multipart/mixed; boundary=n%d\r\n\r\n--n%d\r\n" % (n, n) for n in range(3000)
    )
    with bounded():
        tree = parse(heads + b"\r\ndeepest")
    depth, part = 0, tree.root
    while part.children:
        depth, part = depth + 1, part.children[0]
    assert depth == MAX_DEPTH
    assert part.raw.endswith(b"deepest")
    assert "parts nested too deep" in tree.faults


@pytest.mark.parametrize(
    "body",
    [
        b"--b1" + b" " * 2_000_000,
        b"\r\n--b1 x" * 200_000,
        b"\r\n" * 1_000_000,
        b"-" * 2_000_000,
        b"\r" * 2_000_000,
        b"\n--b1--" * 200_000,
    ],
)
def test_hostile_bodies_are_read_in_linear_time(body: bytes) -> None:
    """Two megabytes of almost-delimiters end at once."""
    with bounded():
        parse(b"Content-Type: multipart/mixed; boundary=b1\r\n\r\n" + body)


def inside(part: Part, start: int, end: int) -> bool:
    """Whether *part* and all below lie within the span, in order and without overlap."""
    at = part.body_start
    for child in part.children:
        if not at <= child.start <= child.end <= part.end or not inside(child, child.start, child.end):
            return False
        at = child.end
    return start <= part.start <= part.body_start <= part.end <= end


LINES = st.sampled_from(
    [
        b"Content-Type: multipart/mixed; boundary=a",
        b'Content-Type: multipart/signed; boundary="b"',
        b"Content-Type: text/plain; charset=utf-7",
        b"Content-Transfer-Encoding: base64",
        b"--a",
        b"--b",
        b"--a--",
        b"--b--",
        b"",
        b" folded",
        b"Zm9v",
        b"\xff\x00",
    ]
)


@given(
    st.lists(st.tuples(LINES, st.sampled_from([b"\n", b"\r\n", b"\r"])), max_size=40)
    | st.binary(max_size=300)
)
def test_any_bytes_are_a_tree_of_slices(found: list[tuple[bytes, bytes]] | bytes) -> None:
    """Whatever the bytes: no error, every part a slice inside its parent, everything readable."""
    raw = found if isinstance(found, bytes) else b"".join(line + end for line, end in found)
    tree = parse(raw)
    assert isinstance(tree, Tree)
    assert inside(tree.root, 0, len(tree.root.source))
    assert tree.root.raw == repaired(raw)
    for part in tree.root.walk():
        assert part.content_type
        assert isinstance(part.text + part.filename + part.disposition, str)


@pytest.mark.parametrize("label", ['"base64"', "Base64 (RFC 2045)", "'base64'", "base64;"])
def test_an_encoding_is_known_in_quotes_and_beside_a_comment(label: str) -> None:
    """As some programs write it."""
    assert (
        parse(f"Content-Transfer-Encoding: {label}\r\n\r\nSXQgY3Jhc2hlcy4=".encode()).root.content
        == b"It crashes."
    )


def test_blanks_behind_a_soft_line_break_mean_nothing() -> None:
    """A relay may add them (RFC 2045 §6.7); and the encoding may be written in one word."""
    for label in ("quoted-printable", "quotedprintable"):
        raw = f"Content-Transfer-Encoding: {label}\r\n\r\nIt cra= \t\r\nshes =3D)\r\n"
        assert parse(raw.encode()).root.content.strip() == b"It crashes =)"


def test_a_boundary_in_pieces_is_put_together() -> None:
    """Long ones may be split as any parameter may (RFC 2231 §3)."""
    raw = b'Content-Type: multipart/mixed; boundary*0="a"; boundary*1="b"\r\n\r\n--ab\r\n\r\nIt crashes.\r\n--ab--\r\n'
    assert [one.text for one in parse(raw).root.leaves] == ["It crashes."]


def test_the_pieces_of_a_file_name_may_begin_with_one() -> None:
    """Some programs count them so (RFC 2231 §3 begins with zero)."""
    raw = b"Content-Disposition: attachment; filename*1*=utf-8''a%20; filename*2=b.txt\r\n\r\nx"
    assert parse(raw).root.filename == "a b.txt"


@given(
    st.sampled_from([b"base64", b"quoted-printable", b"7bit", b"x-uuencode"]),
    st.binary(max_size=200) | st.text("QUJD=-\n ab", max_size=200).map(str.encode),
    st.integers(0, 60),
)
def test_the_first_bytes_of_a_part_are_those_of_its_whole_content(
    encoding: bytes, body: bytes, size: int
) -> None:
    """Whatever its encoding, though nothing beyond them is decoded."""
    part = parse(b"Content-Transfer-Encoding: " + encoding + b"\r\n\r\n" + body).root
    assert part.first(size) == part.content[:size]


def test_the_beginning_of_a_long_text_ends_with_a_line() -> None:
    """With the last line that is there as a whole; where no line ends, before the character that might not be."""
    head = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
    assert parse(head + b"one\r\ntwo\r\nthree\r\n").root.beginning(12) == "one\r\ntwo\r\n"
    assert parse(head + "onetwothreé, four".encode()).root.beginning(12) == "onetwothre"


def part_of(head: str, body: bytes = b"") -> Part:
    """A mail that is one part."""
    return parse(head.encode() + b"\r\n\r\n" + body).root


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("Content-Disposition: attachment; filename=a.txt", "a.txt"),
        ("Content-Disposition: filename=a.txt", "a.txt"),
        ("Content-Disposition: filename=a.txt; x=y", "a.txt"),
        ("Content-Disposition: attachment; x=1; filename=a.txt", "a.txt"),
        ("Content-Type: text/plain; name=b.txt", "b.txt"),
        ("Content-Type: text/plain; name=b.txt\r\nContent-Disposition: attachment; filename=a.txt", "a.txt"),
        ('Content-Disposition: attachment; filename="a \\"b\\".txt"', 'a "b".txt'),
        ('Content-Disposition: attachment; filename="a.txt', "a.txt"),
        ('Content-Disposition: attachment; filename=""', ""),
        ('Content-Disposition: attachment; filename="', ""),
        ("Content-Disposition: x; filename*=koi8-r''%F0.txt", "П.txt"),
        ("Content-Disposition: x; filename*0*=koi8-r''%F0; filename*1*=%F0; filename*2=x", "ППx"),
        ("Content-Disposition: x; filename*1=a; filename*2=b; filename*4=c", "ab"),
        ("Content-Disposition: x; filename*0=a; filename*1*=%42", "aB"),
    ],
)
def test_a_file_has_the_name_that_its_sender_gave_it(head: str, name: str) -> None:
    """From either field, in pieces and charsets, with its first word missing or its second quote."""
    assert part_of(head).filename == name


@pytest.mark.parametrize(
    ("encoding", "body", "content"),
    [
        ("8bit", b"a=41b", b"a=41b"),
        ("quoted-printable", b"a=41b=\r\nc", b"aAbc"),
        ("base64", b"Y2F0", b"cat"),
        ("x-uuencode", b"begin 644 a\n#8V%T\n`\nend\n", b"cat"),
        ("UUENCODE", b"begin 644 a\n#8V%T\n`\nend\n", b"cat"),
        ("x-unknown", b"#8V%T", b"#8V%T"),
    ],
)
def test_each_transfer_encoding_is_taken_off(encoding: str, body: bytes, content: bytes) -> None:
    """As much of it as is asked for; what nobody knows stays."""
    part = part_of(f"Content-Transfer-Encoding: {encoding}", body)
    assert part.content == content
    for size in range(len(content) + 2):
        assert part.first(size) == content[:size]


@pytest.mark.parametrize(
    ("body", "size", "text"),
    [
        (b"abcdefgh", 8, "abcdefgh"),
        (b"abcdefgh", 7, "abcd"),
        (b"abcdefgh", 9, "abcdefgh"),
        (b"ab\ncdefgh", 8, "ab\n"),
        (b"ab\ncdefgh", 9, "ab\ncdefgh"),
        ("äääää".encode(), 8, ""),
        ("abääää".encode(), 8, "ab"),
    ],
)
def test_the_beginning_of_a_text_ends_at_a_line_or_a_letter(body: bytes, size: int, text: str) -> None:
    """Of one that is no longer everything is there."""
    assert part_of("Content-Type: text/plain; charset=utf-8", body).beginning(size) == text


@pytest.mark.parametrize(("parts", "left"), [(MAX_PARTS - 2, MAX_PARTS - 2), (MAX_PARTS - 1, MAX_PARTS - 1)])
def test_as_many_parts_as_allowed_are_no_fault(parts: int, left: int) -> None:
    """The outermost counts as one of them, closed or not."""
    for raw in (
        multipart(*[b"x"] * parts),
        multipart(*[b"x"] * parts).removesuffix(b"--b1--\r\n") + b"--b1\r\ny",
    ):
        tree = parse(raw)
        whole = raw.endswith(b"--\r\n")
        if whole or parts < MAX_PARTS - 1:
            assert len(tree.root.children) == left + (not whole)
