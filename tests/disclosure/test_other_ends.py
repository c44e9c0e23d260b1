"""The other ends of a case, on the same real servers as the three weeks: no issue, found twice, out too early."""

from datetime import datetime, timedelta

import pytest

from tests.disclosure import steps
from tests.disclosure.watching import assert_hidden, assert_kept
from tests.support import mails
from tests.support.relaying import BEA, MIA, RITA
from tests.support.story import CVE, LADDER, TICK, Story
from tests.support.storydesk import ANNOUNCE

pytestmark = pytest.mark.dovecot


def under_way(story: Story, *approved: str, sealed: bool = False) -> datetime:
    """A vulnerability with a date in nine days, and a text for it that some have approved; the date."""
    steps.reported(story, sealed)
    at = story.on(9, 14)
    story.says(f"!verdict vulnerability\n!severity important\n!done audit\n!cve {CVE}")
    story.says(f"!embargo {at:%Y-%m-%d %H:%M} UTC")
    story.says("!announce", below=steps.public(story))
    story.approve("announcement", *approved) if approved else ""
    return at


def paged(story: Story, why: str) -> list[int]:
    """How many letters coordinator, backup and handler got about that."""
    return [story.about(who, why) for who in LADDER]


def announced_by_word(story: Story) -> None:
    """``!announce now`` sends what two approved: once, to the list, at once."""
    assert story.outside() == []
    assert "is being sent now" in story.says("!announce now", BEA)
    at = story.desk.clock
    story.until(story.on(12, 10))
    assert story.outside() == [(at, ANNOUNCE)]
    assert_kept(story, at)
    assert_hidden(story)


def test_what_is_no_security_issue_is_closed_only_when_its_reporter_knows(story: Story) -> None:
    """The verdict drafts the answer with reason and tracker; he gets it by ``!send``; nobody outside hears a word."""
    steps.reported(story, sealed=False)
    story.until(story.on(1, 10))
    before = len(story.desk.answers(RITA))
    story.says(f"!verdict working-as-intended the {story.canary} may do so")
    for words in (f"the {story.canary} may do so", "https://project.example/issues", "If you disagree"):
        assert words in story.drafted()
    assert "has not been told the verdict yet" in story.says("!close")
    assert len(story.desk.answers(RITA)) == before
    story.says("!send")
    assert f"the {story.canary} may do so" in story.told()
    assert "is closed" in story.says("!close")
    story.until(story.on(21, 10))
    assert story.outside() == []
    assert_kept(story, story.desk.clock)
    assert_hidden(story)


def test_who_finds_it_second_is_joined_and_the_team_asked_whether_to_shorten(story: Story) -> None:
    """The team is asked once; an earlier date needs no reason and goes to both reporters.

    The second one had sealed his report, so the letter to the first, who has no key, waits for a person.
    """
    at = under_way(story)
    story.until(story.on(1, 10))
    first, second = story.case, story.reports(sealed=True)
    story.says("!verdict duplicate", case=second)
    story.says("!send", case=second)
    assert story.told()
    assert "is joined to" in story.says(f"!duplicate {first}", case=second)
    assert story.about(MIA, "Reported twice: announce earlier?") == 1
    assert story.instant == at
    sooner = at - timedelta(days=3)
    date = f"{sooner:%Y-%m-%d %H:%M}"
    assert "is to be announced on" in story.says(f"!embargo {date} UTC")
    story.says("!send")
    assert f"{sooner.day} {sooner:%B %Y, %H:%M} UTC" in story.told()
    (held,) = [row for row in story.desk.view("outbox", True) if row["state"] == "held"]
    assert (held["kind"], held["to"]) == ("answer", RITA)
    assert story.about(MIA, "A reply is waiting: it cannot be encrypted") == 1
    assert story.desk.word("send", str(held["letter"]), "--in-clear").status == 0
    story.at(story.desk.clock + timedelta(minutes=1))
    story.sealed = False
    assert f"{sooner.day} {sooner:%B %Y, %H:%M} UTC" in story.told()
    assert story.outside() == []
    assert_kept(story, sooner)
    assert_hidden(story)


def test_what_leaked_is_announced_by_two_and_a_word(story: Story) -> None:
    """A copy before its time pages everybody; ``!leaked`` too; one approval sends nothing, two only on a word."""
    at = under_way(story, MIA)
    story.until(story.on(2, 10))
    early = mails.plain(
        f"[announce] {CVE}", sender="x@lists.example", List_Id="<announce.lists.example>", Precedence="list"
    )
    story.desk.comes(early, sender="bounces@lists.example")
    assert paged(story, "URGENT: seen before the announcement") == [1, 1, 1]
    assert story.instant == at
    story.says("!leaked")
    assert paged(story, "The embargo is over: leaked") == [1, 1, 1]
    assert "missing: approval by 1 more member" in story.says("!announce now")
    assert "Nothing goes out by itself" in story.approve("announcement", BEA)
    story.until(story.on(2, 18))
    announced_by_word(story)


def test_what_is_exploited_is_announced_by_a_word_alone(story: Story) -> None:
    """Everybody is paged; not even what two approved goes out by itself, to any list, nor at the old instant."""
    at = under_way(story, MIA, BEA, sealed=True)
    story.says("!predisclose distros", below=steps.ahead(story))
    story.approve("distros")
    story.until(story.on(3, 10))
    story.says("!exploited")
    assert paged(story, "The embargo is over: exploited") == [1, 1, 1]
    story.until(at - steps.LEAD)
    story.until(at)
    story.at(at + TICK)
    announced_by_word(story)


def test_a_reporter_with_a_date_of_his_own_who_is_earlier_still(story: Story) -> None:
    """The team hears that he comes first, and as his date comes nearer; he publishes before it: ``!leaked``, once."""
    at = under_way(story, MIA, BEA)
    own = at - timedelta(days=1)
    said = story.says(f"!reporter-date {own:%Y-%m-%d %H:%M} UTC he gives a talk on the {story.canary}")
    assert "That is before your announcement" in said
    story.until(own - timedelta(hours=23))
    assert story.about(MIA, "The reporter plans to publish before your announcement") == 1
    assert story.about(MIA, "The reporter's own publication date is coming up") == 3
    story.says("!leaked")
    assert paged(story, "The embargo is over: leaked") == [1, 1, 1]
    announced_by_word(story)
    assert story.about(MIA, "The reporter's own publication date") == 3
