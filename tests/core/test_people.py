"""The team: who has which role, and who an address or a key belongs to."""

from maild.core.cases.people import Member, Role, Team

ANNA = Member("Anna", ("anna@project.example", "anna@home.example"), "anna@phone.example", frozenset({Role.HANDLER}))
CARL = Member(
    "Carl", ("carl@project.example",), "carl@project.example", frozenset({Role.COORDINATOR, Role.HANDLER}), "A" * 40
)
BEA = Member("Bea", ("bea@project.example",), "bea@project.example", frozenset({Role.BACKUP}), "B" * 40)
TEAM = Team((ANNA, CARL, BEA))


def test_a_role_lists_its_members_in_order() -> None:
    """Everybody with the role, as configured."""
    assert TEAM.having(Role.HANDLER) == (ANNA, CARL)
    assert TEAM.having(Role.BACKUP) == (BEA,)


def test_an_address_belongs_to_one_member_in_any_case() -> None:
    """Every address of a member and the contact lead to the member."""
    found = [TEAM.claimed_by(a) for a in ("ANNA@Home.Example", " anna@phone.example", "x@project.example", "")]
    assert found == [ANNA, ANNA, None, None]


def test_a_fingerprint_belongs_to_its_member_only() -> None:
    """A listed fingerprint leads to its member; none, and an unlisted one, to nobody."""
    assert [TEAM.signed_by(f) for f in ("A" * 40, "B" * 40, "C" * 40, "")] == [CARL, BEA, None, None]
