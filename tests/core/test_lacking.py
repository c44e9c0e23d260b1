"""What still lacks before an embargo ends: approvals only where maild itself mails the announcement."""

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.core.disclosure.listed import TERMS, frame
from maild.core.disclosure.sending import CLOCK, MOVED, UNCERTAIN, _turn
from maild.core.due.embargo import lacks
from maild.core.facts.record import Disclosure, Fact
from maild.core.facts.table import ANNOUNCED_AT, SEEN_AT
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


@pytest.mark.parametrize(
    ("moved", "clock_set", "why"), [(0, True, CLOCK), (-1, False, MOVED), (-1, True, CLOCK)]
)
def test_at_the_instant_people_read_why_nothing_went_out(moved: int, clock_set: bool, why: str) -> None:
    """A clock that nobody can check comes first, then that two approved another time."""
    road = on_the_road()
    road.says("!announce", text=TEXT)
    road.approved()
    at = AT + timedelta(days=moved)
    road.says(f"!embargo {at:%Y-%m-%d %H:%M} UTC the fix needs it")
    asked = notices(road.sweeps(at, clock_set=clock_set), "not-announced")
    assert {one.facts["why"] for one in asked} == {why}


@pytest.mark.parametrize(
    ("hours", "facts", "turn"),
    [
        (None, {}, None),
        (6, {}, 6),
        (6, {ANNOUNCED_AT: 2}, 2),
        (6, {SEEN_AT: 3}, 3),
        (6, {ANNOUNCED_AT: 2, SEEN_AT: 1}, 1),
        (6, {ANNOUNCED_AT: 9}, 6),
        (None, {SEEN_AT: 9}, 9),
    ],
)
def test_a_later_place_has_its_turn_when_the_first_is_out_or_its_time_is_over(
    hours: int | None, facts: dict[str, int], turn: int | None
) -> None:
    """Whichever comes first; the first place has it at once."""
    place = Announcement("oss", Kind.LIST, "oss@lists.example", "list", hours and timedelta(hours=hours))
    known = [
        Fact(name, (AT + timedelta(hours=at)).isoformat(), "op", AT, "list") for name, at in facts.items()
    ]
    case = replace(answered_case(), record=Disclosure(tuple(known)))
    assert _turn(place, case, AT) == (AT + timedelta(hours=turn) if turn else None)
    assert _turn(LIST, case, AT) == AT


@pytest.mark.parametrize(
    ("facts", "told", "lines"),
    [
        ({}, False, ["Public from: not agreed yet"]),
        ({"cve": "requested"}, False, ["CVE: asked for", "Public from: not agreed yet"]),
        (
            {"cve": "CVE-2026-12345", "severity": "Important", "embargo": AT.isoformat()},
            False,
            [
                "Severity: Important",
                "CVE: CVE-2026-12345 (please do not name it in public before the announcement)",
                f"Public from: {AT:%Y-%m-%d %H:%M} UTC",
            ],
        ),
        (
            {"cve": "CVE-2026-12345", "severity": "Important", "affects": "1.0"},
            True,
            [
                "CVE: CVE-2026-12345 (please do not name it in public before the announcement)",
                "Public from: not agreed yet",
            ],
        ),
        ({"cve": "a number"}, False, ["Public from: not agreed yet"]),
    ],
)
def test_a_list_reads_what_was_recorded_and_until_when_it_is_secret(
    facts: dict[str, str], told: bool, lines: list[str]
) -> None:
    """Line by line; an advisory says itself what is affected and how badly."""
    known = tuple(Fact(name, value, "op", AT) for name, value in facts.items())
    case = replace(answered_case(), record=Disclosure(known))
    found = frame(DISTROS, case, told).splitlines()
    assert found == [*lines, f"TLP:{DISTROS.tlp}", "", *(DISTROS.terms or TERMS).splitlines()]
