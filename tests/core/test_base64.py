"""Base64 that was encoded piece by piece."""

from base64 import b64encode, encodebytes

import pytest

from maild.core.mail.base64 import MAX_PADDINGS, coded_until, unbase64
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


PIECE, LONG = b"QQ==\n", b64encode(b"\xff" * 30) + b"\n"
SENTENCE = b"Security mailing list\n"


@pytest.mark.parametrize(
    ("coded", "below"),
    [
        (b"QUJD\nQUJD\n", b""),
        (b"QUJD\nQUJD\n", SENTENCE),
        (PIECE, b"security\n"),
        (PIECE, SENTENCE),
        (PIECE + b"/w==\n", SENTENCE),
        (PIECE + b"QUJD\n", SENTENCE),
        (PIECE, b"////\n" + SENTENCE),
        (PIECE + LONG, SENTENCE),
        (PIECE + LONG + b"\n" + LONG, b"word\n" + SENTENCE),
        (PIECE, b"_____\n" + SENTENCE),
        (b"QUJD\n", b"-- \nRita\n"),
        (SENTENCE + LONG, b""),
        (b"Rita!\n", b""),
        (b"", b"It is all plain text.\n"),
    ],
)
def test_base64_ends_where_somebody_wrote_below_it(coded: bytes, below: bytes) -> None:
    """Behind its padding words are no more of it, but long lines, padded ones and those that are text are."""
    assert coded_until(b"--" + coded + below, 2, 2 + len(coded + below)) == 2 + len(coded)


def test_long_lines_below_words_show_that_these_are_damage() -> None:
    """Even behind the end of a piece."""
    whole = PIECE + SENTENCE + LONG
    assert coded_until(whole, 0, len(whole)) == len(whole)


@pytest.mark.parametrize(("paddings", "ends"), [(MAX_PADDINGS - 1, True), (MAX_PADDINGS, False)])
def test_padding_within_a_line_is_looked_at_so_many_times(paddings: int, ends: bool) -> None:
    """It ends nothing; behind so many of them what follows counts as base64."""
    coded = b"QQ==" * paddings + PIECE
    whole = coded + b"security\n"
    assert coded_until(whole, 0, len(whole)) == (len(coded) if ends else len(whole))


@pytest.mark.parametrize(
    ("body", "decoded"),
    [
        (b"", b""),
        (b"Q", b""),
        (b"QQ", b"A"),
        (b"QUI", b"AB"),
        (b"QUJD", b"ABC"),
        (b"QUJDR", b"ABC"),
        (b"QUJDRA", b"ABCD"),
        (b"QQ==QUI=QUJD", b"AABABC"),
        (b"QUJDR=QQ==", b"ABCA"),
        (b"Q-U!J\xffD\n", b"ABC"),
    ],
)
def test_what_can_be_read_of_base64_is_read(body: bytes, decoded: bytes) -> None:
    """Each piece up to its last whole byte; other letters are skipped."""
    assert unbase64(body) == decoded
    assert unbase64(b"QUJD" + body + b"QUJD", 4, 4 + len(body)) == decoded


def test_no_more_is_decoded_than_was_asked_for() -> None:
    """But for the stretch of a megabyte in which it ends."""
    stretch = 1 << 20
    body = b"QUJD" * stretch
    for most, read in ((1, 1), (stretch // 4 * 3, 1), (stretch // 4 * 3 + 1, 2), (len(body), 4)):
        assert len(unbase64(body, most=most)) == read * stretch // 4 * 3
