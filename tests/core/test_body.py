"""The text of a mail and how much of it the author wrote himself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.cases.findings import unread
from maild.core.change import SetFlag
from maild.core.mail.body import MAX_PLACEHOLDER, MAX_TEXT, read, readable, spoken
from maild.core.mail.facts import FolderRole, read_facts
from maild.core.mail.mime import TOO_LARGE, Part, parse
from maild.core.mail.reply import own_text
from maild.core.mail.rtf import MAX_RTF
from tests.support.bounded import bounded
from tests.support.desk import POLICY
from tests.support.phrases import PHRASES


def words(text: str, kind: str = "text/plain") -> int:
    """The author's own words in a mail of one part."""
    return own_words(parse(f"Content-Type: {kind}; charset=utf-8\r\n\r\n{text}".encode()).root)


def own_words(root: Part) -> int:
    """How many words of a mail its author wrote himself."""
    return len(own_text(readable(root), PHRASES).split())


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("We look into it.\n", 4),
        ("We look into it.\n\n> Can you help?\n> It crashes.\n", 4),
        ("On Monday, Rita wrote:\n> It crashes.\n", 0),
        ("Am Montag schrieb Rita:\n> Es stürzt ab.\nDanke sehr\n", 2),
        ("Thanks a lot\n-- \nAnna, the security team of the project\n", 3),
        ("Thanks a lot\n--\nAnna\n", 3),
        ("Thanks a lot\n-----Original Message-----\nFrom: Rita\nIt crashes.\n", 3),
        ("", 0),
        ("\n\n  \n", 0),
    ],
)
def test_quotes_attributions_and_signatures_are_not_own_words(text: str, count: int) -> None:
    """Only what the author typed above, between and below the quotes counts."""
    assert words(text) == count


def test_html_counts_where_there_is_no_plain_text() -> None:
    """Markup, styles and scripts are no words; entities are."""
    head = "<head><style>p {color: red}</style></head>"
    text = f"<html>{head}<body><p>We&nbsp;look into it.</p><script>x()</script>"
    assert words(text, "text/html") == 4


def test_the_plain_part_is_read_before_the_html_part() -> None:
    """Of two alternatives only the plain one counts."""
    raw = (
        b"Content-Type: multipart/alternative; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>one two"
        b"\r\n--b\r\nContent-Type: text/plain\r\n\r\none\r\n--b--\r\n"
    )
    assert readable(parse(raw).root).strip() == "one"


def test_attachments_are_not_read() -> None:
    """A text file beside an empty text is not the author's word."""
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n\r\n--b\r\nContent-Type: text/plain\r\n"
        b"Content-Disposition: attachment; filename=log.txt\r\n\r\nline one\r\n--b--\r\n"
    )
    assert own_words(parse(raw).root) == 0


@pytest.mark.parametrize("piece", ["<style ", "<!--", "<", "<head>", "<script>x", "</p", "&", "<a <", '<p "'])
def test_hostile_markup_ends(piece: str) -> None:
    """A megabyte of tags that never close is bounded work."""
    with bounded():
        words(piece * (1_000_000 // len(piece)), "text/html")


@pytest.mark.parametrize("piece", ["wrote ", "-", "- ", "> ", ">", "\n", " " * 9 + "wrote: "])
def test_hostile_text_ends(piece: str) -> None:
    """So is a megabyte of almost-quotes in plain text, on one line or on many."""
    with bounded():
        words(piece * (1_000_000 // len(piece)))


def test_no_more_than_the_limit_is_read() -> None:
    """A text of two megabytes is cut at ``MAX_TEXT``."""
    raw = b"Content-Type: text/plain\r\n\r\n" + b"x " * 1_000_000
    assert len(readable(parse(raw).root)) <= MAX_TEXT


@given(st.binary(max_size=300), st.sampled_from(["text/plain", "text/html", "multipart/mixed; boundary=a"]))
def test_any_bytes_have_a_number_of_words(body: bytes, kind: str) -> None:
    """Whatever the bytes: no error, never less than nothing."""
    assert own_words(parse(f"Content-Type: {kind}\r\n\r\n".encode() + body).root) >= 0


@pytest.mark.parametrize("kind", ["text/plain", "text/html"])
@pytest.mark.parametrize("over", [0, 1])
def test_a_text_that_was_cut_is_said_to_be(kind: str, over: int) -> None:
    """One character more than is read, and the reader of the case learns that only the beginning was."""
    raw = f"Content-Type: {kind}\r\n\r\n{'<b>' if kind == 'text/html' else 'abc'}{'x' * (MAX_TEXT - 3 + over)}".encode()
    text, more = read(parse(raw).root)
    assert len(text) <= MAX_TEXT
    assert more is bool(over)
    assert read_facts(parse(raw), POLICY, FolderRole.INBOX).cut == ((TOO_LARGE,) if over else ())
    assert any(isinstance(one, SetFlag) for one in unread((TOO_LARGE,), "EX-222222"))


@pytest.mark.parametrize("kind", ["text/markdown", "plain/text", "application/text", "text/enriched"])
def test_plain_text_under_another_type_is_read(kind: str) -> None:
    """What programs call plain text; with a file name it is a file."""
    assert readable(parse(f"Content-Type: {kind}\r\n\r\nIt crashes.".encode()).root) == "It crashes."
    named = parse(f"Content-Type: {kind}; name=notes.md\r\n\r\nIt crashes.".encode()).root
    assert readable(named) == ""


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        ("text/csv", b"It crashes.", "It crashes."),
        ("text/csv; name=a.csv", b"It crashes.", ""),
        ("text/vcard", b"It crashes.", ""),
        ("application/rtf", rb"{\rtf1 It crashes.}", "It crashes."),
        ("application/octet-stream", b"It crashes.\n\tEvery time.", "It crashes.\n\tEvery time."),
        ("application/octet-stream", b"It crashes.\0", ""),
        ("application/octet-stream", b"It crashes.\1", ""),
        ("application/octet-stream", b"-----BEGIN PGP MESSAGE-----", ""),
        ("image/png", b"It crashes.", ""),
        ("application/json", b"It crashes.", ""),
    ],
)
def test_where_a_mail_has_no_text_what_might_be_one_is_read(kind: str, content: bytes, text: str) -> None:
    """A part without a name and of letters only; never a picture or a card."""
    assert readable(parse(f"Content-Type: {kind}\n\n".encode() + content).root) == text


@pytest.mark.parametrize(
    ("plain", "html", "text"),
    [
        ("See it.", "<p>It crashes.</p>", "See it. It crashes."),
        ("It crashes.", "<p>It <b>crashes</b>.</p>", "It crashes."),
        ("See it. It crashes. Bye.", "<p>It crashes.</p>", "See it. It crashes. Bye."),
        ("It crashes.", "<p>It crash</p>", "It crashes. It crash"),
        (" ", "<p>It crashes.</p>", "It crashes."),
    ],
)
def test_html_below_a_plain_text_is_read_where_it_says_more(plain: str, html: str, text: str) -> None:
    """Some programs forget to say that one is the other; a word that only begins alike is another."""
    raw = (
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        f"--b\r\n\r\n{plain}\r\n--b\r\nContent-Type: text/html\r\n\r\n{html}\r\n--b--\r\n"
    )
    assert readable(parse(raw.encode()).root).split() == text.split()


@pytest.mark.parametrize(("filler", "text"), [(MAX_RTF - 100, "It crashes."), (MAX_RTF, "")])
def test_rich_text_is_looked_at_up_to_a_limit(filler: int, text: str) -> None:
    """A picture above the words may be large; what stands far below is not read."""
    raw = rb"{\rtf1 {\pict " + b"0" * filler + rb"} It crashes.}"
    assert readable(parse(b"Content-Type: text/rtf\r\n\r\n" + raw).root).strip() == text


def test_a_text_of_any_letters_is_read_up_to_the_limit() -> None:
    """Of letters that take four bytes each, as many."""
    raw = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "😀".encode() * MAX_TEXT
    assert read(parse(raw).root) == ("😀" * MAX_TEXT, False)


def test_a_message_that_is_one_text_is_read_whatever_its_disposition() -> None:
    """Some programs call the only part an attachment; beside others it is one."""
    part = "Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nIt crashes."
    assert readable(parse(part.encode()).root) == "It crashes."
    mixed = (
        f'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nSee it.\r\n--b\r\n{part}\r\n--b--\r\n'
    )
    assert readable(parse(mixed.encode()).root) == "See it."


def test_a_plain_part_that_only_points_to_the_html_is_passed_over() -> None:
    """Both say the same where somebody writes about HTML, so that nothing is lost."""
    mixed = (
        'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\n\r\n{}\r\n'
        "--b\r\nContent-Type: text/html\r\n\r\n{}\r\n--b--\r\n"
    )
    pointing = mixed.format("This message needs an HTML viewer.", "<p>It crashes.</p>")
    assert readable(parse(pointing.encode()).root).strip() == "It crashes."
    empty = mixed.format("Your HTML viewer crashes.", "<p> </p>")
    assert readable(parse(empty.encode()).root).strip() == "Your HTML viewer crashes."
    for over, shown in ((0, "It crashes."), (1, "HTML")):
        short = mixed.format("HTML".ljust(MAX_PLACEHOLDER + over, "x"), "<p>It crashes.</p>")
        assert readable(parse(short.encode()).root).strip().startswith(shown)


def _with_a_file(text: bytes) -> Part:
    return parse(
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + text + b"--b\r\nContent-Type: text/plain\r\n"
        b"Content-Disposition: inline; filename=log.txt\r\n\r\nheap overflow\r\n--b--\r\n"
    ).root


def test_what_has_a_file_name_is_spoken_only_where_nothing_else_is() -> None:
    """A log beside a text is no word of its author; where the named text is all there is, it is."""
    beside = _with_a_file(b"--b\r\nContent-Type: text/plain\r\n\r\nTaken.\r\n")
    assert spoken(beside).strip() == "Taken."
    assert spoken(_with_a_file(b"")).strip() == "heap overflow"
