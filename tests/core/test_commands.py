"""The words of the team: who may say which, and what each of them does (ruling 19)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maild.core.candidates.mail import Correspondent, MailCandidates
from maild.core.candidates.said import CaseCandidates
from maild.core.cases.commands import WORDS
from maild.core.change import AddParticipant, CaseClosed, CaseReopened, MergeCase, OweLetter, SetHandler
from maild.core.changes.promises import MoveClock, StartClock, StopClock
from maild.core.decide import decide
from maild.core.decision import Decision
from maild.core.event import OperatorSaid
from maild.core.letters.kinds import LetterKind
from maild.core.mail.facts import FolderRole
from maild.core.policy import Promise
from maild.core.values.case import Case, CaseState, Flag
from maild.core.values.people import Side
from maild.core.words.reading import Word
from maild.core.words.row import Proof
from maild.core.words.table import NAMES, TABLE
from tests.support import mails
from tests.support.deciding import CASE, RITA, answered_case, arrived, case, clock, kinds, letters, verdict
from tests.support.desk import NOW
from tests.support.members import (
    ADDRESS,
    OBSERVE,
    RELAY,
    Way,
    answers,
    decided,
    known,
    mail,
    opened,
    policy,
    to,
    to_rita,
    told,
)

SIGNED = Way("team", proof="signed")
OTHER = replace(case(), id="EX-333333")
NAMED = f"\n\nThis is about {CASE}.\n"
CHANGES = {
    "!handler bea": "SetHandler",
    "!pause the vendor is asleep until 2026-03-20": "MoveClock",
    "!spam": "CaseClosed",
    "!duplicate EX-333333": "MergeCase",
    "!close fixed": "CaseClosed",
    "!askkey": "OweLetter",
    "!guest fix@vendor.example until 2026-03-20": "AddParticipant",
}
"""A word that changes something on an answered case, and the change it leads to."""


def said(decision: Decision) -> list[str]:
    """What the author is told of his words."""
    (letter,) = [one for one in letters(decision, LetterKind.NOTICE) if one.facts["about"] == "words"]
    assert letter.recipient == ADDRESS
    return list(letter.facts["said"])  # type: ignore[call-overload]  # a list of texts


def heard(text: str, way: Way = SIGNED, one: Case | None = None, **about: object) -> Decision:
    """The decision on words of Anna's, on an answered case unless another is given."""
    raw = mail(way, text)
    found = known(way, one or answered_case(), raw, named=OTHER, **about)
    return arrived(raw, found, opened=opened(raw, way), policy=policy(way))


def operator(word: str, rest: str = "", one: Case | None = None, other: Case | None = None) -> Decision:
    """The decision on the same word from the command line."""
    people = (Correspondent(RITA, "<one@reporter.example>"),)
    event = OperatorSaid(CASE, Word(word, rest), "operator:ann")
    return decide(event, CaseCandidates(one or answered_case(), other, people), RELAY, NOW)


@pytest.mark.parametrize("text", CHANGES)
def test_signed_words_that_name_the_case_are_done(text: str) -> None:
    """By a good signature with the case inside; the author gets one short letter."""
    decision = heard(text + NAMED)
    assert CHANGES[text] in kinds(decision.changes)
    assert len(said(decision)) == 1


@pytest.mark.parametrize("text", CHANGES)
@pytest.mark.parametrize("why", ["authenticated", "unnamed"])
def test_words_that_change_something_need_both(text: str, why: str) -> None:
    """Not by From alone, and not when the case is not named in what is signed: nothing changes."""
    way = SIGNED if why == "unnamed" else Way("team")
    decision = heard(text if why == "unnamed" else text + NAMED, way)
    others = ("MoveClock", "CaseClosed", "MergeCase", "StopClock", "CaseReopened")
    assert not set(kinds(decision.changes)) & set(others)
    assert not [c for c in decision.changes if isinstance(c, AddParticipant) and c.side is Side.GUEST]
    assert letters(decision, LetterKind.ASKKEY) == []
    assert [c.handler for c in decision.changes if isinstance(c, SetHandler)] == ["Anna"]
    assert "not done; sign your message and mention" in said(decision)[0]


def test_the_token_inside_names_the_case_too() -> None:
    """A signed reply that quotes its address need not spell the number."""
    text = f"!close fixed\n\nsecurity+{known(SIGNED).by_token.token}@project.example\n"  # type: ignore[union-attr]
    assert "CaseClosed" in kinds(heard(text).changes)


@pytest.mark.parametrize("text", ["!status", "!handler me", "taken", "Taken"])
def test_words_that_only_take_a_turn_need_no_signature(text: str) -> None:
    """An authenticated From is enough for them."""
    assert "not done" not in said(heard(text, Way("team")))[0]
    assert {row.name for row in TABLE if row.proof is Proof.ADDRESS} == {"status", "taken"}


def test_the_desks_own_account_takes_nothing_for_nobody() -> None:
    """*taken* without a member's name behind it leaves the handler who he is."""
    raw = mails.plain(
        sender="security@project.example",
        to="security@project.example",
        text="taken\n",
        In_Reply_To=f"<x@{CASE}>",
    )
    found = MailCandidates("EX-777777", by_reference=answered_case())
    changes = kinds(arrived(raw, found, role=FolderRole.SENT, policy=RELAY).changes)
    assert not {"SetHandler", "TakeClocks"} & set(changes)


def test_words_without_any_proof_are_not_heard() -> None:
    """A forged From obeys nothing and is answered to nobody."""
    decision = heard("!status\n!close x" + NAMED, Way("team", proof="none"))
    assert verdict(decision) is not None
    assert "words" not in told(decision).values()
    assert not set(kinds(decision.changes)) & {"SetHandler", "CaseClosed"}


def test_an_unknown_word_changes_nothing_and_is_answered_with_the_list() -> None:
    """Every word is in it, and every word is known as one."""
    (line,) = said(heard("!explode now" + NAMED))
    assert all(f"!{name}" in line for name in WORDS)
    assert set(WORDS) == set(NAMES)


def test_a_word_that_is_nearly_one_is_answered_with_that() -> None:
    """Not with the whole list."""
    assert said(heard("!take" + NAMED)) == ["!take: no such command; did you mean !taken?"]


@pytest.mark.parametrize(
    "text", ["!close fixed", "!status", "!explode", "Hello.\n!handler me\nBye.", "taken\n!x y"]
)
def test_words_in_mail_to_the_reporter_are_held_back(text: str) -> None:
    """Never obeyed, never sent to him; the team sees the mail and the author is told."""
    decision = heard(text + NAMED, Way("reporter", proof="signed"))
    assert answers(decision) == []
    assert not to_rita(decision)
    assert told(decision) == {ADDRESS: "block-quoted" if "Hello" in text else "internal-words"}
    assert "CaseClosed" not in kinds(decision.changes)
    assert to(decision) == {"carl@project.example", "bea@project.example"}


@pytest.mark.parametrize(
    "about", [{"to": RITA}, {"Cc": "fix@vendor.example"}, {"Cc": f"x@y.example, {ADDRESS}"}]
)
def test_words_in_mail_that_an_outsider_gets_as_well_are_not_obeyed(about: dict[str, str]) -> None:
    """Whoever else is addressed, reporter or not."""
    decision = decided(SIGNED, "!close fixed" + NAMED, answered_case(), **about)
    assert "CaseClosed" not in kinds(decision.changes)
    assert "words" not in told(decision).values()


def test_words_that_the_reporter_has_already_are_not_obeyed_and_their_author_is_told() -> None:
    """Sent to him by its author's own client, there is nothing left to hold back."""
    decision = decided(Way("reporter", proof="signed"), "!close fixed" + NAMED, answered_case(), Cc=RITA)
    assert told(decision) == {ADDRESS: "words-seen"}
    assert "CaseClosed" not in kinds(decision.changes)


def test_words_in_a_mail_that_had_to_be_let_in_are_not_obeyed() -> None:
    """Whoever released it vouched for its author, not for what was signed when."""
    raw = mail(SIGNED, "!close fixed" + NAMED)
    found = known(SIGNED, answered_case(), raw, replayed=True)
    decision = arrived(raw, found, opened=opened(raw, SIGNED), policy=RELAY, released=True)
    assert "CaseClosed" not in kinds(decision.changes)
    assert "not done; sign your message" in said(decision)[0]


def test_the_status_is_told_by_command_as_well() -> None:
    """It changes nothing and is no refusal."""
    decision = operator("status")
    assert (decision.refusal, decision.changes) == ("", ())
    assert decision.said.startswith(f"{CASE}: open, answered")


def test_words_are_obeyed_in_observe_too() -> None:
    """Both modes end in the same events."""
    assert "CaseClosed" in kinds(decided(SIGNED, "!close fixed" + NAMED, answered_case(), OBSERVE).changes)


def test_words_answer_a_notice_as_well() -> None:
    """A reply to a letter of maild's own bears no member's token: it is obeyed, as nobody else reads it."""
    decision = heard("!close fixed" + NAMED, Way("", proof="signed"))
    assert "CaseClosed" in kinds(decision.changes)


def test_what_stands_below_the_words_is_shown_to_the_team() -> None:
    """Words alone are not worth a copy; a text is."""
    assert to(heard(f"!status\n\n{CASE}\n")) == set()
    assert to(heard("!status\n\nI think this is the old bug.\n")) == {
        "carl@project.example",
        "bea@project.example",
    }


def test_the_status_tells_no_word_of_the_report() -> None:
    """State, handler, promises, and the five steps."""
    line, *steps = "\n".join(said(heard("!status"))).splitlines()
    assert line == f"{CASE}: open, answered, handled by nobody; update by 2026-03-07 09:30 UTC."
    assert [step.strip()[:5] for step in steps] == ["[ ] 1", "[ ] 2", "[ ] 3", "[ ] 4", "[ ] 5"]


def test_a_pause_moves_the_due_instant_and_resuming_gives_the_rest_back() -> None:
    """At most thirty days; in the end the promise is due as much later as it waited."""
    end = datetime(2026, 3, 13, tzinfo=UTC)
    (moved,) = [
        c for c in heard("!pause asleep until 2026-03-12" + NAMED).changes if isinstance(c, MoveClock)
    ]
    due = NOW + timedelta(days=5)
    assert (moved.due, moved.paused_until, moved.by) == (due + (end - NOW), end, "team:Anna")
    paused = replace(
        clock(Promise.UPDATE, 3), due=moved.due, paused_until=end, paused_since=moved.since, paused_due=due
    )
    early = OperatorSaid(CASE, Word("resume"), "operator:ann")
    at = NOW + timedelta(days=2)
    (back,) = decide(early, CaseCandidates(case(paused, answered=True)), RELAY, at).changes
    assert isinstance(back, MoveClock)
    assert (back.due, back.paused_until) == (due + timedelta(days=2), None)


def test_a_pause_ends_after_thirty_days() -> None:
    """However long it was asked for; and the team is told."""
    moved, told = operator("pause", "waiting until 2027-01-01").changes
    assert isinstance(moved, MoveClock)
    assert isinstance(told, OweLetter)
    assert (told.recipient, told.facts["about"]) == ("anna@project.example", "paused")
    assert "waiting" not in repr(told.facts).replace("'waits'", "")
    assert moved.paused_until == NOW + timedelta(days=30)


@pytest.mark.parametrize(
    ("one", "rest"),
    [
        (case(), "waiting until 2026-03-20"),
        (
            case(
                clock(Promise.UPDATE, 3), clock(Promise.RESPOND, 4, reporter="sam@far.example"), answered=True
            ),
            "x until 9d",
        ),
        (answered_case(), "until 2026-03-20"),
        (answered_case(), "waiting"),
        (answered_case(), "waiting until yesterday"),
        (answered_case(), "waiting until 2026-03-01"),
        (case(replace(clock(Promise.UPDATE), met=NOW), answered=True), "waiting until 9d"),
    ],
    ids=["unanswered", "one of two unanswered", "no reason", "no end", "no date", "past", "nothing runs"],
)
def test_a_pause_that_cannot_be_is_refused(one: Case, rest: str) -> None:
    """Every reporter was answered first, there is a reason and an end to come, and something to pause."""
    decision = operator("pause", rest, one)
    assert decision.changes == ()
    assert decision.refusal.startswith("!pause: ")


def test_resuming_what_does_not_wait_changes_nothing() -> None:
    """It says so."""
    assert operator("resume").refusal == "Nothing was paused."


@pytest.mark.parametrize(("word", "reason"), [("spam", "spam"), ("close", "done")])
def test_a_case_is_closed_by_word(word: str, reason: str) -> None:
    """Its promises stop, who did it is kept; spam may end unanswered, anything else may not."""
    stopped, closed = operator(word).changes
    assert isinstance(stopped, StopClock)
    assert closed == CaseClosed(CASE, NOW, reason, "operator:ann")
    assert bool(operator(word, one=case()).changes) is (word == "spam")
    assert operator(word, one=case(state=CaseState.CLOSED)).changes == ()


@pytest.mark.parametrize("word", ["reopen", "not-spam"])
@pytest.mark.parametrize(("answered", "promise"), [(True, Promise.UPDATE), (False, Promise.RESPOND)])
def test_a_closed_case_goes_on_by_word(word: str, answered: bool, promise: Promise) -> None:
    """With the promise that its reporter is owed next; an open one is left alone."""
    closed = case(state=CaseState.CLOSED, answered=answered)
    reopened, begun = operator(word, one=closed).changes
    assert isinstance(reopened, CaseReopened)
    assert isinstance(begun, StartClock)
    assert (begun.promise, begun.reporter, begun.started) == (promise, RITA, NOW)
    assert operator(word, one=case()).changes == ()


def test_a_duplicate_is_joined_to_an_open_case_only() -> None:
    """Not to itself, to no case, or to a closed one, where its promises would run unseen."""
    assert operator("duplicate", "EX-333333", other=OTHER).changes == (
        MergeCase(CASE, "EX-333333", NOW, "operator:ann"),
    )
    for other in (None, case(), replace(OTHER, state=CaseState.CLOSED)):
        assert operator("duplicate", "EX-333333", other=other).changes == ()


def test_a_key_is_asked_for_without_a_word_of_the_case() -> None:
    """One letter a reporter and day, which says nothing but its number."""
    (letter,) = operator("askkey").changes
    assert isinstance(letter, OweLetter)
    assert (letter.kind, letter.recipient, letter.facts, letter.sealed) == (
        LetterKind.ASKKEY,
        RITA,
        {},
        False,
    )


def test_a_guest_is_let_in_until_a_day_and_told_the_rules_first() -> None:
    """With a token that leads to the team, in his own letter, before any copy."""
    guest, rules = operator("guest", "Fix@Vendor.Example until 2026-03-20").changes
    assert isinstance(guest, AddParticipant)
    assert isinstance(rules, OweLetter)
    assert (guest.address, guest.side, guest.audience) == ("fix@vendor.example", Side.GUEST, "team")
    assert guest.until == datetime(2026, 3, 21, tzinfo=UTC)
    assert (rules.recipient, rules.facts["about"], rules.token) == (guest.address, "guest", guest.token)


def test_there_are_no_guests_where_maild_passes_nothing_on() -> None:
    """In observe mode a list delivers: an invitation would promise copies that nobody sends."""
    event = OperatorSaid(CASE, Word("guest", "fix@vendor.example until 9d"), "operator:ann")
    decision = decide(event, CaseCandidates(answered_case()), OBSERVE, NOW)
    assert (decision.changes, "observe" in decision.refusal) == ((), True)


@pytest.mark.parametrize(
    "rest",
    [
        "nobody until 2026-03-20",
        "x@y.example",
        f"{RITA} until 9d",
        f"{ADDRESS} until 9d",
        "security@project.example until 9d",
    ],
)
def test_who_cannot_be_a_guest(rest: str) -> None:
    """No address, no end, the reporter himself, a member, the desk."""
    assert operator("guest", rest).changes == ()


def test_a_receipt_that_waited_goes_out_by_word() -> None:
    """To the reporter, threaded under his mail, once; where nobody waits for one, the word does nothing."""
    receipt, _ = operator("acknowledge", one=case(flags=frozenset({Flag.FORWARDED}))).changes
    assert isinstance(receipt, OweLetter)
    assert (receipt.kind, receipt.recipient, receipt.dedupe) == (
        LetterKind.RECEIPT,
        RITA,
        f"receipt:{CASE}:{RITA}",
    )
    assert receipt.in_reply_to == "<one@reporter.example>"
    assert operator("acknowledge").changes == ()
    assert operator("acknowledge", one=case()).changes == ()  # its receipt is on its way by itself


NO_CASE = f"there is no case {CASE}; `maild cases --all` lists them"


@pytest.mark.parametrize("word", ["handler", "guest", "close"])
def test_a_word_about_no_case_is_refused(word: str) -> None:
    """The refusal names it."""
    event = OperatorSaid(CASE, Word(word, "anna"), "operator:ann")
    assert decide(event, CaseCandidates(None), RELAY, NOW).refusal == NO_CASE


def test_why_a_sealed_case_was_closed_or_waits_stands_in_the_mail_only() -> None:
    """The reason is for the journal, which holds no word of what is sealed."""
    decision = heard("!close the quokka overflow is fixed" + NAMED, one=replace(answered_case(), sealed=True))
    (closed,) = [c for c in decision.changes if isinstance(c, CaseClosed)]
    assert closed.reason == "(sealed, in mail 1)"
    said = "!pause the vendor of quokka sleeps until 2026-03-20"
    waits = heard(said + NAMED, one=replace(answered_case(), sealed=True))
    assert {c.reason for c in waits.changes if isinstance(c, MoveClock)} == {"(sealed, in mail 1)"}


def test_words_of_one_mail_see_what_the_words_above_did() -> None:
    """A whole road in one mail; and a verdict that the reporter was not told of closes no case by the next line."""
    one = answered_case(NOW - timedelta(hours=1))
    words = "!handler me\n!verdict vulnerability\n!severity Important\n!affects 1.0\n!stage confirmed"
    assert f"{CASE} is now at the stage confirmed." in said(heard(words + NAMED, one=one))
    closed = heard("!verdict bug\n!close" + NAMED, one=one)
    assert "CaseClosed" not in kinds(closed.changes)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("!spam\n!reopen", f"{CASE} is open again."),
        ("!duplicate EX-333333\n!close", f"{CASE} is already closed."),
        ("!spam\n!reopen\n!reopen", f"{CASE} is open."),
    ],
)
def test_a_word_sees_whether_those_above_have_closed_the_case(words: str, answer: str) -> None:
    """Closed, joined and reopened count at once, within one mail."""
    assert said(heard(words + NAMED))[-1] == answer


@pytest.mark.parametrize(
    ("signed", "named", "closes"),
    [
        (NOW, "EX-333333", True),
        (NOW - timedelta(seconds=1), "EX-333333", False),
        (NOW - timedelta(seconds=1), CASE, True),
        (NOW, "EX-444444", False),
    ],
)
def test_a_case_goes_by_the_number_of_one_joined_to_it_from_then_on(
    signed: datetime, named: str, closes: bool
) -> None:
    """Signatures know whole seconds, so one made in the second of the join is not from before it."""
    raw = mail(SIGNED, f"!close fixed\n\nThis is about {named}.\n")
    joined = (("EX-333333", NOW + timedelta(milliseconds=500)),)
    found = known(SIGNED, answered_case(), raw, joined=joined)
    decision = arrived(raw, found, opened=opened(raw, SIGNED, at=signed), policy=RELAY)
    assert ("CaseClosed" in kinds(decision.changes)) is closes


@pytest.mark.parametrize(
    ("who", "sealed", "encrypted", "line"),
    [
        ("anna@project.example", False, False, f"{CASE}: open"),
        ("anna@project.example", True, True, f"{CASE}: open"),
        ("bea@project.example", False, False, f"{CASE}: open"),
        ("bea@project.example", True, False, f"{CASE}: done."),
    ],
)
def test_the_answer_to_a_command_says_nothing_of_an_encrypted_case_in_clear(
    who: str, sealed: bool, encrypted: bool, line: str
) -> None:
    """Encrypted to whoever has a key; to anybody else it says that the command was obeyed, and no more."""
    way = Way("team")
    raw = mail(way, "!status\n", sender=who)
    one = replace(answered_case(), sealed=sealed)
    found = MailCandidates("EX-777777", by_reference=one)
    decision = arrived(raw, found, policy=RELAY)
    (letter,) = [x for x in letters(decision, LetterKind.NOTICE) if x.facts["about"] == "words"]
    assert letter.sealed is encrypted
    assert str(letter.facts["said"][0]).startswith(line)  # type: ignore[index]  # a list of texts
