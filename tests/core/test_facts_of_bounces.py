"""The facts of mail that machines wrote, and of mail whose author is in doubt."""

import pytest

from maild.core.mail.automatic import Kind
from maild.core.mail.facts import FolderRole, read_facts
from maild.core.mail.mime import parse
from maild.core.mail.opened import Form, Opened, Signature, SignatureStatus
from maild.core.values import ids
from tests.support import mails
from tests.support.deciding import PASSED, SEALED, facts, good
from tests.support.desk import POLICY, SECRET

MARK = ids.mark(SECRET, "abc")
MADE_UP = "abc." + "a" * 26
RETURNED = (
    "From: security@project.example\nMessage-ID: <letter@project.example>\nX-Maild-Mark: {}\n\nHello.\n"
)


def bounce(
    action: str = "failed", mark: str = MARK, envelope: str = "", author: str = "MAILER-DAEMON"
) -> bytes:
    """A delivery report about a letter of ours."""
    kind = 'multipart/report; report-type=delivery-status; boundary="b"'
    status = f"Reporting-MTA: dns; mx\n{envelope}\nFinal-Recipient: rfc822;rita@reporter.example\nAction: {action}\n"
    text = (
        "--b\n\nSorry: tom@reporter.example\n"
        f"--b\nContent-Type: message/delivery-status\n\n{status}\n"
        f"--b\nContent-Type: message/rfc822\n\n{RETURNED.format(mark)}\n--b--\n"
    )
    fields = {"Content_Type": kind, "Content_Transfer_Encoding": "7bit"}
    return mails.plain("Undelivered", text, f"{author}@mx.example", **fields)


@pytest.mark.parametrize(
    ("raw", "kind", "mark", "returned"),
    [
        (bounce(), Kind.BOUNCE, "abc", "<letter@project.example>"),
        (bounce(mark=MADE_UP), Kind.BOUNCE, "", "<letter@project.example>"),
        (
            bounce(mark=MADE_UP, envelope=f"Original-Envelope-Id: {MARK}\n"),
            Kind.BOUNCE,
            "abc",
            "<letter@project.example>",
        ),
        (bounce("delayed"), Kind.DELAY, "", ""),
        (bounce("delivered"), Kind.DELAY, "", ""),
        (mails.plain("Re: it", RETURNED.format(MARK)), None, "", ""),
    ],
)
def test_a_bounce_brings_back_a_letter_of_ours(
    raw: bytes, kind: Kind | None, mark: str, returned: str
) -> None:
    """By its mark in what came back or in the envelope; what nothing failed of brings nothing back."""
    found = facts(raw)
    assert (found.automatic.kind if found.automatic else None) is kind
    assert (found.returned_mark, found.returned_id) == (mark, returned)
    wanted = ("rita@reporter.example", "tom@reporter.example") if kind is Kind.BOUNCE else ()
    assert found.unreached == wanted


@pytest.mark.parametrize(
    ("to", "mark"),
    [
        (f"security+{MARK}@project.example", "abc"),
        (f"security+{MARK}@elsewhere.example", ""),
        (f"x@elsewhere.example, security+{MARK}@project.example", "abc"),
        (f"security+{MADE_UP}@project.example, security+{MARK}@project.example", "abc"),
        ("security@project.example", ""),
    ],
)
def test_a_bounce_names_our_letter_in_the_address_that_it_comes_to(to: str, mark: str) -> None:
    """Of ours only, whichever of several."""
    raw = b"Return-Path: <>\r\n" + mails.plain("Undelivered Mail", sender="MAILER-DAEMON@mx.example", to=to)
    assert facts(raw).returned_mark == mark


@pytest.mark.parametrize(
    ("fields", "kind", "marks"),
    [
        ({}, None, ()),
        ({"X_Loop": "x"}, None, ("loop mark",)),
        ({"Auto_Submitted": "auto-generated"}, Kind.NOTIFICATION, ()),
        ({"Auto_Submitted": "auto-generated", "X_Loop": "x"}, Kind.NOTIFICATION, ()),
    ],
)
def test_what_speaks_for_a_machine(fields: dict[str, str], kind: Kind | None, marks: tuple[str, ...]) -> None:
    """A mark that ordinary mail bears too leaves it a person's."""
    found = facts(mails.plain(**fields))
    assert (found.automatic.kind if found.automatic else None, found.marks) == (kind, marks)
    assert found.by_machine is bool(fields)


@pytest.mark.parametrize(
    ("sender", "author", "shown", "proved"),
    [
        ("Anna <anna@project.example>", "anna@project.example", "anna@project.example", True),
        ("Team: anna@project.example;", "anna@project.example", "anna@project.example", False),
        ("anna@project.example, carl@project.example", None, "anna@project.example", False),
        ("nobody", None, None, False),
    ],
)
def test_the_author_who_is_known_and_the_one_who_is_shown(
    sender: str, author: str | None, shown: str | None, proved: bool
) -> None:
    """Of two the first is shown, and neither is the author; one in a group is not proved."""
    found = facts(mails.plain(sender=sender, Authentication_Results=PASSED))
    assert (found.author.address if found.author else None) == author
    assert (found.shown_author.address if found.shown_author else None) == shown
    assert found.authentication.author is proved


@pytest.mark.parametrize(
    ("signature", "counted"),
    [
        (good("A" * 40), 1),
        (good("A" * 40, clear=True), 0),
        (Signature(SignatureStatus.BAD, "A" * 40, made=good("A" * 40).made), 0),
        (Signature(), 0),
    ],
)
def test_a_good_signature_over_the_whole_mail_is_known_again(signature: Signature, counted: int) -> None:
    """By a name of its own, and when it was made; one over text in the clear is none."""
    tree = parse(mails.plain())
    found = read_facts(tree, POLICY, FolderRole.INBOX, Opened(tree, signature=signature))
    assert (len(found.signatures), found.signed_at is not None) == (counted, bool(counted))
    assert bool(found.covered) is bool(counted)


def test_what_was_opened_shows_its_inside() -> None:
    """Its subject and its words; that it came encrypted is seen all the same."""
    inside = parse(mails.plain("Inner", "Three own words.\n"))
    opened = Opened(inside, Form.PGP_MIME, protected={"subject": "Protected"})
    found = read_facts(parse(SEALED), POLICY, FolderRole.INBOX, opened)
    assert (found.subject, found.own_words, found.form, found.sealed) == ("Protected", 3, Form.PGP_MIME, True)
    assert not found.signed
    bare = read_facts(parse(SEALED), POLICY, FolderRole.INBOX, Opened(inside, Form.PGP_MIME))
    assert bare.subject == "secret words"
    closed = facts(SEALED)
    assert (closed.subject, closed.form) == ("secret words", Form.PGP_MIME)


def test_a_signature_is_known_again_however_its_mail_came() -> None:
    """By the text that it covers, encrypted or not."""
    inside = parse(
        b'Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary=b\r\n\r\n'
        b"--b\r\n\r\ntext\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--b--\r\n"
    )
    plain = read_facts(inside, POLICY, FolderRole.INBOX, Opened(inside, signature=good("A" * 40)))
    opened = Opened(inside, Form.PGP_MIME, signature=good("A" * 40))
    sealed = read_facts(parse(SEALED), POLICY, FolderRole.INBOX, opened)
    assert plain.covered == sealed.covered
    assert plain.covered
    other = Opened(inside, Form.PGP_MIME, signature=good("B" * 40))
    assert read_facts(inside, POLICY, FolderRole.INBOX, other).covered != plain.covered


@pytest.mark.parametrize(("method", "words"), [("REPLY", 3), ("REQUEST", 6)])
def test_of_an_answer_to_an_invitation_the_note_counts(method: str, words: int) -> None:
    """Not the line of the program that says who accepts; an invitation is its author's own."""
    text = (
        "--b\n\nRita Reporter has accepted this invitation.\n\n"
        f"--b\nContent-Type: text/calendar; method={method}\n\n"
        "BEGIN:VCALENDAR\nCOMMENT:I bring cake.\nEND:VCALENDAR\n--b--\n"
    )
    raw = mails.plain("Accepted", text, Content_Type='multipart/alternative; boundary="b"')
    assert facts(raw).own_words == words
