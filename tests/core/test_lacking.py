"""What still lacks before an embargo ends: approvals only where maild itself mails the announcement."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.core.due.embargo import lacks
from maild.core.policy import Policy
from maild.core.values.targets import Announcement, Kind, Targets
from tests.support.deciding import answered_case
from tests.support.desk import POLICY
from tests.support.publishing import AT, OUT, TEXT, on_the_road


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
