"""What still lacks before an embargo ends: approvals only where maild itself mails the announcement."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.core.disclosure.sending import UNCERTAIN
from maild.core.due.embargo import lacks
from maild.core.policy import Policy
from maild.core.values.targets import Announcement, Kind, Targets
from tests.support.deciding import answered_case
from tests.support.desk import POLICY
from tests.support.publishing import AT, DISTROS, OUT, TEXT, Road, notices, on_the_road


def to(*places: Announcement) -> Policy:
    """A desk that announces in these places."""
    return replace(POLICY, targets=Targets(announcement=places))


LIST = Announcement("list", Kind.LIST, "announce@lists.example")
BLOG = Announcement("blog", Kind.BLOG)


@pytest.mark.parametrize(
    ("policy", "asks"), [(to(LIST), True), (to(BLOG, LIST), True), (to(BLOG), False), (to(), False)]
)
def test_an_approval_lacks_only_where_maild_mails(policy: Policy, asks: bool) -> None:
    """Where people publish by hand nothing has to be approved for maild."""
    assert any(one.startswith("the announcement: ") for one in lacks(answered_case(), policy)) is asks


@pytest.mark.parametrize(("moved", "asks"), [(0, False), (1, False), (-1, True)])
def test_an_approval_for_a_later_time_lacks_for_an_earlier_one(moved: int, asks: bool) -> None:
    """Whoever is reminded before the announcement reads that maild will not send it then."""
    road = on_the_road()
    road.says("!announce", text=TEXT)
    road.approved()
    road.says(f"!embargo {AT + timedelta(days=moved):%Y-%m-%d %H:%M} UTC the fix needs it")
    lacking = [one for one in lacks(road.case, OUT) if "approval for this time" in one]
    assert bool(lacking) is asks


def asked(road: Road, clock_set: bool = False) -> list[object]:
    """What the letter says is missing that asks about the list at its lead, were it the first one."""
    found = notices(
        replace(road, owed={}).sweeps(AT - DISTROS.lead, clock_set=clock_set), "predisclosure-due"
    )
    return [one.facts["lacks"] for one in found]


def test_who_is_asked_about_a_list_reads_exactly_what_its_letter_lacks() -> None:
    """First a text, then two approvals, then one more; the clock is named where nothing else is missing."""
    road = on_the_road()
    assert asked(road) == [["a text (!predisclose distros, and the text below it)"]]
    road.says("!predisclose distros", text=TEXT)
    word = f"(!approve {road.digest('distros')})"
    assert asked(road) == [[f"approval by 2 members {word}"]]
    road.approved("distros", "Anna")
    assert asked(road, clock_set=True) == [[f"approval by 1 more member {word}; Anna approved it"]]
    road.approved("distros", "Carl")
    assert asked(road, clock_set=True) == [[UNCERTAIN]]
    assert asked(road) == []
