"""Reminders: whoever looks after a case hears of a promise before it slips, each share of its time once."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from maild.core.candidates.times import DueClock, SweepCandidates
from maild.core.change import Change, OweLetter
from maild.core.changes.promises import Escalate, LookAgain
from maild.core.decide import decide
from maild.core.event import SweepDue
from maild.core.letters.kinds import LetterKind
from maild.core.policy import Policy, Promise
from maild.core.promises.ladder import remind
from maild.core.values.case import Clock
from maild.core.values.people import Member, Role, Team
from tests.support.deciding import CASE, RITA, clock
from tests.support.desk import ANNA, BEA, CARL, NOW, POLICY

HOUR = timedelta(hours=1)
RUNNING = clock(Promise.RESPOND)
HALF, MOST, DUE = NOW + 24 * HOUR, NOW + timedelta(hours=48) * 0.8, NOW + 48 * HOUR
AXEL = Member("Axel", ("axel@project.example",), "axel@project.example", frozenset({Role.HANDLER}))
GONE = ((NOW - 9 * HOUR, NOW + 900 * HOUR),)


def reminded(
    now: datetime, *clocks: Clock, handler: str = "", policy: Policy = POLICY
) -> tuple[list[OweLetter], dict[int, datetime]]:
    """The letters owed at *now*, and when each clock is looked at next."""
    changes = remind(tuple(DueClock(c, handler=handler) for c in clocks or (RUNNING,)), policy, now)
    owed = [c for c in changes if isinstance(c, OweLetter)]
    letters = [one for one in owed if one.kind is LetterKind.REMINDER]
    others = [one for one in owed if one.kind is not LetterKind.REMINDER]
    assert all(one.facts["about"] == "handed-over" for one in others)
    return letters, {c.clock: c.look for c in changes if isinstance(c, LookAgain)}


@pytest.mark.parametrize(("now", "look"), [(HALF, MOST), (MOST, DUE), (DUE - HOUR, DUE)])
def test_each_share_is_reminded_once(now: datetime, look: datetime) -> None:
    """One letter, and the clock is not looked at again before its next share; after downtime one for both."""
    letters, looks = reminded(now)
    assert ([letter.recipient for letter in letters], looks) == ([ANNA.contact], {1: look})


def test_two_shares_are_two_letters_and_two_sweeps_of_one_are_one() -> None:
    """The dedupe key of a letter holds back its twin and nothing else."""
    names = [reminded(now)[0][0].dedupe for now in (HALF, HALF + timedelta(seconds=20), MOST)]
    assert names[0] == names[1] != names[2]


def test_several_promises_are_one_letter_a_person() -> None:
    """The one that is due first stands first, and the letter belongs to its case."""
    other = replace(clock(Promise.RESPOND, 2, NOW - HOUR), case_id="EX-333333")
    (letter,), looks = reminded(HALF, RUNNING, other)
    assert [row["case"] for row in letter.facts["coming"]] == ["EX-333333", CASE]  # type: ignore[attr-defined]  # a list
    assert (letter.case_id, set(looks)) == ("EX-333333", {1, 2})


def test_a_reminder_says_what_is_due_and_nothing_else() -> None:
    """Case, promise and instants; no subject, no reporter (ruling 33)."""
    (letter,), _ = reminded(HALF)
    row = {
        "case": CASE,
        "mail": None,
        "promise": "respond",
        "started": NOW.isoformat(),
        "due": DUE.isoformat(),
        "clock": 1,
    }
    assert letter.facts == {"coming": [row]}
    assert RITA not in repr(letter.facts) + letter.dedupe


@pytest.mark.parametrize(
    ("handler", "away", "to"),
    [
        ("", (), ["anna", "axel"]),
        ("", ("Anna",), ["axel"]),
        ("Axel", (), ["axel"]),
        ("Bea", (), ["bea"]),
        ("Axel", ("Axel",), ["anna"]),
        ("Nobody of today", (), ["anna", "axel"]),
        ("", ("Anna", "Axel"), []),
    ],
)
def test_who_is_reminded(handler: str, away: tuple[str, ...], to: list[str]) -> None:
    """The handler of the case; without one, or while he is away, all handlers who are there."""
    team = tuple(replace(m, away=GONE) if m.name in away else m for m in (ANNA, AXEL, CARL, BEA))
    letters, looks = reminded(HALF, handler=handler, policy=replace(POLICY, team=Team(team)))
    assert [letter.recipient.partition("@")[0] for letter in letters] == to
    assert looks == {1: MOST}


@pytest.mark.parametrize(("until", "count"), [(HALF + HOUR, 0), (HALF, 1), (HALF - HOUR, 1)])
def test_nobody_is_reminded_of_what_is_paused(until: datetime, count: int) -> None:
    """While it waits; a pause that has ended is none."""
    assert len(reminded(HALF, replace(RUNNING, paused_until=until))[0]) == count


def test_a_promise_that_is_no_more_reminds_nobody() -> None:
    """The configuration knows no shares of it; it is looked at when it is due."""
    letters, looks = reminded(HALF, replace(RUNNING, promise="gone"))
    assert (letters, looks) == ([], {1: DUE})


@given(st.lists(st.integers(1, 60 * 20), max_size=40))
@example([1090, 1200, 14])  # two reminders within a quarter of an hour
def test_whenever_it_is_swept_reminders_come_before_the_ladder(gaps: list[int]) -> None:
    """At most one letter a share, none early, none once it is due; and from then on nobody is reminded."""
    now, look, letters = NOW, POLICY.rules[1].next_look(NOW, DUE, NOW), []
    climbed: list[Change] = []
    for gap in gaps:
        now += timedelta(minutes=gap)
        if look > now:
            continue
        known = SweepCandidates((DueClock(RUNNING),))
        changes = decide(SweepDue(), known, POLICY, now).changes
        climbed += [c for c in changes if isinstance(c, Escalate)]
        found = [c for c in changes if isinstance(c, OweLetter) and c.kind is LetterKind.REMINDER]
        letters += [(now, one.dedupe) for one in found]
        look = next((c.look for c in changes if isinstance(c, LookAgain)), look)
        assert bool(found) is (now < DUE)
    assert all(HALF <= at < DUE for at, _ in letters)
    assert len({name for _, name in letters}) == len(letters) <= 2
    assert bool(climbed) is (now >= DUE)
