"""What the newest messages of a mailbox tell about it, before anything is configured."""

import pytest

from maild.core.mail.evidence import Evidence, evidence, is_desk
from maild.core.mail.headers import Headers, parse_headers

DESK = "security@project.example"
RITA = "From: rita@reporter.example\n"
LIST = "List-Id: <team.lists.example>\nList-Post: <mailto:team@lists.example>\n"


def heads(*fields: str) -> list[Headers]:
    """The heads with these fields."""
    return [parse_headers(one.encode()) for one in fields]


def test_an_empty_mailbox_tells_nothing() -> None:
    """Nor that a list delivers to it."""
    found = evidence([], DESK)
    assert (found, found.delivered_by) == (Evidence(), "")


@pytest.mark.parametrize(
    ("to", "for_desk", "others"),
    [
        ("To: security@project.example\n", 1, ()),
        ("To: Security@Project.example\n", 1, ()),
        ("To: security+token@project.example\n", 1, ()),
        ("Cc: security@project.example\nTo: x@elsewhere.example\n", 1, ()),
        ("To: abuse@project.example, security@project.example\n", 1, (("abuse@project.example", 1),)),
        ("To: abuse+x@project.example\nCc: abuse@project.example\n", 0, (("abuse@project.example", 1),)),
        ("To: security@sub.project.example\n", 0, ()),
        ("To: security@evilproject.example\n", 0, ()),
        ("", 0, ()),
    ],
)
def test_to_whom_messages_went(to: str, for_desk: int, others: tuple[tuple[str, int], ...]) -> None:
    """To the desk, by whatever tag, and to other addresses of its domain."""
    found = evidence(heads(RITA + to), DESK)
    assert (found.total, found.for_desk, found.to) == (1, for_desk, others)


def test_without_a_separator_a_tag_is_part_of_the_name() -> None:
    """As where the desk's provider knows none."""
    found = evidence(heads(f"{RITA}To: security+token@project.example\n"), DESK, "")
    assert (found.for_desk, found.to) == (0, (("security+token@project.example", 1),))


@pytest.mark.parametrize(
    ("fields", "people"),
    [
        ("From: Mia <mia@project.example>\n", (("mia@project.example", 1),)),
        ("From: security@project.example\n", ()),
        ("From: rita@reporter.example\n", ()),
        ("From: mia@sub.project.example\n", ()),
        ("From: noreply@project.example\n", ()),
        (
            "From: users@project.example\nList-Id: <users.project.example>\n"
            "List-Post: <mailto:users@project.example>\n",
            (),
        ),
        ("From: users-bounces@project.example\nList-Post: <mailto:users@project.example>\n", ()),
        (
            "From: mia@project.example\nList-Post: <mailto:users@project.example>\n",
            (("mia@project.example", 1),),
        ),
        ("Subject: x\n", ()),
    ],
)
def test_who_wrote_of_the_desk_s_domain(fields: str, people: tuple[tuple[str, int], ...]) -> None:
    """People only: neither the desk, nor a list or its manager, nor a program."""
    assert evidence(heads(fields), DESK).people == people


def test_the_most_frequent_come_first() -> None:
    """Hosts that wrote results, lists, authors: each with how many messages bear it, at most eight."""
    results = "Authentication-Results: {}; dmarc=pass\n"
    names = [f"mx{number}.project.example" for number in range(9)]
    found = evidence(heads(*(results.format(one) for one in [*names, names[8]])), DESK)
    assert found.total == 10
    assert found.writers == ((names[8], 2), *((one, 1) for one in names[:7]))
    assert evidence(heads(RITA), DESK).writers == ()
    members = heads(*["From: mia@project.example\n"] * 2, "From: bea@project.example\n")
    assert evidence(members, DESK).people == (("mia@project.example", 2), ("bea@project.example", 1))


@pytest.mark.parametrize(("by_list", "others", "delivers"), [(1, 0, True), (1, 1, True), (1, 2, False)])
def test_a_list_delivers_where_every_second_message_came_by_it(
    by_list: int, others: int, delivers: bool
) -> None:
    """One fewer, and it is a list that somebody reads."""
    found = evidence(heads(*[RITA + LIST] * by_list, *[RITA] * others), DESK)
    assert [name for name, _ in found.lists] == ["team@lists.example"]
    assert found.delivered_by == ("team@lists.example" if delivers else "")


def test_a_list_is_at_the_desk_s_address_in_either_form() -> None:
    """As an address or as a List-Id."""
    assert is_desk("security.project.example", DESK)
    assert is_desk("Security@project.example", DESK)
    assert not is_desk("team.project.example", DESK)
