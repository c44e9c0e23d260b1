"""Base64 that was encoded piece by piece."""

from base64 import b64encode, encodebytes

import pytest

from maild.core.mail.mime import parse

PIECES = (b"The parser trusts a length.\n", b"It writes past its buffer!\n", b"See line 12\n")
FOOTER = "_______________\nSecurity mailing list\nsecurity@lists.example\n"
WORDS = tuple(f"{word} ".encode() for word in ("each", "word", "of", "it", "is", "encoded"))


def text(body: bytes) -> str:
    """What is read of a text with this *body*."""
    head = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    return parse(head + body).root.text


@pytest.mark.parametrize("between", [b"", b"\n", b"\r\n", b"\n\n", b"\n \n"])
@pytest.mark.parametrize(
    "pieces", [PIECES, tuple(9 * one for one in PIECES), WORDS], ids=["short", "long", "words"]
)
def test_pieces_that_end_in_padding_are_read_on(pieces: tuple[bytes, ...], between: bytes) -> None:
    """Padding ends a piece, not the text."""
    assert text(between.join(map(b64encode, pieces)) + b"\n") == b"".join(pieces).decode()


def test_pieces_in_lines_are_read_on() -> None:
    """So do pieces that are folded, each by itself."""
    assert (
        text(b"".join(encodebytes(20 * one) for one in PIECES))
        == b"".join(20 * one for one in PIECES).decode()
    )


@pytest.mark.parametrize("footer", [FOOTER, "Footer\n", "security\n", "-- \nRita\n"])
def test_a_footer_below_the_pieces_is_none_of_them(footer: str) -> None:
    """What a list wrote below it stays as it is."""
    coded = b"\n".join(map(b64encode, PIECES))
    assert text(coded + b"\n" + footer.encode()).split() == (b"".join(PIECES).decode() + footer).split()
