"""``!send`` with several reporters, with text of its own, and for letters that wait for a second look."""

from dataclasses import replace

import pytest

from maild.core.change import FreeLetter, OweLetter
from maild.core.decision import Decision
from maild.core.disclosure.drafts import send
from maild.core.facts.change import SetFact
from maild.core.facts.table import DRAFT, DRAFT_SENT
from maild.core.letters.kinds import LetterKind
from maild.core.values.case import Case
from maild.core.words.command import Command
from maild.core.words.reading import Word
from maild.core.writing import reporter
from tests.core.test_disclosure import DESK, after, handled, say
from tests.support.deciding import CASE, RITA, answered_case, arrived, letters
from tests.support.desk import NOW
from tests.support.members import RELAY, Way, known, mail, opened

SAM = "sam@far.example"
BOTH = replace(after(handled(), "verdict bug it is only the colour"), reporters=(RITA, SAM))
LONG = "We can reproduce it, and a fix is on its way to you."


def to(decision: Decision) -> list[str]:
    """Whom an answer goes to."""
    return [one.recipient for one in letters(decision, LetterKind.ANSWER)]


def noted(decision: Decision) -> dict[tuple[str, str], str]:
    """What is recorded."""
    return {(one.name, one.item): one.value for one in decision.changes if isinstance(one, SetFact)}


def test_a_draft_for_one_reporter_is_kept_for_the_others() -> None:
    """Until the last has had it; nobody is sent it twice."""
    first = say(BOTH, f"send to {RITA}")
    assert to(first) == [RITA]
    assert first.said.endswith("as it stands. It is kept for the other reporters.")
    item = reporter.item(BOTH.id, RITA, DESK)
    assert {name for name, _ in noted(first)} == {DRAFT_SENT}
    assert set(noted(first)) == {(DRAFT_SENT, item)}
    had = after(BOTH, f"send to {RITA}")
    assert "they have had this draft, and nobody gets it twice" in say(had, f"send to {RITA}").refusal
    last = say(had, "send")
    assert to(last) == [SAM]
    assert "It is kept" not in last.said
    assert noted(last) == {(DRAFT, ""): ""}


def test_a_draft_for_everybody_is_done_with() -> None:
    """A draft that names no reporter goes to every one of them at once, and is done with."""
    decision = say(BOTH, "send")
    assert to(decision) == [RITA, SAM]
    assert f"to {RITA} and to {SAM} in {CASE}, as it stands." in decision.said
    assert "kept" not in decision.said
    assert noted(decision) == {(DRAFT, ""): ""}


def test_a_new_draft_goes_to_whoever_had_the_old_one() -> None:
    """A new draft is another text: it goes to those who had the old one, too."""
    had = after(BOTH, f"send to {RITA}")
    facts = tuple(
        replace(one, at=one.at.replace(hour=23)) if one.name == DRAFT else one for one in had.record.facts
    )
    anew = replace(had, record=replace(had.record, facts=facts))
    assert to(say(anew, f"send to {RITA}")) == [RITA]


def written(words: str, one: Case) -> Decision:
    """Anna's signed message with these words on top."""
    way = Way("team", proof="signed")
    raw = mail(way, f"{words}\n\n{CASE}\n")
    return arrived(raw, known(way, one, raw), opened=opened(raw, way), policy=RELAY)


@pytest.mark.parametrize(
    ("words", "people", "done"),
    [
        (f"!send\n\n{LONG}", [RITA, SAM], True),
        (f"!send to {RITA}\n\n{LONG}", [RITA], False),
        ("!send\n\nok", [RITA, SAM], True),
        (f"!send to {SAM}\n\nok", [SAM], False),
    ],
)
def test_text_of_their_own_takes_the_place_of_a_draft(words: str, people: list[str], done: bool) -> None:
    """For whom it is sent to: the draft stays for the others. Too little text leaves the draft as it stands."""
    decision = written(words, BOTH)
    own = LONG in words
    assert to(decision) == people
    assert (noted(decision).get((DRAFT, "")) == "") is done
    assert ((DRAFT_SENT, reporter.item(CASE, SAM, RELAY)) in noted(decision)) is (not own and not done)
    (told,) = [x for x in letters(decision, LetterKind.NOTICE) if x.facts["about"] == "words"]
    said = str(told.facts["said"])
    assert ("Your text is being sent" in said) is own
    assert ("the text below !send, too short for an answer," in said) is not own


def test_without_a_draft_any_text_is_sent_and_none_is_refused() -> None:
    """A short one is brief, as it would be in a reply."""
    one = replace(answered_case(), reporters=(RITA,))
    (answer,) = letters(written("!send\n\nok", one), LetterKind.ANSWER)
    assert answer.facts["brief"] is True
    assert to(written("!send", one)) == []


@pytest.mark.parametrize(
    ("rest", "waiting", "signer", "freed", "said"),
    [
        ("anyway", (7,), "Anna", [7], f"Letter 7 in {CASE} is being sent as it is."),
        ("Anyway", (7,), "Anna", [7], ""),
        ("anyway 7", (7, 8), "Anna", [7], ""),
        (f"anyway 8 {CASE}", (7, 8), "Anna", [8], ""),
        ("anyway 7 8", (7, 8), "Anna", [7, 8], f"Letter 7 and 8 in {CASE} is being sent as it is."),
        ("anyway", (7, 8), "Anna", [], "say which: !send anyway NUMBER (7, 8)"),
        ("anyway 9", (7, 8), "Anna", [], f"waiting in {CASE}: 7, 8"),
        ("anyway 7 9", (7, 8), "Anna", [], f"waiting in {CASE}: 7, 8"),
        ("anyway 7 please", (7,), "Anna", [], f"waiting in {CASE}: 7"),
        ("anyway", (), "Anna", [], f"no letter in {CASE} is waiting for a second look."),
        ("anyway", (7,), "", [], "sign your message; on the command line: maild send NUMBER"),
    ],
)
def test_a_letter_that_waits_for_a_second_look_goes_by_its_number(
    rest: str, waiting: tuple[int, ...], signer: str, freed: list[int], said: str
) -> None:
    """By a signed word; the only one needs no number."""
    about = Command(
        Word("send", rest), answered_case(), "team:Anna", "Anna", NOW, RELAY, signer=signer, waiting=waiting
    )
    done = send(about)
    assert done.changes == tuple(FreeLetter(one, CASE, False, "team:Anna") for one in freed)
    assert said in done.said
    assert not [one for one in done.changes if isinstance(one, OweLetter)]
