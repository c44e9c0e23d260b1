"""The facts of a mail, from its outside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.core.mail.facts import FolderRole, identity, message_id, read_facts, references
from maild.core.mail.headers import Headers, parse_headers
from maild.core.mail.mime import parse
from maild.core.mail.opened import Opened
from maild.core.values import ids
from tests.support import mails
from tests.support.bounded import bounded
from tests.support.deciding import SEALED, facts
from tests.support.desk import POLICY, SECRET

BARE = mails.plain()


def known_as(raw: bytes, secret: bytes = SECRET) -> str:
    """The identity of a mail."""
    return identity(parse(raw), secret)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("<a@b>", "<a@b>"),
        ("  <a@b> (comment)", "<a@b>"),
        ("<[x@y>", "<[x@y>"),
        ("<a b@c>", ""),
        ("a@b", ""),
        ("", ""),
        ("<>", ""),
        (f"<{'x' * 300}@y>", ""),
        ("<<a@b>>", "<a@b>"),
        ("<grün@ü>", "<grün@ü>"),
    ],
)
def test_message_ids(value: str, wanted: str) -> None:
    """The first thing in angle brackets that can be one, however odd; else none."""
    assert message_id(parse_headers(f"Message-ID: {value}\r\n".encode())) == wanted


def test_references_are_nearest_first_and_each_once() -> None:
    """In-Reply-To before References, these from the end, and the id that Outlook keeps aside."""
    block = b"References: <a@x> <b@x>\n <c@x>\nIn-Reply-To: <c@x>\nX-Microsoft-Original-Message-ID: <z@x>\n"
    assert references(parse_headers(block)) == ("<c@x>", "<b@x>", "<a@x>", "<z@x>")


def test_ten_thousand_references_are_cut() -> None:
    """A chain without end is followed a hundred steps back, the nearest ones."""
    block = b"References: " + b" ".join(b"<%d@x>" % n for n in range(10_000)) + b"\n"
    found = references(parse_headers(block))
    assert len(found) == 100


@pytest.mark.parametrize(
    "other",
    [
        b"Received: from a by b; now\r\nReturn-Path: <x@y>\r\nX-Spam-Score: 3\r\n" + BARE,
        BARE.replace(b"\r\n", b"\n"),
        BARE + b"\r\n\r\n",
        BARE.replace(b"buffer.\r\n", b"buffer. \t\r\n"),
        b"Delivered-To: security@project.example\r\n" + BARE,
    ],
)
def test_a_mail_is_known_again_after_what_servers_do_to_it(other: bytes) -> None:
    """Trace headers, line ends and blanks at their ends do not make another mail of it."""
    assert known_as(other) == known_as(BARE)


@pytest.mark.parametrize(
    "about",
    [
        {"message_id": "<two@reporter.example>"},
        {"sender": "tom@reporter.example"},
        {"subject": "Overflow in the parser (2)"},
        {"text": "Another text.\n"},
    ],
)
def test_another_mail_is_another_mail(about: dict[str, str]) -> None:
    """One Message-ID with other content, or one content under another Message-ID, is a new mail."""
    assert known_as(mails.plain(**about)) != known_as(BARE)


def test_an_identity_tells_nothing_without_the_secret() -> None:
    """Another desk's identity of the same mail is another text."""
    assert known_as(BARE, b"other") != known_as(BARE)


@pytest.mark.parametrize(
    "body", [b" " * 3_000_000, b"\t\r" * 1_000_000, b"\n" * 3_000_000, b" \n" * 1_000_000]
)
def test_hostile_bodies_are_known_in_linear_time(body: bytes) -> None:
    """Three megabytes of blanks have an identity at once."""
    with bounded():
        assert known_as(b"Subject: x\r\n\r\n" + body)


def test_our_own_mark_is_seen_and_a_made_up_one_is_not() -> None:
    """``own_mark`` names our letter only where the mark holds."""
    mark = ids.mark(SECRET, "abc")
    assert facts(mails.plain(X_Maild_Mark=mark)).own_mark == "abc"
    assert facts(mails.plain(X_Maild_Mark="abc." + "a" * 26)).own_mark == ""
    assert facts(mails.plain(X_Maild_Mark="abc.ü")).own_mark == ""


@pytest.mark.parametrize(
    ("fields", "role", "author"),
    [
        ({}, FolderRole.SENT, "security@project.example"),
        ({}, FolderRole.INBOX, None),
        ({"X_Maild_Mark": ids.mark(SECRET, "abc")}, FolderRole.INBOX, "security@project.example"),
        ({"X_Maild_Mark": "abc." + "a" * 26}, FolderRole.INBOX, None),
        ({"Reply_To": "rita@reporter.example"}, FolderRole.INBOX, "rita@reporter.example"),
        ({"Reply_To": "rita@reporter.example"}, FolderRole.SENT, "security@project.example"),
    ],
)
def test_the_desk_is_an_author_where_it_certainly_wrote(
    fields: dict[str, str], role: FolderRole, author: str | None
) -> None:
    """In its own folder of sent mail, or under its mark; else lists and forms write in its name too."""
    found = facts(mails.plain(sender="security@project.example", **fields), role)
    assert (found.author.address if found.author else None) == author
    assert found.from_desk
    assert found.behind is (author != "security@project.example")


def test_a_bounce_names_our_letter_by_the_address_it_was_sent_to() -> None:
    """Where the mark stands behind the separator; one that is made up names none."""

    def returned(mark: str) -> str:
        bounce = mails.plain(
            "Undelivered Mail", sender="MAILER-DAEMON@mx.example", to=f"security+{mark}@project.example"
        )
        return facts(b"Return-Path: <>\r\n" + bounce).returned_mark

    assert returned(ids.mark(SECRET, "abc")) == "abc"
    assert returned("abc." + "a" * 26) == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Subject", "=?unicode_escape?q?\\ud800?="),
        ("Subject", "=?utf-7?q?+2AA-?="),
        ("X-Maild-Mark", "ü.é"),
        ("Message-ID", "<[x@y>"),
        ("From", "((((((" * 500),
        ("To", "<" * 4000),
        ("Content-Type", "multipart/mixed; boundary=" + "(" * 4000),
        ("Content-Type", "multipart/report; report-type=delivery-status"),
        ("Content-Type", 'text/plain; charset="\\ud800"'),
        ("Date", "Mon, 99 Foo 0000 99:99:99 +9999"),
        ("Authentication-Results", "mx.project.example; dmarc=" + "pass " * 1000),
        ("Autocrypt", "addr=rita@reporter.example; keydata=" + "=" * 9000),
        ("List-Id", "\x00" * 50),
        ("Auto-Submitted", "\x1b[31m"),
    ],
)
def test_hostile_headers_have_facts_that_can_be_written_down(name: str, value: str) -> None:
    """Whatever a header holds: no error, and a subject that a database and JSON can take."""
    with bounded():
        found = facts(f"{name}: {value}\r\n".encode() + BARE)
    assert found.subject.encode("utf-8") is not None


HEADER = st.sampled_from(
    [
        "From", "To", "Cc", "Subject", "Message-ID", "References", "In-Reply-To", "Content-Type", "Reply-To",
        "Content-Transfer-Encoding", "Auto-Submitted", "Authentication-Results", "Received", "List-Id",
        "Precedence",
        "X-Maild-Mark", "Autocrypt", "Return-Path",
    ]
)  # fmt: skip


@given(st.lists(st.tuples(HEADER, st.binary(max_size=80)), max_size=8), st.binary(max_size=200))
def test_any_mail_has_facts(fields: list[tuple[str, bytes]], body: bytes) -> None:
    """Whatever the bytes: no error, in any folder, and every text can be written down."""
    raw = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in fields) + b"\r\n" + body
    for role in FolderRole:
        found = read_facts(parse(raw), POLICY, role)
        shown = (found.subject, found.message_id, *found.references)
        assert all(text.encode("utf-8") is not None for text in shown)


CLEAR_SIGNED = (
    "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\ntext\n"
    "-----BEGIN PGP SIGNATURE-----\n\nwsBc\n-----END PGP SIGNATURE-----\n"
)
SIGNED = (
    b'Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary=b\r\n\r\n'
    b"--b\r\n\r\ntext\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--b--\r\n"
)
SMIME = b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n\r\nMIIB\r\n"


@pytest.mark.parametrize(
    ("raw", "shape"),
    [
        (BARE, (False, False, False)),
        (SEALED, (True, False, False)),
        (SIGNED, (False, True, False)),
        (mails.plain(text=CLEAR_SIGNED), (False, True, False)),
        (SMIME, (True, False, True)),
    ],
    ids=["plain", "sealed", "signed", "clear-signed", "smime"],
)
def test_sealed_and_signed_are_seen_from_outside(raw: bytes, shape: tuple[bool, bool, bool]) -> None:
    """Sealed, signed, S/MIME: without opening anything (ruling 3), and after trying in vain."""
    tree = parse(raw)
    for found in (facts(raw), read_facts(tree, POLICY, FolderRole.INBOX, Opened(tree))):
        assert (found.sealed, found.signed, found.smime) == shape


def test_what_a_plain_mail_shows() -> None:
    """Author, recipients, subject, words; nothing automatic, sealed or signed about it."""
    found = facts(mails.plain())
    assert found.author is not None
    assert (found.author.address, found.author.name) == ("rita@reporter.example", "Rita Reporter")
    assert [a.address for a in found.recipients] == ["security@project.example"]
    assert (found.subject, found.own_words) == ("Overflow in the parser", 10)
    assert (found.automatic, found.sealed, found.signed, found.own_mark) == (None, False, False, "")


def test_a_reference_without_brackets_is_one() -> None:
    """Where a field holds none with brackets; words beside it are none."""
    assert references(parse_headers(b"In-Reply-To: a@x\r\nReferences: b@x c@x\r\n")) == (
        "<a@x>",
        "<c@x>",
        "<b@x>",
    )
    assert references(parse_headers(b"In-Reply-To: your message <a@x> of b@x\r\n")) == ("<a@x>",)


def test_references_as_encoded_words_are_read() -> None:
    """Some libraries encode every long field; the identifiers are the same."""
    block = (
        b"References: =?utf-8?q?=3Ca=40x=3E_=3Cb?=\n =?utf-8?q?=40x=3E?=\nIn-Reply-To: =?UTF-8?Q?<c@x>?=\n"
    )
    assert references(parse_headers(block)) == ("<c@x>", "<b@x>", "<a@x>")


def test_an_identifier_that_is_cut_off_is_none() -> None:
    """Of a field the last 20,000 characters are read, and no half of an identifier among them."""
    whole, cut = f"{'x' * 10} <a@x>{' ' * 19_995}", f"{'x' * 10} <a@x>{' ' * 19_996}"
    assert references(Headers((("References", whole),))) == ("<a@x>",)
    assert references(Headers((("References", cut),))) == ()
