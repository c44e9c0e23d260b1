"""The bytes of a letter: its head, its content, in clear, signed or around something sealed."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.mail.letter import (
    SEALED_SUBJECT,
    Head,
    Sealed,
    _file_name,
    attachment,
    clear,
    envelope_sender,
    protected,
    signed,
    text_content,
)
from maild.core.mail.mime import parse
from maild.core.mail.protected import protected_headers
from maild.core.mail.sealed import find_sealed
from maild.core.mail.signed import find_signed
from maild.core.values import ids
from maild.core.values.desk import Desk, EnvelopeSender
from tests.support.phrases import PHRASES

DESK = Desk("Example Security Team", "security@project.example", b"a secret of the desk")
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TEXT = "This is an automatic receipt.\n\nNo person has read it.\n"
RECEIPT = Head(
    author_name="Example Security Team",
    to="rita@reporter.example",
    subject="Auto: report received [EX-222222]",
    message_id="<token.abcdefgh@project.example>",
    reference="abcdefgh",
    reply_to="security@project.example",
    auto="auto-replied",
    in_reply_to="<one@reporter.example>",
    references=("<zero@reporter.example>",),
)


def composed(head: Head = RECEIPT, text: str = TEXT) -> bytes:
    """A letter in clear."""
    return clear(head, text_content(text), DESK, NOW)


def test_a_receipt_says_in_its_headers_what_it_is() -> None:
    """Automatic, no answer wanted from robots, from the desk, in the thread, dated by the clock given."""
    letter = message_from_bytes(composed(), policy=policy.default)
    wanted = {
        "From": "Example Security Team <security@project.example>",
        "To": "rita@reporter.example",
        "Reply-To": "security@project.example",
        "Subject": RECEIPT.subject,
        "Date": "Mon, 02 Mar 2026 09:30:00 +0000",
        "Message-ID": RECEIPT.message_id,
        "In-Reply-To": "<one@reporter.example>",
        "References": "<zero@reporter.example> <one@reporter.example>",
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
        "MIME-Version": "1.0",
    }
    assert {name: str(letter[name]) for name in wanted} == wanted
    assert letter.get_content().replace("\r\n", "\n") == TEXT


def test_every_header_stands_once() -> None:
    """A second Subject or Date would make the letter spam to many servers (RFC 5322 §3.6)."""
    letter = message_from_bytes(composed())
    names = [name.lower() for name in letter.keys()]  # noqa: SIM118 - a message's keys repeat
    assert len(names) == len(set(names))


def test_what_answers_nothing_has_no_thread() -> None:
    """A letter that maild sends unasked names no message before it."""
    letter = message_from_bytes(
        composed(replace(RECEIPT, in_reply_to="", references=(), auto="auto-generated"))
    )
    assert (letter["Auto-Submitted"], letter["In-Reply-To"], letter["References"]) == (
        "auto-generated",
        None,
        None,
    )


def test_a_persons_letter_is_not_automatic() -> None:
    """Without the word, neither Auto-Submitted nor the wish for silence is there."""
    letter = message_from_bytes(composed(replace(RECEIPT, auto="")))
    assert (letter["Auto-Submitted"], letter["X-Auto-Response-Suppress"]) == (None, None)


def test_the_mark_proves_the_letter_ours() -> None:
    """The mark header names the letter and holds under our secret."""
    letter = message_from_bytes(composed())
    assert ids.marked(DESK.secret, letter[ids.MARK_HEADER]) == "abcdefgh"


@pytest.mark.parametrize("text", ["grün\n", "x" * 3000 + "\n", ".\n..\nFrom here\n", "", "a\r\nb\n"])
def test_every_line_can_go_through_any_server(text: str) -> None:
    """Seven-bit lines of at most 998 characters, all ending in CRLF, whatever the text."""
    raw = composed(replace(RECEIPT, subject="Gruß " * 60), text)
    bare = raw.replace(b"\r\n", b"")
    assert raw.isascii()
    assert bare.count(b"\n") == bare.count(b"\r") == 0
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert message_from_bytes(raw, policy=policy.default).get_content().split() == text.split()


def test_the_same_letter_is_the_same_bytes() -> None:
    """Nothing random goes in: composed again, it is byte for byte the same."""
    assert composed() == composed()


IDS = st.from_regex(r"<[^<>\s]{1,250}>", fullmatch=True)


@given(IDS, st.lists(IDS, max_size=10))
def test_a_strange_message_id_to_answer_breaks_nothing(answered: str, references: list[str]) -> None:
    """Whatever a reporter's Message-IDs hold, the letter composes, is ASCII and keeps its other headers."""
    raw = composed(replace(RECEIPT, in_reply_to=answered, references=tuple(references)))
    letter = message_from_bytes(raw)
    assert raw.isascii()
    assert letter.get_all("To") == ["rita@reporter.example"]
    assert letter.get_all("Auto-Submitted") == ["auto-replied"]
    assert letter.get_payload().replace("\r\n", "\n") == TEXT


def test_a_signed_letter_signs_its_very_content() -> None:
    """What stands before the signature is byte for byte what was given to be signed (RFC 3156 §5)."""
    content = text_content(TEXT).rstrip(b"\r\n")
    raw = signed(
        RECEIPT, content, b"-----BEGIN PGP SIGNATURE-----\n\nabcd\n-----END PGP SIGNATURE-----\n", DESK, NOW
    )
    found, reasons = find_signed(parse(raw).root)
    assert found is not None
    assert (found.data, reasons) == (content, ())


def _around(*armored: bytes) -> bytes:
    letter = Sealed(RECEIPT, DESK, NOW)
    for piece in armored:
        letter.write(piece)
    return letter.getvalue()


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_what_gpg_writes_has_network_line_ends_however_it_comes(end: bytes) -> None:
    """Byte by byte or at once; the letter is the same, and each of its lines ends in CRLF."""
    armored = end.join(
        [b"-----BEGIN PGP MESSAGE-----", b"", b"hF4DAAAAAAAAAAAASAQdA", b"-----END PGP MESSAGE-----", b""]
    )
    raw = _around(armored)
    assert raw == _around(*(armored[at : at + 1] for at in range(len(armored))))
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    ending = b"-----END PGP MESSAGE-----\r\n\r\n--=-abcdefgh--\r\n"
    assert raw.endswith(ending)


def test_a_sealed_letter_shows_nothing_of_what_it_says() -> None:
    """Outside there is no subject and no text; the ciphertext is found as the whole of the mail."""
    armored = b"-----BEGIN PGP MESSAGE-----\n\nhF4DAAAAAAAAAAASAQdA\n-----END PGP MESSAGE-----\n"
    raw = _around(armored)
    letter = message_from_bytes(raw)
    assert letter["Subject"] == SEALED_SUBJECT
    assert b"EX-222222" not in raw
    found = find_sealed(parse(raw), PHRASES)
    assert found is not None
    assert not found.refused


def test_what_is_sealed_carries_its_real_headers_inside() -> None:
    """Subject and author are protected, so that the reader's client can show them (RFC 9788 §2)."""
    inner = parse(b"".join(protected(RECEIPT, text_content(TEXT), DESK, NOW)))
    headers = protected_headers(inner.root)
    assert headers["subject"] == RECEIPT.subject
    assert "security@project.example" in headers["from"]
    assert inner.root.text.replace("\r\n", "\n") == TEXT


@pytest.mark.parametrize(
    ("how", "sender"),
    [
        (EnvelopeSender.DESK, "security@project.example"),
        (EnvelopeSender.NULL, ""),
        (EnvelopeSender.VERP, f"security+{ids.mark(DESK.secret, 'abc')}@project.example"),
    ],
)
def test_the_envelope_sender(how: EnvelopeSender, sender: str) -> None:
    """The desk, nobody, or an address that names the letter."""
    assert envelope_sender(replace(DESK, envelope_sender=how), "abc") == sender


def test_without_subaddresses_there_is_no_verp() -> None:
    """Where the server knows no separator, the desk's own address is the sender."""
    desk = replace(DESK, subaddress="", envelope_sender=EnvelopeSender.VERP)
    assert envelope_sender(desk, "abc") == DESK.address


def test_a_sender_too_long_for_mail_servers_is_not_used() -> None:
    """A local part ends at 64 octets: beyond them the desk's own address is the sender."""
    desk = replace(DESK, address="s" * 30 + "@project.example", envelope_sender=EnvelopeSender.VERP)
    assert envelope_sender(desk, "a" * 16) == desk.address


def test_a_long_file_name_keeps_its_ending() -> None:
    """In thirty pieces, encoded and plain ones mixed, it comes in; as one that programs know it goes out."""
    pieces = [f'filename*{n}="part{n:02d}-"' for n in range(29)]
    pieces += ["filename*29*=%6d%6fre", "filename*30=.patch"]
    head = "Content-Type: text/x-patch\r\nContent-Disposition: attachment;\r\n " + ";\r\n ".join(pieces)
    part = parse(f"{head}\r\n\r\n+1\r\n".encode()).root
    assert part.filename == "".join(f"part{n:02d}-" for n in range(29)) + "more.patch"
    sent = parse(attachment(part)).root
    assert sent.filename.startswith("part00-part01-")
    assert sent.filename.endswith("….patch")
    assert len(sent.filename) <= 200


@pytest.mark.parametrize(("length", "encoding"), [(989, "7bit"), (990, "quoted-printable")])
def test_plain_text_stays_as_it_is_while_its_lines_are_short(length: int, encoding: str) -> None:
    """One that a server might refuse is encoded; the reader sees the same."""
    text = "x" * length + "\n"
    made = text_content(text)
    assert f"Content-Transfer-Encoding: {encoding}\r\n".encode() in made
    assert parse(made).root.text.replace("\r\n", "\n") == text


@pytest.mark.parametrize(
    ("answered", "references", "thread"),
    [
        ("<b@x>", ("<a@x>", "<b@x>"), "<a@x> <b@x>"),
        ("<b@x>", ("", "<ä@x>", "<a@x>"), "<a@x> <b@x>"),
        ("<ä@x>", ("<a@x>",), "<a@x>"),
        ("", (), None),
    ],
)
def test_the_thread_is_named_once_and_in_ascii(
    answered: str, references: tuple[str, ...], thread: str | None
) -> None:
    """A Message-ID that mail cannot carry is left out, and so is one that stands there already."""
    letter = message_from_bytes(composed(replace(RECEIPT, in_reply_to=answered, references=references)))
    assert letter["References"] == thread
    assert letter["In-Reply-To"] == (answered if answered.isascii() and answered else None)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a" * 200, "a" * 200),
        ("a" * 201, "a" * 200),
        ("a" * 196 + ".txt", "a" * 196 + ".txt"),
        ("a" * 197 + ".txt", "a" * 180 + "….txt"),
        ("a" * 200 + "." + "b" * 19, "a" * 180 + "…." + "b" * 19),
        ("a" * 200 + "." + "b" * 20, "a" * 200),
        ("a" * 200 + ".", "a" * 180 + "…."),
        ("", "attachment"),
    ],
)
def test_the_name_of_a_file_is_as_long_as_it_may_be(given: str, kept: str) -> None:
    """Cut it keeps an ending that is one."""
    assert _file_name(given) == kept


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("text/html", "application/octet-stream"),
        ("message/rfc822", "application/octet-stream"),
        ("image/png", "image/png"),
    ],
)
def test_an_attachment_is_nothing_that_a_program_shows_by_itself(kind: str, sent: str) -> None:
    """Text and mail become files; every byte is there, in lines that mail has."""
    for size in (0, 1, 57, 58, 1000):
        content = bytes(range(256)) * 4
        part = parse(f"Content-Type: {kind}; name=a.bin\r\n\r\n".encode() + content[32 : 32 + size]).root
        made = attachment(part)
        found = message_from_bytes(made)
        assert (found.get_content_type(), found.get_payload(decode=True)) == (sent, part.content)
        assert all(len(line) <= 78 for line in made.split(b"\r\n"))


@pytest.mark.parametrize(("local", "own"), [(40, True), (64, False)])
def test_an_address_of_its_own_fits_into_what_servers_take(local: int, own: bool) -> None:
    """Sixty-four octets before the @, no more (RFC 5321 §4.5.3.1.1)."""
    mark = ids.mark(DESK.secret, "abc")
    desk = replace(
        DESK, address="s" * (local - len(mark) - 1) + "@x.example", envelope_sender=EnvelopeSender.VERP
    )
    assert len(envelope_sender(desk, "abc").partition("@")[0]) == local
    longer = replace(desk, address="s" * (65 - len(mark) - 1) + "@x.example")
    assert envelope_sender(longer, "abc") == longer.address
