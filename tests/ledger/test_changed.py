"""What a changed configuration means for promises that run: their deadlines stay, and it is told."""

from dataclasses import replace

from maild.core.event import RejectMail, SweepDue
from maild.core.letters.kinds import LetterKind
from maild.core.promises import changed
from maild.core.values.duration import Length
from maild.core.values.rule import Happening, Rule
from maild.store import cases, journal
from maild.store.database import Database
from tests.ledger.playing import PlayedDesk
from tests.ledger.test_ends import answered, say
from tests.support import mails
from tests.support.desk import POLICY


def lines(desk: PlayedDesk) -> list[str]:
    """What `check` and a reload tell."""
    running, paused = desk.database.call(cases.running_clocks), desk.database.call(journal.ever_paused)
    return changed.lines(running, paused, desk.policy)


def test_a_deadline_stays_when_the_limit_changes(database: Database) -> None:
    """A shorter limit makes nothing overdue that was promised for later, and each promise is told once."""
    desk = PlayedDesk(database)
    case = desk.report()
    desk.send()
    assert lines(desk) == []
    shorter = tuple(replace(r, limit=Length(1, "h")) if r.id == "respond" else r for r in POLICY.rules)
    desk.policy = replace(POLICY, rules=shorter)
    desk.wait(hours=30)
    desk.happens(SweepDue(first=True))
    assert [one.kind for one in desk.send() if one.kind is LetterKind.ESCALATION] == []
    (line,) = lines(desk)
    assert line == "respond (running: 1) has another limit now (1 hour); the deadlines stay as they were"
    assert case not in line


def test_a_promise_that_was_taken_out_ends_with_the_next_reply(database: Database) -> None:
    """It runs on until somebody answers, and is told until then."""
    desk = PlayedDesk(database)
    desk.report()
    desk.policy = replace(POLICY, rules=tuple(rule for rule in POLICY.rules if rule.id != "respond"))
    assert ["no longer configured" in line for line in lines(desk)] == [True]
    desk.wait(hours=1)
    desk.answer()
    assert lines(desk) == []


def test_a_pause_is_no_changed_limit(database: Database) -> None:
    """What a pause has moved is as it should be."""
    desk = PlayedDesk(database)
    case = answered(desk)
    say(desk, case, "pause waiting for the vendor until 2026-03-06", "resume")
    assert lines(desk) == []


def test_a_promise_about_quarantine_that_was_taken_out_is_told(database: Database) -> None:
    """It ends with the look at its message, which has no case and no reporter to answer."""
    looked = Rule("quarantine", Length(12, "h"), Happening.HELD, frozenset({Happening.LOOKED}))
    desk = PlayedDesk(database, replace(POLICY, rules=(*POLICY.rules, looked)))
    spam = "Buy cheap pills at http://win.example now.\n"
    desk.arrives(mails.plain(subject="CHEAP PILLS, BUY NOW!!!", text=spam, sender="win@spam.example"))
    desk.policy = POLICY
    (line,) = lines(desk)
    assert line.startswith("quarantine (running: 1) is no longer configured, and ends with the release")
    desk.happens(RejectMail(1, "operator:x"))
    assert lines(desk) == []
