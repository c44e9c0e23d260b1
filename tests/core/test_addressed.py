"""For whom a message in a shared mailbox is."""

import pytest

from maild.core.mail.address import MAX_ADDRESSES
from maild.core.mail.addressed import RECIPIENTS, bare, others
from maild.core.mail.headers import Headers
from maild.core.mail.text import MAX_HEADER

OURS = ("security@project.example", "psirt@other.example")
MIA, BEA = "mia@project.example", "bea@other.example"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"To": f"Mia <{MIA}>"}, (MIA,)),
        ({"To": f"{MIA}, {BEA}"}, (BEA, MIA)),
        ({"To": "mia+x@project.example"}, (MIA,)),
        ({"To": MIA, "Cc": "security@project.example"}, ()),
        ({"To": MIA, "Delivered-To": "Security+x@project.example"}, ()),
        ({"To": MIA, "Cc": OURS[1]}, ()),
        ({"To": "rita@reporter.example"}, ()),
        ({"To": f"rita@reporter.example, {MIA}"}, (MIA,)),
        ({"To": "mia@sub.project.example"}, ()),
        ({}, ()),
    ],
)
def test_a_message_that_names_only_others_is_theirs(fields: dict[str, str], named: tuple[str, ...]) -> None:
    """People of the desk's domains; where it is named too, or nobody of them is, it is taken."""
    assert others(Headers(tuple(fields.items())), OURS, "+") == named


@pytest.mark.parametrize("name", RECIPIENTS)
def test_every_field_of_recipients_counts(name: str) -> None:
    """Each field in which a server names a recipient counts, whatever the server calls it."""
    assert others(Headers(((name, MIA),)), OURS, "+") == (MIA,)
    assert others(Headers((("To", MIA), (name, OURS[0]))), OURS, "+") == ()


def test_without_addresses_of_ours_nothing_is_anybody_else_s() -> None:
    """So that nothing is left alone."""
    assert others(Headers((("To", MIA),)), (), "+") == ()


@pytest.mark.parametrize(("over", "named"), [(-1, (MIA,)), (0, ())])
def test_a_message_that_names_more_than_are_read_is_taken(over: int, named: tuple[str, ...]) -> None:
    """The desk may be among those that are not."""
    many = ", ".join(f"u{number}@far.example" for number in range(MAX_ADDRESSES - 1 + over))
    assert others(Headers((("To", MIA), ("Cc", many))), OURS, "+") == named


@pytest.mark.parametrize(("over", "named"), [(0, (MIA,)), (1, ())])
def test_a_field_that_is_cut_is_one_that_may_name_the_desk(over: int, named: tuple[str, ...]) -> None:
    """It may stand at its end."""
    long = f"{MIA} ".ljust(MAX_HEADER + over)
    assert others(Headers((("To", long),)), OURS, "+") == named


@pytest.mark.parametrize(
    ("address", "subaddress", "wanted"),
    [
        ("mia+x+y@project.example", "+", MIA),
        ("mia-x@project.example", "-", MIA),
        ("mia+x@project.example", "", "mia+x@project.example"),
        (MIA, "+", MIA),
    ],
)
def test_an_address_without_its_tag(address: str, subaddress: str, wanted: str) -> None:
    """By the separator of the desk; without one a tag is part of the name."""
    assert bare(address, subaddress) == wanted
