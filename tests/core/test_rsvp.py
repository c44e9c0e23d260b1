"""Answers to invitations, and absences, of somebody who takes part in a case: they open none."""

import pytest

from maild.core.candidates.mail import MailCandidates
from maild.core.change import Verdict
from maild.core.mail.mime import parse
from maild.core.mail.outside import outside
from tests.support import mails
from tests.support.deciding import FRESH, arrived, case, facts, opens, verdict
from tests.support.phrases import PHRASES

KNOWN = MailCandidates("EX-777777", author_known=True)
THREAD = MailCandidates("EX-777777", by_reference=case())


def rsvp(text: str, subject: str = "Accepted: Call", answer: str = "", comment: str = "") -> bytes:
    """An answer to an invitation whose body says *text*."""
    lines = [
        "BEGIN:VCALENDAR",
        "METHOD:REPLY",
        "BEGIN:VEVENT",
        f"ATTENDEE;PARTSTAT=ACCEPTED{answer}:mailto:rita@reporter.example",
        "DESCRIPTION:Talk about the overflow",
        *([f"COMMENT:{comment}"] if comment else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    parts = (
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n",
        "Content-Type: text/calendar; charset=utf-8; method=REPLY\r\n\r\n" + "\r\n".join(lines) + "\r\n",
    )
    body = "".join(f"--b\r\n{part}" for part in parts) + "--b--\r\n"
    head = mails.plain(sender="Rita Reporter <rita@reporter.example>", subject=subject, text="x")
    head = head.partition(b"MIME-Version")[0] + b"MIME-Version: 1.0\r\n"
    return head + b"Content-Type: multipart/alternative; boundary=b\r\n\r\n" + body.encode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Rita Reporter has accepted this invitation.\n\nCall about the report\nInvitation from Google Calendar",
        "Rita Reporter hat diese Einladung angenommen.\n\nCall\nEinladung von Google Kalender",
        "Rita Reporterさんがこの招待を承諾しました。",
        "Rita Reporter <rita@reporter.example> has accepted your event invitation.",
        "rita@reporter.example accepted your invitation to Call",
    ],
)
@pytest.mark.parametrize("known", [FRESH, KNOWN, THREAD])
def test_a_bare_answer_to_an_invitation_needs_nobody(text: str, known: MailCandidates) -> None:
    """Kept with its reason, whatever the program of its author writes into it, in any language."""
    found = arrived(rsvp(text), known)
    assert verdict(found) is Verdict.AUTOMATIC
    assert found.kept is not None
    assert found.kept.reasons == ("calendar method",)


@pytest.mark.parametrize(
    "raw",
    [
        rsvp("I will be late, my train arrives at five."),
        rsvp("", comment="I found a second bug"),
        rsvp("Rita Reporter has accepted this invitation.", answer=';X-RESPONSE-COMMENT="A second bug"'),
        rsvp('Rita Reporter has accepted this invitation with this note:\n\n"A second bug"'),
    ],
)
def test_what_a_person_wrote_into_an_answer_is_for_people(raw: bytes) -> None:
    """In a thread it goes to the team, outside of one people see it; it opens no case."""
    assert verdict(arrived(raw, THREAD)) is Verdict.CORRESPONDENCE
    for known in (FRESH, KNOWN):
        assert verdict(arrived(raw, known)) is Verdict.QUARANTINE


AWAY = mails.plain(subject="Abwesenheitsnotiz: Overflow in the parser", text="Ich bin im Urlaub.\n")
MARKED = mails.plain(subject="Re: Overflow in the parser", text="I am away.\n", Auto_Submitted="auto-replied")


@pytest.mark.parametrize("raw", [AWAY, MARKED])
def test_an_absence_of_a_reporter_opens_no_case(raw: bytes) -> None:
    """It repeats the subject of our letter, without a case number; people see it, and may release it."""
    found = arrived(raw, KNOWN)
    assert (verdict(found), opens(found), found.acknowledgement.send) == (Verdict.QUARANTINE, None, False)
    assert opens(arrived(raw, KNOWN, released=True)) is not None


def test_a_strangers_message_under_such_a_subject_is_a_case() -> None:
    """With its acknowledgement by hand, as a person may have written it."""
    assert opens(arrived(AWAY)) is not None
    assert not arrived(AWAY).acknowledgement.send


@pytest.mark.parametrize(("text", "kept"), [("Reproduced.", False), ("", True)])
def test_one_word_of_their_own_is_enough_for_people_to_see_it(text: str, kept: bool) -> None:
    """Whatever program says that it answered for them."""
    raw = mails.plain(subject="Re: Overflow in the parser", text=text, Auto_Submitted="auto-replied")
    assert (verdict(arrived(raw)) is Verdict.AUTOMATIC) is kept


HEAD = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
PART = b"--b\r\nContent-Type: text/plain\r\n\r\nHi\r\n--b--\r\n"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (PART + b"The parser overflows.\r\n", "The parser overflows."),
        (b"The parser overflows.\r\n" + PART, "The parser overflows."),
        (PART + "Der Überlauf\r\n".encode(), "Der Überlauf"),
        (b"This is a multi-part message in MIME format.\r\n" + PART, ""),
        (PART + b"_____\r\nsecurity mailing list\r\nhttps://lists.example\r\n", ""),
        (PART + b"\r\n\r\n", ""),
        (PART[:-7], ""),
    ],
)
def test_text_outside_the_parts_is_found(body: bytes, said: str) -> None:
    """Above the first and below the last, but for what programs and lists write there."""
    assert outside(parse(HEAD + body).root, PHRASES) == said


def test_an_author_within_the_address_of_groups_io_is_named() -> None:
    """Where replies go to the group, nothing else tells who wrote."""
    raw = mails.plain(
        sender='"Rita via groups.io" <rita=reporter.example@groups.io>',
        Reply_To="security@project.groups.io",
        List_Id="<security.project.groups.io>",
        Mailing_List="list security@project.groups.io; contact security+owner@project.groups.io",
    )
    seen = facts(raw)
    assert seen.author is not None
    assert (seen.author.address, seen.behind) == ("rita@reporter.example", True)
