"""What names its author in a letter, and names of files that archives keep in other letters than maild's."""

import io
import tarfile

import pytest

from maild.core.writing.gate.personal import holds_card, is_private
from tests.core.test_gate_files import inside, zipped

SIGNED_DATA = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"


@pytest.mark.parametrize(
    ("name", "content", "private"),
    [
        ("notes.txt", b"words", False),
        ("notes.txt", b"", False),
        ("carl", b"BEGIN:VCARD\r\nVERSION:3.0\r\n", True),
        ("carl", b"\xef\xbb\xbf\r\n begin:vcard\r\n", True),
        ("carl", "BEGIN:VCALENDAR".encode("utf-16"), True),
        ("carl", b" " * 189 + b"BEGIN:VCARD", True),
        ("carl", b" " * 190 + b"BEGIN:VCARD", False),
        ("carl", b"words BEGIN:VCARD", False),
        ("carl", b"-----BEGIN PGP SIGNATURE-----\n\niHUE", True),
        ("carl", b"-----BEGIN CERTIFICATE-----\nMIIB", True),
        ("carl", b"ssh-ed25519 AAAAC3NzaC1 carl@laptop", True),
        ("carl", b"ecdsa-sha2-nistp256 AAAAE2VjZHNh carl@laptop", True),
        ("carl", b"My key:\n\n-----BEGIN PGP PUBLIC KEY BLOCK-----\r\n\r\nmQEN", True),
        ("carl", b"My key: -----BEGIN PGP PUBLIC KEY BLOCK-----", False),
        ("carl.gpg", b"\x99\x01\x0d\x04", True),
        ("Carl.PGP", b"\xc6\x33\x04", True),
        ("carl.key", b"\x98", True),
        ("carl.bin", b"\x99\x01\x0d\x04", False),
        ("carl.gpg", b"\x01\x99\x0d\x04", False),
        ("carl.gpg", b"", False),
        ("smime.bin", b"\x30\x82\x0a\x00" + SIGNED_DATA, True),
        ("smime.bin", b"\x30" * 53 + SIGNED_DATA, True),
        ("smime.bin", b"\x30" * 54 + SIGNED_DATA, False),
        ("carl.vcf", b"words", True),
        ("INVITE.ICS", b"words", True),
        ("smime.p7s", b"words", True),
        ("winmail.dat", b"words", True),
        ("ics", b"words", False),
    ],
)
def test_what_names_its_author_is_known(name: str, content: bytes, private: bool) -> None:
    """By its first bytes in any coding, by a key on a line of its own, or by its name."""
    assert is_private(name, content) is private


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("Hello.\nBEGIN:VCARD\nN:Carl\n", True),
        ("BEGIN:VCALENDAR \t\r\n", True),
        ("-----BEGIN PGP PRIVATE KEY BLOCK-----", True),
        ("> BEGIN:VCARD", False),
        ("BEGIN:VCARD of Carl", False),
        ("BEGIN:VEVENT", False),
    ],
)
def test_a_card_among_words_stands_on_a_line_of_its_own(text: str, card: bool) -> None:
    """Quoted or within a sentence it is none."""
    assert holds_card(text) is card


def test_a_name_in_an_old_charset_is_kept_as_it_was_written() -> None:
    """Beside what the library makes of it; a name in UTF-8 says so and needs nothing."""
    old = zipped(("e.txt", b"one", b"")).replace(b"e.txt", b"\x82.txt")
    assert inside(old) == ([("a.zip", b""), ("\xe9.txt", b"one"), ("", b"\x82.txt")], [])
    assert inside(zipped(("\xe9.txt", b"one", b""))) == ([("a.zip", b""), ("\xe9.txt", b"one")], [])


def tarred(*files: tuple[str, bytes]) -> bytes:
    """A tar archive of these files."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in files:
            one = tarfile.TarInfo(name)
            one.size = len(content)
            archive.addfile(one, io.BytesIO(content))
    return made.getvalue()


@pytest.mark.parametrize(
    ("left", "named"),
    [
        ({"files": 3}, []),
        ({"files": 2}, ["c"]),
        ({"files": 1}, ["b"]),
        ({"files": 0}, ["a"]),
        ({"bytes": 2, "files": 9}, ["a", "b", "c"]),
        ({"bytes": 2, "files": 2}, ["a", "b", "c"]),
        ({"bytes": 2, "files": 1}, ["a", "b"]),
    ],
)
def test_what_is_left_out_of_an_archive_is_named_until_there_are_too_many(
    left: dict[str, int], named: list[str]
) -> None:
    """The first file beyond the limit is named; those behind it are neither read nor counted."""
    files = (("a", b"one"), ("b", b"two"), ("c", b"three"))
    for archive in (zipped(*((*one, b"") for one in files)), tarred(*files)):
        assert inside(archive, **left)[1] == [f"a.zip: {one}" for one in named]
