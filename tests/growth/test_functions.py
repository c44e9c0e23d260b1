"""No function over mail costs more than its input is long: texts, headers and parts made to be slow."""

from collections.abc import Callable

import pytest

from maild.core.mail.copy import FENCE
from maild.core.mail.headers import Headers
from maild.core.mail.mime import Part, Tree
from tests.growth.calls import functions
from tests.growth.measure import Input, steep

SMALL, LARGE, CAP = 2 * 1024, 32 * 1024, 512 * 1024
"""Sizes of the first look, and the size that nothing is measured beyond."""

BEGUN = "-----BEGIN PGP MESSAGE-----\n"
RUNS = (
    *(
        "a",
        "é",
        " ",
        "\n",
        "\r",
        "a\n",
        "> ",
        "> a\n",
        "a ",
        "a.",
        ",",
        "a@b,",
        '"',
        '"\\',
        "(",
        "()",
        "<",
        "<>",
        "\x00",
    ),
    *(
        "=",
        "=\n",
        "=20",
        "=?utf-8?q?a?= ",
        "=?utf-8?q?a",
        "&amp;",
        "<div>",
        "<blockquote>",
        "</div>",
        "<!--",
        "<style>",
    ),
    *(
        "-----\n",
        BEGUN,
        "-----END PGP MESSAGE-----\n",
        "A: b\n",
        "A:",
        ":\n",
        "--\n",
        "On a wrote:\n",
        "From: a\n",
        "!a\n",
    ),
    *(f"{FENCE}\n", "http://a", "a:", "a;", "\U000e0041"),
)
TEXTS: tuple[Input, ...] = tuple((before, run, "\x00x") for run in RUNS for before in ("", BEGUN, "<div "))
FIELDS = (
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Received",
    "Authentication-Results",
    "Content-Type",
    "References",
)
HEADS: tuple[Input, ...] = (
    *((f"{name}: ", run, "\n\n") for name in FIELDS for run in RUNS),
    *(("", f"{name}: a@b.example\n", "\n") for name in FIELDS),
    *((f"{name}: a\n", " a\n", "\n") for name in FIELDS),
)
OPEN = "Content-Type: multipart/mixed; boundary=x\n\n--x\n"
STREAMS = (
    "x\x01",
    "x\x01c`\x02\x00",
    "x\x01\x00\x00\x00\x7f\x7f",
    "PK\x03\x04",
    "\r\ncontent-encoding: deflate",
    "BZh91AY&SY",
)
"""How streams begin that stand compressed in a file."""
KINDS = ("text/plain", "text/html", "application/octet-stream", "message/rfc822", "application/pgp-encrypted")
MAILS: tuple[Input, ...] = (
    ("Content-Type: multipart/mixed; boundary=x\n\n", "--x\n", ""),
    ("Content-Type: multipart/mixed; boundary=x\n\n", "--x\n\na\n", "--x--\n"),
    ("Content-Type: multipart/mixed; boundary=x\n\n", "--x \t", ""),
    ("", OPEN, ""),
    (
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n\n",
        "a@b.example\n",
        "",
    ),
    ("Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n", "YWFh\n", ""),
    ("Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n", "=41=\n", ""),
    *((f"Content-Type: {kind}\n\n", run, "") for kind in KINDS for run in RUNS),
    *((f"Content-Type: {KINDS[2]}\n\n%PDF-", run, "") for run in STREAMS),
)
INPUTS: dict[object, tuple[Input, ...]] = {str: TEXTS, Headers: HEADS, Part: MAILS, Tree: MAILS}
INPUTS[bytes] = (*TEXTS, *MAILS)
CALLED = [pytest.param(takes, call, id=name) for name, takes, call in functions()]


@pytest.mark.parametrize(("takes", "call"), CALLED)
def test_a_function_is_linear(takes: object, call: Callable[[str], object]) -> None:
    """Whatever is repeated: punctuation, lines, tags, armor, fields or parts."""
    for made_of in INPUTS[takes]:
        assert steep(call, made_of, SMALL, LARGE, CAP) is None, made_of


def joined_again(text: str) -> int:
    """How ``reply._quoted_next`` once looked ahead: a copy of all lines to come, at every line."""
    lines = text.splitlines()
    return sum(len(lines[at:]) for at in range(len(lines)))


def test_a_copy_at_every_line_would_be_found() -> None:
    """A slice inside a loop over lines is seen for what it is."""
    assert any(steep(joined_again, made_of, SMALL, LARGE, CAP) for made_of in TEXTS)
