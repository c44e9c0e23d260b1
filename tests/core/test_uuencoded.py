"""Bodies in uuencode: read as far as they can be."""

import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.mail.uuencoded import unuuencoded


def lines(data: bytes) -> list[bytes]:
    """*data* in lines of uuencode."""
    return [binascii.b2a_uu(data[at : at + 45]).rstrip(b"\n") for at in range(0, len(data), 45)]


@given(st.binary(max_size=200), st.sampled_from([b"", b"X", b"  ", b"+"]))
def test_data_come_out_whatever_stands_behind_the_lines(data: bytes, behind: bytes) -> None:
    """A checksum or blanks at the end of each line are no part of it."""
    body = b"\n".join(
        [b"Hello", b"begin 644 a.bin", *(one + behind for one in lines(data)), b"`", b"end", b"x"]
    )
    assert unuuencoded(body) == data


@pytest.mark.parametrize(
    ("body", "data"),
    [
        (b"no beginning", b"no beginning"),
        (b"begin 644 a\n#8V%T\n`\nend\n", b"cat"),
        (b"begin 644 a\n#8V%T\n\n#8V%T\n", b"catcat"),
        (b"begin 644 a\n#8V%T\n \xff\xff\nend", b"cat"),
        (b"begin 644 a\nend\n#8V%T\n", b""),
    ],
)
def test_what_is_broken_costs_only_itself(body: bytes, data: bytes) -> None:
    """Without a beginning it is no uuencode; without an end it goes on to the end of the mail."""
    assert unuuencoded(body) == data
