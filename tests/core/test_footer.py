"""What around a ciphertext says nothing of its own, and the nearest text that says something."""

import pytest

from maild.core.mail.armor import MESSAGE, blocks
from maild.core.mail.footer import MAX_FOOTER, blank, idle
from tests.support.phrases import PHRASES

MOST = 2 * MAX_FOOTER
KEY = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----"
SIGNATURE = KEY.replace("PUBLIC KEY BLOCK", "SIGNATURE")
FOOTER = "-- \nRita Reporter\n"
PHONE = "Sent from my iPhone"


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("", True),
        (" \t\r\n\u00a0\u200b\ufeff", True),
        ("Empty Message\r\n", True),
        ("\u200bempty\u00a0message", True),
        ("empty messages", False),
        ("x", False),
        (" " * (MOST - 1) + "x", False),
        (" " * MOST + "x", False),
        (" " * MOST * 2, True),
        ("empty message".ljust(MOST), True),
        ("empty message".ljust(MOST + 1), False),
    ],
)
def test_a_text_that_nobody_sees_is_blank(text: str, nothing: bool) -> None:
    """Blanks of any kind and number, or a short placeholder; a letter anywhere is none."""
    assert blank(text) is nothing


@pytest.mark.parametrize(
    ("text", "says_nothing"),
    [
        ("", True),
        (" \n ", True),
        (FOOTER, True),
        (f"\n{FOOTER}", True),
        (FOOTER.replace("\n", "\r\n"), True),
        ("_____\nsecurity mailing list\n", True),
        ("____\nsecurity mailing list\n", False),
        ("Hello\n" + FOOTER, False),
        (FOOTER.ljust(MAX_FOOTER, "x"), True),
        (FOOTER.ljust(MAX_FOOTER + 1, "x"), False),
        ("--\r\n" + "\r\n" * (MAX_FOOTER - 4) + "x", True),
        (PHONE, True),
        (f"\n{PHONE}\n", True),
        (PHONE.ljust(MOST), True),
        (PHONE.ljust(MOST + 1), False),
        (f"{PHONE}\nHello", False),
        (" " * (MOST + 1), True),
        (FOOTER.ljust(MOST + 1), False),
    ],
)
def test_a_short_footer_or_a_telephones_line_says_nothing(text: str, says_nothing: bool) -> None:
    """A longer one may be somebody's text, and so may what stands above it."""
    assert idle(text, PHRASES) is says_nothing


@pytest.mark.parametrize(
    ("text", "says_nothing"),
    [
        (KEY, True),
        (f"\n{KEY}\n\n{FOOTER}", True),
        (f"{KEY}\n{SIGNATURE}\n", True),
        (f"{KEY}\n{KEY}\n{PHONE}\n", True),
        (f"Hello\n{KEY}\n", False),
        (f"x\n{KEY}\n", False),
        (f"{KEY}\nHello\n", False),
        (f"{KEY}\nHello\n{KEY}\n", False),
        (KEY.replace("PUBLIC KEY BLOCK", MESSAGE), False),
        (f"{KEY}\n{KEY.replace('PUBLIC KEY BLOCK', MESSAGE)}", False),
        (KEY.replace("AAAA\n", "AAAA\n" * MOST), True),
    ],
)
def test_keys_say_nothing_however_long_they_are(text: str, says_nothing: bool) -> None:
    """What stands before, between and behind them counts; an encrypted message is none."""
    assert idle(text, PHRASES, blocks(text)) is says_nothing
    assert idle(text.replace("\n", "\r\n"), PHRASES, blocks(text.replace("\n", "\r\n"))) is says_nothing
