"""A mail arrives: what it is, what follows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.core.candidates.mail import MailCandidates
from maild.core.cases.arrival import _public
from maild.core.cases.authority import Author, Standing
from maild.core.cases.findings import unread
from maild.core.change import RELEASED, AddMessage, AddParticipant, CaseReopened, Keep, Verdict
from maild.core.letters.kinds import LetterKind
from maild.core.mail.facts import FolderRole
from maild.core.mail.mime import UNREAD, parse
from maild.core.mail.opened import Decryption, Form, Opened, Signature, SignatureStatus
from maild.core.mail.sealed import ANOTHERS, QUOTED
from maild.core.values import ids
from maild.core.values.case import Case, CaseState
from tests.support import mails
from tests.support.deciding import (
    CASE,
    FRESH,
    RITA,
    SEALED,
    answered_case,
    arrived,
    case,
    facts,
    flags,
    kinds,
    letters,
    opened_later,
    opens,
    started,
    token,
    verdict,
)
from tests.support.desk import ANNA, NOW, POLICY, SECRET

SPAM = mails.plain(subject="CHEAP PILLS 80% OFF!!! CLICK NOW", sender="win@spam.example")
THREAD = MailCandidates("EX-777777", by_reference=case())


def test_a_report_opens_a_case_with_everything_in_one_decision() -> None:
    """Case, verdict, message, reporter, two clocks and the receipt: recorded together or not at all."""
    assert kinds(arrived(mails.plain()).changes) == [
        "OpenCase", "Keep", "AddMessage", "AddParticipant", "StartClock", "StartClock", "OweLetter",
        "AddFeatures",
    ]  # fmt: skip


def test_the_case_knows_its_report() -> None:
    """Subject, instant, reporter with a token of his own, and the Message-ID that answers will name."""
    decision = arrived(mails.plain())
    made = opens(decision)
    assert made is not None
    assert (made.case_id, made.opened, made.sealed, made.subject) == (
        "EX-777777",
        NOW,
        False,
        "Overflow in the parser",
    )
    (who,) = [c for c in decision.changes if isinstance(c, AddParticipant)]
    assert (who.address, who.token) == (RITA, ids.token(SECRET, "EX-777777", RITA, "reporter"))
    (message,) = [c for c in decision.changes if isinstance(c, AddMessage)]
    assert (message.message_id, message.authority) == ("<one@reporter.example>", "none")


def test_promises_count_from_the_arrival() -> None:
    """24 and 48 hours from the instant the mail arrived, whatever its Date header says (ruling 8)."""
    decision = arrived(mails.plain(date=NOW - timedelta(days=900)))
    assert started(decision) == [
        ("acknowledge", RITA, NOW + timedelta(hours=24)),
        ("respond", RITA, NOW + timedelta(hours=48)),
    ]


def test_spam_goes_to_quarantine_and_nowhere_else() -> None:
    """Held with its reasons: no case, no letter, no clock."""
    decision = arrived(SPAM)
    assert kinds(decision.changes) == ["Keep"]
    assert verdict(decision) is Verdict.QUARANTINE
    assert decision.kept is not None
    assert decision.kept.reasons
    assert not decision.acknowledgement.send


@pytest.mark.parametrize("known", [FRESH, MailCandidates("EX-777777", author_known=True)])
@pytest.mark.parametrize("released", [True, False])
def test_what_lets_spam_pass(known: MailCandidates, released: bool) -> None:
    """A person's release, or an author who takes part in a case: not screened."""
    passes = released or known.author_known
    decision = arrived(SPAM, known, released=released)
    assert verdict(decision) is (Verdict.REPORT if passes else Verdict.QUARANTINE)
    why = RELEASED if released else "author takes part in a case"
    assert decision.kept is not None
    assert (decision.kept.reasons == (why,)) is passes


@pytest.mark.parametrize(
    ("signature", "verdict_"),
    [
        (Signature(SignatureStatus.GOOD, "F" * 40), Verdict.REPORT),
        (Signature(SignatureStatus.GOOD, "F" * 40, clear=True), Verdict.QUARANTINE),
        (Signature(SignatureStatus.BAD, "F" * 40), Verdict.QUARANTINE),
        (Signature(SignatureStatus.UNKNOWN_KEY), Verdict.QUARANTINE),
    ],
)
def test_mail_signed_by_a_known_key_is_never_held(signature: Signature, verdict_: Verdict) -> None:
    """A good signature over the whole mail by a key we know lets it pass; anything less does not."""
    assert verdict(arrived(SPAM, opened=Opened(parse(SPAM), signature=signature))) is verdict_


def test_a_sealed_mail_is_a_case_before_it_is_opened() -> None:
    """Case, clocks and receipt from outer facts alone, never a word of its subject (rulings 3, 23, 24)."""
    decision = arrived(SEALED)
    made = opens(decision)
    assert made is not None
    assert (made.sealed, made.subject) == (True, "")
    (receipt,) = letters(decision, LetterKind.RECEIPT)
    assert receipt.facts["sealed"] is True
    assert "secret words" not in repr([c for c in decision.changes if not isinstance(c, Keep)])


@pytest.mark.parametrize(
    "outcome",
    [Decryption.NO_KEY, Decryption.SYMMETRIC, Decryption.REFUSED, Decryption.FAILED, Decryption.UNSUPPORTED],
)
def test_a_failure_to_open_tells_the_team_only(outcome: Decryption) -> None:
    """Whatever went wrong inside: a flag, one notice to the handlers, nothing to the reporter (ruling 3)."""
    known = MailCandidates("EX-777777", current=case(sealed=True))
    decision = opened_later(SEALED, Opened(parse(SEALED), Form.PGP_MIME, outcome), known)
    assert flags(decision) == {"unreadable"}
    assert [letter.recipient for letter in letters(decision, LetterKind.NOTICE)] == [ANNA.contact]
    assert letters(decision, LetterKind.RECEIPT) == []


@pytest.mark.parametrize(
    ("outcome", "closed", "flagged"),
    [
        (Decryption.OK, (QUOTED,), False),
        (Decryption.OK, (QUOTED, "not encrypted to our key"), True),
        (Decryption.FAILED, (QUOTED,), True),
    ],
)
def test_a_quoted_ciphertext_beside_what_was_opened_is_usual(
    outcome: Decryption, closed: tuple[str, ...], flagged: bool
) -> None:
    """Nobody is bothered about it, unless something else stayed closed."""
    known = MailCandidates("EX-777777", current=case(sealed=True))
    decision = opened_later(SEALED, Opened(parse(SEALED), Form.INLINE, outcome, closed=closed), known)
    assert ("unreadable" in flags(decision)) is flagged
    assert bool(letters(decision, LetterKind.NOTICE)) is flagged


def test_the_receipt_of_a_sealed_mail_depends_on_nothing_inside() -> None:
    """Opened well or not at all: the same letter to the reporter, so nobody can use us as an oracle."""
    inner = mails.plain(subject="CHEAP PILLS 80% OFF!!!", text="inside\n")
    good = Opened(parse(inner), Form.PGP_MIME, Decryption.OK, protected={"subject": "CHEAP PILLS 80% OFF!!!"})
    bad = Opened(parse(SEALED), Form.PGP_MIME, Decryption.FAILED)
    first, *others = [letters(arrived(SEALED, opened=o), LetterKind.RECEIPT) for o in (None, good, bad)]
    assert first
    assert others == [first, first]


def test_our_own_letter_is_known_by_its_mark() -> None:
    """Coming back from a list or out of Sent, it is kept as our own; a stranger's copy of the mark is not."""
    mark = ids.mark(SECRET, "abc")
    assert verdict(arrived(mails.plain(sender="security@project.example", X_Maild_Mark=mark))) is Verdict.OWN
    assert (
        verdict(
            arrived(mails.plain(sender="security@project.example", X_Maild_Mark=mark), role=FolderRole.SENT)
        )
        is Verdict.OWN
    )
    assert verdict(arrived(mails.plain(X_Maild_Mark=mark))) is Verdict.REPORT
    forged = mails.plain(sender="security@project.example", X_Maild_Mark="abc." + "a" * 26)
    assert verdict(arrived(forged)) is not Verdict.OWN


@pytest.mark.parametrize(
    "marks",
    [
        {"List_Id": "<news.other.example>", "Precedence": "bulk"},
        {"List_Unsubscribe": "<mailto:x@y.example>"},
        {"Return_Path": "<>"},
        {"Auto_Submitted": "auto-generated"},
        {"sender": "noreply@shop.example", "List_Unsubscribe": "<mailto:x@y.example>"},
    ],
)
def test_bulk_mail_that_is_no_report_waits_where_people_look(marks: dict[str, str]) -> None:
    """A newsletter opens no case and is not dropped: it is in the quarantine (ruling 5)."""
    assert verdict(arrived(mails.plain(subject="Our spring programme", **marks))) is Verdict.QUARANTINE


ORDINARY = {
    "Outlook": {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"},
    "our own list": {"List_Id": "<security.project.example>", "Precedence": "list"},
    "our own list's post": {
        "List_Post": "<mailto:security@project.example>",
        "List_Unsubscribe": "<mailto:x@y.z>",
    },
    "a forwarder": {"Return_Path": "<bounces+security=project.example@forward.example>"},
    "Gmail": {"Return_Path": "<rita+caf_=security=project.example@reporter.example>"},
    "a loop mark": {"X_Loop": "rita@reporter.example"},
    "a form": {"sender": "Website <noreply@forms.example>"},
}


@pytest.mark.parametrize("marks", ORDINARY.values(), ids=ORDINARY)
@pytest.mark.parametrize(
    "subject", ["Hello", "Problem with invoices", "", "Automatic reply rule: stored XSS"]
)
def test_an_ordinary_mark_withholds_the_receipt_and_nothing_else(marks: dict[str, str], subject: str) -> None:
    """It is a case like any other, its receipt from a person (ruling 5)."""
    decision = arrived(mails.plain(subject=subject, **marks))
    assert verdict(decision) is Verdict.REPORT
    assert decision.clocks != ()
    assert decision.acknowledgement.send is ("list" in " ".join(marks).lower())


@pytest.mark.parametrize(
    ("reply_to", "reporter"),
    [
        ("Rita <rita@reporter.example>", "rita@reporter.example"),
        ("", "noreply@site.example"),
        ("a@x.example, b@x.example", "noreply@site.example"),
        ("anna@project.example", "noreply@site.example"),
        ("security@project.example", "noreply@site.example"),
        ("no-reply@other.example", "noreply@site.example"),
    ],
)
def test_the_reporter_behind_a_form_is_whom_it_names(reply_to: str, reporter: str) -> None:
    """One person in Reply-To; never the team, the desk or another robot."""
    raw = mails.plain(sender="Website <noreply@site.example>", Reply_To=reply_to)
    (found,) = [one for one in arrived(raw).changes if isinstance(one, AddParticipant)]
    assert found.address == reporter


def test_a_marked_answer_of_a_member_is_an_answer() -> None:
    """Exchange marks what its people write; a mark is no machine."""
    mail = facts(mails.plain(sender="anna@project.example", X_Auto_Response_Suppress="All"))
    assert (mail.automatic, mail.marks) == (None, ("asks for no automatic answer",))


MACHINES = {
    "away": {"Auto_Submitted": "auto-replied", "subject": "Out of office: Overflow"},
    "bounce": {"sender": "mailer-daemon@mx.example", "Return_Path": "<>"},
}


@pytest.mark.parametrize("marks", MACHINES.values(), ids=MACHINES)
def test_what_a_machine_wrote_is_a_case_when_a_person_says_so(marks: dict[str, str]) -> None:
    """Kept without a case, then released: the case, its promises, and a receipt from a person."""
    raw = mails.plain(**marks)
    assert opens(arrived(raw)) is None
    released = arrived(raw, released=True)
    assert opens(released) is not None
    assert not released.acknowledgement.send


@pytest.mark.parametrize("known", [FRESH, THREAD])
def test_an_out_of_office_answer_is_kept_and_moves_nothing(known: MailCandidates) -> None:
    """In a thread or not: no case, no clock, no letter."""
    raw = mails.plain(subject="Out of office: Overflow", Auto_Submitted="auto-replied")
    decision = arrived(raw, known)
    assert kinds(decision.changes) == ["Keep"]
    assert verdict(decision) is Verdict.AUTOMATIC


INVITATION = (
    b"From: rita@reporter.example\r\nTo: security@project.example\r\nSubject: %s\r\nMessage-ID: <i@reporter.example>\r\n"
    b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n%s\r\n--b\r\n'
    b"Content-Type: text/calendar; method=%s\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n--b--\r\n"
)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (
            INVITATION % (b"Call about a buffer overflow", b"A crafted file crashes it.", b"REQUEST"),
            Verdict.REPORT,
        ),
        (INVITATION % (b"Meeting on Monday", b"Please join.", b"REQUEST"), Verdict.QUARANTINE),
        (INVITATION % (b"Meeting on Monday", b"", b"REQUEST"), Verdict.AUTOMATIC),
        (INVITATION % (b"Buffer overflow in the parser", b"", b"REQUEST"), Verdict.REPORT),
        (INVITATION % (b"Buffer overflow in the parser", b"", b"REPLY"), Verdict.AUTOMATIC),
        (mails.plain(Auto_Submitted="auto-replied"), Verdict.REPORT),
        (mails.plain(subject="Re: hello", Auto_Submitted="auto-replied"), Verdict.QUARANTINE),
        (mails.plain(text="", Auto_Submitted="auto-replied"), Verdict.AUTOMATIC),
        (mails.plain(subject="Out of office till May", Auto_Submitted="auto-replied"), Verdict.AUTOMATIC),
    ],
)
def test_what_is_written_into_a_machines_mail_is_screened(raw: bytes, expected: Verdict) -> None:
    """An invitation or an automatic answer of no thread is looked at like any mail, its receipt by hand."""
    decision = arrived(raw)
    assert verdict(decision) is expected
    assert not decision.acknowledgement.send


@pytest.mark.parametrize(
    ("raw", "joins"),
    [
        (INVITATION % (b"Accepted: call", b"I bring the second sample.", b"REPLY"), True),
        (INVITATION % (b"Accepted: call", b"", b"REPLY"), False),
        (mails.plain(subject="Re: report", Auto_Submitted="auto-replied"), True),
        (mails.plain(subject="Automatic reply: report", Auto_Submitted="auto-replied"), False),
    ],
)
def test_what_is_written_into_a_machines_mail_of_a_thread_goes_to_the_team(raw: bytes, joins: bool) -> None:
    """It is in the case, and moves no promise and opens nothing again."""
    one = case(state=CaseState.CLOSED)
    decision = arrived(raw, MailCandidates("EX-777777", by_token=token(one)))
    assert verdict(decision) is (Verdict.CORRESPONDENCE if joins else Verdict.AUTOMATIC)
    assert not {"CaseReopened", "MeetClock", "StartClock"} & set(kinds(decision.changes))


def later_mail(state: CaseState, answered: bool) -> tuple[Case, list[str]]:
    """A reporter's later mail to a case, and what it changes."""
    base = answered_case() if answered else case()
    one = case(*base.clocks, state=state, answered=answered)
    decision = arrived(mails.plain(text="One more thing\n"), MailCandidates("EX-777777", by_token=token(one)))
    return one, kinds(decision.changes)


def test_a_later_mail_of_the_reporter_starts_nothing() -> None:
    """It joins the case: no second receipt, no new clock (ruling 7)."""
    assert later_mail(CaseState.OPEN, answered=False)[1] == ["Keep", "AddMessage", "AddFeatures"]


def test_mail_on_a_closed_case_reopens_it() -> None:
    """The case goes on, with a promise running again (ruling 12)."""
    one, changes = later_mail(CaseState.CLOSED, answered=True)
    assert "CaseReopened" in changes
    again = arrived(mails.plain(text="Still there\n"), MailCandidates("EX-777777", by_reference=one))
    assert started(again) == [("update", RITA, NOW + timedelta(days=5))]


def test_a_case_reopened_before_anybody_answered_still_owes_the_answer() -> None:
    """Closed as spam and written to again: *respond* runs, not *update* (ruling 7)."""
    one = case(state=CaseState.CLOSED)
    one = Case(one.id, one.state, one.opened, one.sealed, one.reporters, clocks=())
    decision = arrived(mails.plain(text="I am no spam\n"), MailCandidates("EX-777777", by_token=token(one)))
    assert any(isinstance(c, CaseReopened) for c in decision.changes)
    assert [promise for promise, _, _ in started(decision)] == ["respond"]


def test_an_odd_arrival_and_a_cut_mail_are_flagged() -> None:
    """People see that a mail came with an old date, or was too long to be kept whole."""
    from maild.core.decide import decide
    from maild.core.event import Arrival, MailArrived

    raw = mails.plain()
    event = MailArrived(Arrival(1, "x", NOW, odd=True, truncated=True), facts(raw), Opened(parse(raw)))
    from tests.support.desk import POLICY

    assert flags(decide(event, FRESH, POLICY, NOW)) == {"odd-arrival", "truncated"}


def test_the_same_mail_decided_again_is_the_same_decision() -> None:
    """Nothing random: after a crash the same answer comes out."""
    assert arrived(mails.plain()) == arrived(mails.plain())
    assert CASE not in repr(arrived(mails.plain()))


@pytest.mark.parametrize(
    ("answered", "sender", "theirs"),
    [
        ((case(),), RITA, True),
        ((case(),), "tom@other.example", False),
        ((case(), case()), RITA, True),
        ((), RITA, False),
    ],
)
def test_an_answer_to_a_letter_to_outsiders_is_of_its_case_only_where_its_author_is(
    answered: tuple[Case, ...], sender: str, theirs: bool
) -> None:
    """A reader of a public list who answers the announcement takes no part in the case."""
    known = replace(FRESH, answered=answered)
    found = _public(facts(mails.plain(sender=sender)), Author(Standing.OUTSIDE), known, POLICY)
    assert found == (case() if theirs else None)


@pytest.mark.parametrize(
    ("outcome", "closed", "partly", "quoted", "why"),
    [
        (Decryption.FAILED, (), False, False, ""),
        (Decryption.NO_KEY, (QUOTED,), False, True, QUOTED),
        (Decryption.OK, ("not encrypted to our key",), True, False, "not encrypted to our key"),
        (Decryption.OK, (ANOTHERS,), True, True, ANOTHERS),
        (Decryption.OK, ("not encrypted to our key", QUOTED), True, True, "not encrypted to our key"),
    ],
)
def test_the_handlers_read_how_much_stayed_closed_and_why(
    outcome: Decryption, closed: tuple[str, ...], partly: bool, quoted: bool, why: str
) -> None:
    """All of it or a part, the first reason, and whether it may be somebody else's."""
    known = MailCandidates("EX-777777", current=case(sealed=True))
    decision = opened_later(SEALED, Opened(parse(SEALED), Form.INLINE, outcome, closed=closed), known)
    (told,) = letters(decision, LetterKind.NOTICE)
    found = {name: told.facts[name] for name in ("partly", "quoted", "why", "mail")}
    assert found == {"partly": partly, "quoted": quoted, "why": why, "mail": 1}


@pytest.mark.parametrize(
    ("faults", "changes"),
    [
        ((), []),
        (("a header field that is none",), ["Note"]),
        (tuple(UNREAD)[:1], ["SetFlag", "Note"]),
        (("a header field that is none", *tuple(UNREAD)[:1]), ["SetFlag", "Note"]),
    ],
)
def test_a_fault_that_leaves_a_part_unread_flags_the_case(
    faults: tuple[str, ...], changes: list[str]
) -> None:
    """Any other is only written down."""
    assert kinds(unread(faults, CASE)) == changes
