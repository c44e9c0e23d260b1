"""The ledger: what became of every promise, from the journal alone, and the proof that it is true."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from maild.core.event import Delivery, OperatorSaid
from maild.core.values.duration import Length
from maild.core.values.rule import Happening, Rule
from maild.core.words.reading import Word
from maild.store import ledger
from maild.store.database import Database
from maild.store.ledger import KEPT, MISSED, RUNNING, STOPPED
from tests.ledger.playing import RITA, PlayedDesk
from tests.support.desk import NOW, POLICY

HOUR = 3600


@pytest.fixture
def desk(database: Database) -> PlayedDesk:
    """A desk with nothing in it."""
    return PlayedDesk(database)


def states(desk: PlayedDesk) -> list[tuple[str, str, str | None, int]]:
    """The ledger's promises: name, state, what met it, seconds late."""
    found = desk.database.call(ledger.ledger, desk.now)
    return [(row["promise"], row["state"], row["met_by"], row["late_seconds"]) for row in found]


def fault(desk: PlayedDesk) -> str:
    """The first fault that ``verify`` finds."""
    return desk.database.call(ledger.verify).fault


def test_a_kept_and_a_running_promise(desk: PlayedDesk) -> None:
    """A receipt accepted in time keeps *acknowledge*; *respond* runs."""
    desk.report()
    desk.send()
    assert states(desk) == [("acknowledge", KEPT, "receipt", 0), ("respond", RUNNING, None, 0)]


def test_a_late_answer_says_by_how_much(desk: PlayedDesk) -> None:
    """An answer three hours after the due instant: missed by three hours, though it was given."""
    desk.report()
    desk.send()
    desk.wait(hours=51)
    desk.answer()
    assert states(desk) == [
        ("acknowledge", KEPT, "receipt", 0),
        ("respond", MISSED, "reply", 3 * HOUR),
        ("update", RUNNING, None, 0),
    ]


def test_what_is_overdue_and_unmet_is_missed_by_now(desk: PlayedDesk) -> None:
    """Nobody answers: the ledger counts on."""
    desk.report()
    desk.send()
    desk.wait(hours=49)
    assert states(desk)[1] == ("respond", MISSED, None, HOUR)


def test_closing_in_time_stops_and_closing_late_hides_nothing(desk: PlayedDesk) -> None:
    """A case closed as spam in time stops its promises; one closed after the due instant was missed."""
    first = desk.report("1")
    desk.send()
    second = desk.report("2")
    desk.happens(OperatorSaid(first, Word("spam"), "operator:x"))
    desk.wait(hours=50)
    desk.happens(OperatorSaid(second, Word("spam"), "operator:x"))
    assert [state for _, state, _, _ in states(desk)] == [KEPT, STOPPED, MISSED, MISSED]


def test_a_pause_after_the_due_instant_hides_nothing(desk: PlayedDesk) -> None:
    """An update two hours late and then paused for a week stays two hours late in the ledger."""
    case = desk.report()
    desk.answer()
    desk.wait(days=5, hours=2)
    desk.says(case, "pause", "waiting for upstream until 7d")
    assert states(desk)[2] == ("update", MISSED, None, 2 * HOUR)


def test_a_pause_in_time_moves_the_due_instant(desk: PlayedDesk) -> None:
    """A paused promise runs, to its new due instant."""
    case = desk.report()
    desk.answer()
    desk.says(case, "pause", "waiting for upstream until 7d")
    found = desk.database.call(ledger.ledger, desk.now)
    assert (found[2]["state"], found[2]["due"]) == (RUNNING, (NOW + timedelta(days=12)).isoformat())


def test_setting_a_handler_answers_nobody(desk: PlayedDesk) -> None:
    """A word about who looks after a case is no answer to its reporter: closing it is still refused."""
    looked = Rule("handler-set", Length(12, "h"), Happening.REPORT, frozenset({Happening.HANDLER}))
    desk.policy = replace(POLICY, rules=(*POLICY.rules, looked))
    case = desk.report()
    desk.says(case, "handler", "Anna")
    assert ("handler-set", KEPT, "handler", 0) in states(desk)
    assert "answered" in desk.happens(OperatorSaid(case, Word("close"), "operator:x")).refusal


def test_since_leaves_out_what_began_before(desk: PlayedDesk) -> None:
    """Promises that began before the instant given are not listed."""
    desk.report("1")
    desk.wait(days=1)
    second = desk.report("2")
    found = desk.database.call(ledger.ledger, desk.now, NOW + timedelta(hours=1))
    assert {row["case"] for row in found} == {second}


def test_no_address_and_no_subject(desk: PlayedDesk) -> None:
    """The ledger names cases and promises, and nobody."""
    desk.report()
    desk.send()
    desk.answer()
    shown = repr(desk.database.call(ledger.ledger, desk.now))
    assert "@" not in shown
    assert "xqparser" not in shown


def history(desk: PlayedDesk) -> None:
    """Reports, answers, a pause, a joined case, a closed and reopened one, a receipt that failed."""
    first, second, third = (desk.report(name, f"r{name}@reporter.example") for name in "123")
    desk.send()
    desk.wait(hours=3)
    desk.answer("1", "r1@reporter.example")
    desk.says(first, "pause", "vendor until 3d")
    desk.wait(hours=3)
    desk.says(first, "resume")
    desk.says(second, "duplicate", first)
    desk.answer("3", "r3@reporter.example")
    desk.says(third, "close", "done")
    desk.wait(hours=30)
    desk.says(third, "reopen")
    desk.report("4")
    desk.send(Delivery.FAILED)


def test_replaying_the_journal_gives_what_the_clocks_say(desk: PlayedDesk) -> None:
    """After a history of everything, chain, journal and clocks agree, and every clock is in the ledger."""
    history(desk)
    proof = desk.database.call(ledger.verify)
    count = desk.database.call(lambda c: c.execute(text("SELECT count(*) FROM clock")).scalar_one())
    assert (proof.fault, proof.promises) == ("", count)
    assert count >= 10


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE clock SET due = due + 3600000000 WHERE id = 2", "clock 2 .*: due is not"),
        ("UPDATE clock SET met = due - 1 WHERE id = 6", "clock 6 .*: met is not"),
        ("UPDATE clock SET started = started + 1 WHERE id = 1", "clock 1 .*: started is not"),
        ("UPDATE clock SET met_by = 'team:Eve' WHERE id = 1", "clock 1 .*: by is not"),
        ("UPDATE clock SET stopped = started WHERE id = 4", "clock 4 .*: stopped is not"),
        ("DELETE FROM clock WHERE id = 3", "clock 3 .*: in the journal"),
        ("UPDATE clock SET id = 99 WHERE id = 3", "clock 99 .*: the journal does not tell"),
    ],
)
def test_a_clock_that_was_altered_is_found(desk: PlayedDesk, statement: str, told: str) -> None:
    """Whatever of a clock is changed behind maild's back, ``verify`` names the clock and what differs."""
    history(desk)
    desk.database.call(lambda connection: connection.execute(text(statement)))
    assert re.match(told, fault(desk))


def test_a_journal_that_was_altered_is_found(desk: PlayedDesk) -> None:
    """A row changed behind maild's back is named; the promises are then not even looked at."""
    history(desk)

    def alter(connection: Connection) -> None:
        connection.execute(text("DROP TRIGGER journal_no_update"))
        connection.execute(text("UPDATE journal SET detail = '{}' WHERE id = 7"))

    desk.database.call(alter)
    assert fault(desk).startswith("journal row 7:")


def test_the_head_shows_what_was_cut_off(desk: PlayedDesk) -> None:
    """Rows cut off at the end leave a whole chain, but another last hash and fewer rows."""
    history(desk)
    before = desk.database.call(ledger.verify)

    def cut(connection: Connection) -> None:
        connection.execute(text("DROP TRIGGER journal_no_delete"))
        connection.execute(text("DELETE FROM journal WHERE id = (SELECT max(id) FROM journal)"))

    desk.database.call(cut)
    after = desk.database.call(ledger.verify)
    assert (after.rows, after.head != before.head) == (before.rows - 1, True)


def test_reporters_are_not_mixed_up(desk: PlayedDesk) -> None:
    """Two reporters of one case have a row each for the same promise, told apart by the clock's number."""
    first = desk.report("1")
    second = desk.report("2", "tom@other.example")
    desk.says(second, "duplicate", first)
    desk.answer("1", RITA)
    found = desk.database.call(ledger.ledger, desk.now)
    responds = [row for row in found if row["promise"] == "respond"]
    assert len({row["clock"] for row in responds}) == 2
    assert [(row["case"], row["state"]) for row in responds] == [(first, KEPT), (first, RUNNING)]
    assert isinstance(datetime.fromisoformat(responds[0]["met"]), datetime)


def test_the_same_promise_twice_is_told_as_it_ended(desk: PlayedDesk) -> None:
    """Two reports of one reporter at one instant, joined: the twins end, and the journal tells of each."""
    first, second = desk.report("1"), desk.report("2")
    desk.says(second, "duplicate", first)
    assert fault(desk) == ""
    assert sorted(state for _, state, _, _ in states(desk)) == [RUNNING, RUNNING, STOPPED, STOPPED]
