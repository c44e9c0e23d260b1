"""What a reporter would get of a member's mail: own words and files, and what of it they would not get."""

import pytest

from maild.core.mail.answer import Answer, answer, tells, written
from maild.core.mail.mime import Part, parse
from maild.core.mail.tnef import NAME
from tests.support.phrases import PHRASES

TEXT = "Content-Type: text/plain\n\nFixed in 1.2.\n"
PATCH = "Content-Type: text/x-patch; name=fix.patch\n\n--- a\n"
PICTURE = "Content-Type: image/png\n\nPNG\n"
PAGE = "Content-Type: text/html\nContent-Disposition: attachment\n\n<p>x</p>\n"
UNNAMED = "Content-Type: text/html\n\n<p>Fixed in 1.2.</p>\n"
KEY = "Content-Type: application/pgp-keys; name=key.asc\n\nkey\n"
NAMELESS_KEY = "Content-Type: application/pgp-keys\n\nkey\n"
CARD = "Content-Type: text/vcard; name=anna.vcf\n\ncard\n"
SIGNATURE = "Content-Type: application/pgp-signature; name=signature.asc\n\nsignature\n"
SMIME = "Content-Type: application/pkcs7-signature; name=smime.p7s\n\nsignature\n"
PACKED = f"Content-Type: application/ms-tnef; name={NAME}\n\n\x78\x9f\x3e\x22\n"
QUOTE = "On Monday Rita wrote:\n> It crashes.\n"


def mail(*parts: str) -> Part:
    """A mail of these parts."""
    body = "".join(f"--b\n{one}" for one in parts)
    return parse(f'Content-Type: multipart/mixed; boundary="b"\n\n{body}--b--\n'.encode("latin-1")).root


def files(given: Answer) -> list[str]:
    """What goes along, by name or type."""
    return [one.filename or one.content_type for one in given.attached]


@pytest.mark.parametrize(
    ("parts", "along", "unsent"),
    [
        ([TEXT], [], ()),
        ([TEXT, PATCH], ["fix.patch"], ()),
        ([TEXT, PICTURE], ["image/png"], ()),
        ([TEXT, PAGE], ["text/html"], ()),
        ([TEXT, UNNAMED], [], ()),
        ([TEXT, KEY, PATCH], ["fix.patch"], ("key.asc",)),
        ([TEXT, NAMELESS_KEY], [], ("application/pgp-keys",)),
        ([TEXT, CARD], [], ("anna.vcf",)),
        ([TEXT, SIGNATURE, SMIME], [], ()),
        ([TEXT, PACKED], [], (NAME,)),
    ],
)
def test_files_go_along_but_for_keys_cards_and_what_is_packed(
    parts: list[str], along: list[str], unsent: tuple[str, ...]
) -> None:
    """Those are named to their author; what a program signs with is no file of theirs."""
    given = answer(mail(*parts), PHRASES)
    assert (given.text, files(given), given.unsent) == ("Fixed in 1.2.", along, unsent)
    assert not given.empty


def test_what_was_unpacked_goes_along_in_place_of_the_package() -> None:
    """Its files, not its text, which may hold commands; and nothing is called unsent."""
    file, text = parse(PATCH.encode()).root, parse(TEXT.encode()).root
    given = answer(mail(TEXT, KEY, PACKED, PICTURE), PHRASES, unpacked=(file, text))
    assert (files(given), given.unsent) == (["image/png", "fix.patch"], ("key.asc",))
    without = answer(mail(TEXT, PACKED), PHRASES, unpacked=(text,))
    assert (files(without), without.unsent) == ([], (NAME,))


@pytest.mark.parametrize(
    ("raw", "along"),
    [
        (TEXT, []),
        (PATCH, ["fix.patch"]),
        (PAGE, []),
        (PICTURE, ["image/png"]),
        (KEY, []),
    ],
)
def test_a_mail_that_is_one_part_is_a_text_or_a_file(raw: str, along: list[str]) -> None:
    """A text is read as the words of its author, unless it has a name."""
    assert files(answer(parse(raw.encode()).root, PHRASES)) == along


def test_an_answer_of_blanks_and_no_file_is_empty() -> None:
    """Either is enough to send it."""
    (picture,) = answer(mail(PICTURE), PHRASES).attached
    assert Answer(" \n").empty
    assert not Answer(" \n", (picture,)).empty
    assert not Answer("x").empty


def test_of_a_text_what_its_author_wrote_is_left() -> None:
    """By its shape, or by the text that it answers where that is known."""
    assert written(f"Fixed.\n\n{QUOTE}", PHRASES).strip() == "Fixed."
    unmarked = "Fixed.\n\nOn Monday Rita wrote:\nIt crashes when the parser reads a line.\n"
    shown = "It crashes when the parser reads a line."
    assert written(unmarked, PHRASES, shown).strip() == "Fixed."
    assert "crashes" in written("It crashes when it stops, too.", PHRASES, shown)


def attached(depth: int, inner: str) -> str:
    """A mail in a mail, so many times."""
    for _ in range(depth):
        inner = f"Content-Type: message/rfc822\n\n{inner}"
    return inner


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("Content-Type: text/plain; name=a.txt\n\nask anna@home.example\n", True),
        ("Content-Type: text/plain; name=a.txt\n\nask Anna@Home.example\n", True),
        ("Content-Type: text/plain; name=anna@home.example.txt\n\nx\n", True),
        ("Content-Type: text/plain; name=a.txt\n\nask anna@elsewhere.example\n", False),
        (attached(1, "Subject: x\n\nask anna@home.example\n"), True),
        (attached(3, "Subject: x\n\nask anna@home.example\n"), True),
        (attached(1, PICTURE), False),
        (PICTURE, False),
    ],
)
def test_a_private_address_in_a_file_is_told(file: str, told: bool) -> None:
    """In its name, its text, or a mail within; whoever sends it is asked first."""
    given = answer(mail(TEXT, file), PHRASES)
    assert len(given.attached) == 1
    assert tells(given, frozenset({"anna@home.example"})) is told


@pytest.mark.parametrize(("depth", "told"), [(0, True), (1, True), (3, True), (4, False)])
def test_mails_within_mails_are_looked_into(depth: int, told: bool) -> None:
    """So deep: what a text is in, its address is found where it is coded too."""
    coded = "Content-Transfer-Encoding: base64\n\nYXNrIGFubmFAaG9tZS5leGFtcGxlCg==\n"
    file = attached(depth, f"Content-Type: text/plain; name=a.txt\n{coded}")
    given = answer(mail(TEXT, file), PHRASES)
    assert tells(given, frozenset({"anna@home.example"})) is told
