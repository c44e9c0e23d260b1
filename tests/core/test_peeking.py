"""Looking into long parts gives what looking at all of their content would."""

from base64 import encodebytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.mail import base64
from maild.core.mail.armor import MESSAGE, blocks
from maild.core.mail.base64 import unbase64
from maild.core.mail.mime import Part, parse
from maild.core.mail.peeking import ascii_in_place, holds

WORDS = b"-----BEGIN"
CODED = {
    "base64": encodebytes,
    "quoted-printable": lambda content: content.replace(b"-", b"=2D"),
    "x-uuencode": lambda content: b"begin 644 a\n%s\nend\n" % content,
    "8bit": bytes,
    "": bytes,
}


def _part(encoding: str, body: bytes) -> Part:
    head = f"Content-Transfer-Encoding: {encoding}\r\n" if encoding else ""
    return parse(head.encode() + b"\r\n" + body).root


@pytest.mark.parametrize("encoding", CODED)
@given(before=st.binary(max_size=50), after=st.binary(max_size=50), there=st.booleans())
def test_a_part_holds_what_its_content_holds(encoding: str, before: bytes, after: bytes, there: bool) -> None:
    """In every transfer encoding."""
    part = _part(encoding, CODED[encoding](before + (WORDS if there else b"") + after))
    assert holds(part, WORDS) is (WORDS in part.content)


def test_words_at_the_very_beginning_of_a_mail_are_found() -> None:
    """Words are found at the very first byte of a mail that has no header."""
    assert holds(parse(WORDS).root, WORDS)
    assert not holds(parse(WORDS[:-1]).root, WORDS)


@given(before=st.integers(0, 100), stretch=st.integers(1, 60))
def test_what_lies_across_two_stretches_is_found(before: int, stretch: int) -> None:
    """Wherever one stretch ends and the next begins."""
    part = _part("base64", encodebytes(b"x" * before + WORDS + b"x" * 100))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base64, "_STRETCH", stretch)
        assert holds(part, WORDS)
        assert unbase64(part.body) == part.content


def test_prose_labelled_as_base64_is_looked_at_as_it_stands() -> None:
    """It is no base64, and programs show it as it is."""
    head = b'Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="a"\r\n'
    assert holds(parse(head + b"\r\nOf several words: -----BEGIN\r\n").root, WORDS)


@given(st.binary(max_size=50))
def test_text_in_place_is_the_content_where_that_is_ascii(content: bytes) -> None:
    """Of anything else there is none, and where it is coded it does not stand there."""
    part = _part("8bit", content)
    assert ascii_in_place(part).encode() == (part.content if part.content.isascii() else b"")
    assert ascii_in_place(_part("base64", encodebytes(content))) == ""


BASE64 = st.text("AbC0+/", max_size=40)


@given(st.lists(BASE64 | st.sampled_from(["=", "==", "A=", "=abc", "é", "?", ">", " ", "|A"]), max_size=12))
def test_armor_is_taken_off_piece_by_piece_as_it_would_be_at_once(lines: list[str]) -> None:
    """However it is damaged, padded or quoted, and wherever a piece ends."""
    text = "\n".join(["-----BEGIN PGP MESSAGE-----", "", *lines, "-----END PGP MESSAGE-----"])
    with pytest.MonkeyPatch.context() as patch:
        found = [block.packets for block in blocks(text, 1) if block.label == MESSAGE]
        patch.setattr("maild.core.mail.armor._PIECE", 7)
        assert [block.packets for block in blocks(text, 1) if block.label == MESSAGE] == found
        patch.setattr("maild.core.mail.armor._packets", _at_once)
        assert [block.packets for block in blocks(text, 1) if block.label == MESSAGE] == found


def _at_once(text: str, at: int, end: int) -> bytes:
    from maild.core.mail.armor import _data, _decoded

    return _decoded(_data(text, at, end))
