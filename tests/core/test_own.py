"""What a member wrote themselves in a reply to a copy whose text is known (ruling 18)."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.core.mail.copy import internal
from maild.core.mail.own import own, parted
from tests.core.test_reply import OWN, SHAPES
from tests.support.bounded import bounded
from tests.support.phrases import PHRASES
from tests.support.quoting import BLOCK, MORE, STYLES

REPORT = [
    "Hello,",
    "",
    "a crafted file makes the parser of the kiosk write past the end of its buffer:",
    "",
    "  size_t n = s->len;",
    "  memcpy(s->buf, p, n);",
    "",
    "It happens with versions 2.0 and 2.1, not with 1.9, as far as we can tell from here.",
    "",
    "Best regards, Rita",
]
SHOWN = "\n".join(REPORT)
PATCH = [
    "From 3f2a9c1d5e6b7a8901234567890abcdef1234567 Mon Sep 17 00:00:00 2001",
    "From: Carl Coder <carl@elsewhere.example>",
    "Subject: [PATCH] parser: check the length",
    "---",
    "@@ -10,3 +10,5 @@",
    "   size_t n = s->len;",
    "+  if (n > sizeof s->buf)",
    "   memcpy(s->buf, p, n);",
    "-- ",
    "2.39.2",
]
WRITTEN = [
    *PATCH,
    ">>> import kiosk",
    "'2.1.0'",
    "x' OR 1=1",
    "--",
    "we ran your file. On startup the daemon wrote:",
    "Am 2. März um 10:30 schrieb der Dienst in sein Protokoll:",
    "```",
    "> SELECT 1;",
    "$ kiosk --open crafted.file",
    "* [2026-03-02 10:30] first seen:",
    "To: somebody@elsewhere.example",
    "Date: Mon, 02 Mar 2026 09:30:00 +0000",
    "buffer_size = 64",
    "On Thursday we plan to release. Is that fine for you?",
    "Sent from the wrong address, sorry.",
    "________________________________",
    "- we can reproduce it",
    "",
]
"""Lines that other programs have taken for quotes, signatures or heads."""
EXAMPLES = int(os.environ.get("OWN_TEXT_EXAMPLES", "1000"))

lines = st.lists(st.one_of(st.sampled_from(WRITTEN), st.text("abc >-:=+@`", max_size=30)), max_size=8)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_leaves_the_own_words_alone(shape: str) -> None:
    """Where the quoted text is known, replies in all shapes that are known leave nothing but the own words."""
    assert own(SHAPES[shape], "It crashes:\n\nthe walrus overruns its kiosk\n", PHRASES, ("Anna",)) == OWN


@given(st.sampled_from(sorted(STYLES)), lines, lines, lines, st.integers(0, len(REPORT)))
@settings(max_examples=EXAMPLES, deadline=None)
def test_every_line_that_a_member_wrote_goes_out(
    style: str, above: list[str], between: list[str], below: list[str], cut: int
) -> None:
    """Above, between and below the lines of a copy, in ten styles of quoting; and nothing of the block does."""
    head, quote = STYLES[style]
    block = quote(BLOCK.splitlines())
    text = "\n".join(
        [*above, "", *head, *block, *quote(REPORT[:cut]), "", *between, "", *quote(REPORT[cut:]), "", *below]
    )
    sent = own(text, SHOWN, PHRASES)
    assert not internal(sent)
    assert "EX-222222" not in sent
    left = [line.strip() for line in sent.splitlines()]
    for line in (*above, *between, *below):
        assert not line.strip(" >") or line.strip() in left, (line, sent)


@pytest.mark.parametrize("line", [":a", "=a", "#hello", ": a crafted"])
def test_a_sign_before_the_next_word_of_the_copy_is_the_members(line: str) -> None:
    """Between the lines of a quote that has other marks or none, such as ``:a`` above *a crafted file*."""
    for style, (head, quote) in STYLES.items():
        for cut in range(3):
            quoted = [*quote(BLOCK.splitlines()), *quote(REPORT[:cut])]
            text = "\n".join([*head, *quoted, "", line, "", *quote(REPORT[cut:])])
            assert line in own(text, SHOWN, PHRASES).splitlines(), (style, cut)


@pytest.mark.parametrize("line", ["a", "a crafted"])
def test_a_word_that_comes_next_in_the_copy_by_chance_is_the_members(line: str) -> None:
    """Where the copy goes on below it at the same place."""
    for style, (head, quote) in STYLES.items():
        quoted = [*quote(BLOCK.splitlines()), *quote(REPORT[:1])]
        for blank in ([""], []):
            text = "\n".join([*head, *quoted, *blank, line, *blank, *quote(REPORT[2:])])
            assert line in own(text, SHOWN, PHRASES).splitlines(), style


def test_a_quote_above_or_below_is_left_out_whole() -> None:
    """With who wrote it; wrapped or not, nothing of what was quoted is sent back."""
    for style, (head, quote) in STYLES.items():
        quoted = [*head, *quote([*BLOCK.splitlines(), *REPORT])]
        for text in ([OWN, "", *quoted], [*quoted, "", OWN]):
            assert own("\n".join(text), SHOWN, PHRASES).strip() == OWN, style


@pytest.mark.parametrize("style", MORE)
def test_further_programs_quote_no_own_words(style: str) -> None:
    """Above, below and between: the quote stays behind with who wrote it, and no own line does."""
    head, quote = MORE[style]
    link = "See https://www.example.org/a/very/long/path/that/programs/break/in/two?x=1&y=2 for the file."
    report = [*REPORT[:6], link, *REPORT[6:]]
    quoted = [*head, *quote([*BLOCK.splitlines(), *report])]
    for text in ([OWN, "", *quoted], [*quoted, "", OWN]):
        sent, left = parted("\n".join(text), "\n".join(report), PHRASES)
        assert (sent.strip(), left) == (OWN, ())
    above, below = quote([*BLOCK.splitlines(), *report[:8]]), quote(report[8:])
    sent, left = parted("\n".join([*head, *above, "", OWN, "", *below]), "\n".join(report), PHRASES)
    assert (sent.strip(), left) == (OWN, ())


def test_a_sentence_of_ones_own_above_the_block_is_told() -> None:
    """It may be somebody's way to introduce the quote; whoever wrote it hears that it stays behind."""
    sent, left = parted(f"{OWN}\n\nAt 10:30 the daemon said:\n\n{BLOCK}\nHello,\n", SHOWN, PHRASES)
    assert (sent.strip(), left) == (OWN, ("At 10:30 the daemon said:",))


def test_a_line_of_the_report_between_own_lines_stays() -> None:
    """Whoever answers point by point is understood: what is answered stands above the answer."""
    text = (
        "Thanks.\n\n> It happens with versions 2.0 and 2.1, not with 1.9, as far as\n> we can tell\n\nYes.\n"
    )
    assert "> It happens with versions" in own(text, SHOWN, PHRASES)


def test_of_a_signature_only_the_authors_own_is_left_out() -> None:
    """Two dashes are a signature's when the author's name stands below them."""
    assert own("We fix it.\n\n-- \nCarl Coder\nkiosk project", SHOWN, PHRASES, ("Carl",)) == "We fix it."
    assert own("We fix it.\n\n-- \n2.39.2", SHOWN, PHRASES, ("Carl",)).endswith("2.39.2")
    for below in ("2.39.2\nBest, Carl", "2.47.1.windows.2\n\nBest, Carl", "and rows.\n\nBest, Carl"):
        assert own(f"We fix it.\n\n-- \n{below}", SHOWN, PHRASES, ("Carl",)).endswith("Best, Carl")


@pytest.mark.parametrize(
    "piece", ["> a ", "a b c d\n", "> a\n", "On x wrote:\n", "From: a\nTo: b\n", "-- \n"]
)
def test_hostile_text_ends(piece: str) -> None:
    """A report and a reply made to be slow are bounded work."""
    text = piece * (60_000 // len(piece))
    with bounded():
        own(text, text, PHRASES)
        own(text, SHOWN, PHRASES)


def test_a_quote_that_only_a_signature_stands_below_is_left_out() -> None:
    """A program that puts the signature at the end leaves no quote between two things that a member wrote."""
    quote = "\n".join(f"> {line}".rstrip() for line in REPORT)
    text = f"We fix it.\n\nOn 3/2/26 10:30, Rita wrote:\n{quote}\n\n-- \nCarl Coder\n"
    sent, left = parted(text, SHOWN, PHRASES, ("Carl",))
    assert (sent.strip(), left) == ("We fix it.", ("--", "Carl Coder"))


def test_blank_lines_between_a_head_and_the_quote_do_not_keep_it() -> None:
    """HTML leaves many of them; who wrote the quote stays behind with it."""
    head = "From: Rita <s@p.example>\nSent: Monday\nTo: s@p.example\nSubject: [EX-222222] x"
    assert own(f"We fix it.\n\n{head}{chr(10) * 8}{BLOCK}{SHOWN}", SHOWN, PHRASES).strip() == "We fix it."


def test_a_name_of_one_letter_is_in_every_signature_and_tells_nothing() -> None:
    """Lines below two dashes stay when nothing but one letter of them is the author's name."""
    text = "Use the new branch:\n\n-- \nscripts/build"
    assert own(text, SHOWN, PHRASES, ["B"]) == text
    assert own(text, SHOWN, PHRASES, ["Build"]) == "Use the new branch:"
