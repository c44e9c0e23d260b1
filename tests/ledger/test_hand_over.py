"""Who takes over: from a handler who is away when something falls due, and a case that lies idle."""

from dataclasses import replace
from datetime import UTC, time, timedelta

import pytest

from maild.core.event import DigestDue, MemberSaid, SweepDue
from maild.core.values.noticekind import NoticeKind
from maild.core.values.people import Member, Role, Team
from maild.core.words.reading import Word
from maild.store import cases
from maild.store.database import Database
from tests.ledger.playing import PlayedDesk
from tests.ledger.test_ends import say, told
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
