"""One way to a reporter: an ordinary reply and ``!send`` are sealed, held, copied and counted alike (ruling 19)."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from maild.core.candidates.mail import Correspondent
from maild.core.candidates.said import CaseCandidates
from maild.core.change import OweLetter, SetFact
from maild.core.decide import decide
from maild.core.decision import Decision
from maild.core.event import OperatorSaid
from maild.core.facts.record import Disclosure, Fact
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Notice
from maild.core.values.case import Case
from maild.core.words.reading import Word
from tests.support.deciding import CASE, RITA, answered_case, arrived, letters
from tests.support.desk import NOW
from tests.support.members import ADDRESS, RELAY, TEAM, Way, answers, known, mail, opened, to

LONG = "We can reproduce it, and a fix is on its way."
DRAFTED = replace(answered_case(), record=Disclosure((Fact("draft", "bug", "team:Anna", NOW),)))
OTHERS = TEAM - {ADDRESS}


def replied(text: str, one: Case, **about: object) -> Decision:
    """Anna answers the copy of the reporter's mail."""
    return _decided(Way("reporter", proof="signed"), text, one, **about)


def sent(text: str, one: Case, **about: object) -> Decision:
    """Anna says ``!send`` to the team's address, with the text below it."""
    return _decided(Way("team", proof="signed"), f"!send\n\n{text}\n\n{CASE}\n", one, **about)


def _decided(way: Way, text: str, one: Case, **about: object) -> Decision:
    raw = mail(way, text)
    found = known(way, one, raw, **about)
    return arrived(raw, found, opened=opened(raw, way), policy=RELAY)


WAYS = pytest.mark.parametrize("says", [replied, sent])
Says = Callable[..., Decision]


@WAYS
@pytest.mark.parametrize(("text", "brief"), [("ok", True), ("Thanks, will look.", True), (LONG, False)])
def test_a_brief_text_is_brief_however_it_is_sent(says: Says, text: str, brief: bool) -> None:
    """A reply and ``!send`` without a draft go to the reporter; only one with enough words answers in detail."""
    (letter,) = answers(says(text, answered_case()))
    assert (letter.recipient, letter.reporter, letter.facts["brief"]) == (RITA, RITA, brief)
    assert letter.facts["by"] == "team:Anna"
    assert letter.in_reply_to == "<one@reporter.example>"
    assert not letter.internal


@WAYS
def test_the_other_members_get_a_copy(says: Says) -> None:
    """One each, and its author none; what they answer goes to the reporter."""
    decision = says(LONG, answered_case())
    assert sorted(one.recipient for one in letters(decision, LetterKind.COPY)) == sorted(OTHERS)
    assert {one.facts["audience"] for one in letters(decision, LetterKind.COPY)} == {"reporter"}


@WAYS
def test_without_a_key_a_sealed_case_is_held_and_its_author_told(says: Says) -> None:
    """The answer waits, and whoever wrote it hears so at once."""
    sealed = replace(answered_case(), sealed=True)
    decision = says(LONG, sealed)
    (letter,) = answers(decision)
    assert letter.sealed
    assert letter.held
    told = [
        one.recipient for one in letters(decision, LetterKind.NOTICE) if one.facts["about"] == "answer-held"
    ]
    assert told == [ADDRESS]
    there = says(LONG, sealed, correspondents=(Correspondent(RITA, "", has_key=True),))
    assert [one.held for one in answers(there)] == [""]


@WAYS
@pytest.mark.parametrize("inside", ["!close", "=~=~= for the team only =~=~="])
def test_what_is_for_the_team_only_goes_to_no_reporter(says: Says, inside: str) -> None:
    """A word to maild or a piece of the block in the text stops it on either way."""
    decision = says(f"{LONG}\n\n{inside}\n", answered_case())
    assert answers(decision) == []


@pytest.mark.parametrize(
    "text", ["", "Mia", "Best, Mia", "ok", "-- \nMia Member\nThe Security Team of it all"]
)
def test_too_little_below_send_leaves_the_draft_as_it_stands(text: str) -> None:
    """The case number, a name, a greeting or a signature is no answer: the draft goes, and meets promises."""
    decision = sent(text, DRAFTED)
    (letter,) = answers(decision)
    assert letter.facts["about"] == "bug"
    assert "envelope" not in letter.facts
    assert not letter.facts["brief"]
    assert SetFact(CASE, "draft", "", "team:Anna") in decision.changes
    (said,) = [
        one.facts["said"] for one in letters(decision, LetterKind.NOTICE) if one.facts["about"] == "words"
    ]
    assert "being sent to rita@reporter.example in EX-222222, as it stands" in str(said)


def test_enough_below_send_goes_in_the_drafts_place() -> None:
    """Their own text, and they are told so."""
    decision = sent(LONG, DRAFTED)
    (letter,) = answers(decision)
    assert letter.facts["below"]
    (said,) = [
        one.facts["said"] for one in letters(decision, LetterKind.NOTICE) if one.facts["about"] == "words"
    ]
    assert said == ["Your text is being sent to rita@reporter.example in EX-222222."]


def test_a_draft_that_is_sent_is_copied_to_the_others() -> None:
    """With what it says, from whom; on the command line, where nobody has written, to everybody."""
    copies = letters(sent("", DRAFTED), LetterKind.COPY)
    assert {one.recipient for one in copies} == OTHERS
    assert {(one.facts["about"], one.facts["by"]) for one in copies} == {("bug", "team:Anna")}
    event = OperatorSaid(CASE, Word("send"), "operator:ann")
    by_command = decide(event, CaseCandidates(DRAFTED, guests=("g@vendor.example",)), RELAY, NOW)
    assert to(by_command) == {*TEAM, "g@vendor.example"}


def test_every_reporter_gets_what_is_sent() -> None:
    """Of several reporters too, each by their own key."""
    both = replace(DRAFTED, reporters=(RITA, "rob@reporter.example"), sealed=True)
    keys = (Correspondent(RITA, has_key=True), Correspondent("rob@reporter.example"))
    decision = sent("", both, correspondents=keys[:1], reporters=keys)
    assert {one.recipient: bool(one.held) for one in answers(decision)} == {
        RITA: False,
        "rob@reporter.example": True,
    }


def test_a_letter_cannot_be_made_without_saying_who_reads_it() -> None:
    """``internal`` has no default, so that a letter to the team is never taken for one to an outsider."""
    with pytest.raises(TypeError, match="internal"):
        OweLetter("one", LetterKind.NOTICE, CASE, ADDRESS, "token", Notice("words"))  # type: ignore[call-arg]


def test_whoever_gets_a_draft_answers_it_as_the_team() -> None:
    """The draft is internal: its reader is known by the token in it."""
    raw = mail(Way("team", proof="signed"), f"!verdict bug it is the colour\n\n{CASE}\n")
    way = Way("team", proof="signed")
    decision = arrived(raw, known(way, answered_case(), raw), opened=opened(raw, way), policy=RELAY)
    (draft,) = letters(decision, LetterKind.DRAFT)
    assert draft.internal
