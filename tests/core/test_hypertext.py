"""Comments, conditions and CDATA in the HTML of mails."""

import pytest

from maild.core.mail.armor import html_text
from maild.core.mail.hypertext import shown
from tests.support.bounded import bounded


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>See <![CDATA[<script>alert(a[0])</script>]]> here</p>", "See <script>alert(a[0])</script> here"),
        ("<style><![CDATA[ p {color: red} ]]></style><p>Hi</p>", "Hi"),
        ("<!--[if gte mso 9]><xml><o:Zoom>96</o:Zoom></xml><![endif]--><p>Hi</p>", "Hi"),
        ("<!--[if !mso]><!--><p>Hi</p><!--<![endif]-->", "Hi"),
        ("<!--[if !mso]>--><p>Hi</p><!--<![endif]-->", "Hi"),
        ("<p><![if !supportLists]><span>1.</span><![endif] >First</p>", "1.First"),
        ("<p>over<!-- a > b, <b>bold</b> -->flow</p>", "overflow"),
        ("<style><!-- p {color: red} --></style><p>Hi</p>", "Hi"),
        ("<style><!-- p </style><p>Hi --> there</p>", "Hi --> there"),
        ("<!-- <style> --><p>Hi</p>", "Hi"),
        ("<!--><p>Hi</p>", "Hi"),
        ("<head><title>Mail</title><p>Hi</p>", "Hi"),
    ],
)
def test_what_a_reader_sees_is_read(source: str, text: str) -> None:
    """The text that a mail program shows, and no other."""
    assert " ".join(html_text(source).split()) == text


@pytest.mark.parametrize("begins", ["<!--[if mso]>", "<!-- x", "<![CDATA[", "<style>", "<title>", "<script>"])
def test_what_never_ends_hides_nothing(begins: str) -> None:
    """A mark that somebody cut off loses no text."""
    assert "The length is never checked" in html_text(f"{begins}<p>The length is never checked.</p>")


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("a<!-- b", "a<!-- b"),
        ("a<style>b", "a b"),
        ("a<title x>b<title>c", "a b c"),
        ("a<![CDATA[b", "a b"),
        ("a<!-- b --!>c", "ac"),
        ("a<style>b</style >c", "a c"),
        ("a<STYLE>b</title>c</STYLE>d", "a d"),
        ("a<![CDATA[<b>]]>c", "a&lt;b&gt;c"),
        ("a<!-- b <!-- c --> d <!-- e", "a d <!-- e"),
        ("a<style>b<!-- c -->d", "a bd"),
        ("", ""),
    ],
)
def test_what_is_neither_tag_nor_text_is_taken_out(source: str, left: str) -> None:
    """A blank stays where there was an element; what is never closed is not looked for twice."""
    assert shown(source) == left


@pytest.mark.parametrize("mark", ["<!--", "<![CDATA[", "<style>", "<!--[if x]>", "<![CDATA[]]>", "<!-->"])
def test_heaps_of_marks_end(mark: str) -> None:
    """However many are never closed."""
    with bounded():
        html_text(mark * (4_000_000 // len(mark)))


def test_each_row_of_a_table_has_a_line_of_its_own() -> None:
    """Its cells stand side by side, however the source is broken."""
    source = "<table><tr><td>name</td>\n<td>size</td></tr>\n<tr><td>buf</td><td>64</td></tr></table>"
    assert [line.strip() for line in html_text(source).splitlines() if line.strip()] == [
        "name size",
        "buf 64",
    ]
