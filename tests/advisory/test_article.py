"""The advisory as HTML: everything escaped, nothing fetched, and people read what was written."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from maild.config.article import html
from maild.config.style import allowed, style
from tests.advisory.examples import example

TAGS = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "article",
    "h1",
    "h2",
    "p",
    "ul",
    "ol",
    "li",
    "pre",
    "a",
}
ATTRIBUTES = {
    ("html", "lang"),
    ("meta", "charset"),
    ("meta", "name"),
    ("meta", "content"),
    ("meta", "http-equiv"),
    ("a", "href"),
    ("a", "rel"),
    ("p", "class"),
}
EVIL = "<script>alert(1)</script><img src=//x.example/1>\" onload='x' &amp; {{ 7*7 }} {% raw %} </p>"


class Page(HTMLParser):
    """What a browser makes of the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One more element."""
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        """One more text."""
        self.text.append(data)


def hostile() -> str:
    """An advisory whose every text is an attack."""
    one = example(1)
    thanked = tuple(replace(credit, name=EVIL) for credit in one.credits)
    affected = tuple(replace(each, package=EVIL, introduced=EVIL) for each in one.affected)
    publisher = replace(one.publisher, name=EVIL)
    text = f"{EVIL}\n\n- {EVIL}\n\n    {EVIL}"
    one = replace(one, title=EVIL, severity=EVIL, credits=thanked, affected=affected, publisher=publisher)
    return html(replace(one, summary=text, details=text, workaround=text, upgrade=text))


@pytest.mark.parametrize("number", range(12))
def test_nothing_is_fetched(number: int) -> None:
    """No element and no attribute that makes a browser ask anybody for anything; links go to the references only."""
    for text in (html(example(number)), hostile()):
        page = Page(text)
        assert set(page.tags) <= TAGS
        assert {(tag, name) for tag, name, _ in page.attributes} <= ATTRIBUTES
        assert {v for t, n, v in page.attributes if n == "href"} <= {"https://heron.example/security/1"}
        assert ("meta", "content", allowed()) in page.attributes
        assert allowed().startswith("default-src 'none'; style-src 'sha256-")
        assert "url(" not in style()


def test_every_text_is_text() -> None:
    """What would be an element, an attribute or a template is read as it was written."""
    page = Page(hostile())
    assert "".join(page.text).count(EVIL) >= 15
    assert page.tags.count("pre") == 4


@pytest.mark.parametrize("number", range(12))
def test_people_read_everything_that_was_written(number: int) -> None:
    """Title, ids, severity, versions, the fix, every text, the thanks and the links."""
    one = example(number)
    read = "".join(Page(html(one)).text)
    wanted = [
        one.id,
        one.title,
        one.cve,
        one.severity,
        one.vector if one.severity else "",
        one.workaround,
        one.upgrade,
        one.summary,
    ]
    wanted += (
        [each.words for each in one.affected] + [each.name for each in one.credits] + list(one.references)
    )
    assert [word for word in wanted if word not in read] == []


def test_paragraphs_lists_and_code() -> None:
    """Paragraphs are parted by empty lines, items by their marks, and indented lines stay as they are."""
    one = replace(example(1), details="One\ntwo.\n\n- a\n- b\n\n1. c\n\n    x = 1\n      y < 2")
    text = html(one)
    for part in ("<p>One two.</p>", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "<ol>\n<li>c</li>\n</ol>"):
        assert part in text
    assert "<pre>    x = 1\n      y &lt; 2</pre>" in text
