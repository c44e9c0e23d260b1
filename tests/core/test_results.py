"""One field of results: who wrote it, and each result with what it is about, or as one that proves nothing."""

import pytest

from maild.core.mail.results import Result, read

FROM = {"header.from": "a.example"}


@pytest.mark.parametrize(
    ("value", "writer"),
    [
        ("mx.example; none", "mx.example"),
        ("MX.Example 1; none", "mx.example"),
        ("mx.example (a filter); none", "mx.example"),
        ("mx(a)b.example; none", ""),
        ('mx"a".example; none', ""),
        ("dmarc=pass", ""),
        ("", ""),
        ("; dmarc=pass", ""),
    ],
)
def test_the_writer_is_the_first_word(value: str, writer: str) -> None:
    """In lower case; a result in its place names none, and neither does what holds a comment or a quote."""
    assert read(value).writer == writer


@pytest.mark.parametrize("writer", ["", "mx.example;", "mx.example 1;", "a(b)c.example;"])
def test_results_count_with_and_without_a_writer(writer: str) -> None:
    """The first one too, where nothing stands before it."""
    assert read(f"{writer} spf=none; dmarc=pass").found == (Result("spf", "none"), Result("dmarc", "pass"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("dmarc=pass header.from=a.example", Result("dmarc", "pass", FROM)),
        ("DMARC=Pass (p=none) Header.From=A.Example", Result("dmarc", "pass", FROM)),
        ("dmarc/1=pass header.from=a.example", Result("dmarc", "pass", FROM)),
        ("dmarc=fail header.from=a.example header.from=a.example", Result("dmarc", "fail", FROM)),
        (
            "dmarc=fail header.from=a.example header.from=b.example",
            Result("dmarc", "fail", {"header.from": "\1"}),
        ),
        ("dmarc=pass header.from=a.example odd", Result("dmarc", "pass", FROM, clean=False)),
        ("dmarc = fail", Result("dmarc", "fail", clean=False)),
        ("dmarc =fail header.from=a.example", Result("dmarc", "fail", clean=False)),
        ("dmarc= fail header.from=a.example", Result("dmarc", "fail", clean=False)),
        ("dmarc = fail header.from=a.example", Result("dmarc", "fail", clean=False)),
        ("dmarc=(by us)fail header.from=a.example", Result("dmarc", "fail", clean=False)),
        ("dmarc(by us)=(by us)fail header.from=a.example", Result("dmarc", "fail", clean=False)),
        ("dmarc is fail", None),
        ("dmarc", None),
    ],
)
def test_a_result_says_what_it_is_about(text: str, found: Result | None) -> None:
    """One method, its verdict, its properties; with blanks or comments around the sign it proves nothing."""
    assert read(f"mx.example; {text}").found == ((found,) if found else ())


@pytest.mark.parametrize(
    ("text", "tight"),
    [
        ("; dmarc=pass", False),
        (";dmarc=pass", True),
        (";\tdmarc=pass", False),
        ("; spf=none;dmarc=pass", True),
    ],
)
def test_a_result_that_follows_its_semicolon_at_once_is_told_apart(text: str, tight: bool) -> None:
    """It may be the end of a name that a stranger's host gave itself."""
    assert read(f"mx.example{text}").found[-1] == Result("dmarc", "pass", tight=tight)


@pytest.mark.parametrize(
    ("value", "given"),
    [
        ("a.example", "a.example"),
        ("a(b)c.example", ""),
        ('"a.example"', ""),
        ("a.example(b)", ""),
    ],
)
def test_a_value_that_a_stranger_could_have_shaped_is_none(value: str, given: str) -> None:
    """One with a comment or a quoted string in it."""
    (found,) = read(f"mx.example; dmarc=pass header.from={value}").found
    assert found.of("header.from") == given
    assert found.of("header.d") == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"dmarc=pass (a \) b) header.from=a.example", (Result("dmarc", "pass", FROM),)),
        (r"dmarc=pass (a \\) header.from=a.example", (Result("dmarc", "pass", FROM),)),
        ("dmarc=pass (a (b) c) header.from=a.example", (Result("dmarc", "pass", FROM),)),
        ("dmarc=pass (a; dkim=pass) header.from=a.example", (Result("dmarc", "pass", FROM),)),
        ("dmarc=pass (a; dkim=pass", ()),
        ('spf=none; dmarc=pass reason="a; dkim=pass', (Result("spf", "none"),)),
        (r'spf=none; dmarc=pass reason="a\"; dkim=pass', (Result("spf", "none"),)),
        ("spf=none; ; dmarc=pass;", (Result("spf", "none"), Result("dmarc", "pass"))),
        ("spf=none; dmarc=pass) x", (Result("spf", "none"),)),
    ],
)
def test_comments_and_quotes_end_where_they_say(text: str, found: tuple[Result, ...]) -> None:
    """Nested and escaped ones too; of what is never closed nothing counts."""
    assert read(f"mx.example; {text}").found == found
