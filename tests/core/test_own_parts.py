"""What stays behind of a reply to a known copy: a signature, a telephone's line, an unmarked quote."""

import pytest

from maild.core.mail.own import MAX_SIGNATURE, parted
from tests.core.test_own import REPORT, SHOWN
from tests.support.phrases import PHRASES

WROTE = "On 2 Mar 2026 at 10:30, Rita <r@p.example> wrote:"
QUOTE = "\n".join(f"> {line}".rstrip() for line in REPORT)


@pytest.mark.parametrize(
    ("below", "left"),
    [
        ("-- \nAnna", ("--", "Anna")),
        ("--\nAnna", ("--", "Anna")),
        ("-- \nx\n-- \nAnna", ("--", "Anna")),
        ("-- \n" + "x\n" * (MAX_SIGNATURE - 1) + "Anna", ("--", *["x"] * (MAX_SIGNATURE - 1), "Anna")),
        ("-- \n" + "x\n" * MAX_SIGNATURE + "Anna", ()),
        ("-- \nAnna\n\nx", ()),
        ("-- \nBob", ()),
        ("-- \nA b", ()),
        ("-- \n2.39.2\nAnna", ()),
        ("-- ", ()),
        ("Anna", ()),
        ("\nSent from my iPhone", ("Sent from my iPhone",)),
        ("-- \nSent from my iPhone", ("--", "Sent from my iPhone")),
    ],
)
def test_a_signature_is_one_block_with_a_name_of_its_author(below: str, left: tuple[str, ...]) -> None:
    """Of so many lines, behind the last two dashes; whatever else stands there goes out."""
    sent, found = parted(f"We fix it.\n{below}", SHOWN, PHRASES, ("Anna", "A"))
    assert found == left
    assert sent.split() == f"We fix it. {below}".split()[: -len(" ".join(left).split()) or None]


def test_of_a_reply_that_is_a_signature_nothing_goes_out() -> None:
    """Nor of one that only quotes."""
    assert parted("-- \nAnna", SHOWN, PHRASES, ("Anna",)) == ("", ("--", "Anna"))
    assert parted(f"{WROTE}\n{QUOTE}", SHOWN, PHRASES, ("Anna",)) == ("", ())


@pytest.mark.parametrize("shown", [SHOWN, f"{REPORT[2]}\n{REPORT[4]}"], ids=["whole", "some lines"])
def test_an_unmarked_quote_begins_below_who_wrote_it(shown: str) -> None:
    """Without that line nobody knows that it is one."""
    assert parted(f"We fix it.\n\n{WROTE}\n\n{shown}", SHOWN, PHRASES) == ("We fix it.", ())
    text = f"We fix it.\n\nSee again:\n\n{shown}"
    assert parted(text, SHOWN, PHRASES) == (text, ())


def test_a_quote_between_two_own_lines_goes_out_with_them() -> None:
    """One that only a signature stands below stays behind."""
    text = f"We fix it.\n{QUOTE}\nBye."
    assert parted(f"{text}\n-- \nAnna", SHOWN, PHRASES, ("Anna",)) == (text, ("--", "Anna"))
    assert parted(f"We fix it.\n{QUOTE}\n-- \nAnna", SHOWN, PHRASES, ("Anna",))[0] == "We fix it."
