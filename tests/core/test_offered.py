"""Keys that a mail offers: only the author's own, only within caps, never because of others' headers."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.mail.address import Address
from maild.core.mail.headers import Headers
from maild.core.mail.mime import Tree, parse
from maild.core.mail.offered import (
    MAX_ATTACHED,
    MAX_AUTOCRYPT,
    MAX_KEYS,
    KeyData,
    Source,
    autocrypt,
    names_author,
    offered,
)

RITA = Address("rita@reporter.example")
KEY = b"\xc6\x05\x04abcd"
"""A public key packet as far as anybody looks here."""
EMPTY = parse(b"From: rita@reporter.example\r\n\r\nx\r\n")


def header(addr: str = "rita@reporter.example", more: str = "", key: bytes = KEY) -> str:
    """An Autocrypt header's value."""
    return f"addr={addr}; {more}keydata={b64encode(key).decode()}"


def headers(*values: str, name: str = "Autocrypt") -> Headers:
    """A header block with these Autocrypt fields."""
    return Headers(tuple((name, value) for value in values))


def with_files(*files: bytes, kind: str = "application/pgp-keys") -> Tree:
    """A mail with files."""
    head = f"\r\n--k\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
    body = b"".join(head + b64encode(file) for file in files)
    return parse(b'Content-Type: multipart/mixed; boundary="k"\r\n\r\n' + body + b"\r\n--k--\r\n")


def armored(key: bytes = KEY) -> bytes:
    """A key in armor."""
    data = b64encode(key).decode()
    return f"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{data}\n-----END PGP PUBLIC KEY BLOCK-----\n".encode()


def test_one_header_for_the_author_counts() -> None:
    """One well-formed Autocrypt header whose address is the author's offers its key."""
    assert autocrypt(headers(header()), RITA) == KeyData(Source.AUTOCRYPT, KEY)


@pytest.mark.parametrize(("word", "mutual"), [("mutual", True), ("nopreference", False), ("MUTUAL!", False)])
def test_the_preference_is_taken_as_written(word: str, mutual: bool) -> None:
    """Only the exact word asks for sealed answers."""
    found = autocrypt(headers(header(more=f"prefer-encrypt={word}; ")), RITA)
    assert found is not None
    assert found.mutual is mutual


@pytest.mark.parametrize(
    "fields",
    [
        headers(header(), header()),
        headers(header(addr="mallory@reporter.example")),
        headers(header(addr="")),
        headers(header(more="critical=1; ")),
        headers(header(key=b"")),
        headers("addr=rita@reporter.example"),
        headers(header(key=b"\xc6" * MAX_AUTOCRYPT)),
        headers("addr=rita@reporter.example; keydata=a"),
        headers(header(), name="Autocrypt-Gossip"),
        Headers(),
    ],
    ids=[
        *("two headers", "another address", "no address", "unknown critical attribute", "empty key"),
        *("no key", "more than 10 KB", "broken base64", "gossip", "none"),
    ],
)
def test_what_the_rules_forbid_counts_for_nothing(fields: Headers) -> None:
    """Two headers, another address, an unknown critical attribute, too much, gossip: as if not there."""
    assert autocrypt(fields, RITA) is None


def test_an_attribute_with_an_underscore_is_skipped() -> None:
    """What Autocrypt calls non-critical does no harm, and the address is compared in lower case."""
    found = autocrypt(headers(header(addr="Rita@Reporter.Example", more="_new=1; ")), RITA)
    assert found == KeyData(Source.AUTOCRYPT, KEY)


@pytest.mark.parametrize("file", [KEY, armored()], ids=["binary", "armored"])
def test_an_attached_key_is_found_by_its_content(file: bytes) -> None:
    """A key is a key whatever type the part has, and goes before the header."""
    for kind in ("application/pgp-keys", "application/octet-stream", "text/plain"):
        found = offered(headers(header(key=b"\xc6other")), with_files(file, kind=kind), RITA)
        assert found == (KeyData(Source.ATTACHED, KEY),)


def test_the_header_serves_where_nothing_is_attached() -> None:
    """Without an attached key the Autocrypt header is the offer."""
    assert [key.source for key in offered(headers(header()), EMPTY, RITA)] == [Source.AUTOCRYPT]


def test_without_one_author_nothing_is_offered() -> None:
    """Two From lines or none: nobody's key."""
    assert offered(headers(header()), with_files(KEY), None) == ()


def test_more_keys_than_a_person_has_are_not_all_looked_at() -> None:
    """Fifty attached keys cost three looks."""
    assert len(offered(Headers(), with_files(*[KEY] * 50), RITA)) == MAX_KEYS


def test_a_huge_key_is_left_alone() -> None:
    """Five megabytes called a key are not carried further."""
    huge = KEY + b"\x00" * (5 * 1024 * 1024)
    assert offered(Headers(), with_files(huge, armored(huge)), RITA) == ()
    assert len(offered(Headers(), with_files(KEY.ljust(MAX_ATTACHED, b"\x00")), RITA)) == 1


def test_two_keys_in_one_file_are_not_a_choice_we_make() -> None:
    """An armored file with two blocks offers nothing; neither do a secret key, a message or a signature."""
    others = [armored() * 2] + [
        armored().replace(b"PUBLIC KEY BLOCK", word)
        for word in (b"PRIVATE KEY BLOCK", b"MESSAGE", b"SIGNATURE")
    ]
    assert offered(Headers(), with_files(*others), RITA) == ()


@pytest.mark.parametrize(
    ("name", "hers"),
    [
        ("Rita Reporter <rita@reporter.example>", True),
        ("Rita (work) <RITA@reporter.example>", True),
        ("rita@reporter.example", True),
        ('"rita@reporter.example"', True),
        ("Mallory <mallory@rita@reporter.example>", False),
        ("Rita <rita@reporter.example.evil.example>", False),
        ("Rita <xrita@reporter.example>", False),
        ("Rita Reporter", False),
        ("", False),
    ],
)
def test_a_key_names_its_author_by_the_whole_address(name: str, hers: bool) -> None:
    """Only a user id that holds exactly the address names the author."""
    assert names_author(("Somebody <else@far.example>", name), RITA) is hers


@given(st.binary(max_size=400), st.text(max_size=200))
def test_any_bytes_and_words_are_looked_at(raw: bytes, words: str) -> None:
    """Whatever a mail holds, the look ends with at most the keys allowed, each within its cap."""
    found = offered(headers(words), with_files(raw, KEY + raw), RITA)
    assert 1 <= len(found) <= MAX_KEYS
    assert all(len(key.content) <= MAX_ATTACHED for key in found)
    one = autocrypt(headers(words), RITA)
    assert one is None or one.content


def test_a_header_is_looked_at_up_to_its_longest_length() -> None:
    """One character more, and it counts for nothing."""
    value = header(more="_filler=; ")
    longest = value.replace("_filler=", "_filler=".ljust(MAX_AUTOCRYPT - len(value) + len("_filler="), "x"))
    assert autocrypt(headers(longest), RITA) == KeyData(Source.AUTOCRYPT, KEY)
    assert autocrypt(headers(longest.replace("=x", "=xx", 1)), RITA) is None


@pytest.mark.parametrize(
    ("file", "is_key"),
    [
        (b"\x98\x05\x04abcd", True),
        (b"\x99\x00\x05\x04abcd", True),
        (KEY, True),
        (b"\x97\x05\x04abcd", False),
        (b"\x9a\x05\x04abcd", False),
        (b"\xc5\x05\x04abcd", False),
        (b"\xc7\x05\x04abcd", False),
        (KEY.ljust(MAX_ATTACHED + 1, b"\x00"), False),
        (b"", False),
    ],
)
def test_a_file_is_a_key_by_its_first_byte(file: bytes, is_key: bool) -> None:
    """Public keys in the old and new format, up to the longest that is looked at."""
    assert bool(offered(Headers(), with_files(file), RITA)) is is_key
