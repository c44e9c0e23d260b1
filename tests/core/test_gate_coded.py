"""What stands coded in a text: what each coding gives, where it begins and ends, and what is no such thing."""

import base64
import binascii

import pytest

from maild.core.writing.gate import coded

WORDS = b"the vendor of the parser pays us until spring"
"""Forty-five bytes: one whole line of uuencoding."""
ONCE = base64.b64encode(WORDS).decode()
UU = binascii.b2a_uu(WORDS).decode().rstrip("\n")
GIT = base64.b85encode(WORDS).decode()


def numbers(form: str, between: str = " ", text: bytes = WORDS[:16]) -> str:
    """The letters by their numbers."""
    return between.join(form.format(one) for one in text)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        (ONCE, WORDS),
        (base64.b64encode(WORDS[:30]).decode(), WORDS[:30]),
        (base64.b64encode(WORDS[:31]).decode().rstrip("="), WORDS[:31]),
        (base64.b64encode(WORDS[:32]).decode().rstrip("="), WORDS[:32]),
        (f"{ONCE[:40]}\n> {ONCE[40:]}\n", WORDS),
        (f"{ONCE[:40]}\n{ONCE[40:]} is the end", WORDS[:30]),
        (ONCE[:41], WORDS[:30]),
        (ONCE[:45], WORDS[:33]),
        (ONCE[:50], WORDS[:37]),
        (ONCE[:55], WORDS[:41]),
        ("\n".join(ONCE[at : at + 12] for at in range(0, 60, 12)), WORDS),
        ("\n".join(ONCE[at : at + 8] for at in range(0, 24, 8)) + "\n", WORDS[:18]),
        (base64.b32encode(WORDS).decode(), WORDS),
        (base64.b32encode(WORDS[:26]).decode().rstrip("="), WORDS[:26]),
        (base64.b32encode(WORDS).decode().lower(), WORDS),
        (base64.b32hexencode(WORDS[:26]).decode().rstrip("="), WORDS[:26]),
        (WORDS[:20].hex(), WORDS[:20]),
        (f"0x{WORDS[:20].hex()}", WORDS[:20]),
        (f"x{WORDS[:20].hex()}", WORDS[:20]),
        (f"00000000  {WORDS[:16].hex(' ')}\n00000010  {WORDS[16:20].hex(' ')}", WORDS[:20]),
        (f"> 0000: {WORDS[:16].hex(' ', 2)}  the vendor\n> 0010: {WORDS[16:32].hex(' ', 2)}", WORDS[:32]),
        (f"0x7ffe0010: {WORDS[:2].hex(' ')}", WORDS[:2]),
        (GIT, WORDS),
        (f"> {GIT[:30]}\n> {GIT[30:]}", WORDS),
        (GIT[:40], WORDS[:32]),
        (base64.a85encode(WORDS).decode(), WORDS),
        (base64.a85encode(WORDS, adobe=True).decode(), WORDS),
        (base64.a85encode(WORDS).decode() + "~>", WORDS),
        (numbers("{}"), WORDS[:16]),
        (numbers("{}", ", "), WORDS[:16]),
        (numbers("0x{:02x}", ", "), WORDS[:16]),
        (numbers("{:03o}"), WORDS[:16]),
        (numbers("0b{:08b}", ";"), WORDS[:16]),
        (" ".join(["255"] * 16), b"\xff" * 16),
        (" ".join(["1087"] * 16), "\u043f".encode() * 16),
        (" ".join(["65 66 256"] * 6), "AB\u0100".encode() * 6),
        (" ".join(["1114111"] * 16), "\U0010ffff".encode() * 16),
        (f"begin 644 notes.txt\n{UU}\n`\nend\n", WORDS),
        (f"> begin 0755 notes.txt\n> {UU}\n> end\n", WORDS),
        (f"begin 644 notes.txt\n{UU}\n{UU}\n", WORDS * 2),
        (f"begin 644 notes.txt\n{UU}\n\n{UU}\n", WORDS),
        (f"begin 644 notes.txt\n{UU}\nM\xff\xff\n{UU}\n", WORDS),
        (f"GIT binary patch\nliteral 45\nt{GIT[:57]}\n\n", WORDS),
        (f"GIT binary patch\ndelta 45\nt{GIT[:40]}\nt{GIT[40:57]}\n\n", WORDS),
    ],
)
def test_what_is_coded_is_decoded(text: str, held: bytes) -> None:
    """In each way that programs write bytes in letters, cut into lines and quoted as people paste them."""
    assert any(one.rstrip(b"\0") == held for one in coded.blocks(text)), coded.blocks(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thank you for the report.",
        base64.b64encode(WORDS[:29]).decode().rstrip("="),
        ONCE[:39],
        "\n".join(ONCE[at : at + 8] for at in range(0, 16, 8)),
        "\n".join(ONCE[at : at + 7] for at in range(0, 56, 7)),
        numbers("{}", text=WORDS[:15]),
        "begin 8 notes.txt\n#8V%T\n",
        "literal 45\n" + GIT[:5],
        "000: 61 62",
    ],
)
def test_what_is_too_short_is_not_taken_for_coded(text: str) -> None:
    """Fewer than forty letters of base64 in a row, sixteen numbers, or three short lines."""
    assert coded.blocks(text) == []


def test_numbers_are_read_in_every_base_that_all_of_them_fit() -> None:
    """And none above the highest letter there is."""
    assert coded.blocks(" ".join(["101"] * 16)) == [
        b"e" * 16,
        b"A" * 16,
        "\u0101".encode() * 16,
        b"\5" * 16,
    ]
    assert coded.blocks(", ".join(["1114112"] * 16)) == [chr(0o1114112).encode() * 16]
    assert coded.blocks(", ".join(["1114119"] * 16)) == []


def test_base85_begins_at_forty_letters() -> None:
    """Shorter lines without a blank are words of programs."""
    assert WORDS[:32] in coded.blocks(GIT[: coded.SHORTEST])
    assert coded.blocks(GIT[: coded.SHORTEST - 1].replace("a", "!")) == []


def test_a_uuencoded_block_is_read_to_its_limit() -> None:
    """What lies far below its beginning is no part of it."""
    rows = [UU] * (2 * coded.MOST_CODED // len(UU))
    (found,) = (one for one in coded.blocks("begin 644 a\n" + "\n".join(rows)) if one.startswith(WORDS * 2))
    assert abs(len(found) - coded.MOST_CODED * 45 // 62) < 200


@pytest.mark.parametrize(
    "one",
    [
        f"{ONCE} and\n",
        "~" * 30 + "\n\n",
        f"{numbers('{}')} and\n",
    ],
)
def test_a_text_with_more_blocks_than_are_decoded_says_so(one: str) -> None:
    """As many as are decoded are not too many."""
    assert not coded.too_many(one * coded.MOST)
    assert coded.too_many(one * (coded.MOST + 1))


@pytest.mark.parametrize(
    ("text", "same"),
    [("a-b_c", "a+b/c"), ("a-b", "a+b"), ("a_b", "a/b"), ("abc", "abc")],
)
def test_base64_for_links_is_base64(text: str, same: str) -> None:
    """Two of its letters are others."""
    assert coded.for_links(text) == same
