"""Where a person's own words end in a reply: at a head, a title or a signature, and at a quote that is announced."""

import pytest

from maild.core.mail.reply import HEAD, MAX_ATTRIBUTION, own_text
from tests.support.phrases import PHRASES

WROTE = "On 2 Mar 2026 at 10:30, Rita <r@p.example> wrote:"
LONG = WROTE.replace("Rita", "R" * (MAX_ATTRIBUTION - len(WROTE) + len("Rita")))
ZOHO = "On Mon, 02 Mar 2026 10:30:00 +0000 Rita <r@p.example> wrote"


@pytest.mark.parametrize(
    "below",
    [
        "--\nRita",
        "-- \nRita",
        ">>> Rita <r@p.example> 02.03.26 10:30 >>>\nx",
        "--- Original message --- From: Rita\nx",
        "-----Original Message-----\nx",
        "--- Mitt brev ---\nFrom: Rita\nSubject: x",
        "From: Rita\nSubject: x",
        "From: r@p.example\nTo: s@p.example",
        "From: r@p.example\nhi\nSubject: x",
        "From: r@p.example\n" + "x\n" * (HEAD - 2) + "Subject: x",
        "Date: Monday\nFrom: r@p.example",
        "Subject: x\nFrom: r@p.example",
    ],
)
def test_below_a_head_or_a_signature_nothing_is_ones_own(below: str) -> None:
    """Whatever program wrote it, with the author, an address or a subject near."""
    assert own_text(f"Fine.\n{below}\nIt crashes.", PHRASES) == "Fine."


@pytest.mark.parametrize(
    "text",
    [
        "---\nRita",
        "--- Mitt brev ---\nhello\nx: y",
        "From: r@p.example",
        "From: Rita\nhi\nSubject: x",
        "From: r@p.example\n" + "x\n" * (HEAD - 1) + "Subject: x",
        "Date: Monday\nFrom: Rita",
        "Datum: Montag\nFrom: r@p.example",
        "Cc: a@b.example\nSubject: x",
        "To: a@b.example\nhi\nSubject: x",
        "____",
        f"--- {ZOHO} ---",
        "Here:\nis it",
        "at 10:30 " + "x" * MAX_ATTRIBUTION + ":",
    ],
)
def test_what_only_looks_so_is_ones_own(text: str) -> None:
    """Dashes, labels of two languages, and labels without an author or an address."""
    assert own_text(f"Fine.\n{text}\nBye.", PHRASES) == f"Fine.\n{text}\nBye."


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (WROTE, ""),
        (f"Fine.\n{WROTE}", "Fine."),
        (f"Fine.\n{WROTE}\n\n\nIt crashes.", "Fine."),
        (f"Fine.\n{LONG}\n\nIt crashes.", "Fine."),
        (f"Fine.\nR{LONG}\n\nIt crashes.", f"Fine.\nR{LONG}\n\nIt crashes."),
        (f"Fine.\n{WROTE}\n\n\n> It crashes.\nBye.", "Fine.\n\nBye."),
        (f"{WROTE}\n> It: crashes.\n> It: hangs.\nBye.", "Bye."),
        (f"{WROTE}\n> It crashes.\n> \n> It hangs.\n\n\n\nBye.", "Bye."),
        ("On\n2 Mar 2026\nat 10:30, Rita\n<r@p.example> wrote:\n> It crashes.", "On"),
        ("Rita wrote at 10:30:\nRita> It crashes.\nRita> It hangs.\nBye.", "Bye."),
        ("Fine.\n\nRita at 10:30:\n> It crashes.\nBye.", "Fine.\n\nBye."),
        ("Fine.\n\nRita at 10:30:\n\n> It crashes.\nBye.", "Fine.\n\nBye."),
        ("Fine.\n\nRita at 10:30:\nx\n> It crashes.\nBye.", "Fine.\n\nRita at 10:30:\nx\nBye."),
        ("Fine.\n\nRita at 10:30:\n\n\n> It crashes.\nBye.", "Fine.\n\nRita at 10:30:\n\nBye."),
        ("Fine.\n\nRita at 10:30\n> It crashes.\nBye.", "Fine.\n\nRita at 10:30\nBye."),
        ("Fine.\n\nRita said:\n> It crashes.\nBye.", "Fine.\n\nBye."),
        ("Fine.\n\nHere:\n> It crashes.\nBye.", "Fine.\n\nHere:\nBye."),
        (f"Fine.\n---- {ZOHO} ----\n\nIt crashes.", "Fine."),
        (f"---- {ZOHO} ---\n> It crashes.\nBye.", "Bye."),
        ("Fine.\n\n\n\nBye.\n\n_____\n", "Fine.\n\nBye."),
    ],
)
def test_a_quote_and_who_wrote_it_are_left_out(text: str, own: str) -> None:
    """What stands between marked quotes stays; from an unmarked one on nothing does."""
    assert own_text(text, PHRASES) == own
