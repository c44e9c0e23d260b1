"""A list that was told a date, and the date is no longer true: a letter is prepared, approved and sent."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.core.facts.table import HOLDS
from maild.core.letters.kinds import LetterKind
from maild.core.letters.payloads import Prepared
from maild.core.values.case import CaseState
from tests.support.publishing import AT, DISTROS, OUT, TEXT, Road, notices, on_the_road

LEAD = AT - DISTROS.lead
LATER = AT + timedelta(days=1)


def told() -> Road:
    """A case whose list was told its date."""
    road = on_the_road()
    road.says("!predisclose distros", text=TEXT)
    road.approved("distros")
    assert road.outward(LEAD) == [DISTROS.to]
    road.settles(DISTROS.to)
    assert road.case.record.value(HOLDS, "distros") == AT.isoformat()
    return road


def moved(road: Road) -> None:
    """The announcement is moved by a day."""
    road.types(f"embargo {LATER:%Y-%m-%d %H:%M} UTC one day more")


def text(road: Road) -> str:
    """The prepared letter's own words and the lines below them."""
    record = road.case.record
    return record.value("prepared-text", "distros") + "\n" + record.value("prepared-frame", "distros")


def test_the_letter_about_a_moved_date_is_prepared_once() -> None:
    """The members get it with its digest; the reminder names the digest; nothing is sent unapproved."""
    road, first = told(), ""
    first = road.digest("distros")
    moved(road)
    letters = road.sweeps()
    digest = road.digest("distros")
    assert digest != first
    shown = [one for one in letters if one.kind == LetterKind.PREPARED]
    assert {one.facts["digest"] for one in shown} == {digest}
    assert {tuple(one.facts["digests"]) for one in notices(letters, "old-date")} == {(digest,)}
    for words in (f"{LATER:%Y-%m-%d %H:%M} UTC", f"{AT:%Y-%m-%d %H:%M} UTC"):
        assert words in text(road)
    assert road.outward(LEAD + timedelta(hours=1)) == []
    assert road.digest("distros") == digest


def test_the_letters_to_several_lists_are_shown_in_one_and_approved_by_one_reply() -> None:
    """Each member gets one letter with every text and digest; a signed message with both lines approves both."""
    vendors = replace(DISTROS, id="vendors", to="vendors@lists.example", key="vendors.asc")
    targets = replace(OUT.targets, predisclosure=(DISTROS, vendors))
    road = on_the_road(replace(OUT, targets=targets))
    for one in (DISTROS, vendors):
        road.says(f"!predisclose {one.id}", text=TEXT)
        road.approved(one.id)
    assert sorted(road.outward(LEAD)) == [DISTROS.to, vendors.to]
    for one in (DISTROS, vendors):
        road.settles(one.to)
    moved(road)
    shown = [one for one in road.sweeps() if one.kind == LetterKind.PREPARED]
    assert len({one.recipient for one in shown}) == len(shown) > 1
    digests = {road.digest("distros"), road.digest("vendors")}
    for one in shown:
        assert isinstance(one.says, Prepared)
        assert {each.digest for each in one.says.each} == digests
    both = "\n".join(f"!approve {one}" for one in digests)
    for name in ("Anna", "Carl"):
        road.says(both, name)
    assert sorted(road.outward()) == [DISTROS.to, vendors.to]


def test_two_approvals_send_it_at_once() -> None:
    """Then the list holds the new date, and nobody is reminded any more."""
    road = told()
    moved(road)
    road.sweeps()
    road.approved("distros", "Anna")
    assert road.outward() == []
    road.approved("distros", "Carl")
    assert road.outward() == [DISTROS.to]
    road.settles(DISTROS.to)
    assert road.case.record.value(HOLDS, "distros") == LATER.isoformat()
    assert notices(road.sweeps(LEAD + timedelta(days=2)), "old-date") == []


def test_what_a_member_prepared_stays() -> None:
    """A letter with the new date that a member wrote is not replaced by maild's."""
    road = told()
    moved(road)
    road.says("!predisclose distros", text=TEXT)
    own = road.digest("distros")
    road.sweeps()
    assert road.digest("distros") == own


@pytest.mark.parametrize(
    ("word", "words"), [("leaked", "is public now"), ("close unannounced no use", "will not be announced on")]
)
def test_released_or_withdrawn_two_approvals_send_it(word: str, words: str) -> None:
    """Also when the case is closed; not while the mailbox cannot be read."""
    road = told()
    road.types(word)
    if word.startswith("close"):
        road.case = replace(road.case, state=CaseState.CLOSED)
    road.sweeps()
    assert words in text(road)
    assert road.outward() == []
    road.approved("distros")
    assert road.outward(blind=True) == []
    assert road.outward() == [DISTROS.to]
    road.settles(DISTROS.to)
    assert road.case.record.value(HOLDS, "distros") == ""
    assert road.outward() == []


def test_the_old_text_with_its_approvals_is_not_sent_again() -> None:
    """What two approved for the old date does not count for the letter that takes it back."""
    road = told()
    road.types("leaked")
    assert road.outward() == []
    assert road.outward() == []
