"""One member who wants the announcement out, or elsewhere, alone: none of it leaves.

The attempts stand as a table in ``LEAKS.md``, with what comes of each.
"""

from datetime import timedelta

import pytest

from tests.openpgp.kit import Kit
from tests.relay.test_publishing import ANNOUNCE, PUBLIC, Publisher
from tests.support import mails
from tests.support.relaying import BEA, RelayDesk

pytestmark = pytest.mark.dovecot


@pytest.fixture
def publisher(desk: RelayDesk, kit: Kit) -> Publisher:
    """A case whose announcement Mia has prepared and approved alone."""
    made = Publisher(desk, kit)
    desk.comes(mails.plain(date=desk.clock))
    made.judged()
    made.says(f"!announce\r\n\r\n{PUBLIC}")
    assert "1 of 2" in made.says(f"!approve {made.prepared('announcement')}")
    return made


def approvals(publisher: Publisher) -> int:
    """How many approvals stand."""
    return sum(row["what"] == "approved" for row in publisher.desk.one()["disclosure"])


def over(publisher: Publisher) -> None:
    """The instant comes and passes."""
    publisher.at(publisher.desk.clock + timedelta(days=10, minutes=2))
    publisher.at(publisher.desk.clock + timedelta(minutes=2))


def test_one_person_does_not_approve_as_another(publisher: Publisher, kit: Kit) -> None:
    """Under a colleague's name with their own key, quoted, in an attached mail, twice: one approval stands."""
    digest = publisher.prepared("announcement")
    publisher.says(f"!approve {digest}", BEA, key=kit.member)
    publisher.says(f"> !approve {digest}", BEA)
    publisher.says(f"Forwarded:\r\n\r\n  | !approve {digest}", BEA)
    publisher.says(f"!approve {digest[:10]}", BEA)
    publisher.says(f"!approve {digest}")
    assert approvals(publisher) == 1
    over(publisher)
    assert publisher.outside() == []


@pytest.mark.parametrize(
    "words", ["!announce now", "!embargo 2020-01-01 10:00 UTC", "!leaked\r\n!announce now"]
)
def test_one_person_does_not_announce_at_once(publisher: Publisher, words: str) -> None:
    """Neither by the word for it, nor by an instant gone by, nor by saying that it leaked."""
    publisher.says(words)
    publisher.at(publisher.desk.clock + timedelta(minutes=2))
    assert publisher.outside() == []


def test_nothing_is_announced_twice(publisher: Publisher) -> None:
    """Approved again, announced at once, reopened: the lists have it once."""
    desk = publisher.desk
    digest = publisher.prepared("announcement")
    assert "2 of 2" in publisher.says(f"!approve {digest}", BEA)
    publisher.passed(timedelta(0))
    publisher.at(desk.clock)
    publisher.at(desk.clock + timedelta(seconds=20))
    once = publisher.outside()
    assert len(once) == 2
    for words in (f"!approve {digest}", "!announce now", "!close", "!reopen", "!announce now"):
        publisher.says(words)
    publisher.at(desk.clock + timedelta(minutes=2))
    assert publisher.outside() == once


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (ANNOUNCE, "elsewhere@lists.example"),
        (
            '[[announcement]]\nid = "blog"',
            '[[announcement]]\nid = "more"\nkind = "list"\nto = "more@lists.example"\n\n[[announcement]]\nid = "blog"',
        ),
    ],
)
def test_a_place_that_nobody_approved_gets_nothing(publisher: Publisher, old: str, new: str) -> None:
    """Another address, or another list, in the configuration after both have approved."""
    desk = publisher.desk
    assert "2 of 2" in publisher.says(f"!approve {publisher.prepared('announcement')}", BEA)
    publisher.passed(timedelta(0))
    desk.path.write_text(desk.path.read_text().replace(old, new))
    publisher.at(desk.clock)
    publisher.at(desk.clock + timedelta(seconds=20))
    assert not {"elsewhere@lists.example", "more@lists.example"} & set(publisher.outside())


def test_a_text_changed_between_two_approvals_starts_anew(publisher: Publisher) -> None:
    """Whoever approves, then prepares another text, stands alone for it again."""
    first = publisher.prepared("announcement")
    publisher.says(f"!announce\r\n\r\n{PUBLIC.replace('2.0.4', '9.9.9')}")
    publisher.says(f"!approve {first}", BEA)
    assert approvals(publisher) == 0
    over(publisher)
    assert publisher.outside() == []


def alone(publisher: Publisher, how: str) -> str:
    """Two have approved the text for another time, or for none; Mia makes it now, and says so."""
    digest, soon = publisher.prepared("announcement"), publisher.desk.clock + timedelta(minutes=3)
    assert "2 of 2" in publisher.says(f"!approve {digest}", BEA)
    earlier = f"!embargo {soon:%Y-%m-%d %H:%M} UTC"
    publisher.says(earlier if how == "earlier" else how)
    publisher.at(soon + timedelta(minutes=1))
    return " ".join(publisher.says("!announce now").split())


@pytest.mark.parametrize("how", ["!leaked", "!exploited", "earlier"])
def test_whoever_ends_the_embargo_early_does_not_announce_alone(publisher: Publisher, how: str) -> None:
    """What two approved for another time needs a second member who says that it is now; then it leaves once."""
    assert "the word of another member" in alone(publisher, how)
    publisher.at(publisher.desk.clock + timedelta(minutes=1))
    assert publisher.outside() == []
    assert "is being sent now" in publisher.says("!announce now", BEA)
    publisher.at(publisher.desk.clock + timedelta(minutes=1))
    assert len(publisher.outside()) == 2


def test_nor_does_whoever_sets_a_time_that_nobody_approved(desk: RelayDesk, kit: Kit) -> None:
    """The text was approved while no date was set: who sets one alone does not say alone that it has come."""
    made = Publisher(desk, kit)
    desk.comes(mails.plain(date=desk.clock))
    for words in (("verdict", "vulnerability"), ("severity", "important"), ("cve", "CVE-2026-12345")):
        assert desk.word(words[0], made.case, *words[1:]).status == 0
    made.says(f"!announce\r\n\r\n{PUBLIC}")
    made.says(f"!approve {made.prepared('announcement')}")
    assert "the word of another member" in alone(made, "earlier")
    assert made.outside() == []
