"""Values as they answer by themselves: people, desks, lists, cases and names."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from maild.core.policy import SEED_LADDER, Policy
from maild.core.values import ids
from maild.core.values.case import Case, CaseState, Clock
from maild.core.values.desk import Desk
from maild.core.values.people import Known, Member, Role, Team
from maild.core.values.process import SEED, Handling, Process, Reason
from maild.core.values.rule import Rung
from maild.core.values.targets import Announcement, Kind, Predisclosure, Targets
from maild.core.values.token import Token
from maild.core.values.wordfile import lines, strays
from tests.support.desk import ANNA, BEA, CARL, DESK, NOW, POLICY

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
TEAM = POLICY.team


@pytest.mark.parametrize(
    ("address", "owned"),
    [
        ("security@project.example", True),
        ("Security@Project.Example.", True),
        ("security+k3m5@project.example", True),
        ("secure@project.example", True),
        ("secure+k3m5@project.example", True),
        ("security+list@old.example", True),
        ("security@old.example", False),
        ("security-k3m5@project.example", False),
        ("security@other.example", False),
        ("insecurity@project.example", False),
    ],
)
def test_a_desk_owns_its_addresses_and_those_with_a_token(address: str, owned: bool) -> None:
    """In any case, and its aliases; an alias with a tag of its own is that one only."""
    desk = replace(DESK, aliases=("secure@project.example", "security+list@old.example"))
    assert desk.owns(address) is owned
    assert replace(desk, subaddress="").owns("security+k3m5@project.example") is False
    assert desk.domain == "project.example"


@pytest.mark.parametrize(
    ("address", "ids_"),
    [
        ("distros@lists.example", ["distros"]),
        ("Distros@Lists.Example", ["distros"]),
        ("distros+tag@lists.example", ["distros"]),
        ("distros-subscribe@lists.example", ["distros"]),
        ("distros-unsubscribe-rita=x@lists.example", ["distros"]),
        ("distros-bounces+rita=x@lists.example", ["distros"]),
        ("distros-request@lists.example", ["distros"]),
        ("owner-distros@lists.example", ["distros"]),
        ("distros%lists.example@relay.example", ["distros"]),
        ("lists.example!distros@relay.example", ["distros"]),
        ("oss@lists.example", ["oss"]),
        ("distros@lists\u3002example", ["distros"]),
        ("distros@\uff4cists.example", ["distros"]),
        ("distros-people@lists.example", []),
        ("distros-requests@lists.example", []),
        ("blog@lists.example", []),
        ("distros@other.example", []),
        ("distros", []),
        (f"distros@{'a' * 70}.example", []),
    ],
)
def test_a_list_is_known_by_all_ways_that_lead_to_it(address: str, ids_: list[str]) -> None:
    """With a tag, by its program, over another server, in other letters; a blog is written by a person."""
    targets = Targets(
        (Predisclosure("distros", "Distros@lists.example"), Predisclosure("linux", "linux@lists.example")),
        (
            Announcement("oss", Kind.OSS_SECURITY, "oss@lists.example"),
            Announcement("blog", Kind.BLOG, "blog@lists.example"),
        ),
    )
    assert targets.at(address) == ids_
    assert [one.id for one in targets.mailed()] == ["oss"]
    assert targets.listed("linux") is targets.predisclosure[1]
    assert targets.listed("oss") is None


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("anna", "Anna Adams"),
        ("Anna  ADAMS", "Anna Adams"),
        ("ann", ""),
        ("anne", "Anne"),
        ("smith", "Bea Smith"),
        ("be", "Bea Smith"),
        ("ith", ""),
        ("", ""),
        ("  ", ""),
        ("zoe", ""),
    ],
)
def test_a_member_is_meant_by_any_name_that_fits_one_only(name: str, found: str) -> None:
    """By the whole name first, then by the beginning of a word of it."""
    team = Team(tuple(replace(BEA, name=one) for one in ("Anna Adams", "Anne", "Bea Smith")))
    meant = team.meant(name)
    assert (meant.name if meant else "") == found
    assert team.unknown("ann") == "ann may be Anna Adams or Anne"
    assert team.unknown("zoe") == "there is no member called zoe; the team is Anna Adams, Anne, Bea Smith"
    assert team.unknown(" ").startswith("there is no member called")


def test_members_are_found_by_role_name_address_and_key() -> None:
    """Two members without a key are not each other's; an absence ends at its last instant."""
    assert TEAM.named("Coordinator") == (CARL,)
    assert TEAM.named("anna") == (ANNA,)
    assert TEAM.having(Role.BACKUP) == (BEA,)
    assert TEAM.claimed_by(" CARL@phone.example ") is CARL
    assert TEAM.claimed_by("rita@reporter.example") is None
    assert (TEAM.signed_by("A" * 40), TEAM.signed_by("")) == (ANNA, None)
    away = replace(ANNA, away=((NOW, NOW + HOUR),))
    assert [away.absent(NOW + at) for at in (-SECOND, timedelta(), HOUR - SECOND, HOUR)] == [
        False,
        True,
        True,
        False,
    ]
    assert (ANNA.shown, replace(ANNA, published="a@x.example").shown) == (
        "anna@project.example",
        "a@x.example",
    )


@pytest.mark.parametrize(
    ("known", "same"),
    [
        (Known("Anna", ("other@x.example",)), True),
        (Known("Ann", ("anna@project.example",)), True),
        (Known("Ann", ("anna@phone.example", "x@x.example")), True),
        (Known("Ann", ("x@x.example",), "A" * 40), True),
        (Known("Ann", ("x@x.example",), "B" * 40), False),
        (Known("Ann", ("x@x.example",)), False),
    ],
)
def test_a_member_is_known_again_under_another_name(known: Known, same: bool) -> None:
    """By an address or a key; that neither has a key means nothing."""
    assert known.is_(replace(ANNA, contact="anna@phone.example")) is same
    assert known.within(Team((replace(ANNA, contact="anna@phone.example"), BEA))) is same
    assert not Known("Ann", ()).is_(replace(ANNA, fingerprint=""))


def clock(promise: str, reporter: str, met: datetime | None = None, until: datetime | None = None) -> Clock:
    """A clock of a case."""
    return Clock(1, "EX-222222", promise, reporter, NOW, NOW + HOUR, met, paused_until=until)


def test_the_clocks_that_run_are_those_not_met() -> None:
    """Of the promises and the reporter that are asked for, or of all; a pause ends at its last instant."""
    first, second = clock("respond", "rita"), clock("update", "roy")
    case = Case(
        "EX-222222",
        CaseState.OPEN,
        NOW,
        False,
        ("rita", "roy"),
        clocks=(first, clock("x", "rita", NOW), second),
    )
    assert case.running() == (first, second)
    assert case.running("respond") == case.running(reporter="rita") == (first,)
    assert case.running("respond", reporter="roy") == ()
    assert case.running("respond", "update") == (first, second)
    assert (case.answered, case.record.value("severity")) == (False, "")
    paused = clock("respond", "rita", until=NOW + HOUR)
    assert [one.waits(at) for one in (first, paused) for at in (NOW, NOW + HOUR)] == [
        False,
        False,
        True,
        False,
    ]


def test_a_severity_is_handled_as_configured_or_as_usual() -> None:
    """Without branches of its own it is fixed on every maintained one; a reason names its place in the policy."""
    process = replace(SEED, handling={"Minor": Handling("public", ("main",))}, branches=("main", "1.x"))
    assert process.branches_for("Minor") == ("main",)
    assert process.branches_for("Critical") == ("main", "1.x")
    assert process.handled("Critical") == Handling("private")
    assert Process().longest_embargo == timedelta(days=90)
    assert (Process().unreachable_asks, Process().unreachable_after) == (2, timedelta(days=14))
    assert Reason("By design.").text == "By design."
    assert Reason("By design.", link="https://x.example").text == "By design. (https://x.example)"


def test_a_refused_token_is_asked_for_in_growing_pauses() -> None:
    """A code of refusal stays until another comes; a token without a failure has no pause."""
    token = Token("t", NOW, NOW + 2 * HOUR)
    assert [token.due(NOW + at) for at in (HOUR - SECOND, HOUR, 3 * HOUR)] == [False, True, True]
    refused = token.failed(NOW, "invalid_grant")
    assert (token.failures, refused.failures, refused.failed(NOW).failures) == (0, 1, 2)
    assert refused.failed(NOW).why == "invalid_grant"
    assert refused.failed(NOW, "invalid_client").why == "invalid_client"
    assert token.failed(NOW).refused is None


def test_a_name_is_one_of_many_that_nobody_guesses() -> None:
    """Case numbers have six letters that can be read out; a mark is ours only whole; both are for ever the same."""
    first, second, *_ = ids.case_ids(b"secret", "EX", "report")
    assert first != second
    assert all(one.startswith("EX-") and ids.is_number(one[3:]) for one in (first, second))
    assert len(list(ids.case_ids(b"secret", "EX", "report"))) == 1000
    assert [ids.is_number(one) for one in ("234567", "23456", "2345678", "23456O", "23456a", "")] == [
        True,
        *[False] * 5,
    ]
    mark = ids.mark(b"secret", "letter")
    assert ids.marked(b"secret", f" {mark}\r\n") == "letter"
    assert [ids.marked(b"secret", one) for one in (mark[:-1], f"x{mark}", "letter", "", ".", "\udcff.x")] == [
        ""
    ] * 6
    assert len(ids.token(b"secret", first, "rita", "team")) == ids.TOKEN_LENGTH
    assert len(ids.reference(b"secret", "key")) == ids.REFERENCE_LENGTH
    assert len(ids.named(b"secret", first, "rita")) == 16
    assert (first, mark) == ("EX-FHCFTE", "letter.j5xekwcax5hp6x477ep3js54cu")
    assert ids.digest(b"secret", "ab", "c") != ids.digest(b"secret", "a", "bc")


def test_lines_of_words_are_numbered_as_an_editor_shows_them() -> None:
    """Comments and empty lines count and say nothing; a colon within an entry is part of it."""
    text = "# Fruit\n\napple : fruit, red!\nre: : prefix\nplum\n"
    assert list(lines(text)) == [
        (3, "apple", ["fruit", "red!"]),
        (4, "re:", ["prefix"]),
        (5, "", ["plum"]),
    ]
    assert list(strays("en, 3", "apple", ["fruit", "x"], {"fruit"})) == ["en, 3: 'x' is not a topic"]
    assert list(strays("en, 3", "apple", ["fruit", "fruit"], {"fruit"})) == [
        "en, 3: 'apple' names a topic twice"
    ]
    assert list(strays("en, 3", "apple", ["fruit"], {"fruit"})) == []


def test_a_policy_tells_its_own_people_from_others() -> None:
    """What reporters do not get to see is every address of the team that is not the desk's."""
    policy: Policy = replace(
        POLICY, team=Team((*TEAM.members, Member("Desk", (DESK.address,), DESK.address, frozenset())))
    )
    assert policy.private_addresses == {
        "anna@project.example",
        "carl@project.example",
        "carl@phone.example",
        "bea@project.example",
    }
    assert policy.whom_to_write_to == {"carl@project.example", "carl@phone.example", "bea@project.example"}
    own = (Rung(("Anna",)),)
    ladders = replace(policy, ladders={"default": own, "slow": ()})
    assert ladders.ladder("respond") == ladders.ladder("gone") == own
    slow = replace(ladders, rules=(replace(policy.rules[0], id="respond", ladder="slow"),))
    assert slow.ladder("respond") == SEED_LADDER
    assert (policy.promised("respond"), policy.promised("gone")) == ("48 hours", "its time")
    listed = replace(policy, targets=Targets((Predisclosure("distros", "distros@lists.example"),)))
    assert listed.nobody_at("Distros@lists.example")
    assert not listed.nobody_at("rita@reporter.example")
    assert listed.nobody_at("noreply@shop.example")
    assert not listed.unread("distros@lists.example")
    assert Desk("x", "a@b.example", b"").prefix == "SEC"
