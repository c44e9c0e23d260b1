"""What still lacks before an embargo ends: approvals only where maild itself mails the announcement."""

from dataclasses import replace

import pytest

from maild.core.due.embargo import lacks
from maild.core.policy import Policy
from maild.core.values.targets import Announcement, Kind, Targets
from tests.support.deciding import answered_case
from tests.support.desk import POLICY


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
    assert any(one.startswith("for the announcement ") for one in lacks(answered_case(), policy)) is asks
