"""Addresses that only look like another one."""
# ruff: noqa: RUF001 - letters that look alike are the matter

import pytest

from maild.core.values.lookalike import like, spelled, told_apart

RITA = "rita@reporter.example"


@pytest.mark.parametrize(
    "address",
    [
        "rіta@reporter.example",
        "rita@rероrtеr.example",
        "ríta@reporter.example",
        "RITA@reρorter.example",
        "r1ta@reporter.example".replace("1", "ı"),
        "ｒita@reporter.example",
    ],
)
def test_what_looks_the_same_is_found(address: str) -> None:
    """Cyrillic, Greek, accents and wide letters pass for plain ones; the other address is named."""
    assert like(address, ["tim@third.example", RITA]) == RITA
    assert "U+" in spelled(address)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rita@rnodem.example", "rita@modem.example"),
        ("b0b@x.example", "bob@x.example"),
        ("a1@x.example", "al@x.example"),
    ],
)
def test_plain_letters_pass_for_others_too(one: str, other: str) -> None:
    """A pair for a letter: rn for m, nought for o, one for l."""
    assert like(one, [other]) == other


def test_one_and_the_same_address_is_no_twin() -> None:
    """Nor is one in capitals, or one that only resembles it."""
    assert like(RITA, [RITA, "Rita@Reporter.Example", "rika@reporter.example"]) == ""


def test_odd_letters_are_named_by_number_beside_the_address() -> None:
    """A plain address stands as it is, and so does a text that is none."""
    assert told_apart("rіta@reporter.example") == "rіta@reporter.example (і is U+0456)"
    assert told_apart(RITA) == RITA
    assert told_apart("Überlauf") == "Überlauf"
    assert spelled("абвг@x.example").endswith("г is U+0433")
    assert spelled("абвгде@x.example").endswith(" and 2 more")
