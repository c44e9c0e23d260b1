"""Which lines above a known quote say who wrote it, and what a gateway put between."""

import pytest

from maild.core.mail.introduced import (
    INTRO,
    MAX_BANNER,
    MAX_BETWEEN,
    MAX_BLANK,
    MAX_LINE,
    SAID,
    below_banner,
    introduced,
)
from tests.support.phrases import PHRASES

WROTE = "On 2 Mar 2026 at 10:30, Rita <r@p.example> wrote:"
HEAD = ["From: Rita <r@p.example>", "Sent: Monday", "To: s@p.example", "Subject: x"]
PHONE = "Sent from my iPhone"
FOOTER = "To unsubscribe send an email to x@lists.example"
GAP = [""] * MAX_BLANK


def kinds(lines: list[str]) -> list[str]:
    """What each line is, as far as anybody knows so far."""
    return ["blank" if not line else "quote" if line == "> q" else "own" for line in lines]


def apart(lines: list[str], blank: int) -> list[str]:
    """*lines* with so many blank ones below each."""
    return [one for line in lines for one in (line, *[""] * blank)]


@pytest.mark.parametrize(
    ("lines", "places"),
    [
        ([], []),
        (["Fine."], []),
        (["Fine.", WROTE], [1]),
        (["Fine.", WROTE, ""], [1]),
        (["Fine.", WROTE, *GAP], [1]),
        (["Fine.", WROTE, *GAP, ""], []),
        (["Fine.", WROTE, "> q"], []),
        ([*HEAD], [0, 1, 2, 3]),
        (["Fine.", *HEAD, ""], [1, 2, 3, 4]),
        (["Fine.", "", *HEAD], [2, 3, 4, 5]),
        (["Fine."] * 12 + HEAD, [12, 13, 14, 15]),
        (["Fine.", "==========", WROTE], [2]),
        (["_____", *HEAD], [0, 1, 2, 3, 4]),
        (["> q", *HEAD], [1, 2, 3, 4]),
        (["Fine.", *apart(HEAD, 1)], [1, 3, 5, 7]),
        (["Fine.", *apart(HEAD, MAX_BETWEEN - 1)], [1, 5, 9, 13]),
        (["Fine.", *apart(HEAD, MAX_BETWEEN)], []),
        (["Fine.", *apart(["-----Original Message-----", *HEAD[:2]], 1)], [1, 3, 5]),
        (["Fine.", *apart(["-----Original Message-----", "Sent: r@p.example", "To: Monday"], 1)], [1, 3, 5]),
        (["Fine.", *apart(["Sent: r@p.example", "To: Monday"], 1)], []),
        (["Fine.", *apart(["From: Rita", "Sent: Monday"], 1)], []),
        (["Fine.", *apart(["From: r@p.example"], 1)], []),
        (["> q", "", *apart(HEAD[:2], 1)], [2, 4]),
        (["Fine.", "Rita said at 10:30:"], []),
    ],
)
def test_what_a_program_wrote_above_a_quote_is_known(lines: list[str], places: list[int]) -> None:
    """In one piece, or line by line as HTML spreads a head; blank lines below it are passed over."""
    assert introduced(lines, kinds(lines), False, PHRASES) == dict.fromkeys(places, INTRO)


@pytest.mark.parametrize(
    ("above", "told"), [([PHONE], [1]), ([PHONE, ""], [1]), ([PHONE, *GAP], [1]), ([PHONE, *GAP, ""], [])]
)
def test_what_a_telephone_wrote_above_that_is_told(above: list[str], told: list[int]) -> None:
    """It may be its owner's own words all the same."""
    lines = ["Fine.", *above, WROTE]
    found = introduced(lines, kinds(lines), False, PHRASES)
    assert found == {len(lines) - 1: INTRO} | dict.fromkeys(told, SAID)
    quoted = ["own", *["quote" if one else "blank" for one in above], "own"]
    assert introduced(lines, quoted, False, PHRASES) == {len(lines) - 1: INTRO}
    assert introduced([PHONE], ["own"], False, PHRASES) == {}
    assert introduced([PHONE, WROTE], ["own", "own"], False, PHRASES) == {1: INTRO, 0: SAID}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("r@p.example:", INTRO),
        ("Rita <r@p.example> at 10:30:", INTRO),
        ("Rita <r@p.example> at 10:30", SAID),
        ("Rita said at 10:30:", SAID),
        ("Fine.", ""),
    ],
)
def test_above_the_block_of_a_copy_any_way_to_say_it_counts(line: str, kind: str) -> None:
    """One that a person may have worded is told."""
    lines = ["Thanks.", line, ""]
    assert introduced(lines, kinds(lines), True, PHRASES) == ({1: kind} if kind else {})


def test_a_rule_of_any_kind_above_the_block_of_a_copy_is_a_programs() -> None:
    """A rule above the block of a copy was drawn by a mail program, whatever it is made of."""
    lines = ["Fine.", "==========", WROTE]
    assert introduced(lines, kinds(lines), True, PHRASES) == {1: INTRO, 2: INTRO}


@pytest.mark.parametrize(
    ("lines", "marked", "found"),
    [
        (["Fine.", WROTE, FOOTER], False, {1: INTRO, 2: SAID}),
        (["Fine.", WROTE, "", FOOTER, ""], False, {1: INTRO, 3: SAID}),
        (["Fine.", *HEAD[:2], FOOTER], False, {1: INTRO, 2: INTRO, 3: SAID}),
        ([WROTE, FOOTER], False, {0: INTRO, 1: SAID}),
        ([WROTE, *[FOOTER] * MAX_BANNER], False, {0: INTRO} | dict.fromkeys(range(1, MAX_BANNER + 1), SAID)),
        ([WROTE, *[FOOTER] * (MAX_BANNER + 1)], False, {}),
        ([WROTE, FOOTER.ljust(MAX_LINE, ".")], False, {0: INTRO, 1: SAID}),
        ([WROTE, FOOTER.ljust(MAX_LINE + 1, ".")], False, {}),
        ([WROTE, "a banner"], False, {}),
        ([WROTE, "> a banner"], True, {0: INTRO, 1: SAID}),
        ([WROTE, "| a banner"], True, {0: INTRO, 1: SAID}),
        ([WROTE, "> a banner"], False, {}),
        ([WROTE, "a banner"], True, {}),
        ([WROTE, "> q"], True, {}),
        (["Fine.", "Rita said at 10:30:", FOOTER], False, {}),
        (["Fine.", FOOTER], False, {}),
        (["Fine.", "r@p.example:", FOOTER], False, {1: INTRO, 2: SAID}),
        ([FOOTER], False, {}),
        (["Fine.", WROTE], False, {}),
    ],
)
def test_what_a_gateway_put_between_is_told(lines: list[str], marked: bool, found: dict[int, str]) -> None:
    """A few short lines in its usual words, or with the mark of the quote, below a line with an address."""
    assert below_banner(lines, kinds(lines), marked, PHRASES) == found
