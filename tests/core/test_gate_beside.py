"""What a mail tells beside its author's own words, which somebody could paste: and what of it the reader wrote."""

import base64
import gzip

import pytest

from maild.core.mail.attached import MAX_DEPTH
from maild.core.mail.mime import parse
from maild.core.writing.gate.beside import MOST_BYTES, MOST_NOTES, beside, handed_on
from tests.support.phrases import PHRASES

RITA = "rita@reporter.example"
TOP = "From: anna@project.example\r\nSubject: our plan\r\nMIME-Version: 1.0\r\n"
FORWARDED = "Hello.\n\n-------- Forwarded Message --------\nFrom: Carl <carl@project.example>\nSubject: x\n\nthe words of Carl\n"


def part(content: bytes, about: str = "Content-Type: text/plain", name: str = "") -> bytes:
    """A part of a mail, with a name or without."""
    named = f'\r\nContent-Disposition: attachment; filename="{name}"' if name else ""
    coded = base64.encodebytes(content)
    return f"--b\r\n{about}{named}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode() + coded + b"\r\n"


def mail(*parts: bytes, top: str = TOP) -> bytes:
    """A mail with these parts."""
    head = f'{top}Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    return head.encode() + b"".join(parts) + b"--b--\r\n"


def texts(*parts: bytes, top: str = TOP, reader: str = RITA) -> list[str]:
    """What such a mail tells beside its author's words, without empty texts."""
    found = beside(parse(mail(*parts, top=top)).root, PHRASES, reader)
    return [one.strip() for one in found if one.strip()]


def told(words: str, *parts: bytes, top: str = TOP, reader: str = RITA) -> bool:
    """Whether *words* are told beside the author's own."""
    return any(words in one for one in texts(*parts, top=top, reader=reader))


def test_a_subject_is_told_beside_the_text() -> None:
    """And the author's own words are not told again."""
    assert texts(part(b"my own words")) == ["our plan"]


@pytest.mark.parametrize(
    ("text", "top", "reader", "found"),
    [
        (FORWARDED, TOP, RITA, True),
        (FORWARDED, TOP.replace("our", "Fwd: our"), RITA, True),
        (FORWARDED.replace("Carl <carl@project.example>", f"Rita <{RITA}>"), TOP, RITA, False),
        (FORWARDED.replace("Carl <carl@project.example>", f"Rita <{RITA}>"), TOP, "tom@other.example", True),
        ("> the words of Carl\nmine", TOP, RITA, True),
        ("  > > the words of Carl\nmine", TOP, RITA, True),
        (f"On Monday {RITA} wrote:\n> the words of Carl\nmine", TOP, RITA, False),
        ("On Monday Rita@Reporter.Example wrote:\n> the words of Carl\nmine", TOP, RITA, False),
        ("> | the words of Carl\nmine", TOP, RITA, False),
        ("the words of Carl", TOP, RITA, False),
        ("the words of Carl", TOP.replace("our", "Fwd: our"), RITA, True),
    ],
)
def test_what_is_forwarded_or_quoted_is_told(text: str, top: str, reader: str, found: bool) -> None:
    """Not what the reader wrote, nor a draft for them that its template marks with bars."""
    assert told("the words of Carl", part(text.encode()), top=top, reader=reader) is found


PAGE = "Content-Type: text/html"


@pytest.mark.parametrize(
    ("content", "about", "found"),
    [
        (b"<p>the words of Carl</p>", PAGE, True),
        (b'<img alt="the words of Carl">', PAGE, True),
        (b"<img ALT = 'the words of Carl'>", PAGE, True),
        (b"<p>the words of Carl</p><p>rita@reporter.example</p>", PAGE, False),
        (b"BEGIN:VCARD\r\nNOTE:the words of Carl\r\n", "Content-Type: text/vcard", True),
        (b"BEGIN:VCARD\r\nNOTE:the words of Carl\r\n", "Content-Type: text/x-vcard", True),
        (b"the words of Carl", "Content-Type: text/enriched", False),
    ],
)
def test_what_a_program_shows_in_place_of_the_text_is_told(content: bytes, about: str, found: bool) -> None:
    """A page with the words of its pictures, and a card; not where the reader is named in it."""
    assert told("the words of Carl", part(b"Hello."), part(content, about)) is found


BINARY = "Content-Type: application/octet-stream"
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDESCRIPTION:the words of Carl\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.mark.parametrize(
    ("name", "content", "about", "found"),
    [
        ("notes.txt", b"the words of Carl", BINARY, True),
        ("NOTES.MD", b"the words of Carl", BINARY, True),
        ("notes.txt.gz", gzip.compress(b"the words of Carl"), BINARY, True),
        ("notes", b"the words of Carl", "Content-Type: text/plain", True),
        ("notes", b"the words of Carl", BINARY, False),
        ("fix.patch", b"the words of Carl", "Content-Type: text/plain", False),
        ("parser.log", b"the words of Carl", "Content-Type: text/plain", False),
        ("fix.patch.gz", gzip.compress(b"the words of Carl"), BINARY, False),
        ("", CALENDAR, "Content-Type: text/calendar", True),
        ("a.mbox", b"From carl Mon\nSubject: the words of Carl\n\nx\n", BINARY, True),
        (
            "a.eml",
            b"From: carl@project.example\nSubject: x\n\nthe words of Carl",
            "Content-Type: message/rfc822",
            True,
        ),
        (
            "a.eml",
            b"From: carl@project.example\nSubject: the words of Carl\n\nx",
            "Content-Type: message/rfc822",
            True,
        ),
        (
            "a.eml",
            f"From: {RITA}\nSubject: x\n\nthe words of Carl".encode(),
            "Content-Type: message/rfc822",
            False,
        ),
    ],
)
def test_notes_in_files_are_told(name: str, content: bytes, about: str, found: bool) -> None:
    """Texts, documents, invitations and messages of others; patches and logs are made to be sent on."""
    assert told("the words of Carl", part(b"Hello."), part(content, about, name)) is found


def test_so_many_notes_of_such_a_length_are_read() -> None:
    """What is longer is hardly a note, and of more files than that the first are read."""
    files = [part(f"the words of {at}".encode(), BINARY, f"{at}.txt") for at in range(MOST_NOTES + 1)]
    assert told(f"the words of {MOST_NOTES - 1}", part(b"Hello."), *files)
    assert not told(f"the words of {MOST_NOTES}", part(b"Hello."), *files)
    head = b'--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename="a.txt"\r\n\r\n'
    words = b"the words of Carl "
    source = len(parse(mail(part(b"Hello."), head + words + b"\r\n")).root.leaves[1].source)
    for more, found in ((MOST_BYTES - source, True), (MOST_BYTES - source + 1, False)):
        long = head + words + b"x" * more + b"\r\n"
        assert len(parse(mail(part(b"Hello."), long)).root.leaves[1].source) == source + more
        assert told("the words of Carl", part(b"Hello."), long) is found


def wrapped(raw: bytes) -> bytes:
    """A mail that has another one attached."""
    edge = f"b{len(raw)}"
    head = f'{TOP}Content-Type: multipart/mixed; boundary="{edge}"\r\n\r\n--{edge}\r\n'
    return f"{head}Content-Type: message/rfc822\r\n\r\n".encode() + raw + f"\r\n--{edge}--\r\n".encode()


def test_messages_of_the_reader_are_found_in_what_is_attached() -> None:
    """As deep as attached messages are read; those of others are looked into and not handed on."""
    theirs = f"From: Rita <{RITA}>\r\nSubject: x\r\n\r\nmine\r\n".encode()
    other = theirs.replace(b"rita@", b"roy@")
    for depth in range(1, MAX_DEPTH + 2):
        raw = theirs
        for _ in range(depth):
            raw = wrapped(raw)
        found = [parse(one).root.text.strip() for one in handed_on(parse(raw).root, RITA)]
        assert found == (["mine"] if depth <= MAX_DEPTH else [])
    assert list(handed_on(parse(wrapped(other)).root, RITA)) == []
    assert list(handed_on(parse(theirs).root, RITA)) == []
