"""The block on top of a copy is known in a letter whatever became of its fence; a head of mail is none."""

import pytest

from maild.core.writing.gate.check import _block, _listed

THREE = "Case: EX-222222\nCame: Monday\nReply: goes to the reporter\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (THREE, True),
        ("> **Case:** x\n> **Team:** y\n> **Next:** z\n", True),
        ("Case: x\nCame: y\nCase: z\n", False),
        ("Came: x\nReply: y\n", False),
        ("Next: x\nTeam: y\n", False),
        ("Next: x\nTeam: y\nTo: z\n", True),
        ("Case: x\nFrom: y\nTo: z\nCc: z\n", False),
        ("Case: x\nFrom: y\nReply: z\n", False),
        ("we came: x, and the reply: y, and next: z", True),
        ("next: x, team: y, came: z", False),
        ("", False),
    ],
)
def test_three_labels_of_which_two_are_the_blocks_own_are_a_block(text: str, found: bool) -> None:
    """Or, within one line, whence it came, where a reply goes, and one more."""
    assert _block(text.lower()) is found


@pytest.mark.parametrize(("between", "found"), [(399, True), (400, False), (4000, False)])
def test_labels_far_from_each_other_are_no_block(between: int, found: bool) -> None:
    """Within four hundred characters they are one."""
    near = "case: x\nteam: y\n"
    assert _block(f"next: x\n{near}") is True
    gap = between - len("next: x\ncase: x\n")
    assert _block("next: x\n" + "." * (gap - 1) + "\n" + near) is found


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("EX-222222  open  Anna", ["EX-222222  open  Anna"]),
        ("  2 d late  EX-222222\trespond", ["2 d late  EX-222222\trespond"]),
        ("EX-222222  open", []),
        ("EX-222222 open Anna", []),
        ("EX-22222  open  Anna", []),
        ("XEX-222222  open  Anna", []),
        ("Subject: EX-222222  open  Anna", []),
        (
            "above\nEX-222222  open  Anna\nEX-333333  shut  Bea",
            ["EX-222222  open  Anna", "EX-333333  shut  Bea"],
        ),
        ("", []),
    ],
)
def test_a_row_of_a_listing_has_a_case_number_and_three_columns(text: str, rows: list[str]) -> None:
    """Parted by more than one blank; where the desk has no prefix, nothing tells one."""
    assert list(_listed([text], "EX")) == rows
    assert list(_listed([text], "")) == []
