"""What is said, and voided, when two cases that differ become one."""

from dataclasses import replace
from datetime import timedelta

from maild.core.candidates import CaseCandidates
from maild.core.change import MergeCase
from maild.core.decide import decide
from maild.core.disclosure.outward import approval
from maild.core.event import OperatorSaid
from maild.core.facts.record import Disclosure
from maild.core.values.case import Case, CaseState
from maild.core.words.reading import Word
from tests.support.publishing import AT, OUT, TEXT, Road, on_the_road

OTHER = "EX-999999"


def apart(road: Road, **about: object) -> Case:
    """Another case, like the one of *road* but for this."""
    return replace(road.case, id=OTHER, **about)  # type: ignore[arg-type]  # whatever a test wants different


def join(road: Road, other: Case) -> str:
    """The case of *road* becomes one with the *other*; what the operator is told."""
    event = OperatorSaid(road.case.id, Word("duplicate", OTHER), "operator:op")
    found = decide(event, CaseCandidates(road.case, other), road.policy, road.now)
    assert any(isinstance(one, MergeCase) for one in found.changes), found.refusal
    road.take(found.changes)
    return found.said


def test_two_that_do_not_differ_are_joined_without_a_word_more() -> None:
    """Neither a note nor a question."""
    road = on_the_road()
    assert "Note" not in join(road, apart(road))


def test_secrecy_embargo_and_wishes_that_differ_are_told_with_what_comes_of_it() -> None:
    """Who joins an encrypted case to another, or two dates, reads what holds from then on."""
    road = on_the_road()
    road.types("reporter-date 2026-03-20 12:00 UTC", "credit Rita Reporter")
    later = Road(OUT)
    later.types("verdict vulnerability", f"embargo {AT + timedelta(days=2):%Y-%m-%d %H:%M} UTC")
    said = join(road, apart(later, sealed=True))
    assert f"{OTHER} is encrypted and {road.case.id} is not" in said
    assert (
        f"that of {OTHER} is {AT + timedelta(days=2):%Y-%m-%d %H:%M} UTC: {AT + timedelta(days=2):%Y-%m-%d %H:%M}"
        in said
    )
    assert "The reporter's date" in said
    assert "2026-03-20 12:00 UTC holds" in said
    assert f"How the reporter of {OTHER} wants to be credited is not known" in said


def test_approvals_that_lead_nowhere_are_told_and_shown_no_more() -> None:
    """What was approved in the joined case is not sent, and its status does not say that it is approved."""
    road = on_the_road()
    road.says("!announce", text=TEXT)
    road.approved()
    said = join(road, apart(road, record=Disclosure()))
    assert "The text for announcement in EX-222222 (2 approved it) is not sent" in said
    assert road.case.record.items("approved") == {}
    assert list(approval(replace(road.case, state=CaseState.CLOSED), OUT.team)) == []
    assert road.outward(AT) == []
