"""The shape recogniser on its own: pure, bounded, the same answer for the same structure."""

import time
import tracemalloc
from base64 import encodebytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.core.mail.armor import MESSAGE, blocks, dearmor, html_text
from maild.core.mail.mime import parse
from maild.core.mail.opened import Form
from maild.core.mail.sealed import QUOTED, find_sealed, is_smime, leaks_secret_key, within_signature
from tests.support.phrases import PHRASES

PACKETS = (
    b"\xc1\x1c\x03" + bytes.fromhex("1122334455667788") + b"\x12" + bytes(18) + b"\xd2\x10\x01" + bytes(15)
)
ARMORED = (
    "-----BEGIN PGP MESSAGE-----\n\n"
    "wRwDESIzRFVmd4gSAAAAAAAAAAAAAAAAAAAAAAAA0hABAAAAAAAAAAAAAAAAAAAA\n"
    "-----END PGP MESSAGE-----\n"
)


def test_the_sample_is_what_it_says() -> None:
    """The armored sample of these tests holds the packets beside it."""
    assert dearmor(ARMORED.encode()) == PACKETS


def test_a_long_ciphertext_is_cut_out_with_few_copies() -> None:
    """The armor of a long mail is taken off with less than three and a half times its length in memory."""
    packets = PACKETS[:-16] + b"\xff" + (900_000).to_bytes(4, "big") + bytes(900_000)
    armor = (
        ARMORED.encode().split(b"\n\n")[0] + b"\n\n" + encodebytes(packets) + b"-----END PGP MESSAGE-----\n"
    )
    tree = parse(b"\n" + armor.replace(b"\n", b"\r\n"))
    tracemalloc.start()
    sealed = find_sealed(tree, PHRASES)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sealed
    assert sealed.ciphertext == packets
    assert peak < 3.5 * len(tree.root.source)


MANGLED = {
    "Windows line ends": ARMORED.replace("\n", "\r\n"),
    "old Mac line ends": ARMORED.replace("\n", "\r"),
    "no blank line": ARMORED.replace("\n\n", "\n"),
    "headers and no blank line": ARMORED.replace("\n\n", "\nVersion: GnuPG v2\nComment: x\n"),
    "blank line of odd blanks": ARMORED.replace("\n\n", "\n\u00a0 \u200b\n"),
    "indented by a tab": "\t" + ARMORED.replace("\n", "\n\t"),
    "a checksum": ARMORED.replace("\n-----END", "\n=aBcD\n-----END"),
    "a checksum still escaped": ARMORED.replace("\n-----END", "\n=3DaBcD\n-----END"),
    "double spaced": ARMORED.replace("\n", "\n\n"),
    "no end line": ARMORED.split("-----END", maxsplit=1)[0],
    "one long line": ARMORED.replace("AAAA\n-", "AAAA -").replace(" -----END", "\n-----END"),
}


@pytest.mark.parametrize("case", MANGLED)
def test_mangled_armor_gives_the_same_packets(case: str) -> None:
    """Whatever servers did to the lines of the armor, its data comes out the same."""
    assert dearmor(MANGLED[case].encode()) == PACKETS


def alternatives(plain: str, hypertext: str) -> bytes:
    """A mail with the same text twice, plain and as HTML."""
    return (
        'Content-Type: multipart/alternative; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain\n\n{plain}\n--b\nContent-Type: text/html\n\n{hypertext}\n--b--\n"
    ).encode()


@pytest.mark.parametrize("plain", ["", " \u00a0\n", "Empty message"])
def test_armor_may_stand_only_in_the_html_copy(plain: str) -> None:
    """A mail program that leaves the plain copy empty sends a ciphertext all the same: it is opened."""
    sealed = find_sealed(parse(alternatives(plain, f"<pre>{ARMORED}</pre>")), PHRASES)
    assert sealed
    assert (sealed.form, sealed.ciphertext, sealed.refused) == (Form.INLINE, PACKETS, "")


def test_html_without_armor_says_something_of_its_own() -> None:
    """What only the HTML copy says beside a ciphertext in the plain one is a piece apart, not passed over."""
    sealed = find_sealed(parse(alternatives(ARMORED, "<p>Pay the invoice</p>")), PHRASES)
    assert sealed
    apart = [(one.form, one.ciphertext) for one in sealed.pieces if one.form is not Form.NONE]
    assert (apart, sealed.refused) == ([(Form.INLINE, PACKETS)], "")
    beside = [one.part.text for one in sealed.pieces if one.form is Form.NONE and not one.idle]
    assert any("Pay the invoice" in text for text in beside)
    copy = find_sealed(parse(alternatives(ARMORED, f"<pre>{ARMORED}</pre>")), PHRASES)
    assert copy
    assert (copy.ciphertext, copy.refused) == (PACKETS, "")


def test_broken_armor_gives_nothing() -> None:
    """Data of which more than a little is not base64 is prose, not a ciphertext."""
    assert dearmor(ARMORED.replace("wRwD", "w?w?w!D").encode()) == b""


def test_armor_damaged_on_the_way_is_still_a_ciphertext() -> None:
    """A strange character among many leaves the mail sealed, so that it is told as closed and not read as text."""
    damaged = ARMORED.replace("AAAA\n", "A`AA\n")
    assert dearmor(damaged.encode()) == PACKETS
    found = find_sealed(parse(b"Subject: x\n\n" + damaged.encode()), PHRASES)
    assert found is not None
    assert found.ciphertext == PACKETS


def test_quoted_armor_is_marked() -> None:
    """A quoted block is found, decoded and marked as a quote, in plain text and in HTML."""
    quoted = "".join(f"> {line}\n" for line in ARMORED.split("\n"))
    hypertext = f"<blockquote>{ARMORED.replace(chr(10), '<br>')}</blockquote>"
    for text in (quoted, html_text(hypertext)):
        (block,) = blocks(text)
        assert (block.label, block.packets, block.quoted) == (MESSAGE, PACKETS, True)


def test_a_team_reply_above_quoted_ciphertext_is_refused_not_plain() -> None:
    """A reply that quotes a ciphertext says what it holds, and gives none of it away."""
    quoted = "".join(f"> {line}\n" for line in ARMORED.split("\n"))
    sealed = find_sealed(parse(b"Subject: re\n\nSee my answer.\n\n" + quoted.encode()), PHRASES)
    assert sealed is not None
    assert (sealed.form, sealed.ciphertext, sealed.refused) == (Form.INLINE, b"", QUOTED)


def test_a_real_looking_sample_in_prose_is_taken_apart() -> None:
    """A ciphertext with words around it is cut out as a piece of its own, and never joined with them."""
    sealed = find_sealed(parse(b"\nFor example:\n\n" + ARMORED.encode()), PHRASES)
    assert sealed is not None
    assert (sealed.refused, sealed.ciphertext) == ("", b"")
    assert [(one.form, one.ciphertext) for one in sealed.pieces] == [(Form.NONE, b""), (Form.INLINE, PACKETS)]
    assert (sealed.pieces[0].text or "").strip() == "For example:"


def test_armor_that_is_no_pgp_is_sealed_only_when_alone() -> None:
    """Base64 that holds no packets is a damaged ciphertext when it is the whole mail, else an example."""
    junk = "-----BEGIN PGP MESSAGE-----\n\nVGhpcyBpcyBub3QgUEdQLg==\n-----END PGP MESSAGE-----\n"
    assert find_sealed(parse(b"\n" + junk.encode()), PHRASES) is not None
    assert find_sealed(parse(b"\nWrite it like this:\n\n" + junk.encode()), PHRASES) is None


def test_a_signed_message_in_prose_is_prose() -> None:
    """A block that is only signed does not make a mail with words around it sealed; alone it is read."""
    literal = "-----BEGIN PGP MESSAGE-----\n\nywhiAAAAAABoaQ==\n-----END PGP MESSAGE-----\n"
    assert find_sealed(parse(b"\nSee:\n\n" + literal.encode()), PHRASES) is None
    assert find_sealed(parse(b"\n" + literal.encode()), PHRASES) is not None


def test_charset_of_inline_text_is_kept() -> None:
    """The charset that the armor names goes along, for text that carries no MIME inside."""
    sealed = find_sealed(
        parse(b"\n" + ARMORED.replace("\n\n", "\nCharset: iso-8859-1\n\n").encode()), PHRASES
    )
    assert sealed is not None
    assert sealed.charset == "iso-8859-1"


def test_a_long_text_behind_is_no_footer() -> None:
    """A footer is short: a page of text behind a dashed line is other text."""
    mail = ARMORED + "-- \n" + "Do as I say. " * 200
    sealed = find_sealed(parse(b"\n" + mail.encode()), PHRASES)
    assert sealed is not None
    assert [one.idle for one in sealed.pieces] == [False, False]


def test_keys_and_signatures_are_not_ciphertexts() -> None:
    """A public key, a signature and a signed text in a mail do not make it sealed."""
    for label in ("PUBLIC KEY BLOCK", "SIGNATURE", "PRIVATE KEY BLOCK"):
        text = ARMORED.replace("MESSAGE", label)
        assert find_sealed(parse(b"\n" + text.encode()), PHRASES) is None
    assert leaks_secret_key(parse(b"\n" + ARMORED.replace("MESSAGE", "PRIVATE KEY BLOCK").encode()))
    assert not leaks_secret_key(parse(b"\n" + ARMORED.encode()))


@pytest.mark.parametrize(
    "hostile",
    [
        "<style>" * 100_000,
        "<" * 500_000,
        "<blockquote>" * 50_000,
        "-----BEGIN PGP MESSAGE-----\n" * 20_000,
        "> " * 300_000,
        "&#" * 200_000,
        "-----" * 200_000,
    ],
)
@pytest.mark.parametrize("kind", ["plain", "html"])
def test_hostile_text_takes_linear_time(hostile: str, kind: str) -> None:
    """Half a megabyte made to be slow is looked at in well under two seconds."""
    begin = time.monotonic()
    find_sealed(parse(f"Content-Type: text/{kind}\n\n{hostile}{ARMORED}".encode()), PHRASES)
    assert time.monotonic() - begin < 2


WORDS = st.sampled_from(
    [
        *ARMORED.split("\n"),
        "\n",
        "> ",
        "--b\n",
        "--b--\n",
        "Content-Type: multipart/encrypted; boundary=b\n\n",
        "Content-Type: multipart/mixed; boundary=b\n\n",
        "Content-Type: application/pgp-encrypted\n\n",
        "Content-Type: message/rfc822\n\n",
        "Content-Type: text/html\n\n",
        "-----BEGIN PGP SIGNED MESSAGE-----\n",
        "-----END PGP SIGNATURE-----\n",
        "<blockquote>",
        "words\n",
    ]
)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.one_of(WORDS, st.text(max_size=8)), max_size=40))
def test_any_structure_has_an_answer(words: list[str]) -> None:
    """Whatever is put together: sealed or not, and a refused one never carries its ciphertext."""
    tree = parse("".join(words).encode("utf-8", "surrogatepass"))
    sealed = find_sealed(tree, PHRASES)
    assert sealed is None or (sealed.form is not Form.NONE and not (sealed.refused and sealed.ciphertext))
    is_smime(tree)
    leaks_secret_key(tree)
    within_signature(tree.root)


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=600))
def test_any_bytes_have_an_answer(source: bytes) -> None:
    """Whatever the bytes, nothing is raised."""
    find_sealed(parse(source), PHRASES)
    dearmor(source)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_block_without_an_end_goes_up_to_the_next_one(end: str) -> None:
    """Without the line end before it, of whatever system."""
    begun = f"-----BEGIN PGP MESSAGE-----{end}{end}hQEMA"
    first, second = blocks(f"{begun}{end}-----BEGIN PGP PUBLIC KEY BLOCK-----{end}")
    assert (first.end, second.label) == (len(begun), "PUBLIC KEY BLOCK")
