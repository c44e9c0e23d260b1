"""Marks of mail programs before quoted lines, and whose name they stand for."""

import pytest

from maild.core.mail.marks import names


@pytest.mark.parametrize(
    ("mark", "above", "known"),
    [
        ("Rita>", "On Monday Rita Reed wrote:", True),
        ("RR>", "Rita Reed", True),
        ("XY>", "Rita Reed", False),
        ("rita>", "rita reed", False),
        ("", "Rita Reed", False),
    ],
)
def test_a_mark_names_whoever_the_line_above_names(mark: str, above: str, known: bool) -> None:
    """By a name or by initials, with a capital; other letters are no mark of theirs."""
    assert names(mark, above) is known
