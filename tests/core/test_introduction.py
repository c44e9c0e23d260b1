"""How many lines above a quote say who wrote it, as mail programs write them and as people do."""

import pytest

from maild.core.mail.reply import HEAD, MAX_ATTRIBUTION, introduction
from tests.support.phrases import PHRASES

WROTE = "On 2 Mar 2026 at 10:30, Rita <r@p.example> wrote:"
FIELDS = ["From: Rita <r@p.example>", "Sent: Monday, March 2, 2026 10:30 AM", "To: s@p.example", "Subject: x"]
GMX = [
    "Gesendet: Montag, 2. März 2026 um 10:30 Uhr",
    "Von: Rita <r@p.example>",
    "An: s@p.example",
    "Betreff: x",
]


def of_length(length: int) -> str:
    """An attribution that is so many characters long."""
    return WROTE.replace("Rita", "R" * (length - len(WROTE) + len("Rita")))


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        ([], 0),
        (["Fine."], 0),
        ([WROTE], 1),
        (["Fine.", WROTE], 1),
        ([f"> {WROTE}"], 1),
        ([f"\xa0{WROTE}"], 1),
        (["On 2 Mar 2026 at 10:30,", "Rita <r@p.example> wrote:"], 2),
        (["Fine.", "On 2 Mar 2026", "at 10:30,", "Rita <r@p.example> wrote:"], 3),
        (["On", "2 Mar 2026", "at 10:30,", "Rita <r@p.example> wrote:"], 0),
        ([of_length(MAX_ATTRIBUTION)], 1),
        ([of_length(MAX_ATTRIBUTION + 1)], 0),
        (["Fine.", "_____", WROTE], 2),
        (["Fine.", "____", WROTE], 1),
        (["-----Original Message-----", WROTE], 2),
        (["Fine.", "--- Original message --- From: Rita"], 1),
        (FIELDS, 4),
        (["Fine.", *FIELDS], 4),
        (FIELDS[:2], 2),
        (["Fine.", "_____", *FIELDS], 5),
        (["Fine.", "", *GMX], 4),
        (GMX[:2], 0),
        (["Date: Monday"] * 2 + FIELDS, HEAD),
        (["Date: Monday"] * 3 + FIELDS, HEAD),
        (["Fine.", "-----Original Message-----", "From: Rita"], 2),
        (["Fine.", "From: Rita"], 0),
        (["From: Rita"], 0),
        (["-----Original Message-----", "Fine."], 0),
        (["From: Rita", "An: Carl"], 0),
        (["Rita said on 2026-03-02:"], 0),
    ],
)
def test_as_few_lines_as_say_who_wrote_it(lines: list[str], count: int) -> None:
    """An attribution in up to three lines, a head of labels with its title or rule, and no more."""
    assert introduction(lines, PHRASES) == count


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("Rita said on 2026-03-02:", 1),
        ("Rita said on 2026-03-02：", 1),  # noqa: RUF001 - a colon of Chinese programs
        ("Rita at 10:30:", 1),
        ("Rita on 2.3.2026:", 1),
        ("Rita said so:", 1),
        ("r@p.example:", 1),
        ("Rita said on 2026-03-02", 0),
        ("Fine:", 0),
        ("at 10:30 ".ljust(MAX_ATTRIBUTION - 1, "x") + ":", 1),
        ("at 10:30 ".ljust(MAX_ATTRIBUTION, "x") + ":", 0),
        ("", 0),
    ],
)
def test_above_the_block_of_a_copy_a_person_says_it_in_their_own_way(line: str, count: int) -> None:
    """With a time, an address or a word of saying, and a colon at the end; nowhere else."""
    assert introduction(["Fine.", line], PHRASES, True) == count
    assert introduction(["Fine.", line], PHRASES) == 0
