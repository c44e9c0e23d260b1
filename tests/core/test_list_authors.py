"""An author whom a field of a mailing list names is never proved by what our exchanger says of From."""

from dataclasses import replace

import pytest

from maild.core.cases.authority import Standing, author_of
from maild.core.mail.facts import FolderRole, read_facts
from maild.core.mail.mime import parse
from tests.support import mails
from tests.support.deciding import facts
from tests.support.desk import ANNA, DESK, MX, POLICY

LIST = "security@lists.project.example"
OWN = replace(POLICY, desk=replace(DESK, own_lists=(LIST,)))
MEMBER = ANNA.addresses[0]
MARKS = {"List_Id": "Security <security.lists.project.example>", "X_BeenThere": LIST}


def standing(sender: str, passed: str, **fields: str) -> Standing:
    """What the author of this mail is; our exchanger vouches for the domain *passed*."""
    results = f"{MX}; dmarc=pass header.from={passed}"
    raw = mails.plain(sender=sender, Authentication_Results=results, **fields)
    return author_of(read_facts(parse(raw), OWN, FolderRole.INBOX), None, OWN).standing


@pytest.mark.parametrize("field", ["X_Original_From", "Reply_To"])
@pytest.mark.parametrize(
    ("sender", "passed"),
    [
        (f"Anna via Security <{LIST}>", "lists.project.example"),
        ("Mallory <mallory@project.example>", "project.example"),
        (f"Anna via Security <{DESK.address}>", "project.example"),
    ],
)
def test_an_author_behind_a_list_is_not_proved(field: str, sender: str, passed: str) -> None:
    """The list's field names a member: a claim, whoever From is and however well that is proved."""
    assert standing(sender, passed, **MARKS, **{field: f"Anna <{MEMBER}>"}) is not Standing.TEAM


def test_a_list_at_the_desks_own_address_is_not_the_desk() -> None:
    """A list that posts under the desk's own address vouches for whoever posted to it, not for the team."""
    assert (
        standing(DESK.address, "project.example", List_Id="<security.project.example>") is not Standing.TEAM
    )
    assert standing(DESK.address, "project.example") is not Standing.TEAM


def test_a_member_in_from_is_proved_whatever_list_carried_it() -> None:
    """Where a list leaves From as it was, and the signature holds, the exchanger vouches for it as ever."""
    assert standing(f"Anna <{MEMBER}>", "project.example", **MARKS) is Standing.TEAM


@pytest.mark.parametrize("reply_to", ["rita@reporter.example", ""])
def test_a_service_that_forwards_from_an_address_of_its_own_names_the_author(reply_to: str) -> None:
    """Where nobody reads that address (Forward Email's "friendly from"); a person in From stays the author."""
    fields = {"X_Original_From": "Rita Reporter <rita@reporter.example>"}
    fields |= {"Reply_To": reply_to} if reply_to else {}
    seen = facts(mails.plain(sender='"Rita Reporter" <no-reply@forwarder.example>', **fields))
    assert seen.author is not None
    assert (seen.author.address, seen.behind) == ("rita@reporter.example", True)
    seen = facts(mails.plain(sender="Tim <tim@forwarder.example>", **fields))
    assert seen.author is not None
    assert seen.author.address == "tim@forwarder.example"
