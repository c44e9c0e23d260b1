"""Everything else that happens: bounces, letters settled, sweeps, words of operators."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from maild.core.candidates.mail import MailCandidates, SentLetter
from maild.core.candidates.said import CaseCandidates, HeldCandidates
from maild.core.candidates.times import DueClock, SweepCandidates
from maild.core.change import BounceLetter, CaseClosed, Keep, Verdict
from maild.core.changes.promises import MeetClock, RestoreClock, StopClock
from maild.core.decide import decide
from maild.core.decision import Decision
from maild.core.event import (
    Arrival,
    Delivery,
    LetterSettled,
    MailArrived,
    OpeningDelayed,
    OperatorSaid,
    RejectMail,
    SweepDue,
)
from maild.core.letters.kinds import LetterKind
from maild.core.policy import Promise
from maild.core.values.case import Case, CaseState
from maild.core.values.rule import Happening
from maild.core.words.reading import Word
from tests.support import mails
from tests.support.deciding import (
    CASE,
    FRESH,
    RITA,
    answered_case,
    arrived,
    case,
    clock,
    facts,
    flags,
    kinds,
    letters,
    verdict,
)
from tests.support.desk import NOW, POLICY

HEADER = "X-Maild-Mark: {}\r\nTo: rita@reporter.example\r\nSubject: receipt\r\n"


def bounce(action: str = "failed") -> bytes:
    """A delivery report, as a mail server writes it: it names no thread of ours."""
    return (
        "From: MAILER-DAEMON@mx.project.example\r\nTo: security@project.example\r\nSubject: Undelivered\r\n"
        "Message-ID: <b@mx.project.example>\r\nAuto-Submitted: auto-replied\r\nReturn-Path: <>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\r\n\r\n'
        "--r\r\n\r\nIt could not be delivered.\r\n"
        "--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.project.example\r\n\r\n"
        f"Final-Recipient: rfc822; rita@reporter.example\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        f"--r\r\nContent-Type: text/rfc822-headers\r\n\r\n{HEADER.format('x')}\r\n--r--\r\n"
    ).encode()


def bounced(kind: LetterKind, one: Case) -> Decision:
    """The decision on a bounce of a letter of this kind."""
    return arrived(bounce(), MailCandidates("EX-777777", bounced=SentLetter(7, kind, one, RITA)))


def test_a_bounced_receipt_runs_again_and_is_told() -> None:
    """The letter is marked, acknowledge restored, the case flagged, the team told (rulings 1, 6)."""
    met = replace(clock(Promise.ACKNOWLEDGE, 1), met=NOW)
    decision = bounced(LetterKind.RECEIPT, case(met, clock(Promise.RESPOND, 2)))
    assert verdict(decision) is Verdict.BOUNCE
    assert BounceLetter(7, CASE) in decision.changes
    assert RestoreClock(1, CASE, "receipt bounced") in decision.changes
    assert flags(decision) == {"reporter-unreachable"}
    assert len(letters(decision, LetterKind.NOTICE)) == 1


def test_a_bounced_escalation_is_marked_and_moves_no_promise() -> None:
    """It counts as failed, so that the backup is told at once; nothing else follows."""
    assert kinds(bounced(LetterKind.ESCALATION, case()).changes) == ["Keep", "BounceLetter"]


def test_a_delay_is_no_bounce() -> None:
    """The server still tries: nothing of the letter changes."""
    known = MailCandidates("EX-777777", bounced=SentLetter(7, LetterKind.RECEIPT, case(), RITA))
    assert kinds(arrived(bounce("delayed"), known).changes) == ["Keep"]


@pytest.mark.parametrize(
    ("recipient", "unread", "told"),
    [
        ("carl@project.example", 0, {"anna@project.example": "copy-failed"}),
        ("fix@vendor.example", 0, {}),
        (
            "anna@project.example",
            4,
            dict.fromkeys(
                ("anna@project.example", "carl@phone.example", "bea@project.example"), "nobody-has-it"
            ),
        ),
    ],
)
def test_a_bounced_copy_is_told_to_the_others(recipient: str, unread: int, told: dict[str, str]) -> None:
    """To the handlers; and to everybody, once no member has that message."""
    letter = SentLetter(7, LetterKind.COPY, case(), "", recipient=recipient, unread=unread)
    decision = arrived(bounce(), MailCandidates("EX-777777", bounced=letter))
    heard = {one.recipient: one.facts["about"] for one in letters(decision, LetterKind.NOTICE)}
    assert told.items() <= heard.items()
    assert ("nobody-has-it" in heard.values()) is bool(unread)
    assert BounceLetter(7, CASE) in decision.changes


@pytest.mark.parametrize("tie", ["by_tag", "unreached", "by_reference"])
@pytest.mark.parametrize(
    ("returned", "ours"),
    [("", True), ("<x@project.example>", True), ("<x@Project.Example>", True), ("<x@other.example>", False)],
)
def test_what_may_be_a_bounce_of_ours_is_told(tie: str, returned: str, ours: bool) -> None:
    """A number or an address ties it to a case unless what came back is somebody else's; no promise moves."""
    raw = bounce().replace(b"Subject: receipt", f"Message-ID: {returned}\r\nSubject: receipt".encode())
    known = MailCandidates("EX-777777", **{tie: case()})  # type: ignore[arg-type]  # a case
    decision = arrived(raw if returned else bounce(), known)
    heard = [one.facts["about"] for one in letters(decision, LetterKind.NOTICE)]
    assert heard == (["may-have-bounced"] if ours or tie == "by_reference" else [])
    assert {"RestoreClock", "BounceLetter"}.isdisjoint(kinds(decision.changes))


@pytest.mark.parametrize("action", ["failed", "delayed"])
def test_a_bounce_of_nothing_of_ours_is_kept(action: str) -> None:
    """Backscatter and delays: kept, no case, no letter."""
    decision = arrived(bounce(action), FRESH)
    assert kinds(decision.changes) == ["Keep"]
    assert verdict(decision) is Verdict.BOUNCE


def settled(
    delivery: Delivery, kind: LetterKind = LetterKind.RECEIPT, known: Case | None = None, sealed: bool = False
) -> Decision:
    """The decision on what became of a letter."""
    event = LetterSettled(7, kind, CASE, RITA, delivery, sealed)
    return decide(event, CaseCandidates(known), POLICY, NOW + timedelta(minutes=1))


def test_a_sent_receipt_meets_acknowledge_when_the_server_took_it() -> None:
    """At the instant of the server's yes, by the receipt."""
    at = NOW + timedelta(minutes=1)
    assert settled(Delivery.SENT, known=case()).changes == (
        MeetClock(1, CASE, at, "receipt", what=Happening.RECEIPT),
    )


def test_a_refused_receipt_is_told_and_the_promise_runs_on() -> None:
    """Flag and notice; acknowledge is not met."""
    decision = settled(Delivery.FAILED, known=case())
    assert flags(decision) == {"reporter-unreachable"}
    assert "MeetClock" not in kinds(decision.changes)


@pytest.mark.parametrize(
    ("delivery", "kind"),
    [
        (Delivery.SENT, LetterKind.ESCALATION),
        (Delivery.SENT, LetterKind.NOTICE),
        (Delivery.FAILED, LetterKind.NOTICE),
    ],
)
def test_other_outcomes_change_nothing(delivery: Delivery, kind: LetterKind) -> None:
    """Letters to the team keep no promise to the reporter."""
    assert settled(delivery, kind, case()) == Decision()


def test_a_letter_of_no_case_changes_nothing() -> None:
    """A case that is not there is no error."""
    assert settled(Delivery.SENT) == Decision()


def test_a_sweep_without_anything_late_is_nothing() -> None:
    """No late clock, no change."""
    assert decide(SweepDue(), SweepCandidates(()), POLICY, NOW) == Decision()


def test_a_sweep_climbs_the_ladder() -> None:
    """A late clock becomes a letter that can be answered, and a step."""
    late = SweepCandidates((DueClock(clock(Promise.RESPOND)),))
    changes = decide(SweepDue(), late, POLICY, NOW + timedelta(days=3)).changes
    assert kinds(changes) == ["OweLetter", "Escalate"]


def close(known: Case | None, spam: bool = False) -> Decision:
    """The decision on an operator's word."""
    word = Word("spam") if spam else Word("close", "fixed")
    return decide(OperatorSaid(CASE, word, "operator:ann"), CaseCandidates(known), POLICY, NOW)


def test_a_case_ends_after_its_reporter_was_answered() -> None:
    """Its running promises stop and it is closed, with the reason and who did it."""
    changes = close(answered_case()).changes
    assert changes == (StopClock(3, CASE, NOW, "closed"), CaseClosed(CASE, NOW, "fixed", "operator:ann"))


def test_an_unanswered_case_is_not_closed() -> None:
    """While the reporter waits for a first answer the word is refused, and nothing changes (ruling 12)."""
    decision = close(case())
    assert "nobody has answered the reporter yet" in decision.refusal
    assert decision.changes == ()


def test_spam_may_be_closed_unanswered() -> None:
    """It was no report: closed at once, clocks stopped."""
    assert kinds(close(case(), spam=True).changes) == ["StopClock", "StopClock", "CaseClosed"]


def test_a_case_without_a_reporter_may_be_closed() -> None:
    """Where nobody can be answered, nobody has to be."""
    nobody = clock(Promise.RESPOND, 1, reporter="")
    assert "CaseClosed" in kinds(close(case(nobody, reporters=())).changes)


@pytest.mark.parametrize(
    ("known", "words"),
    [(None, "there is no case EX-222222"), (case(state=CaseState.CLOSED), "is already closed")],
)
def test_what_cannot_be_closed_is_refused_with_the_reason(known: Case | None, words: str) -> None:
    """No such case, or closed before."""
    assert words in close(known).refusal


def test_a_rejected_mail_is_kept_as_rejected() -> None:
    """The verdict says by whom."""
    decision = decide(RejectMail(5, "operator:ann"), HeldCandidates("quarantine"), POLICY, NOW)
    assert decision.changes == (Keep(5, Verdict.REJECTED, ("rejected by operator:ann",)),)


@pytest.mark.parametrize("verdict", ["report", "correspondence", ""])
def test_a_cases_mail_is_not_rejected(verdict: str) -> None:
    """Whoever released it was quicker, or the number is wrong."""
    decision = decide(RejectMail(5, "operator:ann"), HeldCandidates(verdict), POLICY, NOW)
    assert (decision.changes, "not in quarantine" in decision.refusal) == ((), True)


@pytest.mark.parametrize(("known", "about"), [(case(sealed=True), "not-opened-yet"), (None, "opening-waits")])
def test_an_opening_that_waits_is_told(known: Case | None, about: str) -> None:
    """Gpg cannot be asked: the case is flagged and the handlers are told; of mail without a case too."""
    decision = decide(OpeningDelayed(Arrival(1, "x", NOW)), CaseCandidates(known), POLICY, NOW)
    assert [letter.facts["about"] for letter in letters(decision, LetterKind.NOTICE)] == [about]
    assert flags(decision) == ({about} if known else set())


def test_mail_without_a_case_that_waits_is_told_once_a_day() -> None:
    """Forty signed mails of the team that wait owe one letter, and the next day another."""

    def name(at: datetime) -> str:
        decision = decide(OpeningDelayed(Arrival(1, "x", NOW)), CaseCandidates(None), POLICY, at)
        (letter,) = letters(decision, LetterKind.NOTICE)
        return letter.dedupe

    assert name(NOW) == name(NOW + timedelta(hours=3)) != name(NOW + timedelta(days=1))


def test_an_event_with_the_wrong_candidates_is_a_bug() -> None:
    """It is never decided on nothing."""
    with pytest.raises(TypeError, match="CaseCandidates was loaded where MailCandidates is needed"):
        decide(MailArrived(Arrival(1, "x", NOW), facts(mails.plain())), CaseCandidates(None), POLICY, NOW)


def test_no_decision_shows_a_reporter_or_a_subject() -> None:
    """The text form of a decision, which may stand in a traceback, holds no address, subject or token."""
    shown = repr(arrived(mails.plain()).changes)
    assert RITA not in shown
    assert "Overflow" not in shown
