"""What one message may cost: shapes made to be slow are cut, and the team reads that they were (ruling 38)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.mail import base64, body
from maild.core.mail.armor import html_text
from maild.core.mail.base64 import MAX_PIECES, unbase64
from maild.core.mail.body import MAX_LINES, MAX_SOURCE, MAX_TEXT, first_lines, read
from maild.core.mail.entities import unescape
from maild.core.mail.facts import FolderRole, read_facts
from maild.core.mail.mime import TOO_LARGE, parse
from tests.support.desk import POLICY

HEAD = b"From: rita@reporter.example\r\nTo: security@project.example\r\nSubject: Overflow\r\n"


def parts(kind: bytes, content: bytes, count: int) -> bytes:
    """So many parts of one kind."""
    each = b"--b\r\nContent-Type: " + kind + b"\r\n\r\n" + content + b"\r\n"
    return HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + each * count + b"--b--\r\n"


def test_many_parts_of_html_are_looked_at_within_one_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not each of two hundred by itself: the source of all together is limited, and the team reads that."""
    looked: list[int] = []
    monkeypatch.setattr(body, "html_text", lambda text: looked.append(len(text)) or html_text(text))
    mail = parse(parts(b"text/html", b"<p>Words of a report.<br>" * 4_000, 190))
    facts = read_facts(mail, POLICY, FolderRole.INBOX)
    assert MAX_SOURCE - 100_000 < sum(looked) <= MAX_SOURCE
    assert "Words of a report." in facts.text
    assert facts.cut == (TOO_LARGE,)


def test_lines_are_counted_too() -> None:
    """A part of nothing but line ends is cut at the limit of lines; a long report is not."""
    text, more = read(parse(HEAD + b"\r\n" + b"a\n" * (MAX_LINES + 10)).root)
    assert (text.count("\n"), more) == (MAX_LINES, True)
    text, more = read(parse(HEAD + b"\r\n" + b"What happens then.\n" * 5_000).root)
    assert (text.count("\n"), more) == (5_000, False)


@pytest.mark.parametrize(("lines", "rest"), [(MAX_LINES - 1, "The end."), (MAX_LINES, "")])
def test_a_part_behind_the_last_line_is_not_looked_at(lines: int, rest: str) -> None:
    """It was left out, and this is said."""
    each = b"--b\n\n" + b"a\n" * lines + b"\n--b\n\nThe end.\n--b--\n"
    text, more = read(parse(HEAD + b'Content-Type: multipart/mixed; boundary="b"\n\n' + each).root)
    assert (text.replace("a\n", "").strip(), more) == (rest, not rest)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("a", "a"),
        ("a\nb", "a\nb"),
        ("a\nb\n", "a\nb\n"),
        ("a\nb\nc", "a\nb\n"),
        ("\nb\nc\n", "\nb\n"),
        ("a\n\n\nd", "a\n\n"),
    ],
)
def test_lines_are_kept_whole_up_to_a_limit(text: str, kept: str) -> None:
    """Two here; what follows the last line break is a line of its own."""
    assert first_lines(text, 2) == kept


def test_an_ordinary_report_is_read_whole() -> None:
    """Text, HTML beside it and empty parts are no reason to say that something was left out."""
    mail = parse(parts(b"text/plain", b"It crashes.\r\n", 3) + parts(b"text/html", b"", 1))
    assert read_facts(mail, POLICY, FolderRole.INBOX).cut == ()
    assert read(mail.root)[0].count("It crashes.") == 3


@pytest.mark.parametrize("digits", ["9" * 9_000, "x" + "f" * 9_000])
def test_a_number_of_any_length_stands_for_no_character(digits: str) -> None:
    """HTML that names a character by thousands of digits is read, where Python's own reader fails."""
    assert html_text(f"One &#{digits}; two &amp; three &#233;") == "One \ufffd two & three é"
    mail = parse(HEAD + f"Content-Type: text/html\r\n\r\n<p>One &#{digits}; two".encode())
    assert "two" in read_facts(mail, POLICY, FolderRole.INBOX).text


def test_what_needs_no_resolving_stays() -> None:
    """The usual references are resolved as ever, an ampersand alone is itself."""
    assert unescape(f"a &lt; b & c &#x41; &#{'0' * 9_000}65; &#x0041; &copy") == "a < b & c A A A ©"


def test_padding_without_end_is_bounded() -> None:
    """Padding between the pieces ends each as before; behind a hundred thousand the rest is one piece."""
    assert unbase64(b"QUJD\nRA==\nRQ==") == b"ABCDE"
    assert unbase64(b"QQ==" * 50) == b"A" * 50
    assert unbase64(b"QQ=" * MAX_PIECES + b"QUI=Q0Q=") == b"A" * MAX_PIECES + unbase64(b"QUIQ0Q")


def test_the_limits_hold_a_report_many_times() -> None:
    """What is looked at is more than what is ever read of a mail."""
    assert MAX_SOURCE >= 4 * MAX_TEXT
    assert MAX_LINES * 80 > MAX_SOURCE


@given(st.binary(max_size=400) | st.text("QUJD=-\n ab", max_size=400).map(str.encode), st.integers(1, 40))
def test_base64_is_decoded_alike_in_stretches_of_any_length(body: bytes, stretch: int) -> None:
    """However many bytes are decoded at a time, the same comes of them."""
    whole = base64.unbase64(body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base64, "_STRETCH", stretch)
        assert base64.unbase64(b"--" + body + b"QUJD", 2, 2 + len(body)) == whole
