"""Who takes over: from a handler who is away when something falls due, and a case that lies idle."""

from dataclasses import replace
from datetime import UTC, time, timedelta

import pytest

from maild.core.event import DigestDue, MemberSaid, SweepDue
from maild.core.letters.kinds import LetterKind
from maild.core.promises import digest
from maild.core.values.noticekind import NoticeKind
from maild.core.values.people import Member, Role, Team
from maild.core.words.reading import Word
from maild.store import cases
from maild.store.database import Database
from tests.ledger.playing import RITA, PlayedDesk
from tests.ledger.test_ends import say, told
from tests.support import mails
from tests.support.desk import ANNA, BEA, CARL, NOW, POLICY

DEE = Member("Dee", ("dee@project.example",), "dee@project.example", frozenset({Role.HANDLER}))
EVE = Member("Eve", ("eve@project.example",), "eve@project.example", frozenset({Role.HANDLER}))


@pytest.fixture
def desk(database: Database) -> PlayedDesk:
    """A desk with three handlers, a morning digest and three idle days."""
    process = replace(POLICY.process, idle_after=timedelta(days=3))
    team = Team((ANNA, DEE, EVE, CARL, BEA))
    return PlayedDesk(database, replace(POLICY, team=team, process=process, digest_at=time(8), zone=UTC))


def handler(desk: PlayedDesk, case: str) -> str:
    """Who handles the case."""
    found = desk.database.call(cases.get, case)
    assert found
    return found.handler


def test_what_falls_due_while_its_handler_is_away_is_handed_over(desk: PlayedDesk) -> None:
    """At its first reminder the next handler has it, and both hear so; not while the handler is there."""
    case = desk.report()
    say(desk, case, "handler Anna")
    desk.send()
    away = replace(ANNA, away=((NOW, NOW + timedelta(days=9)),))
    desk.policy = replace(desk.policy, team=Team((away, DEE, EVE, CARL, BEA)))
    assert handler(desk, case) == "Anna"
    desk.wait(hours=25)
    desk.happens(SweepDue())
    assert handler(desk, case) == "Dee"
    heard = told(desk, NoticeKind.HANDED_OVER)
    assert [one.partition(":")[0] for one in heard] == ["dee@project.example", "anna@project.example"]


def goes(desk: PlayedDesk, member: str, rest: str) -> str:
    """An operator says that a member is away; what the operator is told."""
    return desk.happens(MemberSaid(member, Word("away", rest), "operator:op")).said


def test_who_goes_away_hands_over_what_falls_due_meanwhile(desk: PlayedDesk) -> None:
    """At the word itself; what is due only after they are back stays theirs."""
    case = desk.report()
    say(desk, case, "handler Anna")
    desk.send()
    assert "handling" not in goes(desk, "Anna", "until 1d")
    assert handler(desk, case) == "Anna"
    assert f"Dee is handling {case} from now on." in goes(desk, "Anna", "until 9d")
    assert handler(desk, case) == "Dee"
    heard = told(desk, NoticeKind.HANDED_OVER)
    assert [one.partition(":")[0] for one in heard] == ["dee@project.example", "anna@project.example"]


def test_an_absence_to_come_hands_over_nothing_yet(desk: PlayedDesk) -> None:
    """Until it begins its handler is there."""
    case = desk.report()
    say(desk, case, "handler Anna")
    days = f"{NOW + timedelta(days=1):%Y-%m-%d}..{NOW + timedelta(days=20):%Y-%m-%d}"
    assert "handling" not in goes(desk, "Anna", days)
    assert handler(desk, case) == "Anna"


def test_an_idle_case_is_offered_to_the_next_handler(desk: PlayedDesk) -> None:
    """After three days to the next one, after three more to the one after; never twice to the same, nor earlier."""
    case = desk.report()
    say(desk, case, "handler Anna")
    desk.answer()
    asked = []
    for _ in range(7):
        desk.happens(DigestDue())
        asked.append([one.partition(":")[0] for one in told(desk, NoticeKind.IDLE)])
        desk.wait(days=1)
    assert asked == [[], [], [], ["dee@project.example"], [], [], ["eve@project.example"]]


def idle(desk: PlayedDesk, days: int) -> list[str]:
    """What is asked of handlers on so many mornings, one a day."""
    asked = []
    for _ in range(days):
        desk.wait(days=1)
        desk.happens(DigestDue())
        asked += told(desk, NoticeKind.IDLE)
    return asked


def more(desk: PlayedDesk) -> None:
    """The reporter writes again."""
    about = {"message_id": f"<{desk.now.timestamp()}@r.example>", "In_Reply_To": "<1@reporter.example>"}
    desk.arrives(mails.plain(sender=RITA, text=f"Is there any news, {desk.now.isoformat()}?\n", **about))


def test_what_the_reporter_writes_is_no_work_on_the_case(desk: PlayedDesk) -> None:
    """They ask every second day and nobody does anything: the next handler is asked all the same."""
    case = desk.report()
    say(desk, case, "handler Anna")
    asked = []
    for day in range(4):
        asked += idle(desk, 1)
        if day % 2:
            more(desk)
    (letter,) = asked
    assert letter.startswith("dee@project.example: ")
    assert f"Nobody on the team has written or done anything about {case} since {NOW:%A %-d %B}" in letter
    say(desk, case, "handler Eve")
    assert idle(desk, 2) == []


def test_an_idle_case_is_offered_on_a_desk_without_a_digest(desk: PlayedDesk) -> None:
    """Whoever wants no morning digest did not ask for idle cases to be forgotten; nobody gets a digest."""
    desk.policy = replace(desk.policy, digest_at=None)
    say(desk, desk.report(), "handler Anna")
    desk.send()
    desk.now = desk.now.replace(hour=7, minute=0)
    assert digest.day(desk.policy, desk.now) is None
    desk.wait(days=3, hours=3)
    desk.happens(DigestDue())
    assert [one.recipient for one in desk.send() if one.kind is LetterKind.NOTICE] == ["dee@project.example"]
    assert [one for one in desk.send() if one.kind is LetterKind.DIGEST] == []


def test_the_only_other_handler_is_asked_again_and_told_so(desk: PlayedDesk) -> None:
    """With two handlers nobody else can be asked after three days more."""
    desk.policy = replace(desk.policy, team=Team((ANNA, DEE, CARL, BEA)))
    say(desk, desk.report(), "handler Anna")
    asked = idle(desk, 7)
    assert [one.partition(":")[0] for one in asked] == ["dee@project.example"] * 2
    assert all("you are asked again after another 3 days" in one for one in asked)


def test_whoever_worked_on_it_before_the_letter_left_is_believed(desk: PlayedDesk) -> None:
    """The mail server was down for an hour in which somebody answered: the letter is not sent."""
    say(desk, desk.report(), "handler Anna")
    desk.send()
    desk.wait(days=3)
    desk.happens(DigestDue())
    desk.wait(minutes=30)
    desk.answer()
    (letter,) = told(desk, NoticeKind.IDLE)
    assert letter == "dee@project.example: "


def test_what_falls_due_is_handed_over_without_any_reminder_too(desk: PlayedDesk) -> None:
    """A promise that nobody is reminded of, and an absence that began after the last reminder."""
    rules = tuple(replace(one, warn_at=()) for one in desk.policy.rules)
    desk.policy = replace(desk.policy, rules=rules)
    case = desk.report()
    say(desk, case, "handler Anna")
    desk.send()
    away = f"{NOW + timedelta(days=1):%Y-%m-%d}..{NOW + timedelta(days=20):%Y-%m-%d}"
    goes(desk, "Anna", away)
    desk.wait(hours=49)
    desk.happens(SweepDue())
    assert handler(desk, case) == "Dee"
    heard = told(desk, NoticeKind.HANDED_OVER)
    assert [one.partition(":")[0] for one in heard] == ["dee@project.example", "anna@project.example"]
    assert 'The promise "respond" has been overdue since' in heard[0]
