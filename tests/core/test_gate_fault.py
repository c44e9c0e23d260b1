"""Why a letter waits: what each kind of internal thing looks like, how far it reaches, and which reason comes first."""

import pytest

from maild.core.mail.copy import FENCE, FENCE_END
from maild.core.values.ids import TOKEN_LENGTH
from maild.core.writing.gate.check import (
    MOST_LIKE_TOKENS,
    Known,
    addresses,
    fault,
    fault_for_guest,
    like_tokens,
)
from maild.core.writing.gate.reading import Seen
from maild.core.writing.gate.runs import RUN

TOKEN = "k3m5n7p2q4r6s3t5u7v2"
NINE = "nobody outside may know that the vendor waits until spring"
TOLD = "its coordinator has waited for a reply since monday morning already"
BLOCK = "Case: EX-222222\nCame: Monday\nReply: goes to the reporter\n"
LISTED = "EX-222222  open  Anna"
RITA, ROY = "rita@reporter.example", "roy@reporter.example"


def why(text: str, known: Known, written: str = "", *more: str) -> tuple[str, str]:
    """Why a letter with this *text* (and *more* of them) waits, and the line that shows it."""
    found = fault(Seen([text, *more]), known, written)
    return (found.name, found.line) if found else ("", "")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (TOKEN, True),
        (TOKEN.upper(), True),
        (f"<security+{TOKEN}@project.example>", True),
        (f"{TOKEN[:9]}\n> {TOKEN[9:]}", True),
        (f"{TOKEN[:9]} | {TOKEN[9:]}", True),
        (f"x{TOKEN}y", True),
        (f"{TOKEN}{TOKEN}", True),
        (f"abc{TOKEN[1:]}", False),
        (TOKEN[:-1], False),
        (f"{TOKEN[:9]}-{TOKEN[9:]}", False),
    ],
)
def test_a_token_is_found_wherever_lines_were_broken(text: str, found: bool) -> None:
    """Whole, among other letters and in capitals; for a reporter as for a guest, and no part of it."""
    assert len(TOKEN) == TOKEN_LENGTH
    known = Known(tokens=frozenset({TOKEN}))
    assert why(text, known) == (("token", "") if found else ("", ""))
    guest = fault_for_guest(Seen(["Hello.", text]), known)
    assert (guest.name if guest else "") == ("token" if found else "")
    assert why(text, Known()) == ("", "")
    assert (TOKEN in like_tokens(["Hello.", text])) is found


def test_of_a_letter_full_of_shapes_no_more_are_asked_for_than_it_takes() -> None:
    """Every one up to a number, and one more of a letter that has more: a token may be any of them."""
    digits = "abcdefghijklmnopqrstuvwxyz234567"
    many = [f"{a}{b}{c}".ljust(TOKEN_LENGTH, "a") for a in digits for b in digits for c in digits]
    few = many[:MOST_LIKE_TOKENS]
    assert like_tokens(few) == like_tokens(["-".join(few), *few]) == frozenset(few)
    assert len(like_tokens(many)) == MOST_LIKE_TOKENS + 1


def test_a_token_is_looked_for_as_the_gate_reads_the_letter() -> None:
    """What the author's own signature kept apart stands together once that is gone."""
    text = f"diff --git a/p b/p\n{TOKEN[:9]}\nSigned-off-by: Carl <carl@project.example>\n{TOKEN[9:]}"
    assert TOKEN not in like_tokens([text])
    assert TOKEN in like_tokens([text], ["carl@project.example"])
    assert why(text, Known(frozenset({TOKEN}), own=frozenset({"carl@project.example"})))[0] == "token"


@pytest.mark.parametrize(
    ("text", "own", "found"),
    [
        ("Write to Carl@Project.example.", (), "carl@project.example"),
        ("Write to carl\u200b@project.example.", (), "carl@project.example"),
        ("Write to us.", (), ""),
        ("diff --git a/p b/p\nSigned-off-by: Carl <carl@project.example>", (), "carl@project.example"),
        ("diff --git a/p b/p\nSigned-off-by: Carl <carl@project.example>", ("carl@project.example",), ""),
        ("Signed-off-by: Carl <carl@project.example>", ("carl@project.example",), "carl@project.example"),
    ],
)
def test_a_members_address_waits(text: str, own: tuple[str, ...], found: str) -> None:
    """Only below a patch does its author's own go out."""
    known = Known(private=frozenset({"carl@project.example"}), own=frozenset(own))
    assert why(text, known) == (("address", found) if found else ("", ""))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (BLOCK, ""),
        (f"Hello.\n{FENCE}\n", "for the team only"),
        (FENCE_END, "the message itself follows"),
        ("For the Team only!", "for the team only"),
    ],
)
def test_the_block_of_a_copy_waits(text: str, line: str) -> None:
    """By its labels, or by the words of its fence."""
    assert why(text, Known()) == ("block", line)


def test_words_near_those_of_a_fence_go_out() -> None:
    """In another order, or as parts of other words."""
    assert why("for the teams only, and only for the team", Known()) == ("", "")


@pytest.mark.parametrize(
    ("known", "found"),
    [
        (Known(internal=(NINE,)), "internal"),
        (Known(internal=(NINE,), shared=(NINE,)), ""),
        (Known(internal=(NINE,), given=(NINE,)), ""),
        (Known(told=(NINE,)), "internal"),
        (Known(told=(NINE,), shared=(NINE,)), ""),
        (Known(told=(NINE,), given=(NINE,)), "internal"),
        (Known(others=(NINE,)), "internal"),
        (Known(others=(NINE,), shared=(NINE,)), ""),
        (Known(others=(NINE,), given=(NINE,)), "internal"),
        (Known(internal=(TOLD,), told=(TOLD,)), ""),
        (Known(shared=(NINE,), given=(NINE,)), ""),
    ],
)
def test_what_the_reader_knows_is_not_internal(known: Known, found: str) -> None:
    """Nor what the team gave as a reason, unless maild or somebody else said it."""
    assert why(f"We say that {NINE}.", known)[0] == found


@pytest.mark.parametrize(
    ("shared", "found"),
    [
        ((), True),
        ((f"From: Rita <{RITA}>",), False),
        (("rita of reporter.example",), True),
    ],
)
def test_another_reporters_address_waits(shared: tuple[str, ...], found: bool) -> None:
    """Unless the reader has told it or was told it; for a guest as for a reporter."""
    known = Known(people=frozenset({RITA}), shared=shared)
    text = f"As <{RITA}> said."
    assert why(text, known) == (("reporter", RITA) if found else ("", ""))
    guest = fault_for_guest(Seen([text]), known)
    assert (guest.line if guest else "") == (RITA if found else "")
    assert why(f"As {ROY} said.", known) == ("", "")


def test_a_guest_reads_what_the_team_writes_but_nothing_of_other_cases() -> None:
    """The block of a copy is for guests too; what stayed within the team in another case is not."""
    seen = Seen([BLOCK, f"We say that {NINE}."])
    assert fault_for_guest(seen, Known(told=(NINE,), others=(NINE,))) is None
    found = fault_for_guest(seen, Known(internal=(NINE,)))
    assert found is not None
    assert found.name == "internal"
    assert fault_for_guest(seen, Known(internal=(NINE,), shared=(NINE,))) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rita@Reporter.example", {RITA}),
        (f"<mailto:{RITA}>, {ROY}", {RITA, ROY}),
        (f"...{RITA}...", {RITA}),
        (f"for-{RITA}.txt", {f"for-{RITA}.txt", f"for-{RITA}", f"{RITA}.txt", RITA}),
        (f"a_b-{RITA}", {f"a_b-{RITA}", f"b-{RITA}", RITA}),
        ("rita\uff20reporter.example", {RITA}),
        ("rita at reporter.example", set()),
        ("@reporter.example", set()),
        ("rita@a.b.c.d", {"rita@a.b", "rita@a.b.c", "rita@a.b.c.d"}),
    ],
)
def test_addresses_are_found_in_names_of_files_too(text: str, found: set[str]) -> None:
    """With what stands before a hyphen and behind a dot, and without."""
    assert addresses([text]) == found


def test_of_a_name_of_many_pieces_some_are_looked_at() -> None:
    """So many that the work does not grow with its length."""
    long = "-".join("abcdefghij") + "@" + ".".join("klmnopqrst")
    found = addresses([long])
    assert {"a-b-c-d-e-f-g-h-i-j@k.l", "f-g-h-i-j@k.l.m", long} <= found
    assert "g-h-i-j@k.l" not in found
    assert len(found) == 6 * 7


def test_the_gravest_reason_comes_first() -> None:
    """What is internal beyond doubt, then a command, a listing, what names its author, and what was not read."""
    known = Known(tokens=frozenset({TOKEN}), internal=(NINE,), people=frozenset({RITA}), prefix="EX")
    seen = Seen([f"{TOKEN}\n{NINE}\n{RITA}\n\n{LISTED}"], ("a.bin",), ("carl.vcf",))
    reasons = []
    for taken in (TOKEN, NINE, RITA, "", LISTED):
        seen.texts = [seen.texts[0].replace(taken, "")] if taken else seen.texts
        found = fault(seen, known, "Hello.\n`!close`\n" if not taken or taken != LISTED else "")
        reasons.append((found.name, found.line) if found else None)
    assert reasons == [
        ("internal", " ".join(NINE.split()[:RUN])),
        ("reporter", RITA),
        ("command", "`!close`"),
        ("command", "`!close`"),
        ("personal", "carl.vcf"),
    ]
    assert fault(Seen([LISTED]), known) is not None
    assert why(LISTED, known) == ("listing", LISTED)
    unread = fault(Seen([], ("a.bin", "b.bin")), known)
    assert unread is not None
    assert (unread.name, unread.line) == ("unread", "a.bin")
    assert fault(Seen(["Thank you."]), known, "Thank you.") is None
