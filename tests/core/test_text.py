"""Text out of hostile bytes."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.mail.charset import decode_bytes
from maild.core.mail.text import MAX_HEADER, decode_words, disarmed, escaped, harmless, unlinked
from tests.support.bounded import bounded


@pytest.mark.parametrize(
    ("raw", "charset", "text"),
    [
        (b"gr\xc3\xbcn", "utf-8", "grün"),
        (b"gr\xfcn", "iso-8859-1", "grün"),
        (b"gr\xfcn", "utf-8", "grün"),
        (b"gr\xc3\xbcn", "x-klingon", "grün"),
        (b"gr\xfcn", "", "grün"),
        ("ソフト".encode("shift_jis"), "Shift_JIS", "ソフト"),
        (b"plain", "../../etc/passwd", "plain"),
        (b"plain", "a\x00b", "plain"),
        (b"plain", "hex", "plain"),
        (b"plain", "undefined", "plain"),
        (b"", "utf-16", ""),
    ],
)
def test_bytes_become_text(raw: bytes, charset: str, text: str) -> None:
    """The charset named, else UTF-8, else Latin-1; a name that is no charset counts as none."""
    assert decode_bytes(raw, charset) == text


@pytest.mark.parametrize(
    "charset", ["unicode_escape", "raw_unicode_escape", "utf-7", "utf-16-le", "utf-32-be"]
)
@pytest.mark.parametrize("raw", [rb"\ud800 \udfff", b"+2AA-", b"\x00\xd8", b"\x00\x00\xd8\x00"])
def test_text_can_always_be_written_down(raw: bytes, charset: str) -> None:
    """No charset smuggles in half a surrogate pair, which neither the database nor JSON could hold."""
    assert decode_bytes(raw, charset).encode("utf-8")


@pytest.mark.parametrize("charset", ["punycode", "idna", "utf-7", "unicode_escape"])
def test_no_charset_is_slow(charset: str) -> None:
    """Codecs that are quadratic are not for mail: two megabytes end at once whatever they are called."""
    with bounded():
        assert decode_bytes(b"a-" + b"z9a8" * 500_000, charset)


@given(
    st.binary(max_size=200),
    st.text(max_size=20) | st.sampled_from(["utf-7", "utf-16", "big5", "hz", "punycode"]),
)
def test_any_bytes_in_any_charset_are_text(raw: bytes, charset: str) -> None:
    """Whatever the bytes and the name: text that can be written as UTF-8."""
    decode_bytes(raw, charset).encode("utf-8")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?gr=C3=BCn?=", "grün"),
        ("=?UTF-8?B?Z3LDvG4=?= tea", "grün tea"),
        ("=?iso-8859-1?q?gr=FC?= =?iso-8859-1?q?n?=", "grün"),
        ("=?x-none?q?abc?=", "abc"),
        ("=?utf-8?b?!!!?=", "=?utf-8?b?!!!?="),
        ("=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
    ],
)
def test_encoded_words(value: str, text: str) -> None:
    """Encoded words are decoded; what is broken stays as it was written or loses only itself."""
    assert decode_words(value) in {text, ""} if "!!!" in value else decode_words(value) == text


def test_a_long_header_is_cut_before_decoding() -> None:
    """Only ``MAX_HEADER`` characters are looked at, encoded or not."""
    assert len(decode_words("x" * 100_000)) == MAX_HEADER


@given(st.text(max_size=100))
def test_any_header_text_can_be_decoded(value: str) -> None:
    """Whatever the text (a surrogate apart, which bytes never give): no error."""
    decode_words(value)


@given(st.text(max_size=300), st.integers(1, 80))
def test_harmless_text_is_one_short_line(text: str, limit: int) -> None:
    """At most *limit* characters, no line break, no control character, nothing that turns writing around."""
    shown = harmless(text, limit)
    assert len(shown) <= limit
    assert not set(shown) & set("\r\n\t\x00\x07\x1b\x7f\x85\u200b\u202e\u2066\u2028\ufeff")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\n b\tc", "a b c"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("txt.\u202eexe", "txt.exe"),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_what_is_taken_off(text: str, shown: str) -> None:
    """Escape sequences lose their escape, direction marks go, long text ends with an ellipsis."""
    assert harmless(text) == shown


def test_no_format_character_reaches_a_reader() -> None:
    """Nothing of category Cf, no tag, filler or joiner is left of a text, and JSON holds them by number."""
    unseen = [chr(one) for one in range(0x110000) if unicodedata.category(chr(one)) == "Cf"]
    for letter in (
        *unseen,
        "\u034f",
        "\u115f",
        "\u1160",
        "\u180b",
        "\u3164",
        "\ufe0f",
        "\uffa0",
        "\U000e0000",
        "\U000e01ef",
    ):
        assert disarmed(f"a{letter}b") == "ab", hex(ord(letter))
        assert harmless(f"a{letter}b") == "ab"
        assert json.loads(escaped(json.dumps(letter, ensure_ascii=False))) == letter
        assert escaped(json.dumps(letter, ensure_ascii=False)).isascii()


@pytest.mark.parametrize(
    ("text", "limit", "line"),
    [
        ("abcde", 5, "abcde"),
        ("abcdef", 5, "abcd…"),
        ("ab\n\tcd", 5, "ab cd"),
        (" " * 19 + "a", 5, "a"),
        (" " * 20 + "a", 5, ""),
        ("a" * 19 + " b", 5, "aaaa…"),
    ],
)
def test_a_line_is_cut_at_its_limit_and_says_so(text: str, limit: int, line: str) -> None:
    """As long as it may be it stays whole; of a text four times as long the rest is not looked at."""
    assert harmless(text, limit) == line


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" =?utf-8?q?a?=", " a"),
        ("=?utf-8?q?a_b?=", "a b"),
        ("=?koi8-r?q?=F0?=", "П"),
        ("x =?utf-8?q?a?= =?utf-8?q?b?= y", "x ab y"),
        ("=?utf-8?q?a?=  =?iso-8859-1?q?b?=", "ab"),
        ("=?utf-8?q?a?=x=?utf-8?q?b?=", "axb"),
        ("=?utf-8?q?a?= x =?utf-8?q?b?=", "a x b"),
        ("=?utf-8?q?a", "=?utf-8?q?a"),
        ("=?utf-8?q?a?==?utf-8?q?b?=", "ab"),
    ],
)
def test_blanks_between_encoded_words_are_none(value: str, text: str) -> None:
    """Those in front, behind, and around plain words stay (RFC 2047 §6.2)."""
    assert decode_words(value) == text


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("mailto:ann@x.example", "mailto[:]ann@x[.]example"),
        ("see https://x.example/a.b", "see https[:]//x[.]example/a[.]b"),
        ("a: b. c", "a: b. c"),
    ],
)
def test_no_mail_program_makes_a_link_of_it(text: str, broken: str) -> None:
    """Schemes and the dots of names are broken, and nothing else."""
    assert unlinked(text) == broken
