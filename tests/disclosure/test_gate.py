"""The last look before a letter to outsiders leaves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from maild.core.disclosure.gate import barred, withdrawn
from maild.core.facts.change import SetFact
from maild.core.values.case import CaseState
from maild.core.values.targets import ANNOUNCEMENT
from tests.support.publishing import AT, DISTROS, TEXT, Road, on_the_road

SECOND = timedelta(seconds=1)
LEAD = AT - DISTROS.lead


def ready() -> Road:
    """A case whose texts are prepared."""
    road = on_the_road()
    road.says("!announce", text=TEXT)
    road.says("!predisclose distros", text=TEXT)
    return road


def why(road: Road, item: str, now: datetime, digest: str = "") -> str:
    """Why the letter with the text of *item* may not leave; empty when it may."""
    kind = "announcement" if item == ANNOUNCEMENT else "predisclosure"
    found = barred(kind, item, digest or road.digest(item), road.case, now)
    return found.why if found else ""


def closed(road: Road) -> None:
    """The case is closed."""
    road.case = replace(road.case, state=CaseState.CLOSED)


def moved(road: Road) -> None:
    """The instant is a later one."""
    road.types(f"embargo {AT + timedelta(days=1):%Y-%m-%d %H:%M} UTC more time")


def ended(road: Road) -> None:
    """It leaked."""
    road.now = LEAD
    road.types("leaked")


def nothing(_: Road) -> None:
    """Nothing happened since."""


@pytest.mark.parametrize(
    ("happened", "item", "now", "words"),
    [
        (nothing, ANNOUNCEMENT, AT, ""),
        (nothing, ANNOUNCEMENT, AT + timedelta(days=9), ""),
        (nothing, ANNOUNCEMENT, AT - SECOND, "moved"),
        (moved, ANNOUNCEMENT, AT, "moved"),
        (ended, ANNOUNCEMENT, LEAD, ""),
        (closed, ANNOUNCEMENT, AT, "was closed"),
        (nothing, "distros", LEAD, ""),
        (nothing, "distros", AT - SECOND, ""),
        (nothing, "distros", AT, "has passed"),
        (moved, "distros", LEAD, "names an instant"),
        (closed, "distros", LEAD, "was closed"),
    ],
)
def test_what_it_was_owed_for_is_still_so(
    happened: Callable[[Road], None], item: str, now: datetime, words: str
) -> None:
    """The instant has come and not moved, an early notice is early and names it, the case is open."""
    road = ready()
    happened(road)
    found = why(road, item, now)
    assert bool(found) is bool(words)
    assert words in found


def test_another_text_or_an_announced_case_bars() -> None:
    """Only the text that was prepared last leaves; what is public is no early notice; closed after that bars nothing."""
    road = ready()
    assert "another text" in why(road, ANNOUNCEMENT, AT, "0" * 64)
    road.now = AT
    road.take((SetFact(road.case.id, "stage", "announced", "op"),))
    closed(road)
    assert why(road, ANNOUNCEMENT, AT) == ""
    assert why(road, "distros", LEAD)


def test_todays_team_and_todays_address_stand_behind_it() -> None:
    """At each try: two members of today's team approve the text, and its place has the address it was owed to."""
    road = ready()
    to = road.policy.targets.mailed()[0].to

    def again(item: str = ANNOUNCEMENT, address: str = to) -> str:
        kind = "announcement" if item == ANNOUNCEMENT else "predisclosure"
        return withdrawn(kind, item, address, road.case, road.policy)

    assert again() == "approval"
    road.approved()
    road.approved("distros")
    assert again() == ""
    assert again("distros", DISTROS.to) == ""
    assert again(address="old@lists.example") == again("distros", "old@lists.example") == "recipient"
    stayed = tuple(one for one in road.policy.team.members if one.name != "Carl")
    road.policy = replace(road.policy, team=replace(road.policy.team, members=stayed))
    assert again() == again("distros", DISTROS.to) == "approval"
