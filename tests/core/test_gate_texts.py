"""The texts of one file as people come to read them, whatever their bytes are, and what of a letter is not read."""

import base64
import zlib

import pytest

from maild.core.writing.gate.files import MOST_BYTES, MOST_DEPTH
from maild.core.writing.gate.reading import MOST_HIDDEN, look, of_file, words
from tests.core.test_gate_readings import letter

TEXT = "Der Anbieter zahlt uns"
LATER = "Nobody must hear of it"
HEAD = "From: carl@project.example\nSubject: Lunch\nContent-Transfer-Encoding: base64\n\n"


def coded(text: str) -> str:
    """*text* in base64, in a line."""
    return base64.b64encode(text.encode()).decode() + "\n"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (TEXT.encode(), TEXT),
        ("Frühjahr".encode("cp1252"), "Frühjahr"),
        (TEXT.encode("utf-16"), TEXT),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), TEXT),
        (TEXT.encode("utf-16-le"), TEXT),
        (TEXT.encode("utf-16-be"), TEXT),
        (TEXT.encode("utf-32"), TEXT),
        (b"\0\0\xfe\xff" + TEXT.encode("utf-32-be"), TEXT),
        (TEXT.encode("utf-32-le"), TEXT),
        (TEXT.encode("utf-32-be"), TEXT),
        (rb"{\rtf1 Der Anbieter\par zahlt uns}", "Der Anbieterzahlt uns"),
        (rb"{\rtf1\ansi\'c4\'d6 \u1087?\u-10179?}", "\xc4\xd6 \u043f\ud83d"),
        (rb"  {\rtf1 Der \b Anbieter}", "  Der Anbieter"),
        (b"Der \\\\Anbieter \\x44\\n\\q", "Der \\Anbieter D\nq"),
        (b"".join(b"\\x%02x" % one for one in zlib.compress(TEXT.encode())), TEXT),
        (f"{HEAD}{coded(LATER)}".encode(), LATER),
        (f"1234\n{HEAD}{coded(LATER)}".encode(), LATER),
        (f"\n\n>From carl Mon Mar  2 10:00:00 2026\n{HEAD}{coded(LATER)}".encode(), LATER),
        (f"From a Mon\n{HEAD}{coded(TEXT)}\nFrom carl Mon\n{HEAD}{coded(LATER)}".encode(), LATER),
        (f"From a Mon\n{HEAD}{coded(TEXT)}\nFrom carl Mon\n{HEAD}{coded(LATER)}".encode(), TEXT),
        (b"\x7fELF\0\0" + TEXT.encode() + b"\0\0", TEXT),
        (b"\x7fELF\0\0" + TEXT.encode("utf-16-le") + b"\1\1", TEXT),
        (b"\x7fELF\0\0" + zlib.compress(TEXT.encode()) + b"\0\0", TEXT),
    ],
)
def test_a_file_is_read_whatever_its_bytes_are(content: bytes, text: str) -> None:
    """With a mark or without, either end first, as a document, a saved mail, a core dump."""
    found = of_file("notes", content)
    assert found[0] == "notes"
    assert any(f"\n{text}\n" in f"\n{one}\n" for one in found), found


@pytest.mark.parametrize(("hidden", "unread"), [(MOST_HIDDEN - 1, False), (MOST_HIDDEN, True)])
def test_characters_that_nobody_sees_are_counted(hidden: int, unread: bool) -> None:
    """A few are usual; from forty on they may be a text of their own."""
    seen = look(letter("a\u200b" * hidden))
    assert bool(seen.unread) is unread


def nested(levels: int, inner: bytes) -> bytes:
    """A mail in so many others."""
    for _ in range(levels):
        inner = b"Subject: x\r\nContent-Type: message/rfc822\r\n\r\n" + inner
    return inner


def test_mails_in_mails_are_read_four_deep() -> None:
    """What lies deeper is named as unread."""
    inner = f"Subject: {LATER}\r\n\r\nhello\r\n".encode()
    assert f"Subject: {LATER}" in look(nested(MOST_DEPTH, inner)).texts
    assert look(nested(MOST_DEPTH, inner)).unread == ()
    deeper = look(nested(MOST_DEPTH + 1, inner))
    assert f"Subject: {LATER}" not in deeper.texts
    assert deeper.unread == ("a message inside a message",)


def saved(levels: int) -> bytes:
    """A saved mail whose text is one in base64, and so on."""
    text = LATER
    for _ in range(levels):
        text = HEAD + coded(text)
    return text.encode()


@pytest.mark.parametrize(("levels", "read"), [(1, True), (3, True), (9, False)])
def test_saved_mails_in_saved_mails_are_read_a_few_deep(levels: int, read: bool) -> None:
    """However deep they are, the look comes to an end."""
    assert (LATER in [one.strip() for one in of_file("1.eml", saved(levels))]) is read


def test_each_thing_that_is_not_read_is_named_once() -> None:
    """A file by its name, the text by what is wrong with it; a card in the text names its author."""
    strange = bytes(range(256)) * 4
    mail = letter("Hello.", "a.bin", strange)
    twice = mail.replace(
        b"--b--", b'--b\r\nContent-Disposition: attachment; filename="a.bin"\r\n\r\n\0\1\2\r\n--b--'
    )
    assert look(mail).unread == ("a.bin",)
    assert look(twice).unread == ("a.bin",)
    assert look(letter("Hello.", "empty.bin", b"")).unread == ()
    assert look(letter("-----BEGIN PGP MESSAGE-----\nhQ")).unread == (
        "the text, a part of which is encrypted",
    )
    assert look(letter("BEGIN:VCARD\nN:Carl\nEND:VCARD")).private == ("the text",)
    unnamed = b"Content-Type: application/octet-stream\r\n\r\n" + strange
    assert look(unnamed).unread == ("attachment",)


def test_a_text_of_more_bytes_than_are_looked_at_is_unread() -> None:
    """So is a file of that length, whatever it is called."""
    long = "x" * (MOST_BYTES + 1)
    assert look(f"Subject: x\r\n\r\n{long}".encode()).unread == (
        "the text, which is too long to look through",
    )
    assert look(letter("Hello.", "a.log", long.encode())).unread == ("a.log",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Don't_stop 2 the-end", ["don", "t", "stop", "the", "end"]),
        ("\uff34\uff48\uff45 \U0001d41e\U0001d427\U0001d41d", ["the", "end"]),
        ("s\u200bt\u0336op", ["stop"]),
        ("\u0430n \u0435nd", ["an", "end"]),
        ("\u0130\u0131I", ["iii"]),
        ("\u0e01\u0e02\u0e03\u0e04", ["\u0e01", "\u0e02\u0e03\u0e04"]),
        ("\u3401\u3402\u3403", ["\u3401\u3402", "\u3403"]),
    ],
)
def test_words_are_compared_in_one_form(text: str, found: list[str]) -> None:
    """Without case, width, marks, numbers, and what nobody sees; where no blanks are, in pieces that are always the same."""
    assert words(text) == found
