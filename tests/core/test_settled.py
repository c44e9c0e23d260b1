"""What follows when a letter was accepted, refused, put off, or could not be sealed."""

from datetime import timedelta

import pytest

from maild.core.candidates.said import CaseCandidates
from maild.core.change import OweLetter
from maild.core.changes.promises import MeetClock
from maild.core.decide import decide
from maild.core.decision import Decision
from maild.core.disclosure.sending import CLOCK
from maild.core.event import Delivery, LetterSettled
from maild.core.facts.record import Disclosure, Fact
from maild.core.facts.table import EMBARGO
from maild.core.letters.kinds import LetterKind
from maild.core.values.case import Case
from tests.support.deciding import CASE, RITA, answered_case, case, flags, kinds, met, started
from tests.support.desk import NOW, POLICY
from tests.support.members import told

AT = NOW + timedelta(hours=1)
ANNA, CARL, BEA = "anna@project.example", "carl@phone.example", "bea@project.example"


def settled(kind: LetterKind, delivery: Delivery, one: Case | None = None, **about: object) -> Decision:
    """The decision on the outcome of one letter, Bea's answer unless it says otherwise."""
    fields: dict[str, object] = {"letter": 7, "case_id": CASE, "reporter": RITA, "by": "team:Bea"} | about
    event = LetterSettled(kind=kind, delivery=delivery, **fields)  # type: ignore[arg-type]  # fields of the event
    return decide(event, CaseCandidates(one or case()), POLICY, AT)


def test_an_accepted_answer_is_when_the_promise_is_kept() -> None:
    """At the instant of the server's yes, by its author, tied to its letter; *update* runs from then."""
    decision = settled(LetterKind.ANSWER, Delivery.SENT)
    assert decision.changes[:2] == tuple(MeetClock(n, CASE, AT, "team:Bea", 7) for n in (1, 2))
    assert started(decision) == [("update", RITA, AT + timedelta(days=5))]


def test_a_second_answer_in_the_same_instant_meets_nothing_again() -> None:
    """The promise was kept once."""
    assert settled(LetterKind.ANSWER, Delivery.SENT, answered_case(AT)).changes == ()


@pytest.mark.parametrize(
    ("delivery", "about"),
    [
        (Delivery.FAILED, "answer-failed"),
        (Delivery.UNKNOWN, "answer-unknown"),
        (Delivery.LATE, "answer-late"),
        (Delivery.UNSEALED, "answer-held"),
    ],
)
def test_an_answer_that_did_not_go_out_is_told(delivery: Delivery, about: str) -> None:
    """To its author, the case's handler and the handlers, each once; it keeps no promise."""
    decision = settled(LetterKind.ANSWER, delivery, case(handler="Carl"))
    assert met(decision) == []
    assert {who: what for who, what in told(decision).items() if what == about} == dict.fromkeys(
        (ANNA, CARL, BEA), about
    )


@pytest.mark.parametrize("delivery", [Delivery.FAILED, Delivery.LATE, Delivery.UNKNOWN])
@pytest.mark.parametrize(
    ("recipient", "people"),
    [("bea@project.example", {ANNA}), ("anna@project.example", {CARL, BEA}), ("fix@vendor.example", set())],
)
def test_a_copy_that_is_not_taken_is_told_to_the_others(
    delivery: Delivery, recipient: str, people: set[str]
) -> None:
    """To the handlers, or to everybody else when he is the only one; once a day, by name."""
    decision = settled(LetterKind.COPY, delivery, recipient=recipient)
    assert set(told(decision)) == people
    again = settled(LetterKind.COPY, delivery, recipient=recipient, letter=8)
    assert [c.dedupe for c in again.changes] == [c.dedupe for c in decision.changes]  # type: ignore[union-attr]


def test_a_receipt_nobody_knows_about_is_owed_by_hand() -> None:
    """Flagged, the handlers told once a letter; the promise to acknowledge is not met by it."""
    decision = settled(LetterKind.RECEIPT, Delivery.UNKNOWN)
    assert flags(decision) == {"receipt-by-hand"}
    assert told(decision) == {ANNA: "receipt-unknown"}
    assert met(decision) == []


def reader(decision: Decision) -> object:
    """Whose key is missing, as the handlers are told: a member's name, or what they are to the case."""
    found = [c for c in decision.changes if isinstance(c, OweLetter) and c.facts["about"] == "unsealable"]
    return found[0].facts["reader"]


def test_a_copy_that_cannot_be_sealed_is_told_to_its_reader_without_content() -> None:
    """He has a key and it is no longer good: a notice, and a flag on the case."""
    decision = settled(LetterKind.COPY, Delivery.UNSEALED, recipient="carl@project.example")
    assert flags(decision) == {"unsealable"}
    assert told(decision) == {ANNA: "unsealable", CARL: "sealed-no-key"}
    assert reader(decision) == "Carl"


def test_a_guest_without_a_key_is_asked_for_one() -> None:
    """Once a case: the text of what came sealed is not sent to him."""
    first, second = (
        settled(LetterKind.COPY, Delivery.UNSEALED, recipient="fix@vendor.example", letter=n) for n in (7, 8)
    )
    assert told(first) == {ANNA: "unsealable", "fix@vendor.example": "guest-no-key"}
    assert reader(first) == "a guest of the case"
    assert [c.dedupe for c in second.changes[1:]] == [c.dedupe for c in first.changes[1:]]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "kind", [LetterKind.COPY, LetterKind.NOTICE, LetterKind.ASKKEY, LetterKind.ESCALATION]
)
def test_what_was_sent_to_the_team_or_asked_meets_nothing(kind: LetterKind) -> None:
    """Only answers and receipts are promised."""
    assert kinds(settled(kind, Delivery.SENT, recipient=ANNA).changes) == []


def test_a_text_to_approve_that_did_not_reach_a_member_is_told() -> None:
    """Nobody approves what he was not shown: the others hear it."""
    decision = settled(LetterKind.PREPARED, Delivery.FAILED, reporter="", recipient="carl@project.example")
    assert told(decision) == {ANNA: "copy-failed"}


def test_what_nobody_on_the_team_has_is_told_to_everybody() -> None:
    """Each member once a message, handler or not."""
    decision = settled(LetterKind.COPY, Delivery.NOBODY, recipient=ANNA, mail=4)
    assert told(decision) == {member.contact: "nobody-has-it" for member in POLICY.team.members}
    again = settled(LetterKind.COPY, Delivery.NOBODY, recipient=BEA, mail=4, letter=8)
    assert [c.dedupe for c in again.changes] == [c.dedupe for c in decision.changes]  # type: ignore[union-attr]


EVERYBODY = {ANNA, CARL, BEA}


@pytest.mark.parametrize(
    ("kind", "by", "people"),
    [
        (LetterKind.ANSWER, "team:Bea", {BEA}),
        (LetterKind.ANSWER, "operator:ann", {ANNA}),
        (LetterKind.ANNOUNCEMENT, "", EVERYBODY),
        (LetterKind.ANNOUNCEMENT, "team:Carl", {CARL}),
    ],
)
def test_who_hears_that_the_last_look_held_a_letter(kind: LetterKind, by: str, people: set[str]) -> None:
    """Its author; else the whole ladder about a letter to outsiders, and the handlers about any other."""
    decision = settled(kind, Delivery.STOPPED, by=by, why="token", line="a line")
    assert set(told(decision)) == people
    assert set(told(decision).values()) == {"stopped"}


@pytest.mark.parametrize(
    ("case_sealed", "letter_sealed", "shown"),
    [(False, False, "the line"), (True, False, ""), (False, True, ""), (True, True, "")],
)
def test_the_line_that_was_held_is_shown_where_nothing_is_encrypted(
    case_sealed: bool, letter_sealed: bool, shown: str
) -> None:
    """Of an encrypted case or letter it is not, and its author looks it up."""
    decision = settled(
        LetterKind.ANSWER,
        Delivery.STOPPED,
        case(sealed=case_sealed),
        sealed=letter_sealed,
        why="token",
        line="the  line",
    )
    (letter,) = [one for one in decision.changes if isinstance(one, OweLetter)]
    assert (letter.facts["letter"], letter.facts["why"], letter.facts["line"]) == (7, "token", shown)


def test_a_letter_that_waits_for_a_certain_time_is_no_letter_with_a_fault() -> None:
    """The ladder hears that nothing is announced, and only where an instant is set."""
    assert settled(LetterKind.ANNOUNCEMENT, Delivery.STOPPED, why=CLOCK).changes == ()
    dated = case(record=Disclosure((Fact(EMBARGO, AT.isoformat(), "team:Bea", NOW),)))
    decision = settled(LetterKind.ANNOUNCEMENT, Delivery.STOPPED, dated, why=CLOCK)
    assert told(decision) == dict.fromkeys((ANNA, CARL, BEA), "not-announced")


@pytest.mark.parametrize(
    ("recipient", "people"),
    [
        ("carl@project.example", {CARL, ANNA}),
        ("fix@vendor.example", {ANNA}),
        ("anna@project.example", {ANNA}),
    ],
)
def test_a_copy_that_is_too_large_is_told_to_its_reader_as_well(recipient: str, people: set[str]) -> None:
    """With its size and the number of the message; of a guest's only the handlers hear."""
    decision = settled(LetterKind.COPY, Delivery.FAILED, recipient=recipient, mail=4, size=12_345_678)
    assert told(decision) == dict.fromkeys(people, "copy-too-big")
    (letter, *_) = [one for one in decision.changes if isinstance(one, OweLetter)]
    assert (letter.facts["mail"], letter.facts["size"]) == (4, "12.3 MB")
    exact = settled(LetterKind.COPY, Delivery.FAILED, recipient=recipient, mail=4, size=12_050_000)
    (letter, *_) = [one for one in exact.changes if isinstance(one, OweLetter)]
    assert letter.facts["size"] == "12.1 MB"


@pytest.mark.parametrize("about", [{"size": 12_000_000}, {"mail": 4}])
def test_a_copy_refused_for_anything_else_is_one_that_was_not_taken(about: dict[str, object]) -> None:
    """Where no size, or no message, says what was too large."""
    decision = settled(LetterKind.COPY, Delivery.FAILED, recipient="carl@project.example", **about)
    assert told(decision) == {ANNA: "copy-failed"}
