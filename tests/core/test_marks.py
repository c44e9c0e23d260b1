"""Marks of mail programs before quoted lines, and whose name they stand for."""

import pytest

from maild.core.mail.marks import bare, mark, names


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


@pytest.mark.parametrize(
    ("line", "found", "rest"),
    [
        ("RD> It crashes.", "RD>", "It crashes."),
        ("  Rita>It crashes.", "Rita>", "It crashes."),
        ("RD>> It crashes.", "RD>", "It crashes."),
        (": It crashes.", ":", "It crashes."),
        ("It crashes.", "", "It crashes."),
        ("> It crashes.", "", "> It crashes."),
        ("12> It crashes.", "", "12> It crashes."),
        ("", "", ""),
    ],
)
def test_a_mark_is_told_from_what_it_stands_before(line: str, found: str, rest: str) -> None:
    """Without further levels; a line without one stays as it is."""
    assert (mark(line), bare(line)) == (found, rest)


@pytest.mark.parametrize(
    ("given", "said", "known"),
    [
        ("Rita>", "Rita wrote:", True),
        ("RD>", "Rita Doe wrote:", True),
        ("R>", "Rita wrote:", True),
        ("Ri>", "Rita wrote:", False),
        ("RW>", "Rita wrote:", False),
        ("r>", "rita wrote:", False),
        (":", "Rita wrote:", False),
        ("", "Rita wrote:", False),
    ],
)
def test_initials_are_capitals_of_words_in_a_row(given: str, said: str, known: bool) -> None:
    """An abbreviation stands for words in a row that begin with its letters, or for the name itself."""
    assert names(given, said) is known
