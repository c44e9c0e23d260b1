"""What is kept of a mail that is too long, and which addresses a patch may show."""

import pytest

from maild.core.mail.authorship import unsigned
from maild.core.mail.beginning import FIRST_WINDOW, KEPT_BODY, beginning

HEAD = b"From: rita@reporter.example\r\nSubject: x\r\n\r\n"
LONG = HEAD + b"x" * (2 * FIRST_WINDOW)


@pytest.mark.parametrize(
    ("raw", "cap", "kept"),
    [
        (LONG, 1 << 30, len(HEAD) + KEPT_BODY),
        (LONG.replace(b"\r", b""), 1 << 30, len(HEAD) - 3 + KEPT_BODY),
        (LONG, len(HEAD) + 10, len(HEAD) + 10),
        (LONG, 10, 10),
        (HEAD + b"short", 1 << 30, len(HEAD) + 5),
        (b"X: " + LONG.replace(b"\r\n\r\n", b""), 1 << 30, FIRST_WINDOW),
    ],
)
def test_a_long_mail_is_kept_with_its_head_and_the_beginning_of_its_text(
    raw: bytes, cap: int, kept: int
) -> None:
    """Never more than the cap; of a head without end as much as is looked at."""
    assert beginning(raw, cap) == raw[:kept]


PATCH = "diff --git a/parser.c b/parser.c\n"
SIGNED = "Signed-off-by: Anna <Anna@project.example>"


@pytest.mark.parametrize(
    ("texts", "own", "left"),
    [
        ([PATCH, SIGNED], ["anna@project.example"], [PATCH, ""]),
        ([f"{PATCH}{SIGNED}\n"], ["anna@project.example"], [f"{PATCH}\n"]),
        ([PATCH, SIGNED], ["bea@project.example"], [PATCH, SIGNED]),
        ([PATCH, SIGNED], [], [PATCH, SIGNED]),
        ([SIGNED], ["anna@project.example"], [SIGNED]),
        (
            [PATCH, "Ask <anna@project.example>"],
            ["anna@project.example"],
            [PATCH, "Ask <anna@project.example>"],
        ),
        (["> @@ -1 +1 @@", f"> {SIGNED}"], ["anna@project.example"], ["> @@ -1 +1 @@", ""]),
    ],
)
def test_who_signs_a_patch_may_show_their_own_address(
    texts: list[str], own: list[str], left: list[str]
) -> None:
    """In the lines in which git writes it, beside a patch; nowhere else, and nobody else's."""
    assert unsigned(texts, own) == left
