"""A mail that was opened in pieces: each as a text or a file, below its label."""

import pytest

from maild.core.mail.mime import parse
from maild.core.mail.opened import Opened
from maild.core.mail.pieces import Piece
from maild.core.mail.rejoined import Beside, beside, entities, file_name, in_clear, labelled

PLAIN = "Content-Type: text/plain\r\n\r\nIt crashes."
PAGE = "Content-Type: text/html\r\n\r\n<p>It crashes.</p>"
FILE = "Content-Type: image/png; name=a.png\r\n\r\nPNG"


def within(kind: str, *parts: str) -> str:
    """A multipart of *parts*."""
    body = "".join(f"--b\r\n{part}\r\n" for part in parts)
    return f"Content-Type: multipart/{kind}; boundary=b\r\n\r\n{body}--b--\r\n"


def shown(mail: str, name: str = "") -> list[tuple[str, str, str, str]]:
    """The entities of *mail*: type, disposition, file name and text."""
    parts = [parse(one).root for one in entities(parse(mail.encode()).root, name)]
    return [(one.content_type, one.disposition, one.filename, one.text.strip()) for one in parts]


TEXT = ("text/plain", "", "", "It crashes.")
DATA = "application/octet-stream"


@pytest.mark.parametrize(
    ("mail", "name", "expected"),
    [
        (PLAIN, "", [TEXT]),
        (PAGE, "", [TEXT]),
        (PLAIN, "a.txt", [("text/plain", "inline", "a.txt", "It crashes.")]),
        (PLAIN, 'ü"\\/;\r\n.txt', [("text/plain", "inline", ".txt", "It crashes.")]),
        (PLAIN, "ü", [("text/plain", "inline", "file", "It crashes.")]),
        (PLAIN, "x" * 101, [("text/plain", "inline", "x" * 100, "It crashes.")]),
        (within("alternative", PAGE, PLAIN), "", [TEXT]),
        (
            within("alternative", PLAIN.replace("It", "Plainly it"), PAGE),
            "",
            [(*TEXT[:3], "Plainly it crashes.")],
        ),
        (within("alternative", PAGE.replace("It", "First it"), PAGE), "", [(*TEXT[:3], "First it crashes.")]),
        (within("alternative", PAGE, PLAIN), "a.txt", [("text/plain", "inline", "a.txt", "It crashes.")]),
        (within("mixed", PLAIN, FILE), "a.txt", [TEXT, ("image/png", "", "a.png", "PNG")]),
        (
            PAGE.replace("html\r\n", "html\r\nContent-Disposition: attachment\r\n"),
            "",
            [(DATA, "attachment", "page.html.txt", "<p>It crashes.</p>")],
        ),
        (
            PAGE.replace("html\r\n", "html; name=a.html\r\n"),
            "",
            [(DATA, "attachment", "a.html", "<p>It crashes.</p>")],
        ),
        (
            "Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny",
            "",
            [(DATA, "attachment", "forwarded.eml", "Subject: x\r\n\r\ny")],
        ),
        (
            "Content-Type: message/rfc822; name=a.eml\r\n\r\nSubject: x\r\n\r\ny",
            "",
            [(DATA, "attachment", "a.eml", "Subject: x\r\n\r\ny")],
        ),
        (
            "Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nlog",
            "",
            [("text/plain", "attachment", "", "log")],
        ),
        ("Content-Type: text/plain; name=a.log\r\n\r\nlog", "b.txt", [("text/plain", "", "a.log", "log")]),
        ("Content-Type: image/png\r\n\r\nPNG", "a.png", [(DATA, "attachment", "a.png", "PNG")]),
        ("Content-Type: image/png\r\n\r\nPNG", "", [("image/png", "", "", "PNG")]),
        (FILE, "b.png", [("image/png", "", "a.png", "PNG")]),
    ],
)
def test_a_piece_is_shown_as_texts_and_files(
    mail: str, name: str, expected: list[tuple[str, str, str, str]]
) -> None:
    """A page as its text, its plain copy before it; what could show itself is a file; names do no harm."""
    assert shown(mail, name) == expected


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("trace.txt.gpg", "trace.txt"),
        ("trace.txt.PGP", "trace.txt"),
        ("trace.txt.asc", "trace.txt"),
        ("trace.txt", "trace.txt"),
        ("/home/anna/trace.txt.gpg", "trace.txt"),
        ("C:\\\\Temp\\\\trace.txt.gpg", "trace.txt"),
        ("", ""),
    ],
)
def test_a_file_has_the_name_it_had_before_it_was_encrypted(given: str, name: str) -> None:
    """Without its folder and its last ending."""
    head = f'Content-Type: application/octet-stream; name="{given}"\r\n\r\nx'
    assert file_name(Piece(parse(head.encode()).root)) == name


def test_each_piece_is_labelled_once() -> None:
    """Of a piece of several parts only the first one is, and one without a label is shown without."""
    part = parse(PLAIN.encode()).root
    whole, words = in_clear(Piece(part)), in_clear(Piece(part, text="Only\nthis.\r\n"))
    tree, labels = beside([Beside("one", whole + whole), Beside("", words), Beside("three", whole)])
    assert labels == ("one", "", "", "three")
    assert [one.text for one in tree.root.children] == ["It crashes."] * 2 + [
        "Only\r\nthis.\r\n",
        "It crashes.",
    ]
    read = [one.text.strip() for one in labelled(Opened(tree, labels=labels)).children]
    assert read == ["[one]", "It crashes.", "It crashes.", "Only\r\nthis.", "[three]", "It crashes."]
    assert labelled(Opened(tree)) is tree.root
    more = Opened(tree, labels=(*labels, "of a part beyond the limits"))
    assert len(labelled(more).children) == len(read)


def test_nobody_can_foresee_what_stands_between_the_pieces() -> None:
    """The line between them follows from all of them, so that none can hold it."""
    one, other = (beside([Beside("", (PLAIN.encode(), end))])[0].root.boundary for end in (b"a", b"b"))
    assert one != other
    assert len(one) == len(other) == 43
