"""Receipts: when one goes out by itself, to whom, and when a person owes it (rulings 1 to 5)."""

from dataclasses import replace

import pytest

from maild.core.candidates.mail import MailCandidates, ReceiptCounts
from maild.core.cases.receipt import LATER, answer_address, hours_left
from maild.core.change import Verdict
from maild.core.changes.promises import StartClock
from maild.core.decision import Acknowledgement
from maild.core.letters.kinds import LetterKind
from maild.core.mail.facts import FolderRole
from maild.core.policy import Limits
from maild.core.values.duration import Length
from maild.core.values.rule import Happening, Rule
from tests.support import mails
from tests.support.deciding import FRESH, PASSED, arrived, facts, flags, kinds, letters, opens, verdict
from tests.support.desk import MX, NOW, POLICY

FAILED = f"{MX}; dmarc=fail header.from=reporter.example"
REPORT = "Overflow in the parser"
QUIET = "Hello there"
"""A subject that says nothing for or against a report."""


def test_a_plain_report_is_answered_at_once() -> None:
    """One receipt, to the author, in reply to the report."""
    decision = arrived(mails.plain())
    (receipt,) = letters(decision, LetterKind.RECEIPT)
    assert decision.acknowledgement.send
    assert (receipt.recipient, receipt.reporter) == ("rita@reporter.example", "rita@reporter.example")
    assert (receipt.dedupe, receipt.in_reply_to) == ("receipt:EX-777777", "<one@reporter.example>")


def test_a_receipt_of_an_unproved_author_holds_no_word_of_the_report() -> None:
    """The facts of the letter are when it came, when an answer is due, and whether it was sealed."""
    (receipt,) = letters(arrived(mails.plain()), LetterKind.RECEIPT)
    assert receipt.facts == {
        "received": "2026-03-02T09:30:00+00:00",
        "next_due": "2026-03-04T09:30:00+00:00",
        "sealed": False,
        "seen": False,
        "subject": "",
    }


PASS = f"{MX}; dmarc=pass header.from=reporter.example"


@pytest.mark.parametrize(
    ("result", "about", "subject"),
    [
        (PASS, {"subject": "Heap overflow"}, "Heap overflow"),
        (PASS, {"subject": "Re: RE: Heap overflow"}, "Heap overflow"),
        (PASS, {"subject": ""}, ""),
        ("", {"subject": "Heap overflow"}, ""),
        (PASS.replace("pass", "fail"), {"subject": "Heap overflow"}, ""),
        (PASS, {"subject": "Buy this", "Reply_To": "victim@third.example"}, ""),
        (PASS, {"subject": "Buy this", "Reply_To": "victim@reporter.example"}, ""),
    ],
)
def test_whose_subject_the_receipt_answers(result: str, about: dict[str, str], subject: str) -> None:
    """A proved author's, to themselves, without marks of replies; nobody's words are carried to anybody else."""
    decision = arrived(mails.plain(Authentication_Results=result, **about))
    found = [one.facts["subject"] for one in letters(decision, LetterKind.RECEIPT)]
    assert found in ([subject], [])
    assert found or not subject


@pytest.mark.parametrize(
    ("sender", "reply_to", "to"),
    [
        ("rita@reporter.example", "", "rita@reporter.example"),
        ("rita@reporter.example", "cert@reporter.example", "cert@reporter.example"),
        ("rita@reporter.example", "Cert <CERT@Reporter.Example>", "cert@reporter.example"),
        ("rita@reporter.example", "rita@home.example", "rita@home.example"),
        ("noreply@site.example", "rita@reporter.example", "rita@reporter.example"),
        ("rita@reporter.example", "noreply@reporter.example", "rita@reporter.example"),
        ("rita@reporter.example", "reply+abcdefgh@platform.example", "rita@reporter.example"),
        ("rita@reporter.example", "a@reporter.example, b@reporter.example", "rita@reporter.example"),
        ("rita@reporter.example", "x@sub.reporter.example", "x@sub.reporter.example"),
        ("rita@reporter.example", "nobody", "rita@reporter.example"),
    ],
)
def test_where_the_receipt_goes(sender: str, reply_to: str, to: str) -> None:
    """To Reply-To where that is one address that somebody reads, else to the author."""
    found = answer_address(facts(mails.plain(sender=sender, Reply_To=reply_to)), POLICY, also_ours=True)
    assert found is not None
    assert found.address == to


@pytest.mark.parametrize("lines", ["", "From: Rita\r\n", "From: a@x.example\r\nFrom: b@x.example\r\n"])
def test_without_a_single_author_nobody_is_answered(lines: str) -> None:
    """No author, or two From lines: a case with clocks, its receipt owed by hand."""
    raw = lines.encode() + mails.plain(sender="")
    decision = arrived(raw)
    assert opens(decision) is not None
    assert letters(decision, LetterKind.RECEIPT) == []
    assert decision.acknowledgement == Acknowledgement(send=False, reasons=("no single author to answer",))
    assert "AddParticipant" not in kinds(decision.changes)
    assert answer_address(facts(raw), POLICY, also_ours=True) is None
    assert "receipt-by-hand" in flags(decision)


@pytest.mark.parametrize(
    ("subject", "role", "results", "send"),
    [
        (REPORT, FolderRole.INBOX, "", True),
        (QUIET, FolderRole.INBOX, "", True),
        (REPORT, FolderRole.JUNK, "", True),
        (QUIET, FolderRole.JUNK, "", False),
        (REPORT, FolderRole.INBOX, FAILED, True),
        (QUIET, FolderRole.INBOX, FAILED, False),
    ],
)
def test_junk_and_forged_authors_need_evidence(
    subject: str, role: FolderRole, results: str, send: bool
) -> None:
    """From the junk folder, or after a failed DMARC, only a mail that speaks for a report is answered."""
    decision = arrived(mails.plain(subject=subject, Authentication_Results=results), role=role)
    assert decision.acknowledgement.send is send
    assert verdict(decision) is Verdict.REPORT
    assert ("receipt-by-hand" in flags(decision)) is not send


@pytest.mark.parametrize("sender", ["security@project.example", "security+x@project.example"])
def test_the_desks_own_address_is_somebody_unknown(sender: str) -> None:
    """A list or form wrote itself into From: a case with its promises, no receipt, the team told what to set."""
    decision = arrived(mails.plain(sender=sender))
    assert opens(decision) is not None
    assert letters(decision, LetterKind.RECEIPT) == []
    assert {"from-desk", "receipt-by-hand"} <= flags(decision)
    assert any(isinstance(one, StartClock) for one in decision.changes)


@pytest.mark.parametrize("sender", ["anna@project.example", "carl@phone.example"])
def test_who_claims_to_be_the_team_is_not_answered(sender: str) -> None:
    """A member's address that proves nothing: a case, no receipt, the team told."""
    decision = arrived(mails.plain(sender=sender))
    assert opens(decision) is not None
    assert letters(decision, LetterKind.RECEIPT) == []
    assert "claims to be the team" in decision.acknowledgement.reasons
    assert {"unverified-member", "receipt-by-hand"} <= flags(decision)


def test_a_members_own_mail_opens_a_case_without_receipt_or_promises() -> None:
    """A proved member wrote to the desk: a case, but nobody is owed anything (ruling 5)."""
    decision = arrived(mails.plain(sender="anna@project.example", Authentication_Results=PASSED))
    assert opens(decision) is not None
    assert decision.acknowledgement == Acknowledgement(send=False, reasons=("from the team",))
    assert decision.clocks == ()
    assert letters(decision, LetterKind.RECEIPT) == letters(decision, LetterKind.NOTICE) == []


def test_a_report_from_a_list_is_a_case_owed_by_hand() -> None:
    """List mail that speaks for a report: case and clocks, the receipt from a person (ruling 5)."""
    decision = arrived(mails.plain(List_Id="<users.other.example>", Precedence="list"))
    assert opens(decision) is not None
    assert len(decision.clocks) == 2
    assert letters(decision, LetterKind.RECEIPT) == []
    assert "receipt-by-hand" in flags(decision)


LIMITS = Limits(per_address_day=2, per_domain_hour=3, per_hour=4)


@pytest.mark.parametrize(
    ("counts", "send"),
    [
        (ReceiptCounts(), True),
        (ReceiptCounts(1, 2, 3), True),
        (ReceiptCounts(2, 0, 0), False),
        (ReceiptCounts(0, 3, 0), True),
        (ReceiptCounts(0, 0, 4), True),
        (ReceiptCounts(0, 0, 0, 2 * 24 - 1, 3 * 24 - 1), True),
        (ReceiptCounts(0, 0, 0, 2 * 24, 0), True),
        (ReceiptCounts(0, 0, 0, 2 * 24, 0, likely_waiting=2 * 24 - 1), True),
        (ReceiptCounts(0, 0, 0, 2 * 24, 0, likely_waiting=2 * 24), False),
        (ReceiptCounts(0, 0, 0, 0, 3 * 24), False),
    ],
)
def test_above_a_limit_the_receipt_is_owed_by_hand(counts: ReceiptCounts, send: bool) -> None:
    """An address's limit holds the receipt back, an hour's only when its turn came too late; the case is the same."""
    policy = replace(POLICY, limits=LIMITS)
    decision = arrived(mails.plain(), MailCandidates("EX-777777", receipts=counts), policy=policy)
    assert decision.acknowledgement.send is send
    assert len(letters(decision, LetterKind.RECEIPT)) == send
    assert opens(decision) is not None
    assert len(decision.clocks) == 2


def test_above_an_hours_limit_it_waits_and_the_team_hears_it_once() -> None:
    """The receipt is owed and no person has to send it; all such cases of a day share one notice."""
    policy = replace(POLICY, limits=LIMITS)
    busy = ReceiptCounts(0, 3, 4)
    both = [
        arrived(mails.plain(), MailCandidates(f"EX-77777{n}", receipts=busy), policy=policy) for n in (2, 3)
    ]
    assert [flags(one) for one in both] == [set(), set()]
    assert [len(letters(one, LetterKind.RECEIPT)) for one in both] == [1, 1]
    notices = [letters(one, LetterKind.NOTICE) for one in both]
    assert [one.facts["about"] for one in notices[0]] == ["receipts-delayed"]
    assert [n.dedupe for n in notices[0]] == [n.dedupe for n in notices[1]]


def test_a_flood_is_told_once_a_day() -> None:
    """Every case above a limit is flagged, but all of one day share one notice to the team (ruling 2)."""
    policy = replace(POLICY, limits=Limits(0, 0, 0))
    known = [MailCandidates(f"EX-77777{n}") for n in (2, 3)]
    notices = [letters(arrived(mails.plain(), one, policy=policy), LetterKind.NOTICE) for one in known]
    assert [n.dedupe for n in notices[0]] == [n.dedupe for n in notices[1]]
    assert len(notices[0]) == 1


def test_a_released_mail_is_answered_even_from_junk() -> None:
    """A person said that it is a report: that is evidence enough."""
    raw = mails.plain(subject="CHEAP PILLS 80% OFF!!! CLICK NOW")
    assert verdict(arrived(raw, role=FolderRole.JUNK)) is Verdict.QUARANTINE
    decision = arrived(raw, role=FolderRole.JUNK, released=True)
    assert decision.acknowledgement.send
    assert opens(decision) is not None


def test_two_receipts_of_a_case_are_one() -> None:
    """Decided twice, the same case owes the same letter: one dedupe key."""
    again = [letters(arrived(mails.plain(), FRESH), LetterKind.RECEIPT)[0].dedupe for _ in range(2)]
    assert again[0] == again[1]


@pytest.mark.parametrize(
    "fields",
    [
        {"List_Id": "Parsers <parsers.lists.example>"},
        {"X_BeenThere": "parsers@lists.example"},
        {"List_Post": "<mailto:parsers@lists.example>"},
    ],
)
def test_a_list_that_asks_for_replies_gets_none(fields: dict[str, str]) -> None:
    """What is said to a reporter would be public there; it goes to the author."""
    found = answer_address(
        facts(mails.plain(Reply_To="parsers@lists.example", **fields)), POLICY, also_ours=True
    )
    assert found is not None
    assert found.address == "rita@reporter.example"


@pytest.mark.parametrize("subject", ["Automatic reply: overflow in the parser", "Automatische Antwort: XSS"])
def test_a_subject_of_an_automatic_answer_is_not_answered(subject: str) -> None:
    """A person may have written it: a case, its receipt by hand. Two programs never answer each other."""
    decision = arrived(mails.plain(subject=subject))
    assert opens(decision) is not None
    assert letters(decision, LetterKind.RECEIPT) == []
    assert "receipt-by-hand" in flags(decision)


@pytest.mark.parametrize(
    ("reply_to", "proved", "send"),
    [
        ("rita@home.example", "", False),
        ("rita@home.example", PASS, True),
        ("cert@reporter.example", "", True),
        ("", "", True),
    ],
)
def test_replies_wanted_at_another_domain_need_a_proved_author(
    reply_to: str, proved: str, send: bool
) -> None:
    """Anybody could have the desk write to a stranger otherwise."""
    decision = arrived(mails.plain(Reply_To=reply_to, Authentication_Results=proved))
    assert decision.acknowledgement.send is send
    why = "wants replies at another domain, and nothing proves its author"
    assert (why in decision.acknowledgement.reasons) is not send


@pytest.mark.parametrize(
    ("counts", "waits"),
    [
        (ReceiptCounts(0, 3, 0), ["receipts to this domain in an hour"]),
        (ReceiptCounts(0, 2, 1), []),
        (ReceiptCounts(0, 0, 2), ["receipts in an hour"]),
        (ReceiptCounts(2, 3, 2), []),
    ],
)
def test_why_a_receipt_may_wait_for_its_turn(counts: ReceiptCounts, waits: list[str]) -> None:
    """An hour's limits that are used up; one that a person has to send waits for none."""
    decision = arrived(
        mails.plain(), MailCandidates("EX-777777", receipts=counts), policy=replace(POLICY, limits=LIMITS)
    )
    found = [one for one in decision.acknowledgement.reasons if one.startswith(LATER)]
    assert found == [f"{LATER} {one}" for one in waits]


def test_what_speaks_for_nothing_waits_behind_everybody() -> None:
    """A receipt for a likely report waits for other likely ones only."""
    counts = ReceiptCounts(0, 0, 0, 2 * 24, 0)
    known, policy = MailCandidates("EX-777777", receipts=counts), replace(POLICY, limits=LIMITS)
    assert not arrived(mails.plain(subject=QUIET), known, policy=policy).acknowledgement.send
    assert arrived(mails.plain(subject=REPORT), known, policy=policy).acknowledgement.send


def acknowledges(length: Length, starts: Happening = Happening.REPORT, by: str = "receipt") -> Rule:
    """A promise to acknowledge, or one like it."""
    return Rule("acknowledge", length, starts, frozenset({Happening(by)}))


@pytest.mark.parametrize(
    ("rules", "hours"),
    [
        (POLICY.rules, 24),
        ((acknowledges(Length(90, "m")),), 1),
        ((acknowledges(Length(30, "m")),), 1),
        ((acknowledges(Length(8, "h")), acknowledges(Length(6, "h"))), 6),
        ((acknowledges(Length(6, "h"), by="reply"),), 24),
        ((acknowledges(Length(6, "h"), Happening.REPLY),), 24),
        ((acknowledges(Length(6, "h"), by="reply"), acknowledges(Length(48, "h"))), 48),
        ((), 24),
    ],
)
def test_how_long_there_is_to_acknowledge_a_report(rules: tuple[Rule, ...], hours: int) -> None:
    """The shortest promise that a receipt keeps and a report starts; a day without one, never less than an hour."""
    assert hours_left(replace(POLICY, rules=rules), NOW) == hours


def test_the_receipt_names_what_the_report_answered() -> None:
    """Ten messages at the most, the oldest first, and the report itself as what it answers."""
    thread = " ".join(f"<{number}@reporter.example>" for number in range(12))
    (receipt,) = letters(arrived(mails.plain(References=thread)), LetterKind.RECEIPT)
    assert receipt.references == tuple(f"<{number}@reporter.example>" for number in range(2, 12))
    assert receipt.in_reply_to == "<one@reporter.example>"
