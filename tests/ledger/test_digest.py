"""The morning digest: once a day and person, only if there is something to say, no word of a report."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from maild.config.letters import Letters
from maild.config.share import shipped
from maild.core.candidates.times import Board, DueToday, OpenCase
from maild.core.change import OweLetter
from maild.core.changes.team import DayTold
from maild.core.event import DigestDue, RejectMail
from maild.core.facts.change import SetFact
from maild.core.letters.kinds import LetterKind
from maild.core.policy import Policy
from maild.core.promises import digest
from maild.core.values.people import Role, Team
from maild.core.values.process import SEED, Handling
from maild.core.values.targets import Announcement, Kind, Predisclosure, Targets
from maild.store import board, facts
from maild.store.database import Database
from maild.store.letters import Letter
from tests.ledger.playing import PlayedDesk
from tests.support import mails
from tests.support.desk import ANNA, BEA, CARL, NOW, POLICY

MORNING = replace(POLICY, digest_at=time(8))
PLACES = Targets(
    (Predisclosure("distros", "distros@lists.example"),),
    (
        Announcement("mail", Kind.LIST, "announce@project.example"),
        Announcement("blog", Kind.BLOG, after="mail", max_lag=timedelta(hours=12)),
    ),
)
BOARD = Board(open=(OpenCase("EX-1", "Anna", answered=False), OpenCase("EX-2", "", answered=True)))


@pytest.fixture
def desk(database: Database) -> PlayedDesk:
    """A desk that wants a digest at eight, and had its first one yesterday."""
    played = PlayedDesk(database, MORNING)
    played.now = NOW - timedelta(days=1)
    played.happens(DigestDue())
    played.now = NOW
    return played


def digests(desk: PlayedDesk) -> list[Letter]:
    """The digests that go out when it is their time."""
    desk.happens(DigestDue())
    return [one for one in desk.send() if one.kind == LetterKind.DIGEST]


def letters(board: Board, policy: Policy = MORNING, now: datetime = NOW) -> dict[str, dict[str, Any]]:
    """The facts of each letter, by its reader."""
    changes = digest.tell(board, policy, now)
    return {change.recipient: change.facts for change in changes if isinstance(change, OweLetter)}


def words(facts: dict[str, Any]) -> str:
    """The letter as its reader sees it."""
    found = Letters([shipped("config") / "letters"]).render("digest", {"case_id": "", **facts}, MORNING)
    return f"{found.subject}\n{found.text}"


def test_everybody_gets_one_letter_a_day(desk: PlayedDesk) -> None:
    """However often it is asked for: once a day and person, and again the next day."""
    desk.report()
    first = digests(desk)
    assert {one.recipient for one in first} == {ANNA.contact, BEA.contact, CARL.contact}
    desk.wait(hours=5)
    assert digests(desk) == []
    desk.wait(hours=19)
    assert len(digests(desk)) == 3


def test_the_first_digest_of_a_new_desk_waits_for_its_hour(database: Database) -> None:
    """A desk that begins at half past nine sends none that day, and its first one on the next morning."""
    new = PlayedDesk(database, MORNING)
    new.report()
    assert digests(new) == []
    new.wait(hours=1)
    assert digests(new) == []
    new.wait(hours=23)
    assert len(digests(new)) == 3


def test_nothing_to_say_is_no_letter_and_settles_the_day(desk: PlayedDesk) -> None:
    """A desk without a case writes to nobody; a report at noon makes no digest of the same day."""
    assert digests(desk) == []
    desk.wait(hours=3)
    desk.report()
    assert digests(desk) == []


def test_before_its_hour_and_without_one_there_is_none(desk: PlayedDesk) -> None:
    """Two hours before eight nothing is sent, nor ever where no hour is set."""
    desk.report()
    desk.now = NOW.replace(hour=6)
    assert digests(desk) == []
    desk.policy = replace(MORNING, digest_at=None)
    desk.now = NOW
    assert digests(desk) == []


def test_the_hour_is_that_of_the_desks_zone() -> None:
    """Eight in Tokyo is before midnight UTC: the day is Tokyo's."""
    tokyo = replace(MORNING, zone=ZoneInfo("Asia/Tokyo"))
    before, after = datetime(2026, 3, 2, 22, 59, tzinfo=UTC), datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
    assert (digest.day(tokyo, before), digest.day(tokyo, after)) == (None, date(2026, 3, 3))
    assert digest.following(tokyo.digest_at, tokyo, before) == after
    assert digest.end_of_day(tokyo, after) == datetime(2026, 3, 3, 15, tzinfo=UTC)


def test_daylight_saving_gives_each_day_one_digest() -> None:
    """Over both changes the instants are eight o'clock of each day, none twice, none left out."""
    berlin = replace(MORNING, zone=ZoneInfo("Europe/Berlin"))
    at, found = datetime(2026, 3, 27, tzinfo=UTC), []
    for _ in range(4):
        at = digest.following(berlin.digest_at, berlin, at) or at
        found.append(at.isoformat()[5:16])
    assert found == ["03-27T07:00", "03-28T07:00", "03-29T06:00", "03-30T06:00"]


def test_it_names_what_is_open_due_waiting_and_whose() -> None:
    """Case numbers and promises; what has lapsed is told apart from what is due today."""
    due = (
        DueToday("EX-1", "respond", NOW - timedelta(hours=1)),
        DueToday("EX-2", "update", NOW + timedelta(hours=1)),
    )
    found = letters(replace(BOARD, due=due))
    assert found[ANNA.contact]["yours"]["cases"] == ["EX-1"]
    assert found[BEA.contact]["yours"]["cases"] == []
    text = words(found[ANNA.contact])
    assert "EX: 2 open, 2 due, 1 unanswered (2026-03-02)" in text
    assert "EX-1  respond, overdue since Monday 2 March 2026, 08:30 UTC\n" in text
    assert "EX-2  update, due Monday 2 March 2026, 10:30 UTC\n" in text
    assert "Reporters still waiting for a first reply (1): EX-1\n" in text


def test_the_announcement_and_what_follows_it_are_due_too(desk: PlayedDesk) -> None:
    """Today's announcement and publication are in the list; not tomorrow's, what is done, or an old date."""
    desk.policy = replace(MORNING, targets=PLACES)
    noon, out = desk.now + timedelta(hours=3), (desk.now - timedelta(hours=20)).isoformat()
    ahead, later, gone = (desk.report(name) for name in "123")
    for case, name, value, item in (
        (ahead, "embargo", noon.isoformat(), ""),
        (ahead, "holds-date", out, "distros"),
        (later, "embargo", (noon + timedelta(days=1)).isoformat(), ""),
        (gone, "stage", "announced", ""),
        (gone, "announced-at", out, "mail"),
    ):
        desk.database.call(facts.write, SetFact(case, name, value, "team:Anna", item), desk.now)
    said = words(dict(digests(desk)[0].facts))
    assert f"{ahead}  announcement, due Monday 2 March 2026, 12:30 UTC\n" in said
    assert f'{gone}  publication at "blog", overdue since Monday 2 March 2026, 01:30 UTC\n' in said
    assert ", 2 due, " in said
    desk.database.call(facts.write, SetFact(gone, "seen-at", out, "team:Anna", "blog"), desk.now)
    desk.wait(days=1)
    assert "publication" not in words(dict(digests(desk)[0].facts))


def test_held_mail_alone_is_something_to_say(desk: PlayedDesk) -> None:
    """One mail in quarantine and no case: a letter with the count; once it is rejected, none."""
    spam = mails.plain(
        subject="CHEAP PILLS 80% OFF!!! CLICK NOW", sender="win@spam.example", message_id="<s@x>"
    )
    desk.arrives(spam)
    (first, *_) = digests(desk)
    assert (first.facts["quarantined"], first.facts["held"]) == (1, 0)
    assert "1 in quarantine" in words(dict(first.facts))
    desk.happens(RejectMail(1, "operator:x"))
    desk.wait(days=1)
    assert digests(desk) == []


def test_no_word_of_a_report(desk: PlayedDesk) -> None:
    """Neither subject nor reporter is in what the letter is made of."""
    desk.report()
    shown = [words(dict(one.facts)) for one in digests(desk)]
    assert len(shown) == 3
    assert not any(word in text for text in shown for word in ("xqparser", "rita", "reporter.example"))


def test_who_is_away_gets_none() -> None:
    """An absent member is not written to."""
    away = replace(BEA, away=((NOW - timedelta(days=1), NOW + timedelta(days=1)),))
    policy = replace(MORNING, team=replace(MORNING.team, members=(ANNA, away)))
    assert set(letters(BOARD, policy)) == {ANNA.contact}


def test_a_flood_is_counted() -> None:
    """Of a thousand cases fifty are named and the rest is a number."""
    many = tuple(OpenCase(f"EX-{number}", "", answered=False) for number in range(1000))
    facts = letters(Board(open=many))[ANNA.contact]
    assert (len(facts["open"]["cases"]), facts["open"]["count"], facts["open"]["more"]) == (50, 1000, 950)
    assert "and 950 more" in words(facts)


@pytest.mark.parametrize(("days", "stale"), [(29, []), (30, ["EX-1"])])
def test_a_case_in_which_nobody_stirred_for_too_long_is_named(days: int, stale: list[str]) -> None:
    """As long as the handling of its severity says; others never get stale."""
    handling = {"Minor": Handling(stale_after=timedelta(days=30))}
    policy = replace(MORNING, process=replace(SEED, handling=handling))
    stirred = NOW - timedelta(days=days)
    board = Board(
        open=(
            OpenCase("EX-1", "Anna", True, "Minor", stirred),
            OpenCase("EX-2", "Anna", True, "Critical", stirred),
        )
    )
    facts = letters(board, policy)[ANNA.contact]
    assert facts["stale"]["cases"] == stale
    assert ("for too long (1): EX-1" in words(facts)) is bool(stale)


def test_what_people_write_and_say_stirs_a_case_and_what_maild_does_not(desk: PlayedDesk) -> None:
    """The last mail or word counts, not the letters that maild sent since."""
    case_id = desk.report()
    opened = desk.database.call(board.at, NOW + timedelta(days=9)).open[0].stirred
    assert opened == NOW
    desk.wait(hours=5)
    desk.send()
    assert desk.database.call(board.at, NOW + timedelta(days=9)).open[0].stirred == opened
    said = SetFact(case_id, "severity", "Minor", "team:Anna")
    desk.database.call(facts.write, said, desk.now)
    (row,) = desk.database.call(board.at, NOW + timedelta(days=9)).open
    assert (row.severity, row.stirred) == ("Minor", desk.now)


def test_the_day_is_recorded() -> None:
    """The journal tells that the digest of the day was made, and how many letters that were."""
    (told,) = [change for change in digest.tell(BOARD, MORNING, NOW) if isinstance(change, DayTold)]
    assert (told.what, told.day.isoformat(), told.counted) == ("digest", "2026-03-02", {"letters": 3})


@pytest.mark.parametrize(
    ("begun", "sent"),
    [(time(7, 59, 59), True), (time(8), True), (time(8, 0, 1), False)],
)
def test_a_desk_that_began_at_the_very_hour_has_its_digest(begun: time, sent: bool) -> None:
    """One that began a second later waits for the next morning."""
    new = replace(BOARD, begun=datetime.combine(NOW, begun, UTC))
    assert bool(letters(new)) is sent
    assert letters(replace(new, told="2026-03-01"))


def test_what_falls_due_at_the_instant_of_the_digest_is_overdue() -> None:
    """A second later it is due today."""
    due = [DueToday("EX-1", "respond", NOW), DueToday("EX-2", "respond", NOW + timedelta(seconds=1))]
    rows = letters(replace(BOARD, due=tuple(due)))[ANNA.contact]["due"]
    assert [row["lapsed"] for row in rows] == [True, False]


@pytest.mark.parametrize(("count", "named", "more"), [(49, 49, 0), (50, 50, 0), (51, 50, 1)])
def test_fifty_cases_and_promises_are_named_and_those_beyond_counted(
    count: int, named: int, more: int
) -> None:
    """Of one more the number says so."""
    names = [f"EX-{number}" for number in range(count)]
    due = tuple(DueToday(name, "respond", NOW) for name in names)
    says = letters(Board(open=tuple(OpenCase(name, "", True) for name in names), due=due))[ANNA.contact]
    assert says["open"] == {"count": count, "cases": names[:named], "more": more}
    assert (len(says["due"]), says["more_due"]) == (named, more)


@pytest.mark.parametrize(
    ("days", "asked"),
    [(6.99, []), (7, ["Anna"]), (13.99, ["Anna"]), (14, ["Carl"]), (21, ["Bea"]), (28, ["Anna"])],
)
def test_each_week_without_work_another_member_is_asked_to_take_the_case(
    days: float, asked: list[str]
) -> None:
    """In their order, beginning with the first; after the last the first again."""
    people = tuple(replace(one, roles=frozenset({Role.HANDLER})) for one in (ANNA, CARL, BEA))
    idle = replace(MORNING, process=replace(SEED, idle_after=timedelta(days=7)), team=Team(people))
    one = OpenCase("EX-1", "Nobody", answered=True, worked=NOW - timedelta(days=days))
    found = digest.tell(Board(open=(one,)), idle, NOW)
    names = {member.contact: member.name for member in (ANNA, BEA, CARL)}
    ask = [x for x in found if isinstance(x, OweLetter) and x.kind is LetterKind.NOTICE]
    assert [names[x.recipient] for x in ask] == asked
    assert all(x.facts["again"] is False for x in ask)
