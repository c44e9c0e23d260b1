"""The head of a forwarded message in words that nobody listed: known by its lines and what they repeat."""

import pytest

from maild.core.mail.anyhead import LINES, MOST, author, below, repeats

HEAD = ["Saatja: Rita <Rita@Reporter.example>", "Teema: Overflow", "Kellele: security@project.example"]
RITA = "rita@reporter.example"
TABLE = ["| Saatja | Rita<rita@reporter.example> |", "| Kuupäev | 2026 |", "| Teema | Overflow |"]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (HEAD, RITA),
        (["Thanks.", *HEAD], RITA),
        (["Thanks.", "", *HEAD, "", "It crashes."], RITA),
        (HEAD[:2], ""),
        ([*HEAD[:2], "", HEAD[2]], ""),
        (["Teema: Overflow", HEAD[2], HEAD[0]], "security@project.example"),
        (["Teema: Overflow", "Kuupäev: 2026", "Nimi: Rita"], ""),
        (TABLE, RITA),
        (TABLE[:2], ""),
        (["*Saatja:* Rita <rita@reporter.example>", "*Teema:* x", "*Nimi:* y"], RITA),
        (["Nimi: Rita"] * 2 + ["", *HEAD], RITA),
        (["Nimi: Rita"] * (MOST - 1) + HEAD[:1], RITA),
        ([], ""),
    ],
)
def test_the_author_is_the_first_address_of_the_first_head(lines: list[str], found: str) -> None:
    """A head has three lines of a label and a value at least, one below the other."""
    assert author(lines) == found


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (HEAD, RITA),
        (["", *HEAD], RITA),
        (["", "", "From Rita", RITA, "x"], RITA),
        (["Rita wrote on Monday", "", RITA], ""),
        (["", "Rita wrote", "", RITA], ""),
        (["Rita", RITA, "", "bea@reporter.example"], RITA),
        ([RITA], RITA),
        (["x"] * (MOST - 1) + [RITA], RITA),
        (["x"] * MOST + [RITA], ""),
        (["", ""], ""),
        ([], ""),
    ],
)
def test_below_a_title_the_first_address_is_the_author_s(lines: list[str], found: str) -> None:
    """Up to the blank line behind the first others."""
    assert below(lines) == found


@pytest.mark.parametrize(
    ("above", "head", "subject", "repeated"),
    [
        ([], HEAD, "Edasi: Overflow", True),
        ([], HEAD, " VS:  Overflow ", True),
        ([], HEAD, "Overflow", False),
        ([], HEAD, "Edasi: Overflow in 1.2", False),
        ([], HEAD, "Edasi: ", False),
        ([], HEAD[:2], "Edasi: Overflow", False),
        ([], ["Nimi: Rita", *HEAD[1:2], "Kuupäev: 2026"], "Edasi: Overflow", False),
        ([], TABLE, "Edasi: Overflow", True),
        (["Hello"] * (LINES - 1), HEAD, "Edasi: Overflow", True),
        (["Hello"] * LINES, HEAD, "Edasi: Overflow", False),
    ],
)
def test_a_forward_repeats_its_subject_in_the_head_that_it_begins_with(
    above: list[str], head: list[str], subject: str, repeated: bool
) -> None:
    """Behind its own prefix, beside an address; perhaps below two lines of whoever forwards it."""
    assert repeats("\n".join([*above, *head]), subject) is repeated
