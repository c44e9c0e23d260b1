"""What right above the block of a copy says who wrote it: told by its shape, in any language."""

# ruff: noqa: RUF001 - dashes and colons of many programs

import pytest

from maild.core.mail.abovequote import MAX_LINE, ends, lines_above, names_address, ruled

RITA = "Rita <rita@reporter.example> wrote:"
RULE = "-" * 6
HEAD = ["Od: Rita <rita@reporter.example>", "Komu: security@project.example"]


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        ([], 0),
        (["Thanks."], 0),
        (["Thanks.", RITA], 1),
        (["> " + RITA], 1),
        (["Thanks.", RULE, RITA], 2),
        (["Thanks.", "_" * 20, RITA], 2),
        (["Thanks.", "-" * 5, RITA], 1),
        (["--- Reply ---", RITA], 2),
        (["-- Reply --", RITA], 1),
        (["Thanks.", RULE], 1),
        (["Thanks.", "-" * 5], 0),
        (["On 2 March 2026 at 10:30, Rita wrote:"], 1),
        (["Am 02.03.2026 schrieb Rita:"], 1),
        (["2026-03-02 Rita:"], 1),
        (["Rita wrote:"], 0),
        (["Rita <rita@reporter.example> wrote"], 0),
        (["Rita rita@reporter.example, 2 March 2026 10:30"], 1),
        (["Rita rita@reporter.example, 2 March 2026 10:30 AM"], 1),
        (["Rita rita@reporter.example, 10:30, 2 March"], 0),
        (["Rita, 2 March 2026 10:30"], 0),
        (["rita@reporter.example 2 March 2026 at 10:30", "Rita wrote:"], 2),
        (["rita@reporter.example 2 March 2026", "Rita then wrote:"], 2),
        (["rita@reporter.example 2 March 2026", "and then Rita wrote:"], 0),
        (["On 2 March 2026 at 10:30", "Rita wrote:"], 0),
        (["rita@reporter.example", "on 2 March 2026 at 10:30", "Rita wrote:"], 0),
        (["Thanks.", RULE, "rita@reporter.example 2 March", "Rita wrote:"], 3),
        (HEAD, 2),
        (HEAD[:1], 0),
        (["Thanks.", *HEAD], 2),
        (["Thanks.", RULE, *HEAD], 3),
        (["Od: Rita", "Komu: security"], 0),
        (["Od: Rita", "Datum: 2. 3. 2026 10:30"], 2),
        (["* Od: Rita", "*Komu:* security@project.example"], 2),
        (HEAD[:1] * 9, 8),
        (["x" * (MAX_LINE - len(RITA)) + RITA], 1),
        (["x" * (MAX_LINE - len(RITA) + 1) + RITA], 0),
        (["Rita\xa0<rita@reporter.example>\xa0:"], 1),
    ],
)
def test_lines_above_a_block_say_who_wrote_it(lines: list[str], count: int) -> None:
    """With an address or a time, and an end that programs write; or a head of two labels at least."""
    assert lines_above(lines) == count


@pytest.mark.parametrize(
    ("lines", "count", "wanted"),
    [
        ([RULE, "x"], 1, 2),
        ([f"> {RULE}", "x"], 1, 2),
        ([RULE, "x", "y"], 2, 3),
        ([RULE, "x", "y"], 1, 1),
        ([RULE, "x"], 2, 2),
        ([RULE, RULE], 0, 0),
        ([], 0, 0),
        (["=" * MAX_LINE, "x"], 1, 2),
    ],
)
def test_a_rule_above_belongs_to_what_stands_below_it(lines: list[str], count: int, wanted: int) -> None:
    """Only right above, and only where something stands below it."""
    assert ruled(lines, count) == wanted


@pytest.mark.parametrize(
    ("line", "ended"),
    [
        ("Rita wrote:", True),
        ("Rita wrote:\xa0", True),
        ("Rita：", True),
        ("--- Rita ---", True),
        ("Rita >>>", True),
        ("De: Rita", True),
        ("*De:* Rita", True),
        ("De Rita", False),
        ("2: Rita", False),
        ("", False),
    ],
)
def test_how_programs_end_a_line_that_says_who_wrote(line: str, ended: bool) -> None:
    """In a colon, dashes or arrows; or with a value behind a label."""
    assert ends(line) is ended


def test_an_address_is_seen_in_any_of_the_lines() -> None:
    """A sign between blanks is none."""
    assert names_address(["x", "rita@reporter.example"])
    assert not names_address(["at @ home", ""])
    assert not names_address([])
