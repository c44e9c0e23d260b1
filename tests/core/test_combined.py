"""A mail that was opened in pieces, told as one: what is shown, how it came, and why the rest stays closed."""

import pytest

from maild.core.mail.combined import together
from maild.core.mail.mime import Tree, parse
from maild.core.mail.opened import Decryption, Form, Opened, Signature, SignatureStatus
from maild.core.mail.pieces import Piece
from maild.core.mail.rejoined import CLEAR
from maild.core.mail.sealed import BESIDE, QUOTED, SEVERAL, TOO_MANY, Sealed

SIGNED, NOT_SIGNED = "decrypted, signature good", "decrypted, not signed"
NO_KEY = "no secret key"


def mail(text: str, fields: str = "") -> Tree:
    """A mail of this text."""
    return parse(f"{fields}Content-Type: text/plain\r\n\r\n{text}".encode())


CAME = mail("as it came")
FIRST = Piece(CAME.root, Form.INLINE, b"first", text="armor")
FILE = mail("packets", "Content-Disposition: attachment; filename=a.txt.gpg\r\n").root
SECOND = Piece(FILE, Form.ATTACHMENT, b"second")
FORWARDED = Piece(CAME.root, Form.INLINE, b"third", quoted=True, text="their armor")
UNREAD = Piece(CAME.root, Form.ATTACHMENT, quoted=True, text="their file")
WORDS = Piece(CAME.root, text="in clear")
FOOTER = Piece(CAME.root, text="-- \nRita", idle=True)
BLANK = Piece(CAME.root, text=" ", idle=True)
VERSION = Piece(mail("Version: 1").root, idle=True)
KEY = Piece(parse(b"Content-Type: application/pgp-keys\r\n\r\nkey").root, idle=True)

OPENED = {
    b"first": Opened(
        mail("one"),
        Form.INLINE,
        Decryption.OK,
        Signature(SignatureStatus.GOOD),
        {"subject": "First"},
        ("said",),
    ),
    b"second": Opened(
        mail("two"), Form.ATTACHMENT, Decryption.OK, protected={"subject": "Second", "date": "x"}
    ),
    b"third": Opened(mail("three"), Form.INLINE, Decryption.NONE),
    b"closed": Opened(CAME, Form.INLINE, Decryption.NO_KEY, reasons=(NO_KEY, "another reason")),
}
CLOSED = Piece(CAME.root, Form.INLINE, b"closed", text="armor of another")
CLOSED_LABEL = f"encrypted, not opened: {NO_KEY}"


def told(*pieces: Piece, looked: bool = False, without: bytes = b"") -> Opened:
    """What is told of a mail of these *pieces*, of which *without* was not tried."""
    ciphers = {one.ciphertext for one in pieces if one.form is not Form.NONE}
    opened = {name: one for name, one in OPENED.items() if name in ciphers and name != without}
    signature = Signature(SignatureStatus.BAD)
    return together(CAME, Sealed(Form.MANGLED, pieces=pieces), opened, signature, looked)


@pytest.mark.parametrize(
    ("pieces", "shown", "labels"),
    [
        ((FIRST, WORDS), ["one", "in clear"], (SIGNED, CLEAR)),
        ((WORDS, FIRST), ["in clear", "one"], (CLEAR, SIGNED)),
        ((FIRST, SECOND), ["one", "two"], (SIGNED, NOT_SIGNED)),
        ((FIRST, FIRST), ["one"], (SIGNED,)),
        ((FIRST, CLOSED), ["one", "armor of another"], (SIGNED, CLOSED_LABEL)),
        (
            (FIRST, FORWARDED),
            ["one", "their armor"],
            (SIGNED, f"encrypted, not opened: {QUOTED}"),
        ),
        (
            (FIRST, UNREAD, UNREAD),
            ["one", "their file", "their file"],
            (SIGNED, *[f"encrypted, not opened: {QUOTED}"] * 2),
        ),
        ((FIRST, FOOTER), ["one", "-- \r\nRita"], (SIGNED, CLEAR)),
        ((FIRST, BLANK, VERSION), ["one"], (SIGNED,)),
        ((FIRST, KEY), ["one", "key"], (SIGNED, "")),
    ],
)
def test_each_piece_is_shown_below_what_became_of_it(
    pieces: tuple[Piece, ...], shown: list[str], labels: tuple[str, ...]
) -> None:
    """In their order; a ciphertext once, and nothing that only packs one."""
    found = told(*pieces)
    assert [one.text.strip() for one in found.tree.root.children] == shown
    assert found.labels == labels


@pytest.mark.parametrize(
    ("pieces", "reasons", "closed"),
    [
        ((FIRST, WORDS), ("said", BESIDE), ()),
        ((FIRST, FOOTER), ("said",), ()),
        ((FIRST, FIRST), ("said",), ()),
        ((FIRST, SECOND), ("said", SEVERAL), ()),
        ((FIRST, SECOND, WORDS), ("said", BESIDE, SEVERAL), ()),
        ((FIRST, CLOSED), ("said", NO_KEY, "another reason", SEVERAL), (NO_KEY,)),
        ((FIRST, FORWARDED), ("said", QUOTED, SEVERAL), (QUOTED,)),
        ((FIRST, CLOSED, CLOSED, WORDS), ("said", NO_KEY, "another reason", BESIDE, SEVERAL), (NO_KEY,)),
    ],
)
def test_why_a_mail_was_not_opened_as_a_whole(
    pieces: tuple[Piece, ...], reasons: tuple[str, ...], closed: tuple[str, ...]
) -> None:
    """Each reason once: of the pieces, why some stay closed, and what stands beside what."""
    found = told(*pieces)
    assert (found.reasons, found.closed) == (reasons, closed)
    assert (found.form, found.decryption, found.signature.status) == (
        Form.MANGLED,
        Decryption.OK,
        SignatureStatus.BAD,
    )


def test_what_a_person_looked_at_is_opened_where_it_was_quoted() -> None:
    """Unless there were too many ciphertexts to try."""
    found = told(FIRST, FORWARDED, looked=True)
    assert (found.labels, found.closed) == ((SIGNED, "not encrypted, not signed"), ())
    left = told(FIRST, FORWARDED, looked=True, without=b"third")
    assert left.labels == (SIGNED, f"encrypted, not opened: {TOO_MANY}")
    assert left.closed == (TOO_MANY,)


def test_a_mail_of_which_nothing_opened_stays_as_it_came() -> None:
    """With the reasons of its first ciphertext."""
    found = told(CLOSED, WORDS)
    assert found == Opened(
        CAME,
        Form.MANGLED,
        Decryption.NO_KEY,
        reasons=(NO_KEY, "another reason", BESIDE),
        closed=(NO_KEY,),
    )


@pytest.mark.parametrize(
    ("pieces", "protected"),
    [
        ((FIRST, SECOND), {"subject": "First"}),
        ((SECOND, WORDS), {"subject": "Second"}),
        ((FORWARDED, WORDS), {}),
    ],
)
def test_the_subject_is_that_of_the_first_piece_that_has_one(
    pieces: tuple[Piece, ...], protected: dict[str, str]
) -> None:
    """No other field of a piece is the mail's."""
    assert told(*pieces, looked=True).protected == protected


def test_what_was_encrypted_in_a_file_is_a_file() -> None:
    """Under the name that the encrypted file has."""
    (first, second) = told(FIRST, SECOND).tree.root.children
    assert (first.filename, second.filename) == ("", "a.txt")
